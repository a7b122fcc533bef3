import Machine

/// One outgoing connection, without its socket: TLS, then HTTP/1.1 or a WebSocket.
///
/// The driver owns the transport. It calls `connected`, `receive` and `closed` with what the
/// transport reports, then `next()` until `.none`, then sends what `beginSend` shows. On an open
/// WebSocket `receive`, `next`, `sendText` and `tick` neither allocate nor lock.
///
/// ```
/// link.receive(event.data, event.count, now: now)
/// reading: while true {
///     switch link.next() {
///     case .text(let bytes, let count): decode(bytes, count)
///     case .needsCold: link.progressCold(now: now)
///     case .none: break reading
///     ...
/// ```
public struct ClientLink: ~Copyable {
    /// What the connection is for.
    public enum Purpose: Sendable {
        /// `path` with its query, as sent; `fields` beyond those of the handshake.
        case webSocket(path: String, fields: [(String, String)])
        case http
    }

    var core: LinkCore
    private let purpose: Purpose
    private let host: String
    private let authority: String
    private let tls: TLSClientContext?
    private var random: SeededRandom
    private var key = ""
    private var http: HTTPReader
    /// True for each request under way that was HEAD, oldest first.
    private var awaited: [Bool] = []
    private var holdsResponse = false
    private let place = InPlace()

    /// Requests that may be under way at once.
    public static let maximumPipeline = 64

    /// A link to `host`, whose certificate is verified unless `tls` is nil (plain, for tests).
    public init(
        purpose: Purpose, host: String, port: Int, tls: TLSClientContext?,
        limits: LinkLimits = LinkLimits(), maskSeed: UInt64
    ) throws(TLSFailure) {
        self.purpose = purpose
        self.host = host
        self.tls = tls
        let bracketed = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
        authority = port == (tls == nil ? 80 : 443) ? bracketed : "\(bracketed):\(port)"
        random = SeededRandom(seed: maskSeed)
        http = HTTPReader(limits: limits.http)
        let httpCapacity = limits.http.head + limits.http.body
        let capacity =
            switch purpose {
            case .webSocket: max(limits.maximumMessage, limits.http.head)
            case .http: httpCapacity
            }
        core = LinkCore(
            channel: try TLSChannel(client: tls, host: host), limits: limits,
            incomingCapacity: capacity, isServer: false, maskSeed: random.next())
    }

    // MARK: - Connection

    /// The driver has started to connect.
    public mutating func connecting(now: Int64) {
        core.now = now
        core.enter(.connecting, timeout: core.limits.connectTimeout)
    }

    /// When bytes last came, nanoseconds on the caller's clock.
    public var lastReceived: Int64 { core.lastReceived }

    /// The transport is connected: the handshake's first bytes are outgoing.
    public mutating func connected(now: Int64) {
        core.now = now
        core.lastReceived = now
        core.enter(.handshaking, timeout: core.limits.handshakeTimeout)
        if core.shakeHands() { startProtocol() }
    }

    /// The transport has failed or ended; `next()` reports it after what arrived before.
    public mutating func closed(now: Int64, reason: LinkCloseReason) {
        core.now = now
        // Without TLS the stream's end is how such a body ends; with it, only close_notify counts.
        if core.isOpen, !core.isWebSocket, !core.channel.isSecure,
            let isWhole = try? http.end(), isWhole
        {
            deliverResponse()
        }
        core.transportEnded(reason)
    }

    /// Makes the link ready for another attempt to the same host, which may resume the session.
    public mutating func reset() throws(TLSFailure) {
        core.reset(
            channel: try TLSChannel(client: tls, host: host, resuming: core.channel.ticket()))
        http = HTTPReader(limits: core.limits.http)
        awaited.removeAll()
        holdsResponse = false
    }

    /// Goes on with a handshake or with HTTP after `next()` answered `.needsCold`. Cold.
    public mutating func progressCold(now: Int64) {
        core.now = now
        switch core.phase {
        case .handshaking: if core.shakeHands() { startProtocol() }
        case .upgrading: readUpgrade()
        case .open where !core.isWebSocket: readResponses()
        default: core.settleCold()
        }
    }

