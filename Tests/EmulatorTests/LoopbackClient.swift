import Machine
import Testing
import Wire

/// A TLS client of the exchange with its own socket, driven by the test's thread.
final class LoopbackClient {
    private var sockets: DirectTransport
    private var link: ClientLink
    private let slot: Int
    private let clock = TSCClock.calibrated()
    private(set) var frames: [String] = []
    private(set) var responses: [(status: Int, body: String)] = []
    private(set) var closeReason: LinkCloseReason?
    private var isOpen = false

    init(_ purpose: ClientLink.Purpose, port: UInt16, authority: String) throws {
        sockets = try DirectTransport(configuration: TransportConfiguration())
        var limits = LinkLimits.fetching
        limits.maximumMessage = 1 << 22
        link = try ClientLink(
            purpose: purpose, host: "localhost", port: Int(port),
            tls: TLSClientContext(authorityFile: authority), limits: limits, maskSeed: 1)
        link.connecting(now: clock.now())
        slot = try sockets.connect(to: .loopback(port: port))
        #expect(run(until: { $0.isOpen }), "the connection opens")
    }

    /// Turns the client until the condition holds; `false` after so many seconds or at the end.
    func run(atMost seconds: Int64 = 10, until isDone: (LoopbackClient) -> Bool) -> Bool {
        let deadline = clock.now() + seconds * 1_000_000_000
        while !isDone(self), clock.now() < deadline, closeReason == nil { turn() }
        return isDone(self)
    }

    private func turn() {
        let now = clock.now()
        let event = sockets.poll()
        switch event.kind {
        case .connected: link.connected(now: now)
        case .received:
            if let data = event.data { link.receive(data, Int(event.count), now: now) }
        case .endOfStream: link.closed(now: now, reason: .endOfStream)
        case .failed, .connectFailed:
            link.closed(now: now, reason: .transport(errno: event.error))
        case .sent: link.finishSend(Int(event.count))
        case .none: sockets.wait(atMost: 1_000_000)
        case .accepted: break
        }
        takeMessages(now: now)
        sockets.release(event)
        if !link.isSendInFlight, link.outgoing.count > 0 {
            let (bytes, count) = link.beginSend()
            let taken = sockets.send(slot, bytes, count)
            if taken != 0 { link.finishSend(max(taken, 0)) }
        }
        sockets.flush()
    }

    private func takeMessages(now: Int64) {
        while true {
            switch link.next() {
            case .none: return
            case .needsCold: link.progressCold(now: now)
            case .opened: isOpen = true
            case .text(let bytes, let count):
                frames.append(
                    String(
                        decoding: UnsafeRawBufferPointer(start: bytes, count: count),
                        as: UTF8.self))
            case .response:
                responses.append(
                    (link.responseStatus, String(decoding: link.responseBody, as: UTF8.self)))
            case .closed(let reason): closeReason = reason
            case .binary, .pong, .request: break
            }
        }
    }

    func send(_ text: String) {
        var copy = text
        let isSent = copy.withUTF8 { bytes in
            bytes.baseAddress.map { link.sendText($0, bytes.count) } ?? false
        }
        #expect(isSent)
    }

    /// The answer to one request.
    func request(
        _ method: String, _ path: String, key: String? = nil, fields: [(String, String)] = []
    ) throws -> (status: Int, body: String) {
        let before = responses.count
        let keyed = fields + (key.map { [("X-MBX-APIKEY", $0)] } ?? [])
        let isSent = link.sendRequest(
            method: method, path: path, fields: keyed, now: clock.now())
        #expect(isSent)
        #expect(run(until: { $0.responses.count > before }))
        return try #require(responses.last)
    }

    var milliseconds: Int64 { clock.now() / 1_000_000 }
}
