import MarketModel

/// An HTTP request as the dialect needs it.
struct RESTRequest {
    let method: String
    /// Path and query as sent.
    let target: String
    var body: String = ""
    /// `X-MBX-APIKEY`.
    var key: String?
    var isInMicroseconds = false
    /// `Accept`.
    var accept: String?
    /// `X-MBX-SBE`.
    var schema: String?
}

/// An HTTP answer, without the transport's own header fields.
struct RESTResponse {
    let status: Int
    var fields: [(String, String)]
    var body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }
}

/// REST (sheet sections 6 to 8).
extension ExchangeDialect {
    func respond(to request: RESTRequest, on id: SessionID, now: Timestamp) -> RESTResponse {
        let client = sessions[id]?.client ?? 0
        let operation = Operation(method: request.method, path: Self.split(request.target).path)
        let form = AnswerForm(accept: request.accept, schema: request.schema)
        var response: RESTResponse
        do throws(Rejection) {
            if case .unreadable(let reason) = form { throw reason }
            guard let operation else { throw .unknownMethod }
            let unit: TimeUnit =
                request.isInMicroseconds || form != .json ? .microseconds : .milliseconds
            response = try carryOut(request, operation, unit, client: client, now: now)
        } catch {
            response = Self.refusal(error, now: now)
        }
        publishEvents(now: now)
        encode(&response, operation.map(BinaryAnswer.operation), in: form)
        let used = String(limiter.usedWeight(client: client))
        response.fields.append(("X-MBX-USED-WEIGHT", used))
        response.fields.append(("X-MBX-USED-WEIGHT-1M", used))
        return response
    }

    /// Does what a request asks for; the answer in JSON.
    private func carryOut(
        _ request: RESTRequest, _ operation: Operation, _ unit: TimeUnit, client: Int,
        now: Timestamp
    ) throws(Rejection) -> RESTResponse {
        let query = Self.split(request.target).query
        let parameters = Parameters(
            query: request.body.isEmpty
                ? query : query.isEmpty ? request.body : query + "&" + request.body)
        let weight = operation.weight(parameters)
        try limiter.charge(weight, client: client, now: now)
        let account = operation.isSigned
            ? try authenticator.authenticate(
                key: request.key, parameters: parameters,
                payload: Self.signedPayload(query: query, body: request.body), now: now)
            : .market
        var text = TextBuffer()
        let isFree = try perform(
            Request(
                operation: operation, parameters: parameters, account: account, unit: unit,
                now: now),
            to: &text)
        if isFree { limiter.refund(weight, client: client) }
        var fields = [("Content-Type", "application/json;charset=UTF-8")]
        if operation.reportsOrderCounts {
            let counts = limiter.orderCounts(account, now: now)
            fields.append(("X-MBX-ORDER-COUNT-10S", String(counts.0)))
            fields.append(("X-MBX-ORDER-COUNT-1D", String(counts.1)))
        }
        return RESTResponse(status: 200, fields: fields, body: text.array)
    }

    /// The answer that refuses a request, with when the client may come back.
    static func refusal(_ rejection: Rejection, now: Timestamp) -> RESTResponse {
        var text = TextBuffer()
        ErrorText.write(rejection, to: &text)
        var fields = [("Content-Type", "application/json;charset=UTF-8")]
        if rejection.retryAfter > 0 {
            let seconds = max((rejection.retryAfter - now.milliseconds + 999) / 1_000, 1)
            fields.append(("Retry-After", String(seconds)))
        }
        return RESTResponse(status: rejection.status, fields: fields, body: text.array)
    }

    static func split(_ target: String) -> (path: String, query: String) {
        guard let mark = target.firstIndex(of: "?") else { return (target, "") }
        return (String(target[..<mark]), String(target[target.index(after: mark)...]))
    }

    /// Query and body as sent, joined without a separator, without the signature itself.
    static func signedPayload(query: String, body: String) -> [UInt8] {
        Array((unsigned(query) + unsigned(body)).utf8)
    }

    private static func unsigned(_ text: String) -> String {
        text.split(separator: "&", omittingEmptySubsequences: false)
            .filter { !$0.hasPrefix("signature=") }
            .joined(separator: "&")
    }
}
