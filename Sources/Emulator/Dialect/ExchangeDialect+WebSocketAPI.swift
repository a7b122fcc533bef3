import MarketModel

/// The WebSocket API (sheet section 9).
extension ExchangeDialect {
    /// One request frame of an API connection.
    func receiveAPI(_ bytes: UnsafeRawBufferPointer, _ session: Session, now: Timestamp) {
        guard let frame = JSONValue.parse(bytes), case .object = frame,
            let method = frame["method"]?.string
        else {
            answer(
                session, id: .null,
                failure: Rejection(-1100, "Illegal characters found in a parameter."), now: now)
            return
        }
        let id = frame["id"] ?? .null
        let parameters = Parameters(frame["params"])
        if let operation = Operation(webSocketMethod: method) {
            perform(operation, parameters, session, id: id, now: now)
            return
        }
        var result = TextBuffer()
        do throws(Rejection) {
            try limiter.charge(2, client: session.client, now: now)
            try performSessionMethod(method, parameters, session, now: now, to: &result)
            answer(session, id: id, result: result.bytes, to: .method(method))
        } catch {
            answer(session, id: id, failure: error, now: now)
        }
    }

    private func perform(
        _ operation: Operation, _ parameters: Parameters, _ session: Session, id: JSONValue,
        now: Timestamp
    ) {
        let weight = operation.weight(parameters)
        let start = outbox.text.count
        var account = AccountIndex.market
        do throws(Rejection) {
            try limiter.charge(weight, client: session.client, now: now)
            if operation.isSigned {
                account = try authorize(parameters, session, now: now)
            }
            var result = TextBuffer()
            let isFree = try perform(
                Request(
                    operation: operation, parameters: parameters, account: account,
                    unit: session.unit, now: now),
                to: &result)
            if isFree { limiter.refund(weight, client: session.client) }
            begin(id: id, status: 200)
            outbox.text.raw(",\"result\":")
            outbox.text.raw(result.bytes)
        } catch {
            outbox.text.truncate(to: start)
            begin(id: id, status: error.status)
            failure(error, session, now: now)
        }
        if parameters.boolean("returnRateLimits") ?? session.returnsRateLimits {
            rateLimits(operation, account, session, now: now)
        }
        outbox.text.raw("}")
        encodeAnswer(from: start, for: session, to: .operation(operation))
        let delay = exchange.configuration.faults.acknowledgementDelayMicroseconds
        if delay > 0, operation.isOrderRequest {
            hold(from: start, for: session, until: now + .microseconds(delay))
        } else {
            outbox.send(from: start, to: session.id, isBinary: session.encoding == .binary)
        }
        publishEvents(now: now)
    }

    /// The account of a signed request: its own key and signature, else the session's logon.
    private func authorize(
        _ parameters: Parameters, _ session: Session, now: Timestamp
    ) throws(Rejection) -> AccountIndex {
        if parameters["apiKey"] == nil, let account = session.account {
            try authenticator.checkTime(parameters, now: now)
            return account
        }
        return try authenticator.authenticate(
            key: try parameters.required("apiKey"), parameters: parameters,
            payload: Self.signedPayload(parameters), now: now)
    }

    /// Every parameter but the signature, sorted by name, `name=value` joined with `&`.
    static func signedPayload(_ parameters: Parameters) -> [UInt8] {
        let parts = parameters.entries.filter { $0.name != "signature" }
            .sorted { $0.name < $1.name }
            .map { $0.name + "=" + $0.value }
        return Array(parts.joined(separator: "&").utf8)
    }

    // MARK: - Sessions and user streams

    private func performSessionMethod(
        _ method: String, _ parameters: Parameters, _ session: Session, now: Timestamp,
        to text: inout TextBuffer
    ) throws(Rejection) {
        switch method {
        case "session.logon":
            try logOn(parameters, session, now: now)
            status(of: session, now: now, to: &text)
        case "session.status":
            status(of: session, now: now, to: &text)
        case "session.logout":
            session.key = nil
            session.account = nil
            end(session.userStreams.filter { !$0.isSigned }, session, now: now)
            status(of: session, now: now, to: &text)
        case "userDataStream.subscribe":
            guard let account = session.account, let key = session.key else { throw .badKey }
            try subscribe(account, key, isSigned: false, session, to: &text)
        case "userDataStream.subscribe.signature":
            let key = try parameters.required("apiKey")
            let account = try authenticator.authenticate(
                key: key, parameters: parameters, payload: Self.signedPayload(parameters),
                now: now)
            try subscribe(account, key, isSigned: true, session, to: &text)
        case "userDataStream.unsubscribe":
            try unsubscribe(try parameters.integer("subscriptionId"), session, now: now)
            text.raw("{}")
        case "session.subscriptions":
            text.raw("[")
            for (index, stream) in session.userStreams.enumerated() {
                text.raw(index == 0 ? "{\"subscriptionId\":" : ",{\"subscriptionId\":")
                text.integer(stream.id)
                text.raw("}")
            }
            text.raw("]")
        default: throw .unknownMethod
        }
    }

