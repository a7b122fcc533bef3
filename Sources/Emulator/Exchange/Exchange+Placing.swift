import MarketModel

/// A new order as it stands after its arrival, with the trades it made at once.
struct PlacedOrder {
    let order: UserOrder
    let fills: [UserFill]
}

extension Exchange {
    /// Checks an order as `place` would, without placing it.
    func check(
        _ ticket: OrderTicket, in market: SymbolMarket, account: AccountIndex
    ) throws(Rejection) {
        try market.filters.check(
            ticket, reference: market.referencePrice,
            openOrders: market.orders.openCount(of: account))
    }

    /// Places an order: filters, balance, matching, settlement, reports.
    func place(
        _ ticket: OrderTicket, in market: SymbolMarket, account: AccountIndex, now: Timestamp
    ) throws(Rejection) -> PlacedOrder {
        try check(ticket, in: market, account: account)
        if let id = ticket.clientOrderID, market.orders.isOpen(account, clientOrderID: id) {
            throw .duplicateOrder
        }
        try checkFunds(ticket, in: market, account: account)
        if ticket.type == .limitMaker, wouldTake(ticket, market.matcher) { throw .wouldTake }

        var order = UserOrder(
            id: market.makeOrderID(), account: account, market: market.index, ticket: ticket,
            clientOrderID: ticket.clientOrderID ?? makeClientOrderID(), time: now)
        var settlement = Settlement(now: now)
        lockFunds(for: &order, market, &settlement)
        report(.new, order, now)
        let placement = market.matcher.place(incoming(order, in: market))
        let fills = settle(market.matcher.log, taker: &order, market, &settlement)
        finish(&order, placement, market, &settlement)
        market.orders.save(order)
        if market.matcher is MatchingEngine {
            market.record(market.matcher.log, now: now, into: &publicEvents)
        }
        publishPositions(settlement)
        return PlacedOrder(order: order, fills: fills)
    }

    /// The order as the matcher sees it; a sale by quote amount is bounded by the base there is.
    private func incoming(_ order: UserOrder, in market: SymbolMarket) -> IncomingOrder {
        let ticket = order.ticket
        var bound = ticket.quantity
        if ticket.quoteQuantity > 0, ticket.side == .sell {
            let free = Quantity(raw: ledger[order.account, market.instrument.baseAsset].free)
            bound = free.flooredToMultiple(of: market.instrument.lotSize)
        }
        return IncomingOrder(
            id: order.id, account: order.account, side: ticket.side, type: ticket.type,
            timeInForce: ticket.timeInForce, price: ticket.price, quantity: bound,
            quoteBudget: ticket.quoteQuantity, selfTradePrevention: ticket.selfTradePrevention)
    }

    private func wouldTake(_ ticket: OrderTicket, _ matcher: any Matcher) -> Bool {
        guard let best = matcher.bestPrice(against: ticket.side) else { return false }
        return ticket.side == .buy ? best <= ticket.price : best >= ticket.price
    }

    /// Refuses an order that the account's free balance does not cover.
    private func checkFunds(
        _ ticket: OrderTicket, in market: SymbolMarket, account: AccountIndex
    ) throws(Rejection) {
        let instrument = market.instrument
        let needed: Int64
        if ticket.side == .sell {
            needed = ticket.quantity.raw
        } else if ticket.type != .market {
            guard let cost = Money.quoteRoundedUp(ticket.price, ticket.quantity) else {
                throw .insufficientBalance
            }
            needed = cost
        } else if ticket.quoteQuantity > 0 {
            needed = ticket.quoteQuantity
        } else {
            let expiresOwn = ticket.selfTradePrevention == .expireMaker
            needed = market.matcher.costOfBuying(
                ticket.quantity, excluding: expiresOwn ? account : nil)
        }
        let asset = ticket.side == .buy ? instrument.quoteAsset : instrument.baseAsset
        // A market sale by quote amount needs the base that the amount is worth.
        if ticket.side == .sell, ticket.quoteQuantity > 0 {
            let price = market.matcher.top.bidPrice
            let base = Money.quantity(for: ticket.quoteQuantity, at: price)?.raw
            let needed = max(base ?? 0, instrument.lotSize.raw)
            if ledger[account, asset].free < needed { throw .insufficientBalance }
        } else if ledger[account, asset].free < needed {
            throw .insufficientBalance
        }
    }

    private func lockFunds(
        for order: inout UserOrder, _ market: SymbolMarket, _ settlement: inout Settlement
    ) {
        let instrument = market.instrument
        let asset = order.ticket.side == .buy ? instrument.quoteAsset : instrument.baseAsset
        let needed = lockNeeded(for: order)
        if ledger.lock(needed, asset, of: order.account) { order.locked = needed }
        settlement.touch(order.account, asset)
    }

    /// Books an operation's trades and prevented matches for everyone concerned.
    private func settle(
        _ log: MatchLog, taker: inout UserOrder, _ market: SymbolMarket,
        _ settlement: inout Settlement
    ) -> [UserFill] {
        for match in log.prevented {
            guard var maker = market.orders[match.makerID] else { continue }
            maker.prevented += match.quantity
            close(&maker, as: .expiredInMatch, market, &settlement)
            market.orders.save(maker)
            report(.tradePrevention, maker, settlement.now)
        }
        var fills: [UserFill] = []
        for fill in log.fills {
            settle(maker: fill, market, &settlement)
            book(fill, isMaker: false, order: &taker, market, &settlement)
            if let last = market.fills[taker.account]?.last { fills.append(last) }
        }
        return fills
    }

    private func finish(
        _ order: inout UserOrder, _ placement: Placement, _ market: SymbolMarket,
        _ settlement: inout Settlement
    ) {
        switch placement.remainder {
        case .rests:
            order.handle = placement.handle
        case .filled:
            if order.isOpen { close(&order, as: .filled, market, &settlement) }
        case .expiredSelfTrade:
            order.prevented = order.remaining
            close(&order, as: .expiredInMatch, market, &settlement)
            report(.tradePrevention, order, settlement.now)
        case .expiredImmediate, .expiredFillOrKill, .expiredNoLiquidity, .wouldTake:
            order.expiryReason = placement.remainder.expiryReason
            close(&order, as: .expired, market, &settlement)
            report(.expired, order, settlement.now)
        }
    }
}

extension Remainder {
    /// The venue's word for why an order expired (sheet section 10).
    var expiryReason: String? {
        switch self {
        case .expiredImmediate: "UNFILLED_IOC_QUANTITY_EXPIRED"
        case .expiredFillOrKill: "UNFILLED_FOK_ORDER_EXPIRED"
        case .expiredNoLiquidity: "INSUFFICIENT_LIQUIDITY"
        case .filled, .rests, .expiredSelfTrade, .wouldTake: nil
        }
    }
}

extension BoundedQueue {
    var last: Element? { count == 0 ? nil : self[count - 1] }
}
