import Glibc
import Machine
import Testing

@testable import Wire

/// One transport with a listener and clients of its own: both ends of every connection in one
/// thread, so that a test decides what happens when.
struct LoopbackNet<T: Transport & ~Copyable>: ~Copyable {
    var transport: T
    let listener: Int
    let address: SocketAddress
    /// What became of each slot, by number; reset when a slot is given out again.
    var logs: [Int: SocketLog] = [:]
    /// Slots accepted, in order.
    var accepted: [Int] = []
    /// Received events held back instead of released.
    var held: [SocketEvent] = []
    var holdsReceived = false
    /// Accepted sockets send back what they receive.
    var echoes = false

    init(_ type: T.Type, _ configuration: TransportConfiguration) throws {
        var made = try T(configuration: configuration)
        listener = try made.listen(on: .loopback(port: 0), backlog: 256)
        address = made.localAddress(of: listener) ?? .loopback(port: 0)
        transport = made
    }

    /// Starts a client.
    mutating func connect() throws -> Int {
        let slot = try transport.connect(to: address)
        logs[slot] = SocketLog()
        return slot
    }

    /// A connected pair: client and server slot.
    mutating func makePair() throws -> (client: Int, server: Int) {
        let before = accepted.count
        let client = try connect()
        try pump { $0.logs[client]?.isConnected == true && $0.accepted.count > before }
        return (client, accepted[before])
    }

    /// Queues bytes for a slot; they leave as room comes.
    mutating func queue(_ bytes: [UInt8], on slot: Int) {
        logs[slot]?.append(bytes)
        push(slot)
    }

    /// Runs duty cycles until the condition holds; throws after ten seconds.
    mutating func pump(until condition: (borrowing LoopbackNet) -> Bool) throws {
        let start = MonotonicTime.now()
        while !condition(self) {
            cycle()
            if MonotonicTime.now() - start > 10_000_000_000 { throw PumpTimeout() }
        }
    }

    struct PumpTimeout: Error {}

    /// One duty cycle.
    mutating func cycle() {
        var events = 0
        while events < 256 {
            let event = transport.poll()
            if event.kind == .none { break }
            take(event)
            events += 1
        }
        for slot in logs.keys where logs[slot]?.hasMore == true { push(slot) }
        transport.flush()
    }

    mutating func releaseHeld() {
        for event in held {
            logs[Int(event.slot)]?.receive(event)
            transport.release(event)
        }
        held = []
    }

    mutating func close(_ slot: Int) {
        transport.close(slot)
        logs[slot]?.isClosed = true
    }

    mutating func reset(_ slot: Int) {
        transport.reset(slot)
        logs[slot]?.isClosed = true
    }

    private mutating func take(_ event: SocketEvent) {
        let slot = Int(event.slot)
        if event.kind == .accepted {
            accepted.append(slot)
            logs[slot] = SocketLog()
            logs[slot]?.isConnected = true
            logs[slot]?.listener = Int(event.count)
            return
        }
        if logs[slot]?.isClosed != false { logs[slot, default: SocketLog()].eventsAfterClose += 1 }
        switch event.kind {
        case .connected: logs[slot]?.isConnected = true
        case .connectFailed: logs[slot]?.connectError = event.error
        case .received:
            if holdsReceived {
                held.append(event)
            } else {
                if echoes, accepted.contains(slot) {
                    logs[slot]?.append([UInt8](SocketLog.bytes(of: event)))
                }
                logs[slot]?.receive(event)
                transport.release(event)
            }
        case .sent: logs[slot]?.sent(Int(event.count))
        case .endOfStream: logs[slot]?.endOfStreams += 1
        case .failed: logs[slot]?.errors.append(event.error)
        case .none, .accepted: break
        }
    }

    private mutating func push(_ slot: Int) {
        guard let log = logs[slot], log.hasMore, log.isConnected else { return }
        let taken = transport.send(slot, log.nextBytes, log.nextCount)
        if taken > 0 {
            log.sent(taken)
        } else if taken == 0 {
            log.isSending = true
        } else if taken == Int(-EAGAIN) {
            log.refusals += 1
        } else {
            log.errors.append(Int32(-taken))
            log.stop()
        }
    }
}

