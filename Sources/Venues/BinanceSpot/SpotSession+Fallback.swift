import Codec
import MarketModel
import Wire

/// Orders go over REST while the WebSocket API is down or refuses.
///
/// A second way, not a second session: it is opened when the first has been down for the
/// configured time, and given up when that is back and nothing is under way here. One request at
/// a time (RFC 9112, section 9.3.2, wants no pipeline behind one that changes something), none
/// ever twice: what is under way when the connection ends has an unknown outcome, and the core
/// asks for it by the order's own id. No user stream belongs to this way, so answers only say that
/// a request was taken; the core asks what became of the order, and gets its trades with that.
extension SpotSession {
    enum FallbackPhase: BitwiseCopyable {
        case none
        /// It is to be opened, or is being opened.
        case wanted
        /// It is open, and the balances are being read: they have moved unheard of, or were never
        /// told if the WebSocket API has not been up yet.
        case reading
        /// Orders go this way.
        case open
        /// Not needed any more; its connection is being closed.
        case leaving
    }

    /// Number of no request.
    private static var noRequest: UInt64 { @_noLocks get { .max } }

    /// Whether a request of the core can leave, one way or the other; of a list the last order
    /// speaks for all.
    @_noLocks
    func takes(_ request: OrderRequest) -> Bool {
        if isOrderSessionUp { return true }
        guard case .open = fallback else { return false }
        if case .waiting = orderPhase { return false }
        let isList = request.kind == .placeLeg
        return fallbackQueue.hasRoom(for: isList ? Int(request.contingency.legCount) : 1)
    }

    /// Whether nothing is under way over REST, and nothing waits to be.
    var isFallbackAtRest: Bool {
        fallbackRequest == Self.noRequest && fallbackQueue.isEmpty && awaitedFills.isEmpty
    }

    // MARK: - Coming and going

    /// Opens the way when it is time, sends what waits on it, and leaves it when it can.
    mutating func steerFallback(_ now: Int64) {
        if case .webSocket = configuration.orderEntry { return }
        if isOrderSessionUp {
            switch fallback {
            case .wanted, .reading: leaveFallback(now)
            case .none, .open, .leaving: break
            }
            return
        }
        switch fallback {
        case .none:
            if ordersLostAt == .min { ordersLostAt = now }
            guard now - ordersLostAt >= configuration.fallbackPatience else { return }
            fallback = .wanted
        case .open:
            if case .waiting = orderPhase, isFallbackAtRest { return returnToWebSocket(now) }
            sendNext(now)
        case .wanted, .reading, .leaving: break
        }
    }

    mutating func fallbackOpened(_ now: Int64) {
        fallbackRequest = Self.noRequest
        guard case .wanted = fallback, !isOrderSessionUp else { return leaveFallback(now) }
        fallback = .reading
        let request = BinanceSpotSessionRequest.accountStatus(
            id: Self.fallbackAccountRequest, apiKey: nil,
            time: Timestamp(nanoseconds: now + clockOffset))
        spend(request)
        sendHTTP("GET", "/api/v3/account", request.signingText, request.id, now)
    }

    /// The account has been read, or refused: cancels are not to wait for it any longer.
    mutating func finishReading(_ status: Int32, _ now: Int64) {
        guard case .reading = fallback else { return }
        // The WebSocket API has come back in the meantime.
        if isOrderSessionUp { return leaveFallback(now) }
        if status != 200 { remark(.refused, SpotLink.fallback, "no balances, HTTP \(status)") }
        fallback = .open
        requestsUnderWay = 0
        remark(.rerouted, SpotLink.fallback, "orders go over REST")
        let mayPlace = configuration.orderEntry == .everythingOverREST
        tell(mayPlace ? .orderFallbackPlacing : .orderFallbackUp, now)
    }

    /// The connection has ended: whatever was under way is unknown to the core from here on.
    mutating func fallbackEnded(_ now: Int64) {
        fallbackQueue.removeAll()
        if fallbackRequest != Self.noRequest { budget.lose() }
        fallbackRequest = Self.noRequest
        fallbackText.count = 0
        hasFallbackResponse = false
        isFallbackAnswerHandedOn = false
        if case .leaving = fallback {
            fallback = .none
            return
        }
        let delay = backoffs[SpotLink.fallback].nextDelay()
        nextAttempt[SpotLink.fallback] = now + delay
        let cause = closeReasons[SpotLink.fallback].description(
            with: links[SpotLink.fallback].failureText)
        remark(.closed, SpotLink.fallback, "\(cause), next attempt in \(delay / 1_000_000) ms")
        balances = nil
        guard case .open = fallback else {
            fallback = .wanted
            return
        }
        dropFills()
        fallback = .wanted
        tell(.orderSessionDown, now)
        if case .waiting = orderPhase { goUp(now) }
    }

    /// The WebSocket API is ready and nothing is under way here.
    private mutating func returnToWebSocket(_ now: Int64) {
        remark(.rerouted, SpotLink.orders, "orders go over the WebSocket API")
        // What was told on this way may be behind what has happened: everything is asked for anew.
        tell(.orderSessionDown, now)
        leaveFallback(now)
        goUp(now)
    }

