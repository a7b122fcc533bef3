import MarketModel

/// Connections that become WebSockets, and the market streams' control messages (section 3.1).
extension ExchangeDialect {
    /// Most streams that one connection may subscribe to.
    static let maximumStreams = 1_024

    /// Turns a session into a stream or API connection; the answer that refuses, `nil` when it
    /// may go on: an unknown path, too many attempts, a banned client, an unknown binary schema.
    ///
    /// - Parameters:
    ///   - isBinary: the connection came to the host of the binary market streams.
    ///   - key: `X-MBX-APIKEY`, which that host asks for.
    func upgrade(
        _ id: SessionID, target: String, isBinary: Bool = false, key: String? = nil,
        now: Timestamp
    ) -> RESTResponse? {
        guard let session = sessions[id] else { return Self.refusal(.unknownMethod, now: now) }
        let isAPI = Self.split(target).path == "/ws-api/v3"
        do throws(Rejection) {
            if isAPI, !servesAPI { throw .unavailable }
            // Connecting to the API has a weight (sheet section 3.2).
            try limiter.connect(weight: isAPI ? 2 : 0, client: session.client, now: now)
            if isBinary {
                guard !isAPI else { throw .unknownMethod }
                try openBinary(session, key: key)
            }
            guard try open(session, target: target) else { throw .unknownMethod }
            return nil
        } catch {
            return Self.refusal(error, now: now)
        }
    }

    private func open(_ session: Session, target: String) throws(Rejection) -> Bool {
        let (path, query) = Self.split(target)
        let options = Parameters(query: query)
        if options["timeUnit"]?.uppercased() == "MICROSECOND" { session.unit = .microseconds }
        if path == "/ws-api/v3" {
            session.kind = .api
            session.returnsRateLimits = options.boolean("returnRateLimits") ?? true
            try openBinaryAnswers(session, options)
            return true
        }
        var names: [String] = []
        if path == "/stream" {
            session.isCombined = true
            // No name has a space: it was the plus of a time zone.
            names = (options["streams"] ?? "").replacing(" ", with: "+").split(separator: "/")
                .map(String.init)
        } else if path.hasPrefix("/ws/") {
            names = path.dropFirst(4).split(separator: "/").map(String.init)
        } else if path != "/ws" {
            return false
        }
        session.kind = .streams
        for name in names.prefix(Self.maximumStreams) {
            if let stream = StreamName(name, in: session.encoding) {
                publisher.subscribe(session, to: stream)
            }
        }
        return true
    }

    /// One text frame of a WebSocket.
    func receive(_ bytes: UnsafeRawBufferPointer, on id: SessionID, now: Timestamp) {
        guard let session = sessions[id] else { return }
        if session.kind == .api { return receiveAPI(bytes, session, now: now) }
        guard countMessage(session, now: now) else { return }
        guard let frame = JSONValue.parse(bytes), case .object = frame else {
            let message = "Invalid JSON: expected value at line 1 column 1"
            return answer(session, .null, code: 3, message)
        }
        control(frame, session)
    }

    /// A pong counts as a message too (sheet section 3.1).
    func receivePong(on id: SessionID, now: Timestamp) {
        guard let session = sessions[id], session.kind == .streams else { return }
        _ = countMessage(session, now: now)
    }

    /// Counts an incoming message; too many in a second end the connection.
    private func countMessage(_ session: Session, now: Timestamp) -> Bool {
        let limit = limiter.limits.streamMessagesPerSecond
        if session.countMessage(now: now, limit: limit) { return true }
        limiter.noteDropped(client: session.client, now: now)
        outbox.close(session.id, code: 1008)
        return false
    }

    private func control(_ frame: JSONValue, _ session: Session) {
        let id = frame["id"] ?? .null
        var parameters: [JSONValue] = []
        if case .array(let values)? = frame["params"] { parameters = values }
        switch frame["method"]?.string {
        case "SUBSCRIBE":
            guard let names = streamNames(parameters, session.encoding) else {
                return answer(session, id, code: 2, "Invalid request: request contains bad stream")
            }
            if session.subscriptions.count + names.count > Self.maximumStreams {
                return answer(session, id, code: 2, "Invalid request: too many streams")
            }
            for name in names { publisher.subscribe(session, to: name) }
            answer(session, id) { $0.raw("null") }
        case "UNSUBSCRIBE":
            for name in parameters.compactMap(\.string) {
                publisher.unsubscribe(session, from: name)
            }
            answer(session, id) { $0.raw("null") }
        case "LIST_SUBSCRIPTIONS":
            answer(session, id) { text in
                JSONValue.array(session.subscriptions.map(JSONValue.string)).write(to: &text)
            }
        case "SET_PROPERTY": setProperty(parameters, session, id)
        case "GET_PROPERTY":
            guard parameters == [.string("combined")] else {
                return answer(session, id, code: 0, "Unknown property")
            }
            answer(session, id) { $0.boolean(session.isCombined) }
        case let method?:
            answer(session, id, code: 2, "Invalid request: unknown variant `\(method)`")
        case nil:
            answer(session, id, code: 2, "Invalid request: missing field `method`")
        }
    }

    private func setProperty(_ parameters: [JSONValue], _ session: Session, _ id: JSONValue) {
        guard parameters.count == 2, parameters[0] == .string("combined") else {
            return answer(session, id, code: 0, "Unknown property")
        }
        guard case .boolean(let isCombined) = parameters[1] else {
            return answer(session, id, code: 1, "Invalid value type: expected Boolean")
        }
        session.isCombined = isCombined
        publisher.resubscribe(session)
        answer(session, id) { $0.raw("null") }
    }

    /// Every name parsed; `nil` when one is no stream of this venue.
    private func streamNames(
        _ values: [JSONValue], _ encoding: Session.Encoding
    ) -> [StreamName]? {
        var names: [StreamName] = []
        for value in values {
            guard let text = value.string, let name = StreamName(text, in: encoding) else {
                return nil
            }
            names.append(name)
        }
        return names
    }

    private func answer(
        _ session: Session, _ id: JSONValue, _ result: (inout TextBuffer) -> Void
    ) {
        let start = outbox.text.count
        outbox.text.raw("{\"result\":")
        result(&outbox.text)
        outbox.text.raw(",\"id\":")
        id.write(to: &outbox.text)
        outbox.text.raw("}")
        outbox.send(from: start, to: session.id)
    }

    private func answer(_ session: Session, _ id: JSONValue, code: Int, _ message: String) {
        let start = outbox.text.count
        outbox.text.raw("{\"code\":")
        outbox.text.integer(code)
        outbox.text.raw(",\"msg\":")
        outbox.text.quoted(message)
        outbox.text.raw(",\"id\":")
        id.write(to: &outbox.text)
        outbox.text.raw("}")
        outbox.send(from: start, to: session.id)
    }
}
