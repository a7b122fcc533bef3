import MarketModel

/// Order requests: placing, cancelling, replacing, amending, alone and in lists.
extension ExchangeDialect {
    /// Carries an order request out; whether it costs no weight.
    func performOrderRequest(
        _ request: Request, to text: inout TextBuffer
    ) throws(Rejection) -> Bool {
        let market = try market(of: request.parameters)
        let answers = OrderText(exchange: exchange, unit: request.unit)
        switch request.operation {
        case .placeOrder: try place(request, in: market, to: &text)
        case .cancelOrder: try cancel(request, in: market, to: &text)
        case .replaceOrder: try replace(request, in: market, to: &text)
        case .amendOrder: return try amend(request, in: market, to: &text)
        // One market is one symbol here, and no list pays for its own orders.
        case .routeOrder: throw .noOrderRouting
        case .placeFunded, .placeFundedPair: throw .fundedListsNotSupported
        case .placePair, .placeOldPair, .placeTriggered, .placeTriggeredPair:
            try placeList(request, in: market, to: &text)
        case .cancelList: try cancelList(request, in: market, to: &text)
        default:
            let ended = try exchange.cancelAll(
                in: market, account: request.account, now: request.now)
            text.raw("[")
            for (index, cancellation) in ended.enumerated() {
                if index > 0 { text.raw(",") }
                answers.ended(cancellation, to: &text)
            }
            text.raw("]")
        }
        return true
    }

    func orderParameters(_ parameters: Parameters, _ market: SymbolMarket?) -> OrderParameters {
        OrderParameters(
            parameters: parameters, defaultSelfTradePrevention: defaultSelfTradePrevention(market))
    }

    /// The exchange's default where the symbol takes it, else the symbol's first mode.
    func defaultSelfTradePrevention(_ market: SymbolMarket?) -> SelfTradePreventionMode {
        let usual = exchange.configuration.defaultSelfTradePrevention
        guard let modes = market?.configuration.selfTradePreventionModes else { return usual }
        return modes.contains(usual) ? usual : modes.first ?? usual
    }

    private func place(
        _ request: Request, in market: SymbolMarket, to text: inout TextBuffer
    ) throws(Rejection) {
        let parameters = orderParameters(request.parameters, market)
        let ticket = try parameters.ticket()
        let responseType = try parameters.responseType(for: ticket.type)
        try limiter.checkOrders(request.account, adding: 1, now: request.now)
        let placed = try exchange.place(
            ticket, in: market, account: request.account, now: request.now)
        limiter.countOrders(1, of: request.account, now: request.now)
        OrderText(exchange: exchange, unit: request.unit).placed(placed, responseType, to: &text)
    }

    /// Checks an order without placing it, and says what its trades would pay when asked to.
    func test(_ request: Request, to text: inout TextBuffer) throws(Rejection) {
        let market = try market(of: request.parameters)
        let parameters = orderParameters(request.parameters, market)
        let ticket = try parameters.ticket()
        _ = try parameters.responseType(for: ticket.type)
        try exchange.check(ticket, in: market, account: request.account)
        guard request.parameters.boolean("computeCommissionRates") ?? false else {
            text.raw("{}")
            return
        }
        AccountText(exchange: exchange, unit: request.unit)
            .commission(for: ticket.side, request.account, to: &text)
    }

    private func cancel(
        _ request: Request, in market: SymbolMarket, to text: inout TextBuffer
    ) throws(Rejection) {
        let parameters = orderParameters(request.parameters, market)
        let ended = try exchange.cancel(
            try parameters.selector("orderId", "origClientOrderId"), in: market,
            account: request.account,
            newClientOrderID: try request.parameters.clientOrderID("newClientOrderId"),
            restriction: try parameters.restriction(), now: request.now)
        OrderText(exchange: exchange, unit: request.unit).ended(ended, to: &text)
    }

    private func amend(
        _ request: Request, in market: SymbolMarket, to text: inout TextBuffer
    ) throws(Rejection) -> Bool {
        let parameters = orderParameters(request.parameters, market)
        let selector = try parameters.selector("orderId", "origClientOrderId")
        let quantity = Quantity(raw: try request.parameters.requiredDecimal("newQty"))
        guard quantity > .zero else { throw .invalidQuantity }
        let amended = try exchange.amend(
            selector, to: quantity,
            newClientOrderID: try request.parameters.clientOrderID("newClientOrderId"),
            in: market, account: request.account, now: request.now)
        OrderText(exchange: exchange, unit: request.unit).amended(amended, to: &text)
        return amended.hasExpired
    }

    // MARK: - Lists

    private func placeList(
        _ request: Request, in market: SymbolMarket, to text: inout TextBuffer
    ) throws(Rejection) {
        let parameters = OrderListParameters(
            parameters: request.parameters,
            defaultSelfTradePrevention: defaultSelfTradePrevention(market))
        let ticket: OrderListTicket
        switch request.operation {
        case .placePair: ticket = try parameters.oneCancelsOther()
        case .placeOldPair: ticket = try parameters.limitAndStop()
        case .placeTriggered: ticket = try parameters.oneTriggersOther()
        default: ticket = try parameters.oneTriggersPair()
        }
        let responseType = try parameters.responseType()
        let count = request.operation.orderCount
        try limiter.checkOrders(request.account, adding: count, now: request.now)
        let placed = try exchange.place(
            ticket, in: market, account: request.account, now: request.now)
        limiter.countOrders(count, of: request.account, now: request.now)
        OrderListText(exchange: exchange, unit: request.unit)
            .placed(placed, responseType, to: &text)
    }

    private func cancelList(
        _ request: Request, in market: SymbolMarket, to text: inout TextBuffer
    ) throws(Rejection) {
        let canceled = try exchange.cancelList(
            try orderParameters(request.parameters, market)
                .selector("orderListId", "listClientOrderId"),
            in: market, account: request.account,
            newClientOrderID: try request.parameters.clientOrderID("newClientOrderId"),
            now: request.now)
        OrderListText(exchange: exchange, unit: request.unit).canceled(canceled, to: &text)
    }
}