    private mutating func leaveFallback(_ now: Int64) {
        switch links[SpotLink.fallback].phase {
        case .idle, .closed: fallback = .none
        default:
            fallback = .leaving
            links[SpotLink.fallback].close(now: now)
        }
    }

    /// The WebSocket API's login is complete: orders go that way as soon as none is under way on
    /// the other.
    mutating func finishLogin(_ now: Int64) {
        if case .open = fallback {
            orderPhase = .waiting
            return
        }
        goUp(now)
    }

    private mutating func goUp(_ now: Int64) {
        orderPhase = .up
        ordersLostAt = .min
        tell(.orderSessionUp, now)
    }

    // MARK: - Requests

    /// Puts a request of the core in line; its text is what will be sent, but for the time of
    /// sending and the signature. Hot.
    @_noLocks
    mutating func sendOverREST(_ request: OrderRequest, _ time: Timestamp) -> EncodedRequest {
        do throws(EncodeFailure) {
            let count: Int
            if request.kind == .placeLeg {
                count = try restEncoder.encodeListSigningText(legs, time: time, into: requestText)
                var leg = 0
                while leg < Int(request.contingency.legCount) {
                    fallbackQueue.add(legs[leg])
                    leg &+= 1
                }
            } else {
                count = try restEncoder.encodeSigningText(request, time: time, into: requestText)
                fallbackQueue.add(request)
            }
            requestsUnderWay &+= 1
            return EncodedRequest(bytes: requestText, count: count, time: time, isREST: true)
        } catch {
            return .nothing(requestText, .notSent)
        }
    }

    /// Sends the next request when none is under way: first for trades, which states wait for.
    private mutating func sendNext(_ now: Int64) {
        guard fallbackRequest == Self.noRequest, case .open = links[SpotLink.fallback].phase,
            now + clockOffset >= budget.quietUntil
        else { return }
        if let (place, entry) = awaitedFills.takeWanted() {
            let request = orderTrades(place, entry, apiKey: nil, now)
            spend(request)
            return sendHTTP("GET", "/api/v3/myTrades", request.signingText, request.id, now)
        }
        guard let request = nextInLine(now) else { return }
        let time = Timestamp(nanoseconds: now + clockOffset)
        let count =
            request.kind == .placeLeg
            ? try? restEncoder.encodeListSigningText(
                fallbackLegs, time: time, into: requestText)
            : try? restEncoder.encodeSigningText(request, time: time, into: requestText)
        guard let count else { return }
        let text = String(
            decoding: UnsafeBufferPointer(start: requestText, count: count), as: UTF8.self)
        let endpoint = Self.endpoint(request)
        sendHTTP(endpoint.method, endpoint.path, text, request.requestID, now)
    }

    /// The oldest request that waits, a list with its orders in ``fallbackLegs``; without those for which the core has given up waiting: it
    /// has asked for them since, and sent now they would come after the answer (BUG-176).
    private mutating func nextInLine(_ now: Int64) -> OrderRequest? {
        while let request = fallbackQueue.next() {
            if request.kind == .placeLeg {
                fallbackLegs[0] = request
                for leg in 1..<Int(request.contingency.legCount) {
                    if let next = fallbackQueue.next() { fallbackLegs[leg] = next }
                }
            }
            let age = now - request.decisionTime.nanoseconds
            if age < configuration.limits.responseTimeout { return request }
            requestsUnderWay -= 1
        }
        return nil
    }

    /// Sections 8.1 to 8.3 of binance-spot.md.
    private static func endpoint(_ request: OrderRequest) -> (method: String, path: String) {
        switch request.kind {
        case .place: ("POST", "/api/v3/order")
        case .cancel: ("DELETE", "/api/v3/order")
        case .cancelReplace: ("POST", "/api/v3/order/cancelReplace")
        case .cancelAll: ("DELETE", "/api/v3/openOrders")
        case .query: ("GET", "/api/v3/order")
        case .amend: ("PUT", "/api/v3/order/amend/keepPriority")
        case .placeLeg: ("POST", listPath(request.contingency))
        }
    }

    private static func listPath(_ contingency: Contingency) -> String {
        switch contingency {
        case .oneCancelsOther, .none: "/api/v3/orderList/oco"
        case .oneTriggersOther: "/api/v3/orderList/oto"
        case .oneTriggersPair: "/api/v3/orderList/otoco"
        }
    }

    /// Signs the percent-encoded parameters (section 7) and sends them as a query.
    private mutating func sendHTTP(
        _ method: String, _ path: String, _ parameters: String, _ id: UInt64, _ now: Int64
    ) {
        let payload = parameters.split(separator: "&").map { part in
            part.split(separator: "=", maxSplits: 1).map { percentEncoded(String($0)) }
                .joined(separator: "=")
        }.joined(separator: "&")
        guard let signature = signer.signature(of: payload) else {
            return remark(.refused, SpotLink.fallback, "\(path) could not be signed")
        }
        fallbackRequest = id
        let isQueued = links[SpotLink.fallback].sendRequest(
            method: method, path: "\(path)?\(payload)&signature=\(percentEncoded(signature))",
            fields: [("X-MBX-APIKEY", configuration.apiKey)], now: now)
        if !isQueued { links[SpotLink.fallback].close(now: now) }
    }