    private mutating func startProtocol() {
        guard case .webSocket(let path, let fields) = purpose else {
            return core.open(reporting: .opened)
        }
        core.phase = .upgrading
        key = WebSocketKey.make(&random)
        let handshake = [
            ("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Key", key),
            ("Sec-WebSocket-Version", "13"),
        ]
        let isQueued = HTTPWriter.appendRequest(
            method: "GET", target: path, host: authority, fields: handshake + fields, body: nil,
            to: &core.queue)
        guard isQueued else { return core.end(.upgradeMalformed) }
        _ = core.seal()
    }

    /// The server's answer to the upgrade (RFC 6455 section 4.1).
    private mutating func readUpgrade() {
        do throws(HTTPFailure) {
            while true {
                let outcome = try core.readMessage(&http, role: .response(answersHead: true))
                guard case .message = outcome else { return }
                if http.head.status == 101 || http.head.status >= 200 { break }
                http.finish(&core.incoming)
            }
        } catch {
            return core.end(.http(error))
        }
        guard http.head.status == 101 else {
            let retryAfter = core.field("Retry-After", in: http.head).flatMap { Int32($0) } ?? 0
            return core.end(
                .upgradeRefused(
                    status: Int32(truncatingIfNeeded: http.head.status),
                    retryAfter: max(retryAfter, 0)))
        }
        let isAccepted =
            http.head.isUpgrade
            && core.field("Sec-WebSocket-Accept", in: http.head) == WebSocketKey.accept(for: key)
            && core.field("Sec-WebSocket-Extensions", in: http.head) == nil
            && core.field("Sec-WebSocket-Protocol", in: http.head) == nil
        guard isAccepted else { return core.end(.upgradeMalformed) }
        http.finish(&core.incoming)
        core.isWebSocket = true
        core.open(reporting: .opened)
    }

    private mutating func readResponses() {
        core.hasColdWork = false
        if holdsResponse {
            let isLast = !http.head.keepsAlive
            let isLarge = http.body.count > 1 << 20
            holdsResponse = false
            http.finish(&core.incoming)
            if isLarge { core.incoming.releaseUnusedPages() }
            if isLast { return core.end(.completed) }
        }
        do throws(HTTPFailure) {
            while true {
                let answersHead = awaited.first ?? false
                let outcome = try core.readMessage(
                    &http, role: .response(answersHead: answersHead))
                guard case .message = outcome else { break }
                if http.head.status >= 200 { return deliverResponse() }
                http.finish(&core.incoming)
            }
            if awaited.isEmpty, http.isInsideMessage { throw .unexpectedResponse }
        } catch {
            core.end(.http(error))
        }
    }

    private mutating func deliverResponse() {
        guard !awaited.isEmpty else { return core.end(.http(.unexpectedResponse)) }
        awaited.removeFirst()
        holdsResponse = true
        core.event = .response
        core.hasColdWork = true
        core.responseDeadline =
            awaited.isEmpty ? .max : core.now &+ core.limits.responseTimeout
        core.schedule()
    }

    // MARK: - HTTP

    /// Queues a request and encrypts it. False when the link is not open for HTTP, when too many
    /// requests are under way, or when it does not fit. Cold.
    public mutating func sendRequest(
        method: String, path: String, fields: [(String, String)] = [],
        body: UnsafeRawBufferPointer? = nil, now: Int64
    ) -> Bool {
        guard case .http = purpose, core.isOpen, awaited.count < Self.maximumPipeline else {
            return false
        }
        core.now = now
        let isQueued = HTTPWriter.appendRequest(
            method: method, target: path, host: authority, fields: fields, body: body,
            to: &core.queue)
        guard isQueued else { return false }
        _ = core.seal()
        if awaited.isEmpty { core.responseDeadline = now &+ core.limits.responseTimeout }
        awaited.append(method == "HEAD")
        core.schedule()
        return !core.isClosed
    }

    /// Status of the response that `next()` reported.
    public var responseStatus: Int { http.head.status }

    /// Body of the response that `next()` reported, valid until the following `next()`.
    public var responseBody: UnsafeRawBufferPointer { core.bytes(http.body) }

    /// A field of the response that `next()` reported; names do not regard case.
    public func responseField(_ name: String) -> String? { core.field(name, in: http.head) }

    /// Whether the peer has said by a close frame that it says nothing more: everything that it had
    /// to say has arrived.
    public var hasHeardClose: Bool { core.heardClose }

    /// Requests without a response yet.
    public var requestsUnderWay: Int { awaited.count }
}
