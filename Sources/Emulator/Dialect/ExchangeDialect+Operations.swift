import MarketModel

/// One request on its way through the venue.
struct Request {
    let operation: Operation
    let parameters: Parameters
    let account: AccountIndex
    let unit: TimeUnit
    let now: Timestamp
}

/// What each operation does and answers; the same for REST and the WebSocket API.
extension ExchangeDialect {
    /// Carries a request out and writes its result; a refusal leaves `text` as it was.
    func perform(_ request: Request, to text: inout TextBuffer) throws(Rejection) {
        switch request.operation {
        case .ping: text.raw("{}")
        case .time:
            text.raw("{\"serverTime\":")
            text.time(request.now, request.unit)
            text.raw("}")
        case .exchangeInfo:
            ExchangeInfoText(exchange: exchange, unit: request.unit)
                .write(try markets(named: request.parameters), now: request.now, to: &text)
        case .priceTicker:
            try tickers(request, to: &text) { MarketText.price($0, to: &$1) }
        case .bookTicker:
            try tickers(request, to: &text) { MarketText.ticker($0, to: &$1) }
        case .depth, .trades, .aggregateTrades, .candles, .averagePrice:
            try performMarketQuery(request, to: &text)
        case .placeOrder, .testOrder, .cancelOrder, .replaceOrder, .cancelAll:
            try performOrderRequest(request, to: &text)
        case .queryOrder, .openOrders, .allOrders, .account, .accountTrades, .commission,
            .orderLimits:
            try performAccountQuery(request, to: &text)
        }
    }

    // MARK: - Market

    private func performMarketQuery(
        _ request: Request, to text: inout TextBuffer
    ) throws(Rejection) {
        let parameters = request.parameters
        let market = try market(of: parameters)
        let answers = MarketText(unit: request.unit)
        switch request.operation {
        case .depth:
            let limit = try parameters.limit(default: 100, maximum: 5_000)
            if let recorded = recordedSnapshot(of: market, limit: limit) {
                text.raw(recorded)
            } else {
                MarketText.depth(market.matcher, limit: limit, to: &text)
            }
        case .trades:
            let limit = try parameters.limit(default: 500, maximum: 1_000)
            answers.trades(market.tape.trades.suffix(limit), to: &text)
        case .aggregateTrades:
            let limit = try parameters.limit(default: 500, maximum: 1_000)
            let all = market.tape.aggregates.suffix(1_000)
            let from = try parameters.integer("fromId")
            let start = try parameters.integer("startTime")
            let end = try parameters.integer("endTime")
            let wanted = all.filter { trade in
                trade.id >= from ?? 0 && trade.time.milliseconds >= start ?? 0
                    && trade.time.milliseconds <= end ?? .max
            }
            let isFromOldest = from != nil || start != nil
            answers.aggregates(
                Array(isFromOldest ? wanted.prefix(limit) : wanted.suffix(limit)), to: &text)
        case .candles:
            guard let interval = CandleInterval(
                rawValue: try parameters.required("interval"))
            else { throw .badInterval }
            let bars = market.candles.bars(
                interval, start: try parameters.integer("startTime"),
                end: try parameters.integer("endTime"),
                limit: try parameters.limit(default: 500, maximum: 1_000))
            answers.candles(bars, interval, to: &text)
        default:
            answers.averagePrice(market, now: request.now, to: &text)
        }
    }

    func market(of parameters: Parameters) throws(Rejection) -> SymbolMarket {
        try exchange.market(named: try parameters.required("symbol"))
    }

    /// The markets of `symbol` or `symbols` (a JSON array); every market when neither is sent.
    private func markets(named parameters: Parameters) throws(Rejection) -> [SymbolMarket] {
        if let symbol = parameters["symbol"] { return [try exchange.market(named: symbol)] }
        guard let list = parameters["symbols"] else { return exchange.markets }
        guard case .array(let names)? = JSONValue.parse(list) else {
            throw .illegalCharacters("symbols", range: "^\\[\"[A-Z0-9-_.]{1,20}\"(,…)*\\]$")
        }
        var found: [SymbolMarket] = []
        for name in names { found.append(try exchange.market(named: name.string ?? "")) }
        return found
    }

