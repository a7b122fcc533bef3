import MarketModel

/// A new order list and its orders as they stand after their arrival.
struct PlacedList {
    let list: OrderList
    let orders: [PlacedOrder]
}

/// A cancelled order list and those of its orders that were still open.
struct CanceledList {
    let list: OrderList
    /// The client ids of all its orders, in the list's order.
    let clientOrderIDs: [String]
    let orders: [CanceledOrder]
}

/// Placing order lists (sheet section 8.3).
extension Exchange {
    func place(
        _ ticket: OrderListTicket, in market: SymbolMarket, account: AccountIndex, now: Timestamp
    ) throws(Rejection) -> PlacedList {
        try checkOffered(ticket, in: market)
        let tickets = ticket.tickets
        try check(tickets, addingLists: 1, in: market, account: account)
        try checkOpen(market)
        try checkUnique(tickets, in: market, account: account)
        if let id = ticket.clientOrderID,
            lists.open(of: account).contains(where: { $0.clientOrderID == id })
        {
            throw .duplicateOrder
        }
        try checkPrices(ticket, in: market)
        var orders = tickets.map { makeOrder($0, in: market, account: account, now: now) }
        try checkFunds(of: ticket, orders, in: market)

        for index in orders.indices { orders[index].number(market.makeOrderID()) }
        var list = OrderList(
            id: lists.makeID(), account: account, market: market.index,
            contingency: ticket.contingency,
            clientOrderID: ticket.clientOrderID ?? makeClientOrderID(), time: now,
            orders: orders.map(\.id), working: ticket.contingency == .oto ? orders[0].id : nil,
            hasPair: false)
        list.hasPair = !list.pair.isEmpty
        for index in orders.indices { orders[index].listID = list.id }
        var settlement = Settlement(now: now)
        lockPair(of: &list, orders.suffix(2), market, &settlement)
        lists.save(list)
        report(list, orders, now)
        let placed = enter(list, orders, market, &settlement)
        runFollowUps(market, &settlement)
        publishPositions(settlement)
        return PlacedList(list: list, orders: placed)
    }

    /// Puts the first orders of a list to work or to wait and the others aside.
    private func enter(
        _ list: OrderList, _ orders: [UserOrder], _ market: SymbolMarket,
        _ settlement: inout Settlement
    ) -> [PlacedOrder] {
        guard list.working != nil else {
            return orders.map { order in
                var entering = order
                let arrival = enter(&entering, market, &settlement)
                return PlacedOrder(
                    order: entering, fills: arrival.fills, prevented: arrival.prevented)
            }
        }
        var pending = Array(orders.dropFirst())
        for index in pending.indices {
            pending[index].status = .pendingNew
            lock(&pending[index], market, &settlement)
            market.orders.save(pending[index])
            report(.new, pending[index], settlement.now)
        }
        var working = orders[0]
        let arrival = enter(&working, market, &settlement)
        return [PlacedOrder(order: working, fills: arrival.fills, prevented: arrival.prevented)]
            + pending.map { PlacedOrder(order: $0) }
    }

    /// Only one of a pair can trade, so the pair locks the larger need of the two.
    private func lockPair(
        of list: inout OrderList, _ pair: ArraySlice<UserOrder>, _ market: SymbolMarket,
        _ settlement: inout Settlement
    ) {
        guard list.hasPair, let first = pair.first else { return }
        let needed = pair.map(need).max() ?? 0
        let asset = market.spentAsset(first.ticket.side)
        if ledger.lock(needed, asset, of: list.account) { list.pairLocked = needed }
        settlement.touch(list.account, asset)
    }

    // MARK: - Checks

    private func checkOffered(
        _ ticket: OrderListTicket, in market: SymbolMarket
    ) throws(Rejection) {
        let features = market.configuration.features
        switch ticket.shape {
        case .oco:
            if !features.contains(.oneCancelsOther) { throw .listNotSupported("OCO") }
        case .oto:
            if !features.contains(.oneTriggersOther) { throw .listNotSupported("OTO") }
        case .otoco:
            if !features.contains([.oneCancelsOther, .oneTriggersOther]) {
                throw .listNotSupported("OTOCO")
            }
        }
    }

    /// Checks against the market what goes to work at once, and a pair's prices against each
    /// other; pending orders meet the market when their turn comes.
    private func checkPrices(
        _ ticket: OrderListTicket, in market: SymbolMarket
    ) throws(Rejection) {
        switch ticket.shape {
        case .oco(let stop, let target):
            try checkPair(stop, target, in: market)
        case .oto(let working, _):
            if working.type == .limitMaker, wouldTake(working, market.matcher) { throw .wouldTake }
        case .otoco(let working, let stop, let target):
            if working.type == .limitMaker, wouldTake(working, market.matcher) { throw .wouldTake }
            guard let low = target.pairPrice, let high = stop.pairPrice else { return }
            if stop.side == .sell ? low <= high : low >= high { throw .badPairPrices }
        }
    }

    /// Target and stop must lie on their sides of the last price (sheet section 8.3).
    func checkPair(
        _ stop: OrderTicket, _ target: OrderTicket, in market: SymbolMarket
    ) throws(Rejection) {
        let last = market.lastPrice
        if let price = stop.pairPrice, stop.side == .sell ? price >= last : price <= last {
            throw .badPairPrices
        }
        if let price = target.pairPrice, target.side == .sell ? price <= last : price >= last {
            throw .badPairPrices
        }
        try checkTrigger(target, market)
        if target.type == .limitMaker, wouldTake(target, market.matcher) { throw .wouldTake }
    }

    /// Everything a list locks must be there, working and pending alike.
    private func checkFunds(
        of ticket: OrderListTicket, _ orders: [UserOrder], in market: SymbolMarket
    ) throws(Rejection) {
        var needed: [AssetIndex: Int128] = [:]
        func add(_ amount: Int64, _ order: UserOrder) {
            needed[market.spentAsset(order.ticket.side), default: 0] += Int128(amount)
        }
        switch ticket.shape {
        case .oco: add(max(need(of: orders[0]), need(of: orders[1])), orders[0])
        case .oto:
            add(need(of: orders[0]), orders[0])
            add(need(of: orders[1]), orders[1])
        case .otoco:
            add(need(of: orders[0]), orders[0])
            add(max(need(of: orders[1]), need(of: orders[2])), orders[1])
        }
        for (asset, amount) in needed where amount > Int128(ledger[orders[0].account, asset].free) {
            throw .insufficientBalance
        }
    }
}

extension OrderTicket {
    /// The price by which a pair's rule judges it: the limit, or the stop of a market order;
    /// `nil` for a trailing order that names none.
    fileprivate var pairPrice: Price? {
        let judged = isStopLoss || isMarket ? stopPrice : price
        return judged > .zero ? judged : nil
    }
}
