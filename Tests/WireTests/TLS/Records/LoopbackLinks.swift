import COpenSSL
import Testing

@testable import Wire

/// A client link whose records the kernel may seal, and a server that sends every text back, over
/// real sockets in one thread.
final class LoopbackLinks {
    enum Sockets: CaseIterable { case direct, ring }

    private var client: ClientLink
    private var server: ServerLink
    private let sockets: any SocketPair
    private var now: Int64 = 1_000_000_000
    private(set) var clientTexts: [String] = []
    private(set) var serverTexts: [String] = []
    private(set) var clientEnd: LinkCloseReason?
    private(set) var serverEnd: LinkCloseReason?
    private var isOpen = false
    /// What the server has received, records as they came.
    private var stream: [UInt8] = []

    init(
        _ kind: Sockets, _ files: CertificateFiles, suite: String = RecordPair.suites[0],
        recordsPerKey: UInt64 = 1 << 24
    ) throws {
        let context = try TLSClientContext(
            authorityFile: files.authority,
            records: TLSRecordSettings(layer: .kernel, recordsPerKey: recordsPerKey))
        try #require(SSL_CTX_set_ciphersuites(context.context, suite) == 1)
        client = try ClientLink(
            purpose: .webSocket(path: "/ws", fields: []), host: "localhost", port: 9443,
            tls: context, maskSeed: 7)
        server = try ServerLink(
            tls: TLSServerContext(chainFile: files.chain, keyFile: files.key, tickets: 1))
        switch kind {
        case .direct: sockets = try DirectSockets()
        case .ring: sockets = try RingSockets()
        }
    }

    var clientLayer: TLSRecordLayer? { client.recordLayer }

    func open() throws {
        client.connecting(now: now)
        try sockets.connect()
        try turn { isOpen && !client.wantsKernel }
    }

    /// Sends a text to the server and waits for it to come back, or for the connection's end.
    func send(_ text: String) throws {
        let count = clientTexts.count
        var text = text
        text.withUTF8 { bytes in
            let isSent = bytes.baseAddress.map { client.sendText($0, bytes.count) }
            if isSent ?? client.sendText([0], 0) { client.seal() }
        }
        try turn { clientTexts.count > count || clientEnd != nil }
    }

    /// Closes from the client and waits for both ends.
    func end() throws {
        client.close(now: now)
        try turn { clientEnd != nil && serverEnd != nil && client.shouldCloseTransport }
        client.sayGoodbye(on: sockets.clientFile)
        sockets.closeClient()
        try turn { hasStreamEnded }
    }

    private var hasStreamEnded = false

    /// Whether the server's last record has the size of an alert: 2 bytes, their type, the tag.
    var serverHeardGoodbye: Bool {
        var place = 0
        var last = 0
        while place + 5 <= stream.count {
            last = Int(stream[place + 3]) << 8 | Int(stream[place + 4])
            place += 5 + last
        }
        return place == stream.count && last == 2 + 1 + 16
    }

    struct Stuck: Error {}

    /// Runs both ends until the condition holds; throws after ten seconds.
    private func turn(until isDone: () -> Bool) throws {
        let start = MonotonicTime.now()
        while !isDone() {
            if MonotonicTime.now() - start > 10_000_000_000 { throw Stuck() }
            now += 1_000
            sockets.poll { isClient, event in
                if isClient { takeAtClient(event) } else { takeAtServer(event) }
            }
            readClient()
            readServer()
            client.letKernelSeal(sockets.clientFile)
            if !client.isSendInFlight { client.finish(sockets) }
            if !server.isSendInFlight { server.finish(sockets) }
            sockets.flush()
        }
    }

    private func takeAtClient(_ event: SocketEvent) {
        switch event.kind {
        case .connected: client.connected(now: now)
        case .received:
            if let data = event.data { client.receive(data, Int(event.count), now: now) }
            readClient()
        case .sent: client.finishSend(Int(event.count))
        case .endOfStream: client.closed(now: now, reason: .endOfStream)
        case .failed, .connectFailed: client.closed(now: now, reason: .transport(errno: event.error))
        default: break
        }
    }

