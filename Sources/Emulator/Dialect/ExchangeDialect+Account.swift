import MarketModel

/// What accounts ask about their orders, lists, trades, fees and limits (sheet section 8.4).
extension ExchangeDialect {
    func performAccountQuery(
        _ request: Request, to text: inout TextBuffer
    ) throws(Rejection) {
        let account = request.account
        let answers = AccountText(exchange: exchange, unit: request.unit)
        switch request.operation {
        case .queryOrder, .openOrders, .allOrders, .amendments:
            try performOrderQuery(request, to: &text)
        case .queryList, .openLists, .allLists:
            try performListQuery(request, to: &text)
        case .account:
            let omitsZero = request.parameters.boolean("omitZeroBalances") ?? false
            answers.account(account, omitsZero: omitsZero, to: &text)
        case .accountTrades:
            let market = try market(of: request.parameters)
            let fills = try fills(of: account, in: market, request.parameters)
            answers.trades(fills, market, to: &text)
        case .commission:
            answers.commission(try market(of: request.parameters), account, to: &text)
        case .preventedMatches: try preventedMatches(request, to: &text)
        case .allocations:
            // There is no smart order routing here, so nothing is ever allocated.
            _ = try market(of: request.parameters)
            text.raw("[]")
        case .accountFilters:
            ExchangeInfoText(exchange: exchange, unit: request.unit)
                .writeFilters(of: try market(of: request.parameters), to: &text)
        default:
            text.raw("[")
            RateLimitText.orders(
                limiter.limits, counts: limiter.orderCounts(account, now: request.now), to: &text)
            text.raw("]")
        }
    }

    // MARK: - Orders

    private func performOrderQuery(
        _ request: Request, to text: inout TextBuffer
    ) throws(Rejection) {
        let parameters = request.parameters
        let answers = OrderText(exchange: exchange, unit: request.unit)
        switch request.operation {
        case .queryOrder:
            let market = try market(of: parameters)
            let selector = try orderParameters(parameters, market)
                .selector("orderId", "origClientOrderId")
            let found = try exchange.find(selector, in: market, account: request.account)
            guard let found else { throw .noSuchOrder }
            answers.state(found, to: &text)
        case .openOrders:
            var orders: [UserOrder] = []
            for market in parameters["symbol"] == nil
                ? exchange.markets : [try market(of: parameters)]
            {
                orders += market.orders.open(of: request.account)
            }
            states(orders, answers, to: &text)
        case .allOrders:
            states(try allOrders(request), answers, to: &text)
        default:
            try amendments(request, to: &text)
        }
    }

    private func allOrders(_ request: Request) throws(Rejection) -> [UserOrder] {
        let parameters = request.parameters
        let market = try market(of: parameters)
        let limit = try parameters.limit(default: 500, maximum: 1_000)
        let from = try parameters.integer("orderId")
        let period = try parameters.period()
        let orders = market.orders.all(of: request.account).filter {
            $0.id >= from ?? 0 && period.contains($0.time)
        }
        let isFromOldest = from != nil || parameters["startTime"] != nil
        return Array(isFromOldest ? orders.prefix(limit) : orders.suffix(limit))
    }

    private func states(
        _ orders: [UserOrder], _ answers: OrderText, to text: inout TextBuffer
    ) {
        text.raw("[")
        for (index, order) in orders.enumerated() {
            if index > 0 { text.raw(",") }
            answers.state(order, to: &text)
        }
        text.raw("]")
    }

    private func amendments(_ request: Request, to text: inout TextBuffer) throws(Rejection) {
        let market = try market(of: request.parameters)
        guard let id = try request.parameters.integer("orderId") else { throw .missing("orderId") }
        let from = try request.parameters.integer("fromExecutionId") ?? 0
        let limit = try request.parameters.limit(default: 500, maximum: 1_000)
        let selector = OrderSelector(orderID: id)
        let order = try exchange.find(selector, in: market, account: request.account)
        guard let order else { throw .noSuchOrder }
        AmendmentText.list(
            order.amendments.filter { $0.executionID >= from }.prefix(limit), of: order,
            symbol: market.configuration.symbol, request.unit, to: &text)
    }

