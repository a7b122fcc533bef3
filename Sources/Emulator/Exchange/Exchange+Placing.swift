import MarketModel

/// A new order as it stands after its arrival, with what it did at once.
struct PlacedOrder {
    let order: UserOrder
    var fills: [UserFill] = []
    var prevented: [PreventedTrade] = []
}

extension Exchange {
    /// Checks an order as `place` would before the matching engine sees it.
    func check(
        _ ticket: OrderTicket, in market: SymbolMarket, account: AccountIndex
    ) throws(Rejection) {
        try check([ticket], addingLists: 0, in: market, account: account)
    }

    /// Checks orders that arrive together: what the symbol offers, and every filter.
    func check(
        _ tickets: [OrderTicket], addingLists lists: Int, in market: SymbolMarket,
        account: AccountIndex
    ) throws(Rejection) {
        for ticket in tickets { try checkOffered(ticket, in: market) }
        let use = filterUse(in: market, account: account)
        for ticket in tickets {
            try market.filters.check(ticket, use)
            try market.filters.checkAssets(ticket, use, exchange: configuration.filters)
            try checkAmount(ticket)
        }
        try market.filters.checkCounts(
            tickets, addingLists: lists, use, exchange: configuration.filters)
    }

    /// Places an order: filters, balance, matching, settlement, reports.
    func place(
        _ ticket: OrderTicket, in market: SymbolMarket, account: AccountIndex, now: Timestamp
    ) throws(Rejection) -> PlacedOrder {
        try check(ticket, in: market, account: account)
        try checkOpen(market)
        try checkUnique([ticket], in: market, account: account)
        var order = makeOrder(ticket, in: market, account: account, now: now)
        if ticket.isConditional {
            try checkTrigger(ticket, market)
            try checkFunds(toWait: order, in: market)
        } else {
            try checkFunds(toWork: order, in: market)
            try checkLiquidity(ticket, market)
        }
        order.number(market.makeOrderID())
        var settlement = Settlement(now: now)
        let arrival = enter(&order, market, &settlement)
        let placed = PlacedOrder(
            order: order, fills: arrival.fills, prevented: arrival.prevented)
        runFollowUps(market, &settlement)
        publishPositions(settlement)
        return placed
    }

    /// Locks what an order needs and puts it to work or to wait.
    func enter(
        _ order: inout UserOrder, _ market: SymbolMarket, _ settlement: inout Settlement
    ) -> Arrival {
        if order.ticket.isConditional {
            lock(&order, market, &settlement)
            beginWaiting(&order, market, settlement.now)
            return Arrival()
        }
        if !order.ticket.isMarket { lock(&order, market, &settlement) }
        settlement.touch(order.account, market.spentAsset(order.ticket.side))
        return work(&order, in: market, &settlement)
    }

    /// A conditional order begins to wait for its price.
    func beginWaiting(_ order: inout UserOrder, _ market: SymbolMarket, _ now: Timestamp) {
        market.triggers.insert(order)
        market.orders.save(order)
        report(.new, order, now)
    }

    /// An order with everything but its number; see ``UserOrder/number(_:)``.
    func makeOrder(
        _ ticket: OrderTicket, in market: SymbolMarket, account: AccountIndex, now: Timestamp
    ) -> UserOrder {
        var order = UserOrder(
            account: account, market: market.index, ticket: ticket,
            clientOrderID: ticket.clientOrderID ?? makeClientOrderID(), time: now)
        order.lockPrice = ticket.stopPrice > .zero ? ticket.stopPrice : market.lastPrice
        return order
    }

    // MARK: - Checks

    private func checkOffered(_ ticket: OrderTicket, in market: SymbolMarket) throws(Rejection) {
        let symbol = market.configuration
        func demand(_ feature: SymbolFeatures, _ name: String) throws(Rejection) {
            if !symbol.features.contains(feature) { throw .notSupported(name) }
        }
        switch ticket.type {
        case .limit: break
        case .limitMaker: try demand(.limitMaker, "Limit maker orders")
        case .market: try demand(.market, "Market orders")
        case .stopLoss: try demand(.stopLoss, "Stop loss orders")
        case .stopLossLimit: try demand(.stopLossLimit, "Stop loss limit orders")
        case .takeProfit: try demand(.takeProfit, "Take profit orders")
        case .takeProfitLimit: try demand(.takeProfitLimit, "Take profit limit orders")
        }
        if ticket.icebergQuantity > .zero { try demand(.iceberg, "Iceberg orders") }
        if ticket.trailingDelta > 0 { try demand(.trailingStop, "Trailing stop orders") }
        if ticket.quoteQuantity > 0, !symbol.features.contains(.quoteMarket) {
            throw .quoteMarketNotSupported
        }
        guard symbol.selfTradePreventionModes.contains(ticket.selfTradePrevention) else {
            throw .selfTradeModeNotAllowed
        }
    }

    private func checkAmount(_ ticket: OrderTicket) throws(Rejection) {
        if ticket.icebergQuantity > ticket.quantity { throw .icebergTooLarge }
    }

    func checkOpen(_ market: SymbolMarket) throws(Rejection) {
        if market.status != .trading { throw .marketClosed }
    }

    /// Client order ids must be unique among the account's open orders and each other.
    func checkUnique(
        _ tickets: [OrderTicket], in market: SymbolMarket, account: AccountIndex
    ) throws(Rejection) {
        var seen: Set<String> = []
        for id in tickets.compactMap(\.clientOrderID) {
            if !seen.insert(id).inserted || market.orders.isOpen(account, clientOrderID: id) {
                throw .duplicateOrder
            }
        }
    }

    /// A stop price must lie where the last price is not (sheet section 10).
    func checkTrigger(_ ticket: OrderTicket, _ market: SymbolMarket) throws(Rejection) {
        guard ticket.stopPrice > .zero else { return }
        let isAhead = ticket.triggersAbove
            ? ticket.stopPrice > market.lastPrice : ticket.stopPrice < market.lastPrice
        if !isAhead { throw .wouldTrigger }
    }

    private func checkLiquidity(_ ticket: OrderTicket, _ market: SymbolMarket) throws(Rejection) {
        if ticket.type == .limitMaker, wouldTake(ticket, market.matcher) { throw .wouldTake }
        if ticket.quoteQuantity > 0, market.matcher.bestPrice(against: ticket.side) == nil {
            throw .noLiquidity
        }
    }

    /// What the filters compare an order with.
    private func filterUse(in market: SymbolMarket, account: AccountIndex) -> FilterUse {
        let base = ledger[account, market.instrument.baseAsset]
        var use = FilterUse(
            reference: market.referencePrice, position: Int128(base.free) + Int128(base.locked))
        for order in market.orders.open(of: account) {
            use.symbol.add(order.ticket)
            if order.ticket.side == .buy { use.position += Int128(order.remaining.raw) }
        }
        let open = lists.open(of: account)
        use.symbol.lists = open.count { $0.market == market.index }
        if configuration.filters != ExchangeFilterConfiguration() {
            for market in markets {
                for order in market.orders.open(of: account) { use.exchange.add(order.ticket) }
            }
            use.exchange.lists = open.count
        }
        return use
    }
}
