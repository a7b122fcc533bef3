@testable import Benchmarks
import Emulator
import Engine
import Foundation
import Glibc
import Journal
import Machine
import MarketModel
import Rings
import Telemetry
import Testing
import TickToTrade
import Wire

/// Orders of one decision leave together: a send costs far more than sealing an order does.
@Suite("Orders of one decision", .serialized)
struct OrderBatchTests {
    struct Case: Sendable, CustomStringConvertible {
        var orders: Int
        var way: SendWay
        /// Records of each send within the cycle that decides, and within the next.
        var sends: [[Int]]

        var description: String { "\(orders) orders, \(way)" }
    }

    static let cases = [
        Case(orders: 1, way: .atOnce, sends: [[1], []]),
        Case(orders: 2, way: .atOnce, sends: [[2], []]),
        Case(orders: 8, way: .atOnce, sends: [[8], []]),
        Case(orders: 11, way: .atOnce, sends: [[8, 3], []]),
        Case(orders: 1, way: .completing, sends: [[1], []]),
        Case(orders: 2, way: .completing, sends: [[2], []]),
        // The first eight are under way; the others follow them in one send.
        Case(orders: 11, way: .completing, sends: [[8], [3]]),
    ]

    @Test(arguments: cases)
    func `they go in one send, whatever completes it`(item: Case) throws {
        let directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("apus-batch-\(UUID().uuidString.prefix(8))").path
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let desk = try BatchDesk(directory, orders: item.orders, item.way)
        #expect(try desk.run() == item.sends)
    }
}

/// When a send is over.
enum SendWay: Sendable {
    /// With its return, as on plain sockets.
    case atOnce
    /// With an event behind the flush that submitted it, as on io_uring; one at a time on a socket.
    case completing
}

/// A lane and its exchange on the calling thread; both stand still while a tick is answered.
private final class BatchDesk: @unchecked Sendable {
    // SAFETY: the lane's roots are closures of this thread and run on it only.
    typealias Trader = Lane<CountedTransport, StrategyGroup<TickAnswerer>>

    private let exchange: PacedExchange<MemoryTransport>
    private let log = SendLog()
    private let standalone: UnsafeMutablePointer<
        StandaloneLane<CountedTransport, StrategyGroup<TickAnswerer>>
    >
    private var sends: [[Int]] = []
    private var failure: BenchmarkFailure?
    private let deadline = ContinuousClock.now + .seconds(60)

    init(_ directory: String, orders: Int, _ way: SendWay) throws {
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true)
        let files = try SampleCertificates.make(in: directory)
        var run = SampleRun(directory: directory, every: 1)
        run.orders = orders
        let client = try MemoryTransport(configuration: TransportConfiguration())
        exchange = try PacedExchange(
            sockets: client.otherEnd(), configuration: try run.exchange(),
            tls: try TLSServerContext(chainFile: files.chain, keyFile: files.key),
            clock: TSCClock.calibrated())
        let (configuration, environment) = try run.configuration(port: 1)
        standalone = .allocate(capacity: 1)
        standalone.initialize(
            to: try .make(
                configuration, environment: environment,
                kinds: [StrategyKind(TickAnswerer.self)],
                instruments: [SampleMarket.instrument()],
                assets: [SampleMarket.name("BTC"), SampleMarket.name("USDT")],
                transport: CountedTransport(client, way, log)))
    }

    deinit {
        standalone.deinitialize(count: 1)
        standalone.deallocate()
    }

    func run() throws -> [[Int]] {
        let roots = LaneRoots<CountedTransport, StrategyGroup<TickAnswerer>>(
            dutyCycle: { [self] lane in cycle(lane) },
            drainHeld: { lane in lane.pointee.drainHeld() })
        withUnsafeMutablePointer(to: &standalone.pointee.lane, roots.run)
        standalone.pointee.journal.stop()
        if let failure { throw failure }
        return sends
    }

    private func cycle(_ lane: UnsafeMutablePointer<Trader>) -> CycleOutcome {
        exchange.turn()
        if exchange.holdsMarket {
            // The last of the exchange's own market is taken in first.
            let outcome = lane.pointee.cycle()
            if outcome == .idle, sends.isEmpty { answer(lane) }
            return outcome
        }
        let board = standalone.pointee.instruments.board.read()
        if board.lane.time != .unknown, board.lane.haltReasons == 0,
            board.instruments[0].isBookValid
        {
            exchange.holdsMarket = true
        } else if ContinuousClock.now > deadline, failure == nil {
            failure = BenchmarkFailure("the lane and the exchange did not come together")
            end()
        }
        return lane.pointee.cycle()
    }

    private func answer(_ lane: UnsafeMutablePointer<Trader>) {
        var text = SampleTicks.text(1, update: SampleTicks.firstUpdate + 1)
        let isSent = text.withUTF8 { bytes in
            bytes.baseAddress.map { exchange.prepare($0, bytes.count) } ?? false
        } && exchange.sendPrepared()
        if !isSent { failure = BenchmarkFailure("the exchange could not send a tick") }
        for _ in 0..<2 {
            log.recordCounts = []
            _ = lane.pointee.cycle()
            sends.append(log.recordCounts)
        }
        end()
    }

    private func end() {
        _ = standalone.pointee.commands.tryPush(
            Command(kind: .shutdown, id: 1, time: Timestamp(nanoseconds: 0)))
    }
}

