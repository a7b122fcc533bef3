import COpenSSL
import Foundation
import Testing
import Wire

/// Who protects the records at either end; their mixtures show that both speak the same protocol.
struct LayerPair: CustomTestStringConvertible, Sendable {
    let client: TLSRecordLayer
    let server: TLSRecordLayer

    static let all = TLSRecordLayer.allCases.flatMap { client in
        TLSRecordLayer.allCases.map { LayerPair(client: client, server: $0) }
    }

    var testDescription: String { "\(client) to \(server)" }
}

/// A client and a server joined in memory: what the driver and the network do, in one place.
final class LinkPair {
    var client: ClientLink
    var server: ServerLink
    var now: Int64 = 1_000_000_000
    /// Bytes carried at once; 1 exercises every boundary.
    var step: () -> Int = { Int.max }
    var clientEvents: [Seen] = []
    var serverEvents: [Seen] = []
    /// What the server does with a request: nil lets the test answer.
    var onRequest: ((inout ServerLink, Int64) -> Void)? = { server, now in
        if server.requestIsUpgrade { _ = server.acceptUpgrade(now: now) }
    }

    /// A message with its bytes copied out.
    enum Seen: Equatable {
        case opened
        case text(String)
        case binary([UInt8])
        case pong
        case response(status: Int, body: String)
        case request(method: String, target: String, body: String)
        case closed(LinkCloseReason)
    }

    init(
        layers: LayerPair = LayerPair(client: .apus, server: .apus),
        purpose: ClientLink.Purpose = .webSocket(path: "/ws", fields: []),
        files: CertificateFiles? = nil, host: String = "localhost",
        limits: LinkLimits = LinkLimits(), serverLimits: LinkLimits = LinkLimits()
    ) throws {
        let client = try ClientLink(
            purpose: purpose, host: host, port: 9443,
            tls: files.map {
                try TLSClientContext(
                    authorityFile: $0.authority, records: TLSRecordSettings(layer: layers.client))
            }, limits: limits, maskSeed: 7)
        let server = try ServerLink(
            tls: files.map {
                try TLSServerContext(
                    chainFile: $0.chain, keyFile: $0.key,
                    records: TLSRecordSettings(layer: layers.server))
            },
            limits: serverLimits)
        self.client = client
        self.server = server
    }

    var clientPhase: LinkPhase { client.phase }
    var clientDeadline: Int64 { client.nextDeadline }
    var clientMayClose: Bool { client.shouldCloseTransport }
    var clientFailureText: String { client.failureText }
    var clientLayer: TLSRecordLayer? { client.recordLayer }
    var isClientResumed: Bool { client.isResumed }
    var clientOutgoing: Int { client.outgoing.count }
    var serverOutgoing: Int { server.outgoing.count }
    var transportsMayClose: Bool { client.shouldCloseTransport && server.shouldCloseTransport }

    /// Connects and settles.
    func start() {
        client.connecting(now: now)
        server.accepted(now: now)
        client.connected(now: now)
        settle()
    }

    /// Carries bytes and reads messages until nothing moves.
    func settle() {
        readClient()
        readServer()
        while true {
            let moved = carryToServer() + carryToClient()
            if moved == 0 { return }
        }
    }

    func carryToServer() -> Int {
        let (bytes, count) = client.beginSend()
        let moved = min(count, step())
        if moved > 0 {
            receive(bytes, moved, atServer: true)
            client.finishSend(moved)
        }
        return moved
    }

    func carryToClient() -> Int {
        let (bytes, count) = server.beginSend()
        let moved = min(count, step())
        if moved > 0 {
            receive(bytes, moved, atServer: false)
            server.finishSend(moved)
        }
        return moved
    }

    /// Hands over a copy that is gone afterwards, so that a late read shows.
    private func receive(_ bytes: UnsafeRawPointer, _ count: Int, atServer: Bool) {
        let copy = UnsafeMutableRawPointer.allocate(byteCount: count, alignment: 1)
        copy.copyMemory(from: bytes, byteCount: count)
        if atServer {
            server.receive(copy, count, now: now)
            readServer()
        } else {
            client.receive(copy, count, now: now)
            readClient()
        }
        memset(copy, 0xEE, count)
        copy.deallocate()
    }

    func readClient() {
        while true {
            switch client.next() {
            case .none: return
            case .needsCold: client.progressCold(now: now)
            case .opened: clientEvents.append(.opened)
            case .text(let bytes, let count): clientEvents.append(.text(string(bytes, count)))
            case .binary(let bytes, let count):
                clientEvents.append(
                    .binary(Array(UnsafeRawBufferPointer(start: bytes, count: count))))
            case .pong: clientEvents.append(.pong)
            case .response:
                clientEvents.append(
                    .response(
                        status: client.responseStatus,
                        body: String(decoding: client.responseBody, as: UTF8.self)))
            case .request: preconditionFailure("a client gets no requests")
            case .closed(let reason): clientEvents.append(.closed(reason))
            }
        }
    }

    func readServer() {
        while true {
            switch server.next() {
            case .none: return
            case .needsCold: server.progressCold(now: now)
            case .opened: serverEvents.append(.opened)
            case .text(let bytes, let count): serverEvents.append(.text(string(bytes, count)))
            case .binary(let bytes, let count):
                serverEvents.append(
                    .binary(Array(UnsafeRawBufferPointer(start: bytes, count: count))))
            case .pong: serverEvents.append(.pong)
            case .response: preconditionFailure("a server gets no responses")
            case .request:
                serverEvents.append(
                    .request(
                        method: server.requestMethod, target: server.requestTarget,
                        body: String(decoding: server.requestBody, as: UTF8.self)))
                onRequest?(&server, now)
            case .closed(let reason): serverEvents.append(.closed(reason))
            }
        }
    }

    private func string(_ bytes: UnsafeRawPointer, _ count: Int) -> String {
        // The slack behind a payload must be readable.
        _ = (0..<ByteBuffer.slack).reduce(0) {
            $0 &+ Int(bytes.load(fromByteOffset: count + $1, as: UInt8.self))
        }
        return String(
            decoding: UnsafeRawBufferPointer(start: bytes, count: count), as: UTF8.self)
    }

    func serverSendsRaw(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { server.queueRaw($0) } && server.seal()
    }

    func clientRequests(
        _ method: String, _ path: String, fields: [(String, String)] = [], body: String? = nil
    ) -> Bool {
        guard let body else {
            return client.sendRequest(method: method, path: path, fields: fields, now: now)
        }
        return Array(body.utf8).withUnsafeBytes {
            client.sendRequest(method: method, path: path, fields: fields, body: $0, now: now)
        }
    }

    func clientSends(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            guard let start = bytes.baseAddress else { return false }
            return client.sendText(start, bytes.count)
        }
    }

    func serverSends(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            guard let start = bytes.baseAddress else { return false }
            return server.sendText(start, bytes.count)
        }
    }
}

/// A directory of its own for one test's certificates, removed when the test ends.
final class CertificateDirectory {
    let path: String
    let files: CertificateFiles

    init(hosts: [String] = ["localhost", "127.0.0.1", "::1"], now: Int64? = nil) throws {
        path = NSTemporaryDirectory() + "apus-tls-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        files = try CertificateAuthority.makeChain(
            hosts: hosts, directory: path, now: now ?? Int64(Date().timeIntervalSince1970))
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