/// What happened on one socket, and the bytes still to go out, which lie still while they do.
final class SocketLog {
    var isConnected = false
    var isClosed = false
    var connectError: Int32 = 0
    var listener = -1
    var received: [UInt8] = []
    var endOfStreams = 0
    var errors: [Int32] = []
    var eventsAfterClose = 0
    var isSending = false
    /// Sends refused for lack of room.
    var refusals = 0
    private(set) var sentCount = 0

    private static let capacity = 4 << 20
    private var outgoing: UnsafeMutableRawPointer?
    private var queuedCount = 0

    deinit { outgoing?.deallocate() }

    var hasMore: Bool { !isSending && !isClosed && sentCount < queuedCount }
    var nextBytes: UnsafeRawPointer { UnsafeRawPointer(memory + sentCount) }
    var nextCount: Int { queuedCount - sentCount }

    private var memory: UnsafeMutableRawPointer {
        if let outgoing { return outgoing }
        let fresh = UnsafeMutableRawPointer.allocate(byteCount: Self.capacity, alignment: 64)
        outgoing = fresh
        return fresh
    }

    func append(_ bytes: [UInt8]) {
        precondition(queuedCount + bytes.count <= Self.capacity, "the outbox is large enough")
        bytes.withUnsafeBytes { source in
            if let base = source.baseAddress {
                (memory + queuedCount).copyMemory(from: base, byteCount: source.count)
            }
        }
        queuedCount += bytes.count
    }

    func sent(_ count: Int) {
        sentCount += count
        isSending = false
    }

    func stop() { queuedCount = sentCount }

    func receive(_ event: SocketEvent) { received += Self.bytes(of: event) }

    static func bytes(of event: SocketEvent) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: event.data, count: Int(event.count))
    }
}

/// The transports and fallbacks that all pass the same scenarios.
enum TransportCase: String, CaseIterable, CustomTestStringConvertible {
    case uring
    case uringCooperative
    case uringInterrupting
    case uringPlainFiles
    case uringOneShot
    case uringOwnBuffers
    case uringBare
    case uringSendingAtOnce
    case direct
    case directAsking
    case directStamped

    var testDescription: String { rawValue }
    var isDirect: Bool { Self.directOnes.contains(self) }
    private static let directOnes: [TransportCase] = [.direct, .directAsking, .directStamped]

    var disabled: KernelFeatures {
        switch self {
        case .uring, .uringSendingAtOnce, .direct, .directAsking, .directStamped: []
        case .uringCooperative: .deferredTaskRun
        case .uringInterrupting: [.deferredTaskRun, .cooperativeTaskRun]
        case .uringPlainFiles: [.registeredFiles, .registeredRing]
        case .uringOneShot: [.multishotReceive, .multishotAccept]
        case .uringOwnBuffers: .bufferRing
        case .uringBare: .all
        }
    }

    /// Small enough to reach the limits, large enough for the scenario.
    var configuration: TransportConfiguration {
        var configuration = TransportConfiguration()
        configuration.disabled = disabled
        configuration.receiveBufferCount = 64
        configuration.receiveBufferSize = 4096
        if self == .directAsking { configuration.directSweepLimit = 0 }
        if self == .directStamped { configuration.receiveTimestamps = .software }
        configuration.sendsAtOnce = self == .uringSendingAtOnce
        return configuration
    }

    /// Runs a scenario on this case's transport.
    func run(
        _ scenario: some TransportScenario,
        _ adjust: (inout TransportConfiguration) -> Void = { _ in }
    ) throws {
        var configuration = configuration
        adjust(&configuration)
        if isDirect {
            var net = try LoopbackNet(DirectTransport.self, configuration)
            try scenario.run(&net)
        } else {
            var net = try LoopbackNet(URingTransport.self, configuration)
            try scenario.run(&net)
        }
    }

    /// Those that can run here: without io_uring only the direct ones.
    static var possible: [TransportCase] {
        WireCapabilities.probe().hasIoUring ? allCases : directOnes
    }
}

/// Something that must go the same way on every transport.
protocol TransportScenario {
    func run<T: Transport & ~Copyable>(_ net: inout LoopbackNet<T>) throws
}
