/// One accepted connection, without its socket: TLS, HTTP/1.1 requests, and WebSockets on request.
///
/// Driven like `ClientLink`. A request is answered before the next one is reported; requests sent
/// ahead wait in the buffer.
public struct ServerLink: ~Copyable {
    var core: LinkCore
    private var http: HTTPReader
    private var holdsRequest = false

    /// A link for one connection; `tls` nil makes it plain, for tests.
    public init(tls: TLSServerContext?, limits: LinkLimits = LinkLimits()) throws(TLSFailure) {
        http = HTTPReader(limits: limits.http)
        core = LinkCore(
            channel: try TLSChannel(server: tls), limits: limits,
            incomingCapacity: max(limits.maximumMessage, limits.http.head + limits.http.body),
            isServer: true, maskSeed: nil)
    }

    // MARK: - Connection

    /// The transport has accepted the connection.
    public mutating func accepted(now: Int64) {
        core.now = now
        core.lastReceived = now
        core.enter(.handshaking, timeout: core.limits.handshakeTimeout)
        if !core.channel.isSecure { core.open(reporting: .none) }
    }

    /// The transport has failed or ended; `next()` reports it after what arrived before.
    public mutating func closed(now: Int64, reason: LinkCloseReason) {
        core.now = now
        core.transportEnded(reason)
    }

    /// Goes on with the handshake or with HTTP after `next()` answered `.needsCold`. Cold.
    public mutating func progressCold(now: Int64) {
        core.now = now
        switch core.phase {
        case .handshaking: if core.shakeHands() { core.open(reporting: .none) }
        case .open where !core.isWebSocket: readRequest()
        default: core.settleCold()
        }
    }

    private mutating func readRequest() {
        core.hasColdWork = false
        guard !holdsRequest else { return core.takeInAll(&http) }
        do throws(HTTPFailure) {
            guard case .message = try core.readMessage(&http, role: .request) else { return }
            holdsRequest = true
            core.event = .request
        } catch {
            refuse(status: error.status)
            core.end(.http(error))
        }
    }

    private mutating func refuse(status: Int) {
        _ = HTTPWriter.appendResponse(
            status: status, fields: [("Connection", "close")],
            body: UnsafeRawBufferPointer(start: nil, count: 0), withoutBody: false,
            to: &core.queue)
        _ = core.seal()
    }

    // MARK: - HTTP

    /// Method of the request that `next()` reported.
    public var requestMethod: String { core.string(http.head.method) }

    /// Path and query of the request that `next()` reported, as sent.
    public var requestTarget: String { core.string(http.head.target) }

    /// Body of the request that `next()` reported, valid until the following `next()`.
    public var requestBody: UnsafeRawBufferPointer { core.bytes(http.body) }

    /// A field of the request that `next()` reported; names do not regard case.
    public func requestField(_ name: String) -> String? { core.field(name, in: http.head) }

    /// True when the request asks for a WebSocket.
    public var requestIsUpgrade: Bool { holdsRequest && http.head.isUpgrade }

    /// Answers the reported request; false when there is none or the answer does not fit. Cold.
    ///
    /// The connection ends after it when the request said so, or when `closing` does.
    public mutating func respond(
        status: Int, fields: [(String, String)] = [], body: UnsafeRawBufferPointer? = nil,
        closing: Bool = false, now: Int64
    ) -> Bool {
        guard holdsRequest, core.isOpen else { return false }
        core.now = now
        let isLast = closing || !http.head.keepsAlive
        let body = status == 204 || status == 304 ? nil : body ?? .init(start: nil, count: 0)
        let isQueued = HTTPWriter.appendResponse(
            status: status, fields: isLast ? fields + [("Connection", "close")] : fields,
            body: body, withoutBody: requestMethod == "HEAD", to: &core.queue)
        guard isQueued else { return false }
        finishRequest()
        if isLast { core.endAfterQueue() }
        return true
    }

    /// Turns the connection into a WebSocket; `next()` then reports `.opened`. Cold.
    ///
    /// A request that is not a valid handshake (RFC 6455 section 4.2.1) is answered with 400 or 426
    /// here. Offered extensions and subprotocols are declined.
    public mutating func acceptUpgrade(now: Int64) -> Bool {
        guard holdsRequest, core.isOpen else { return false }
        core.now = now
        guard requestField("Sec-WebSocket-Version") == "13" else {
            _ = respond(status: 426, fields: [("Sec-WebSocket-Version", "13")], now: now)
            return false
        }
        guard http.head.isUpgrade, http.head.isVersion11, requestMethod == "GET",
            http.body.count == 0, let key = requestField("Sec-WebSocket-Key"),
            WebSocketKey.isValid(key)
        else {
            _ = respond(status: 400, now: now)
            return false
        }
        let isQueued = HTTPWriter.appendResponse(
            status: 101,
            fields: [
                ("Upgrade", "websocket"), ("Connection", "Upgrade"),
                ("Sec-WebSocket-Accept", WebSocketKey.accept(for: key)),
            ], body: nil, withoutBody: false, to: &core.queue)
        guard isQueued else { return false }
        finishRequest()
        core.isWebSocket = true
        core.open(reporting: .opened)
        return true
    }

    /// Puts bytes into the stream as they are: what a misbehaving exchange sends.
    public mutating func queueRaw(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard core.isOpen, let start = bytes.baseAddress else { return false }
        return core.queue.append(start, bytes.count)
    }

    private mutating func finishRequest() {
        holdsRequest = false
        http.finish(&core.incoming)
        core.hasColdWork = true
        _ = core.seal()
    }
}