    // MARK: - Lists

    private func performListQuery(
        _ request: Request, to text: inout TextBuffer
    ) throws(Rejection) {
        let parameters = request.parameters
        let answers = OrderListText(exchange: exchange, unit: request.unit)
        switch request.operation {
        case .queryList:
            let selector = try orderParameters(parameters, nil)
                .selector("orderListId", "origClientOrderId")
            guard let list = exchange.findList(selector, account: request.account) else {
                throw .noSuchOrder
            }
            answers.state(list, to: &text)
        case .openLists:
            answers.states(exchange.lists.open(of: request.account), to: &text)
        default:
            let limit = try parameters.limit(default: 500, maximum: 1_000)
            let from = try parameters.integer("fromId")
            let hasPeriod = parameters["startTime"] != nil || parameters["endTime"] != nil
            if from != nil, hasPeriod { throw .badCombination }
            let period = try parameters.period()
            let lists = exchange.lists.all(of: request.account).filter {
                $0.id >= from ?? 0 && period.contains($0.time)
            }
            let isFromOldest = from != nil || parameters["startTime"] != nil
            answers.states(
                Array(isFromOldest ? lists.prefix(limit) : lists.suffix(limit)), to: &text)
        }
    }

    // MARK: - Trades

    private func fills(
        of account: AccountIndex, in market: SymbolMarket, _ parameters: Parameters
    ) throws(Rejection) -> [UserFill] {
        let limit = try parameters.limit(default: 500, maximum: 1_000)
        let orderID = try parameters.integer("orderId")
        let from = try parameters.integer("fromId")
        let period = try parameters.period()
        guard let kept = market.fills[account] else { return [] }
        let wanted = kept.suffix(kept.count).filter { fill in
            fill.tradeID >= from ?? 0 && (orderID == nil || fill.orderID == orderID)
                && period.contains(fill.time)
        }
        let isFromOldest = from != nil || parameters["startTime"] != nil
        return Array(isFromOldest ? wanted.prefix(limit) : wanted.suffix(limit))
    }

    private func preventedMatches(
        _ request: Request, to text: inout TextBuffer
    ) throws(Rejection) {
        let parameters = request.parameters
        let market = try market(of: parameters)
        let id = try parameters.integer("preventedMatchId")
        let orderID = try parameters.integer("orderId")
        let from = try parameters.integer("fromPreventedMatchId") ?? 0
        let limit = try parameters.limit(default: 500, maximum: 1_000)
        if id == nil, orderID == nil { throw .missingEither("preventedMatchId", "orderId") }
        let kept = market.prevented.suffix(market.prevented.count).filter { match in
            match.account == request.account && (id == nil || match.id == id)
                && (orderID == nil || match.takerID == orderID || match.makerID == orderID)
                && match.id >= from
        }
        PreventedMatchText.list(
            Array(kept.prefix(limit)), symbol: market.configuration.symbol, request.unit,
            to: &text)
    }
}

/// The amendments of one order, as `order.amendments` answers them.
private enum AmendmentText {
    static func list(
        _ amendments: some Collection<Amendment>, of order: UserOrder, symbol: String,
        _ unit: TimeUnit, to text: inout TextBuffer
    ) {
        text.raw("[")
        for (index, amendment) in amendments.enumerated() {
            text.raw(index == 0 ? "{\"symbol\":" : ",{\"symbol\":")
            text.quoted(symbol)
            text.raw(",\"orderId\":")
            text.integer(order.id)
            text.raw(",\"executionId\":")
            text.integer(amendment.executionID)
            text.raw(",\"origClientOrderId\":")
            text.quoted(amendment.oldClientOrderID)
            text.raw(",\"newClientOrderId\":")
            text.quoted(amendment.newClientOrderID)
            text.raw(",\"origQty\":")
            text.decimal(amendment.oldQuantity.raw)
            text.raw(",\"newQty\":")
            text.decimal(amendment.newQuantity.raw)
            text.raw(",\"time\":")
            text.time(amendment.time, unit)
            text.raw("}")
        }
        text.raw("]")
    }
}