    private func logOn(
        _ parameters: Parameters, _ session: Session, now: Timestamp
    ) throws(Rejection) {
        let key = try parameters.required("apiKey")
        if case .hmac? = exchange.keys[key]?.credential {
            throw Rejection(-4056, "HMAC_SHA256 API key is not supported.")
        }
        session.account = try authenticator.authenticate(
            key: key, parameters: parameters, payload: Self.signedPayload(parameters), now: now)
        session.key = key
        session.authorizedSince = now
    }

    private func status(of session: Session, now: Timestamp, to text: inout TextBuffer) {
        text.raw("{\"apiKey\":")
        if let key = session.key { text.quoted(key) } else { text.raw("null") }
        text.raw(",\"authorizedSince\":")
        if session.key != nil {
            text.time(session.authorizedSince, session.unit)
        } else {
            text.raw("null")
        }
        text.raw(",\"connectedSince\":")
        text.time(session.connectedSince, session.unit)
        text.raw(",\"returnRateLimits\":")
        text.boolean(session.returnsRateLimits)
        text.raw(",\"serverTime\":")
        text.time(now, session.unit)
        text.raw(",\"userDataStream\":")
        text.boolean(!session.userStreams.isEmpty)
        text.raw("}")
    }

    /// Most user streams of a connection at a time, and over its life (sheet section 9.4).
    private static let maximumUserStreams = 1_000
    private static let maximumUserStreamIDs = 65_535

    private func subscribe(
        _ account: AccountIndex, _ key: String, isSigned: Bool, _ session: Session,
        to text: inout TextBuffer
    ) throws(Rejection) {
        if session.userStreams.contains(where: { $0.account == account }) {
            throw .subscriptionActive
        }
        if session.nextUserStreamID >= Self.maximumUserStreamIDs
            || session.userStreams.count >= Self.maximumUserStreams
        {
            throw .subscriptionIDsExhausted
        }
        session.userStreams.append(
            Session.UserStream(
                id: session.nextUserStreamID, account: account, key: key, isSigned: isSigned))
        text.raw("{\"subscriptionId\":")
        text.integer(session.nextUserStreamID)
        text.raw("}")
        session.nextUserStreamID += 1
    }

    private func unsubscribe(
        _ id: Int64?, _ session: Session, now: Timestamp
    ) throws(Rejection) {
        let ended = session.userStreams.filter { id == nil || Int64($0.id) == id }
        if ended.isEmpty { throw .subscriptionInactive }
        end(ended, session, now: now)
    }

    /// Ends user streams and says so on each.
    func end(_ streams: [Session.UserStream], _ session: Session, now: Timestamp) {
        for stream in streams {
            session.userStreams.removeAll { $0.id == stream.id }
            let start = outbox.text.count
            outbox.text.raw("{\"subscriptionId\":")
            outbox.text.integer(stream.id)
            outbox.text.raw(",\"event\":{\"e\":\"eventStreamTerminated\",\"E\":")
            outbox.text.time(now, session.unit)
            outbox.text.raw("}}")
            sendEvent(from: start, to: session)
        }
    }

    // MARK: - Answers

    private func begin(id: JSONValue, status: Int) {
        outbox.text.raw("{\"id\":")
        id.write(to: &outbox.text)
        outbox.text.raw(",\"status\":")
        outbox.text.integer(status)
    }

    private func failure(_ rejection: Rejection, _ session: Session, now: Timestamp) {
        outbox.text.raw(",\"error\":")
        var complete = rejection
        if rejection.retryAfter > 0, rejection.data.isEmpty {
            var data = TextBuffer()
            data.raw("{\"serverTime\":")
            data.time(now, session.unit)
            data.raw(",\"retryAfter\":")
            data.time(Timestamp(milliseconds: rejection.retryAfter), session.unit)
            data.raw("}")
            complete.data = data.array
        }
        ErrorText.write(complete, to: &outbox.text)
    }

    private func rateLimits(
        _ operation: Operation, _ account: AccountIndex, _ session: Session, now: Timestamp
    ) {
        outbox.text.raw(",\"rateLimits\":[")
        if operation.reportsOrderCounts, account != .market {
            RateLimitText.orders(
                limiter.limits, counts: limiter.orderCounts(account, now: now), to: &outbox.text)
            outbox.text.raw(",")
        }
        RateLimitText.weight(
            limiter.limits, count: limiter.usedWeight(client: session.client), to: &outbox.text)
        outbox.text.raw("]")
    }

    private func answer(
        _ session: Session, id: JSONValue, result: UnsafeRawBufferPointer, to answer: BinaryAnswer
    ) {
        let start = outbox.text.count
        begin(id: id, status: 200)
        outbox.text.raw(",\"result\":")
        outbox.text.raw(result)
        outbox.text.raw("}")
        encodeAnswer(from: start, for: session, to: answer)
        outbox.send(from: start, to: session.id, isBinary: session.encoding == .binary)
    }

    func answer(
        _ session: Session, id: JSONValue, failure rejection: Rejection, now: Timestamp
    ) {
        let start = outbox.text.count
        begin(id: id, status: rejection.status)
        failure(rejection, session, now: now)
        outbox.text.raw("}")
        encodeAnswer(from: start, for: session, to: nil)
        outbox.send(from: start, to: session.id, isBinary: session.encoding == .binary)
    }
}