    private func tickers(
        _ request: Request, to text: inout TextBuffer,
        _ write: (SymbolMarket, inout TextBuffer) -> Void
    ) throws(Rejection) {
        let markets = try markets(named: request.parameters)
        if request.parameters["symbol"] != nil, let market = markets.first {
            write(market, &text)
            return
        }
        text.raw("[")
        for (index, market) in markets.enumerated() {
            if index > 0 { text.raw(",") }
            write(market, &text)
        }
        text.raw("]")
    }

    // MARK: - Account

    private func performAccountQuery(
        _ request: Request, to text: inout TextBuffer
    ) throws(Rejection) {
        let parameters = request.parameters
        let account = request.account
        let answers = AccountText(exchange: exchange, unit: request.unit)
        switch request.operation {
        case .queryOrder:
            let market = try market(of: parameters)
            let selector = try orderParameters(parameters)
                .selector("orderId", "origClientOrderId")
            guard let order = exchange.find(selector, in: market, account: account) else {
                throw .noSuchOrder
            }
            OrderText(exchange: exchange, unit: request.unit).state(order, to: &text)
        case .openOrders:
            var orders: [UserOrder] = []
            for market in parameters["symbol"] == nil
                ? exchange.markets : [try market(of: parameters)]
            {
                orders += market.orders.open(of: account)
            }
            states(orders, request.unit, to: &text)
        case .allOrders:
            let market = try market(of: parameters)
            let limit = try parameters.limit(default: 500, maximum: 1_000)
            let from = try parameters.integer("orderId")
            let orders = market.orders.all(of: account).filter { $0.id >= from ?? 0 }
            states(
                Array(from == nil ? orders.suffix(limit) : orders.prefix(limit)), request.unit,
                to: &text)
        case .account:
            answers.account(
                account, omitsZero: parameters.boolean("omitZeroBalances") ?? false, to: &text)
        case .accountTrades:
            let market = try market(of: parameters)
            answers.trades(try fills(of: account, in: market, parameters), market, to: &text)
        case .commission:
            answers.commission(try market(of: parameters), to: &text)
        default:
            text.raw("[")
            RateLimitText.orders(
                limiter.limits, counts: limiter.orderCounts(account, now: request.now), to: &text)
            text.raw("]")
        }
    }

    private func states(_ orders: [UserOrder], _ unit: TimeUnit, to text: inout TextBuffer) {
        let answers = OrderText(exchange: exchange, unit: unit)
        text.raw("[")
        for (index, order) in orders.enumerated() {
            if index > 0 { text.raw(",") }
            answers.state(order, to: &text)
        }
        text.raw("]")
    }

    private func fills(
        of account: AccountIndex, in market: SymbolMarket, _ parameters: Parameters
    ) throws(Rejection) -> [UserFill] {
        let limit = try parameters.limit(default: 500, maximum: 1_000)
        let orderID = try parameters.integer("orderId")
        let from = try parameters.integer("fromId")
        let start = try parameters.integer("startTime")
        let end = try parameters.integer("endTime")
        guard let kept = market.fills[account] else { return [] }
        let wanted = kept.suffix(kept.count).filter { fill in
            fill.tradeID >= from ?? 0 && (orderID == nil || fill.orderID == orderID)
                && fill.time.milliseconds >= start ?? 0
                && fill.time.milliseconds <= end ?? .max
        }
        return Array(from != nil || start != nil ? wanted.prefix(limit) : wanted.suffix(limit))
    }

    func orderParameters(_ parameters: Parameters) -> OrderParameters {
        OrderParameters(
            parameters: parameters,
            defaultSelfTradePrevention: exchange.configuration.defaultSelfTradePrevention)
    }
}
