import MarketModel

/// An order after an amendment, with its list's state when it is part of one.
struct AmendedOrder {
    let order: UserOrder
    let amendment: Amendment
    var list: OrderListReport?
    /// The amendment left nothing to trade.
    var hasExpired: Bool { !order.isOpen }
}

/// Making open orders smaller without losing their turn (sheet section 8.2).
extension Exchange {
    func amend(
        _ selector: OrderSelector, to quantity: Quantity, newClientOrderID: String?,
        in market: SymbolMarket, account: AccountIndex, now: Timestamp
    ) throws(Rejection) -> AmendedOrder {
        guard market.configuration.features.contains(.amend) else {
            throw .amend("Order amend is not supported for this symbol.")
        }
        guard let order = try find(selector, in: market, account: account), order.isOpen else {
            throw .amend("Unknown order sent.")
        }
        try check(order, quantity, newClientOrderID, in: market)
        var settlement = Settlement(now: now)
        let clientID = newClientOrderID ?? makeClientOrderID()
        var list = order.listID >= 0 ? lists[order.listID] : nil
        let other = list.flatMap { $0.hasPair ? $0.counterpart(of: order.id) : nil }
        let amended = amend(order, to: quantity, clientID: clientID, market, &settlement)
        // Both orders of a pair have the same quantity.
        if let other, let order = market.orders[other] {
            amend(order, to: quantity, clientID: order.clientOrderID, market, &settlement)
        }
        if other != nil { relockPair(of: order.listID, market, &settlement) }
        var listReport: OrderListReport?
        if let changed = list.map({ lists[$0.id] ?? $0 }) {
            let orders = changed.orders.compactMap { market.orders[$0] }
            listReport = OrderListReport(
                list: changed, clientOrderIDs: orders.map(\.clientOrderID), time: now)
            if clientID != order.clientOrderID, changed.isOpen {
                list = changed
                list?.statusType = .updated
                if let updated = list { report(updated, orders, now) }
            }
        }
        runFollowUps(market, &settlement)
        publishPositions(settlement)
        return AmendedOrder(
            order: amended.order, amendment: amended.amendment, list: listReport)
    }

    private func check(
        _ order: UserOrder, _ quantity: Quantity, _ clientID: String?, in market: SymbolMarket
    ) throws(Rejection) {
        if quantity == order.quantity {
            throw .amend("The requested action would change no state; rejecting.")
        }
        if quantity > order.quantity {
            throw .amend("Order amend (quantity increase) is not supported.")
        }
        let most = market.configuration.filters.maxAmendments
        if most > 0, order.amendments.count >= most {
            throw .amend("Filter failure: MAX_NUM_ORDER_AMENDS")
        }
        if let clientID, clientID != order.clientOrderID,
            market.orders.isOpen(order.account, clientOrderID: clientID)
        {
            throw .amend("Duplicate order sent.")
        }
        var ticket = order.ticket
        ticket.quantity = quantity
        var use = FilterUse(reference: market.referencePrice, position: 0)
        use.position = -Int128(quantity.raw)
        ticket.icebergQuantity = min(ticket.icebergQuantity, quantity)
        try market.filters.check(ticket, use)
    }

    @discardableResult
    private func amend(
        _ order: UserOrder, to quantity: Quantity, clientID: String, _ market: SymbolMarket,
        _ settlement: inout Settlement
    ) -> (order: UserOrder, amendment: Amendment) {
        var order = order
        let amendment = Amendment(
            executionID: nextExecutionID, oldClientOrderID: order.clientOrderID,
            newClientOrderID: clientID, oldQuantity: order.quantity, newQuantity: quantity,
            time: settlement.now)
        let oldClientID = order.clientOrderID
        let least = order.executed + order.prevented
        if quantity <= least {
            takeOut(order, market, now: settlement.now)
        } else if order.isWorking {
            _ = market.matcher.reduce(order.handle, by: order.quantity - quantity)
            if market.isMatching {
                market.record(
                    fills: market.matcher.log.fills, now: settlement.now, into: &publicEvents)
            }
        }
        order.quantity = max(quantity, least)
        order.clientOrderID = clientID
        order.updateTime = settlement.now
        order.amendments.append(amendment)
        relock(&order, market, &settlement)
        report(.replaced, order, settlement.now) { $0.oldClientOrderID = oldClientID }
        if quantity <= least {
            // Nothing is left to trade.
            close(&order, as: .expired, market, &settlement)
            report(.expired, order, settlement.now)
        }
        market.orders.save(order)
        if !order.isOpen { noteEnd(of: order, market, &settlement) }
        return (order, amendment)
    }

    private func relockPair(
        of id: Int64, _ market: SymbolMarket, _ settlement: inout Settlement
    ) {
        guard var list = lists[id], list.hasPair else { return }
        let pair = list.pair.compactMap { market.orders[$0] }
        guard let side = pair.first?.ticket.side else { return }
        let needed = min(pair.map(need).max() ?? 0, list.pairLocked)
        let asset = market.spentAsset(side)
        ledger.unlock(list.pairLocked - needed, asset, of: list.account)
        list.pairLocked = needed
        lists.save(list)
        settlement.touch(list.account, asset)
    }
}
