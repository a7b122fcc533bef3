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
}

/// An HTTP answer, without the transport's own header fields.
struct RESTResponse {
    let status: Int
    var fields: [(String, String)]
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }
}

/// REST (sheet sections 6 to 8).
extension ExchangeDialect {
    func respond(to request: RESTRequest, on id: SessionID, now: Timestamp) -> RESTResponse {
        let client = sessions[id]?.client ?? 0
        let (path, query) = Self.split(request.target)
        var fields = [("Content-Type", "application/json;charset=UTF-8")]
        var text = TextBuffer()
        let status: Int
        do throws(Rejection) {
            guard let operation = Operation(method: request.method, path: path) else {
                throw .unknownMethod
            }
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
            let isFree = try perform(
                Request(
                    operation: operation, parameters: parameters, account: account,
                    unit: request.isInMicroseconds ? .microseconds : .milliseconds, now: now),
                to: &text)
            if isFree { limiter.refund(weight, client: client) }
            if operation.reportsOrderCounts {
                let counts = limiter.orderCounts(account, now: now)
                fields.append(("X-MBX-ORDER-COUNT-10S", String(counts.0)))
                fields.append(("X-MBX-ORDER-COUNT-1D", String(counts.1)))
            }
            status = 200
        } catch {
            let refusal = Self.refusal(error, now: now)
            text.clear()
            text.raw(refusal.body)
            status = refusal.status
            fields = refusal.fields
        }
        publishEvents(now: now)
        let used = String(limiter.usedWeight(client: client))
        fields.append(("X-MBX-USED-WEIGHT", used))
        fields.append(("X-MBX-USED-WEIGHT-1M", used))
        return RESTResponse(status: status, fields: fields, body: text.array)
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