    // MARK: - Answers

    /// The next record of the REST connection: an answer in the words of the WebSocket API.
    @_noLocks
    mutating func nextFallbackRecord(now: Int64) -> VenueRecord {
        if let record = nextBalance() { return record }
        if fallbackText.count > 0 {
            let text = fallbackText
            fallbackText.count = 0
            if isFallbackFrame { return .frame(text.bytes, text.count, isBinary: false) }
            if let record = onAccountText(text, SpotLink.fallback, now) { return record }
        }
        if hasFallbackResponse { return .needsCold }
        while true {
            switch links[SpotLink.fallback].next() {
            case .none: return .none
            case .needsCold: return .needsCold
            case .response:
                messages[SpotLink.fallback] &+= 1
                hasFallbackResponse = true
                return .needsCold
            case .opened: return .opened
            case .closed(let reason):
                closeReasons[SpotLink.fallback] = reason
                return .closed
            case .pong, .text, .binary, .request: break
            }
        }
    }

    /// Takes an answer's status and body; `false` when there is none to take. Cold.
    mutating func readFallbackAnswer(_ now: Int64) -> Bool {
        guard hasFallbackResponse else { return false }
        let body = links[SpotLink.fallback].responseBody
        if configuration.recordsFrames, !isFallbackAnswerHandedOn, let bytes = body.baseAddress {
            isFallbackAnswerHandedOn = true
            isFallbackFrame = true
            fallbackText = MessageText(bytes: bytes, count: body.count, isBinary: false)
            return true
        }
        isFallbackAnswerHandedOn = false
        isFallbackFrame = false
        hasFallbackResponse = false
        let status = links[SpotLink.fallback].responseStatus
        let pause = links[SpotLink.fallback].responseField("Retry-After").flatMap { Int64($0) }
        heed(status, pause: pause, SpotLink.fallback, now)
        if fallbackRequest != Self.noRequest { wrap(body, status) }
        fallbackRequest = Self.noRequest
        return true
    }

    /// Puts an answer into the envelope of the WebSocket API, which is all that differs.
    private mutating func wrap(_ body: UnsafeRawBufferPointer, _ told: Int) {
        // What came broken was answered, and nobody knows what.
        let status = told == 200 && !isWhole(body) ? 502 : told
        var text = "{\"id\":\(fallbackRequest),\"status\":\(status)"
        let limits: [(String, String, String, Int64)] = [
            ("X-MBX-USED-WEIGHT-1M", "REQUEST_WEIGHT", "MINUTE", budget.weight.limit),
            ("X-MBX-ORDER-COUNT-10S", "ORDERS", "SECOND", budget.shortOrders.limit),
            ("X-MBX-ORDER-COUNT-1D", "ORDERS", "DAY", budget.dailyOrders.limit),
        ]
        let counts = limits.compactMap { field, type, interval, limit -> String? in
            guard limit > 0,
                let count = links[SpotLink.fallback].responseField(field).flatMap({ Int32($0) })
            else { return nil }
            return "{\"rateLimitType\":\"\(type)\",\"interval\":\"\(interval)\","
                + "\"intervalNum\":\(interval == "SECOND" ? 10 : 1),\"limit\":\(limit),"
                + "\"count\":\(count)}"
        }
        text += ",\"rateLimits\":[\(counts.joined(separator: ","))]"
        // A proxy's page is no JSON: then the status alone is the answer.
        let isOwn = status == 200 || isVenueError(body)
        if isOwn {
            text += status == 200 ? ",\"result\":" : ",\"error\":"
            text += String(decoding: body, as: UTF8.self)
        }
        text += "}"
        keep(Array(text.utf8))
    }

    private func isWhole(_ body: UnsafeRawBufferPointer) -> Bool {
        guard let bytes = body.baseAddress else { return false }
        return BinanceSpotREST.isWhole(bytes.assumingMemoryBound(to: UInt8.self), body.count)
    }

    private func isVenueError(_ body: UnsafeRawBufferPointer) -> Bool {
        guard let bytes = body.baseAddress else { return false }
        return BinanceSpotREST.failure(bytes.assumingMemoryBound(to: UInt8.self), body.count) != nil
    }

    /// Copies an answer to where the decoder reads it, until the next one.
    private mutating func keep(_ text: [UInt8]) {
        if fallbackCapacity < text.count + 64 {
            fallbackMemory?.deallocate()
            fallbackCapacity = max(2 * text.count, 4_096) + 64
            fallbackMemory = .allocate(byteCount: fallbackCapacity, alignment: 8)
        }
        guard let memory = fallbackMemory else { return }
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: text.count + 64)
        text.withUnsafeBytes { bytes in
            if let base = bytes.baseAddress { memory.copyMemory(from: base, byteCount: text.count) }
        }
        fallbackText = MessageText(
            bytes: UnsafeRawPointer(memory), count: text.count, isBinary: false)
    }
}