    private func takeAtServer(_ event: SocketEvent) {
        switch event.kind {
        case .accepted: server.accepted(now: now)
        case .received:
            if let data = event.data {
                stream += UnsafeRawBufferPointer(start: data, count: Int(event.count))
                server.receive(data, Int(event.count), now: now)
            }
            readServer()
        case .sent: server.finishSend(Int(event.count))
        case .endOfStream, .failed:
            hasStreamEnded = true
            server.closed(now: now, reason: .endOfStream)
        default: break
        }
    }

    private func readClient() {
        while true {
            switch client.next() {
            case .none: return
            case .needsCold: client.progressCold(now: now)
            case .opened: isOpen = true
            case .text(let bytes, let count): clientTexts.append(Self.text(bytes, count))
            case .closed(let reason): clientEnd = reason
            default: break
            }
        }
    }

    private func readServer() {
        while true {
            switch server.next() {
            case .none: return
            case .needsCold: server.progressCold(now: now)
            case .request: _ = server.acceptUpgrade(now: now)
            case .text(let bytes, let count):
                serverTexts.append(Self.text(bytes, count))
                _ = server.sendText(bytes, count)
                server.seal()
            case .closed(let reason): serverEnd = reason
            default: break
            }
        }
    }

    private static func text(_ bytes: UnsafeRawPointer, _ count: Int) -> String {
        String(decoding: UnsafeRawBufferPointer(start: bytes, count: count), as: UTF8.self)
    }
}

extension ClientLink {
    fileprivate mutating func finish(_ sockets: any SocketPair) {
        let (bytes, count) = beginSend()
        let taken = count == 0 ? 0 : sockets.send(bytes, count, isClient: true)
        if taken != 0 { finishSend(max(taken, 0)) }
    }
}

extension ServerLink {
    fileprivate mutating func finish(_ sockets: any SocketPair) {
        let (bytes, count) = beginSend()
        let taken = count == 0 ? 0 : sockets.send(bytes, count, isClient: false)
        if taken != 0 { finishSend(max(taken, 0)) }
    }
}

/// A client's and a server's socket on loopback.
private protocol SocketPair: AnyObject {
    func connect() throws
    var clientFile: Int32 { get }
    func closeClient()
    func send(_ bytes: UnsafeRawPointer, _ count: Int, isClient: Bool) -> Int
    func poll(_ take: (_ isClient: Bool, SocketEvent) -> Void)
    func flush()
}

private typealias DirectSockets = TransportPair<DirectTransport>
private typealias RingSockets = TransportPair<URingTransport>

private final class TransportPair<T: Transport & ~Copyable>: SocketPair {
    private var transport: T
    private let listener: Int
    private var client = -1
    private var server = -1

    init() throws {
        var made = try T(configuration: TransportConfiguration())
        listener = try made.listen(on: .loopback(port: 0), backlog: 1)
        transport = made
    }

    func connect() throws {
        let address = transport.localAddress(of: listener)
        client = try transport.connect(to: try #require(address))
    }

    var clientFile: Int32 { client < 0 ? -1 : transport.file(of: client) }

    func closeClient() {
        transport.close(client)
        client = -1
    }

    func send(_ bytes: UnsafeRawPointer, _ count: Int, isClient: Bool) -> Int {
        let slot = isClient ? client : server
        return slot < 0 ? count : transport.send(slot, bytes, count)
    }

    func poll(_ take: (_ isClient: Bool, SocketEvent) -> Void) {
        while true {
            let event = transport.poll()
            if event.kind == .none { return }
            if event.kind == .accepted { server = Int(event.slot) }
            take(Int(event.slot) == client, event)
            transport.release(event)
        }
    }

    func flush() { transport.flush() }
}
