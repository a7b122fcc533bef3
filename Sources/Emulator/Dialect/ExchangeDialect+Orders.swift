import MarketModel

/// Order requests: placing, cancelling, replacing.
extension ExchangeDialect {
    func performOrderRequest(
        _ request: Request, to text: inout TextBuffer
    ) throws(Rejection) {
        let market = try market(of: request.parameters)
        switch request.operation {
        case .placeOrder: try place(request, in: market, to: &text)
        case .testOrder:
            let ticket = try orderParameters(request.parameters).ticket()
            try exchange.check(ticket, in: market, account: request.account)
            text.raw("{}")
        case .cancelOrder: try cancel(request, in: market, to: &text)
        case .replaceOrder: try replace(request, in: market, to: &text)
        default:
            let canceled = try exchange.cancelAll(
                in: market, account: request.account, now: request.now)
            let answers = OrderText(exchange: exchange, unit: request.unit)
            text.raw("[")
            for (index, order) in canceled.enumerated() {
                if index > 0 { text.raw(",") }
                answers.canceled(order, to: &text)
            }
            text.raw("]")
        }
    }

    private func place(
        _ request: Request, in market: SymbolMarket, to text: inout TextBuffer
    ) throws(Rejection) {
        let parameters = orderParameters(request.parameters)
        let ticket = try parameters.ticket()
        let responseType = try parameters.responseType(for: ticket.type)
        try limiter.checkOrders(request.account, now: request.now)
        let placed = try exchange.place(
            ticket, in: market, account: request.account, now: request.now)
        limiter.countOrder(request.account, now: request.now)
        OrderText(exchange: exchange, unit: request.unit).placed(placed, responseType, to: &text)
    }

    private func cancel(
        _ request: Request, in market: SymbolMarket, to text: inout TextBuffer
    ) throws(Rejection) {
        let parameters = orderParameters(request.parameters)
        let canceled = try exchange.cancel(
            try parameters.selector("orderId", "origClientOrderId"), in: market,
            account: request.account,
            newClientOrderID: try request.parameters.clientOrderID("newClientOrderId"),
            restriction: try parameters.restriction(), now: request.now)
        OrderText(exchange: exchange, unit: request.unit).canceled(canceled, to: &text)
    }

    private func replace(
        _ request: Request, in market: SymbolMarket, to text: inout TextBuffer
    ) throws(Rejection) {
        let parameters = orderParameters(request.parameters)
        let ticket = try parameters.ticket()
        let responseType = try parameters.responseType(for: ticket.type)
        let stopsOnFailure: Bool
        switch try request.parameters.required("cancelReplaceMode") {
        case "STOP_ON_FAILURE": stopsOnFailure = true
        case "ALLOW_FAILURE": stopsOnFailure = false
        default: throw .invalidData("cancelReplaceMode")
        }
        try limiter.checkOrders(request.account, now: request.now)
        let outcome = try exchange.cancelReplace(
            try parameters.selector("cancelOrderId", "cancelOrigClientOrderId"), with: ticket,
            in: market, account: request.account,
            cancelClientOrderID: try request.parameters.clientOrderID("cancelNewClientOrderId"),
            restriction: try parameters.restriction(), stopsOnFailure: stopsOnFailure,
            now: request.now)
        if case .success? = outcome.placement {
            limiter.countOrder(request.account, now: request.now)
        }
        try answer(outcome, responseType, request, to: &text)
    }

    /// Both halves in one object; a failure of either makes it the data of an error.
    private func answer(
        _ outcome: CancelReplaceOutcome, _ responseType: OrderParameters.ResponseType,
        _ request: Request, to text: inout TextBuffer
    ) throws(Rejection) {
        let answers = OrderText(exchange: exchange, unit: request.unit)
        var body = TextBuffer()
        body.raw("{\"cancelResult\":")
        body.quotedRaw(outcome.cancel.word)
        body.raw(",\"newOrderResult\":")
        body.quotedRaw(outcome.placement?.word ?? "NOT_ATTEMPTED")
        body.raw(",\"cancelResponse\":")
        switch outcome.cancel {
        case .success(let canceled): answers.canceled(canceled, to: &body)
        case .failure(let rejection): ErrorText.write(rejection, to: &body)
        }
        body.raw(",\"newOrderResponse\":")
        switch outcome.placement {
        case .success(let placed)?: answers.placed(placed, responseType, to: &body)
        case .failure(let rejection)?: ErrorText.write(rejection, to: &body)
        case nil: body.raw("null")
        }
        body.raw("}")
        switch (outcome.cancel, outcome.placement) {
        case (.success, .success?): text.raw(body.bytes)
        case (.success, _), (_, .success?):
            var rejection = Rejection(
                -2021, "Order cancel-replace partially failed.", status: 409)
            rejection.data = body.array
            throw rejection
        default:
            var rejection = Rejection(-2022, "Order cancel-replace failed.")
            rejection.data = body.array
            throw rejection
        }
    }
}

extension Result where Failure == Rejection {
    fileprivate var word: StaticString {
        if case .success = self { "SUCCESS" } else { "FAILURE" }
    }
}

/// `{"code":…,"msg":…}` and, where there is more to say, `data` (sheet section 13).
enum ErrorText {
    static func write(_ rejection: Rejection, to text: inout TextBuffer) {
        text.raw("{\"code\":")
        text.integer(rejection.code)
        text.raw(",\"msg\":")
        text.quoted(rejection.message)
        if !rejection.data.isEmpty {
            text.raw(",\"data\":")
            text.raw(rejection.data)
        }
        text.raw("}")
    }
}
