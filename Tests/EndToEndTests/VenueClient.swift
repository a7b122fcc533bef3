import Engine
import Foundation
import Machine
import Testing
import Venues
import Wire

/// A client of the exchange's REST interface with one connection, driven by the test's thread.
final class VenueClient {
    private var sockets: DirectTransport
    private var link: ClientLink
    private let slot: Int
    private let clock = TSCClock.calibrated()
    private let signer: RequestSigner
    private let key: String
    private var answers: [Answer] = []
    private var isOpen = false
    private var isClosed = false

    struct Answer {
        let status: Int
        let body: String

        var json: Any? {
            try? JSONSerialization.jsonObject(with: Data(body.utf8), options: .fragmentsAllowed)
        }

        var object: [String: Any] { json as? [String: Any] ?? [:] }
        var objects: [[String: Any]] { json as? [[String: Any]] ?? [] }
    }

    init(_ folder: WorkFolder) throws {
        let credentials = try Credentials.load(
            CredentialSource(file: folder.path(".apus/demo-credentials.yaml")), environment: [:])
        guard case .hmac(let secret) = credentials.method else {
            throw CocoaError(.featureUnsupported)
        }
        key = credentials.key.revealed
        signer = try RequestSigner.hmac(secret: secret.revealed)
        sockets = try DirectTransport(configuration: TransportConfiguration())
        var limits = LinkLimits.fetching
        limits.maximumMessage = 1 << 22
        link = try ClientLink(
            purpose: .http, host: "localhost", port: Int(folder.port),
            tls: TLSClientContext(authorityFile: folder.path(".apus/ca.pem")), limits: limits,
            maskSeed: 1)
        link.connecting(now: clock.now())
        slot = try sockets.connect(to: .loopback(port: folder.port))
        try #require(turn(until: { $0.isOpen }), "the exchange accepts a connection")
    }

    /// The answer to a signed request; `nil` when the exchange has died meanwhile.
    func request(_ method: String, _ path: String, _ parameters: String = "") throws -> Answer? {
        try send(method, path, parameters)
        return awaitAnswer()
    }

    /// Hands a signed request to the kernel.
    func send(_ method: String, _ path: String, _ parameters: String) throws {
        let time = "timestamp=\(Int64(Date().timeIntervalSince1970 * 1_000))"
        let query = parameters.isEmpty ? time : parameters + "&" + time
        guard let signature = signer.signature(of: query) else { throw CocoaError(.coderInvalidValue) }
        answers.removeAll()
        let isQueued = link.sendRequest(
            method: method, path: "/api/v3/\(path)?\(query)&signature=\(signature)",
            fields: [("X-MBX-APIKEY", key)], now: clock.now())
        try #require(isQueued)
        flush()
    }

    /// The answer to what was sent; `nil` at the end of the connection.
    func awaitAnswer() -> Answer? {
        _ = turn(until: { !$0.answers.isEmpty })
        return answers.first
    }

    private func turn(until isDone: (VenueClient) -> Bool) -> Bool {
        let deadline = clock.now() + 20_000_000_000
        while !isDone(self), !isClosed, clock.now() < deadline { turn() }
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
        case .failed, .connectFailed: link.closed(now: now, reason: .transport(errno: event.error))
        case .sent: link.finishSend(Int(event.count))
        case .none: sockets.wait(atMost: 1_000_000)
        case .accepted: break
        }
        takeMessages(now: now)
        sockets.release(event)
        flush()
    }

    private func takeMessages(now: Int64) {
        while true {
            switch link.next() {
            case .none: return
            case .needsCold: link.progressCold(now: now)
            case .opened: isOpen = true
            case .response:
                answers.append(
                    Answer(
                        status: link.responseStatus,
                        body: String(decoding: link.responseBody, as: UTF8.self)))
            case .closed: isClosed = true
            case .binary, .pong, .request, .text: break
            }
        }
    }

    private func flush() {
        if !link.isSendInFlight, link.outgoing.count > 0 {
            let (bytes, count) = link.beginSend()
            let taken = sockets.send(slot, bytes, count)
            if taken != 0 { link.finishSend(max(taken, 0)) }
        }
        sockets.flush()
    }
}