/// TLS records in each send, in the order of the sends.
private final class SendLog {
    var recordCounts: [Int] = []

    func add(_ bytes: UnsafeRawPointer, _ count: Int) {
        var records = 0
        var place = 0
        while place + 5 <= count {
            let text = bytes + place
            records += 1
            place += 5 + Int(text.load(fromByteOffset: 3, as: UInt8.self)) << 8
                + Int(text.load(fromByteOffset: 4, as: UInt8.self))
        }
        recordCounts.append(records)
    }
}

/// A transport in memory that counts what it is given, and completes sends in either way.
private struct CountedTransport: ~Copyable, Transport {
    private struct Pending {
        var slot: Int
        var bytes: UnsafeRawPointer
        var count: Int
    }

    private var inner: MemoryTransport
    private let way: SendWay
    private let log: SendLog
    private var pending: [Pending] = []
    private var completed: [SocketEvent] = []

    init(_ inner: consuming MemoryTransport, _ way: SendWay, _ log: SendLog) {
        self.inner = inner
        self.way = way
        self.log = log
    }

    init(configuration: TransportConfiguration) throws(WireFailure) {
        self.init(try MemoryTransport(configuration: configuration), .atOnce, SendLog())
    }

    mutating func send(_ slot: Int, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
        if way == .atOnce {
            log.add(bytes, count)
            return inner.send(slot, bytes, count)
        }
        if pending.contains(where: { $0.slot == slot }) { return Int(-EBUSY) }
        pending.append(Pending(slot: slot, bytes: bytes, count: count))
        return 0
    }

    mutating func flush() {
        for send in pending {
            log.add(send.bytes, send.count)
            let taken = inner.send(send.slot, send.bytes, send.count)
            completed.append(SocketEvent(.sent, slot: send.slot, count: taken))
        }
        pending = []
    }

    mutating func poll() -> SocketEvent {
        completed.isEmpty ? inner.poll() : completed.removeFirst()
    }

    mutating func release(_ event: SocketEvent) { inner.release(event) }

    mutating func connect(to address: SocketAddress) throws(WireFailure) -> Int {
        try inner.connect(to: address)
    }

    mutating func listen(on address: SocketAddress, backlog: Int) throws(WireFailure) -> Int {
        try inner.listen(on: address, backlog: backlog)
    }

    mutating func close(_ slot: Int) { inner.close(slot) }
    mutating func shutdownWrite(_ slot: Int) { inner.shutdownWrite(slot) }
    mutating func reset(_ slot: Int) { inner.reset(slot) }
    mutating func wait(atMost nanoseconds: Int64) {}
    func file(of slot: Int) -> Int32 { -1 }
    func localAddress(of slot: Int) -> SocketAddress? { nil }
    func peerAddress(of slot: Int) -> SocketAddress? { nil }
    var statistics: TransportStatistics { TransportStatistics() }
}
