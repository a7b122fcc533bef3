import MarketModel

/// Cancel-replace and its nested answers (sheet section 8.2).
extension ExchangeDialect {
    func replace(
        _ request: Request, in market: SymbolMarket, to text: inout TextBuffer
    ) throws(Rejection) {
        let parameters = orderParameters(request.parameters, market)
        let ticket = try parameters.ticket()
        let responseType = try parameters.responseType(for: ticket.type)
        let stopsOnFailure = try choice(
            "cancelReplaceMode", yes: "STOP_ON_FAILURE", no: "ALLOW_FAILURE", request,
            usual: nil)
        let cancelsAnyway = try choice(
            "orderRateLimitExceededMode", yes: "CANCEL_ONLY", no: "DO_NOTHING", request,
            usual: false)
        var limit: Rejection?
        do throws(Rejection) {
            try limiter.checkOrders(request.account, adding: 1, now: request.now)
        } catch {
            if !cancelsAnyway { throw error }
            limit = error
        }
        let outcome = try exchange.cancelReplace(
            try parameters.selector("cancelOrderId", "cancelOrigClientOrderId"), with: ticket,
            in: market, account: request.account,
            cancelClientOrderID: try request.parameters.clientOrderID("cancelNewClientOrderId"),
            restriction: try parameters.restriction(), stopsOnFailure: stopsOnFailure,
            limit: limit, now: request.now)
        if case .success? = outcome.placement {
            limiter.countOrders(1, of: request.account, now: request.now)
        }
        let isLimited = limit != nil && stopsOnFailure
        try answer(outcome, responseType, request, isLimited: isLimited, to: &text)
    }

    /// A parameter with two words; `usual` when it is not sent, refused when that is `nil`.
    private func choice(
        _ name: String, yes: String, no: String, _ request: Request, usual: Bool?
    ) throws(Rejection) -> Bool {
        switch request.parameters[name] {
        case yes: return true
        case no: return false
        case nil:
            guard let usual else { throw .missing(name) }
            return usual
        default: throw .invalidData(name)
        }
    }

    /// Both halves in one object; a failure of either makes it the data of an error.
    private func answer(
        _ outcome: CancelReplaceOutcome, _ responseType: OrderParameters.ResponseType,
        _ request: Request, isLimited: Bool, to text: inout TextBuffer
    ) throws(Rejection) {
        let answers = OrderText(exchange: exchange, unit: request.unit)
        var body = TextBuffer()
        body.raw("{\"cancelResult\":")
        body.quotedRaw(outcome.cancel.word)
        body.raw(",\"newOrderResult\":")
        body.quotedRaw(outcome.placement?.word ?? "NOT_ATTEMPTED")
        body.raw(",\"cancelResponse\":")
        switch outcome.cancel {
        case .success(let ended): answers.ended(ended, to: &body)
        case .failure(let rejection): ErrorText.write(rejection, to: &body)
        }
        body.raw(",\"newOrderResponse\":")
        switch outcome.placement {
        case .success(let placed)?: answers.placed(placed, responseType, to: &body)
        case .failure(let rejection)?: ErrorText.write(rejection, to: &body)
        case nil: body.raw("null")
        }
        body.raw("}")
        var failure: Rejection
        switch (outcome.cancel, outcome.placement) {
        case (.success, .success?):
            text.raw(body.bytes)
            return
        case (.success, _), (_, .success?):
            failure = Rejection(-2021, "Order cancel-replace partially failed.", status: 409)
        default:
            failure = Rejection(-2022, "Order cancel-replace failed.")
        }
        if isLimited { failure.status = 429 }
        failure.data = body.array
        throw failure
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
