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
    /// Carries a request out and writes its result.
    ///
    /// - Returns: whether it costs no weight now that it has succeeded (sheet section 3.3).
    func perform(_ request: Request, to text: inout TextBuffer) throws(Rejection) -> Bool {
        if request.operation.isOrderRequest {
            return try performOrderRequest(request, to: &text)
        }
        try performQuery(request, to: &text)
        return false
    }

    private func performQuery(
        _ request: Request, to text: inout TextBuffer
    ) throws(Rejection) {
        switch request.operation {
        case .ping: text.raw("{}")
        case .time:
            text.raw("{\"serverTime\":")
            text.time(request.now, request.unit)
            text.raw("}")
        case .exchangeInfo, .executionRules, .referencePrice, .referenceCalculation,
            .blockTrades:
            try performRuleQuery(request, to: &text)
        case .priceTicker:
            try tickers(request, to: &text) { MarketText.price($0, to: &$1) }
        case .bookTicker:
            try tickers(request, to: &text) { MarketText.ticker($0, to: &$1) }
        case .dayTicker, .tradingDayTicker, .windowTicker:
            try performTickerQuery(request, to: &text)
        case .depth, .trades, .oldTrades, .aggregateTrades, .candles, .displayCandles,
            .averagePrice:
            try performMarketQuery(request, to: &text)
        case .testOrder: try test(request, to: &text)
        case .testRouting:
            _ = try market(of: request.parameters)
            throw .noOrderRouting
        default: try performAccountQuery(request, to: &text)
        }
    }

    // MARK: - Market

    private func performMarketQuery(
        _ request: Request, to text: inout TextBuffer
    ) throws(Rejection) {
        let parameters = request.parameters
        let market = request.operation == .depth
            ? try marketInStatus(parameters) : try market(of: parameters)
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
        case .oldTrades:
            let limit = try parameters.limit(default: 500, maximum: 1_000)
            let trades = market.tape.trades
            let from = try parameters.integer("fromId")
            let first = from.map { from in trades.partition { $0.id >= from } }
            answers.trades(trades.slice(
                    (first ?? 0)..<trades.count, limit, fromOldest: first != nil), to: &text)
        case .aggregateTrades:
            let limit = try parameters.limit(default: 500, maximum: 1_000)
            let trades = market.tape.aggregates
            let from = try parameters.integer("fromId")
            let start = try parameters.integer("startTime")
            let end = try parameters.integer("endTime") ?? .max
            let first = trades.partition { trade in
                trade.id >= from ?? 0 && trade.time.milliseconds >= start ?? 0
            }
            let behind = trades.partition { $0.time.milliseconds > end }
            answers.aggregates(
                trades.slice(
                    first..<max(first, behind), limit, fromOldest: from != nil || start != nil),
                to: &text)
        case .candles, .displayCandles:
            guard let interval = CandleInterval(
                rawValue: try parameters.required("interval"))
            else { throw .badInterval }
            let grid = CandleGrid(interval, shift: try parameters.timeZone())
            let bars = market.candles.bars(
                grid, start: try parameters.integer("startTime"),
                end: try parameters.integer("endTime"),
                limit: try parameters.limit(default: 500, maximum: 1_000))
            answers.candles(bars, grid, to: &text)
        default:
            answers.averagePrice(market, now: request.now, to: &text)
        }
    }

    func market(of parameters: Parameters) throws(Rejection) -> SymbolMarket {
        try exchange.market(named: try parameters.required("symbol"))
    }

    func tickers(
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
}
