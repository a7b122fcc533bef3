import CFloor
import CLinuxURing
import Emulator
import Engine
import Foundation
import Glibc
import Journal
import Machine
import MarketModel
import Rings
import Synchronization
import TickToTrade
import Wire

/// The whole way in user space: a TLS record with a tick in, a TLS record with an order out.
///
/// The engine's own lane with its session, journal and risk, on a transport without a kernel. Its
/// connections are made, logged on and synchronised with the emulated exchange, which also answers
/// every order; both stand still while a tick is measured.
enum DecisionBenchmark {
    static func run(_ options: BenchmarkOptions) throws -> BenchmarkReport {
        let files = try SampleCertificates.make(in: options.directory)
        let run = SampleRun(directory: options.directory, every: 1)
        let tls = try TLSServerContext(chainFile: files.chain, keyFile: files.key)
        let results = try Cores(options).measure {
            let bench = try DecisionBench(run, tls, options)
            return try bench.run()
        }
        return BenchmarkReport(
            "decision", rows: results.rows, stages: results.stages,
            notes: [
                "from the record handed to the lane to the order's record handed to the transport; "
                    + "the order's decision and bytes are journaled within",
                "two clock readings are included; the floor keeps no journal, one instrument and "
                    + "twelve checks",
                "50 us apart: a system call every microsecond in between; polluted: 2 MiB of other "
                    + "data touched in between; polling: the lane's own idle cycles in between, 50 us "
                    + "long, and the same with `keep_warm: 10us`, which runs reading, checks, writing, "
                    + "framing and sealing, and neither book, indicators, strategy nor journal",
            ])
    }

    struct Results: Sendable {
        var rows: [BenchmarkRow]
        var stages: [BenchmarkStage]
    }
}

/// What lies between two ticks.
private enum Pause: String, CaseIterable {
    case hot = "hot"
    case systemCalls = "between system calls, 50 us apart"
    case polluted = "2 MiB polluted"
    case polling = "polling in between, 50 us apart"
    case keptWarm = "the same, kept warm"

    /// Ticks on end before the exchange answers their orders.
    var burst: Int { self == .hot ? 32 : 1 }

    /// The lane waits for the tick in its own idle cycles.
    var isPolling: Bool { self == .polling || self == .keptWarm }
}

/// The lane, its exchange and the floor, all on the calling thread.
private final class DecisionBench: @unchecked Sendable {
    // SAFETY: the lane's roots are closures of this thread and run on it only.
    typealias Trader = Lane<MemoryTransport, StrategyGroup<TickAnswerer>>

    private enum Phase {
        /// Connecting, logging on, reading books.
        case opening
        case measuring
        case over
    }

    private let exchange: PacedExchange<MemoryTransport>
    private let options: BenchmarkOptions
    private let desk: OpaquePointer
    private let watch = Stopwatch()
    /// Behind a pointer: it is looked at while it runs.
    private let standalone: UnsafeMutablePointer<
        StandaloneLane<MemoryTransport, StrategyGroup<TickAnswerer>>
    >
    private let stamps: MemoryStamps
    private let ballast: UnsafeMutablePointer<UInt8>
    private static let ballastBytes = 2 << 20

    private var phase = Phase.opening
    private var tick: Int64 = 0
    private var floorTick: UInt64 = 0
    private var failure: BenchmarkFailure?
    private var results = DecisionBenchmark.Results(rows: [], stages: [])
    private let deadline: ContinuousClock.Instant

    init(_ run: SampleRun, _ tls: TLSServerContext, _ options: BenchmarkOptions) throws {
        self.options = options
        desk = try FloorDesk.make(every: 1)
        for step in 1...100 {
            cfloor_book_level(desk, 0, SampleMarket.middle - Int64(step) * SampleMarket.cent, 1)
            cfloor_book_level(
                desk, 1, SampleMarket.middle + Int64(100 + step) * SampleMarket.cent, 1)
        }
        ballast = .allocate(capacity: Self.ballastBytes)
        ballast.initialize(repeating: 0, count: Self.ballastBytes)
        let client = try MemoryTransport(configuration: TransportConfiguration())
        stamps = client.stamps
        exchange = try PacedExchange(
            sockets: client.otherEnd(), configuration: try run.exchange(), tls: tls,
            clock: TSCClock.calibrated())
        let (configuration, environment) = try run.configuration(port: 1)
        standalone = .allocate(capacity: 1)
        standalone.initialize(
            to: try .make(
                configuration, environment: environment,
                kinds: [StrategyKind(TickAnswerer.self)],
                instruments: [SampleMarket.instrument()],
                assets: [SampleMarket.name("BTC"), SampleMarket.name("USDT")], transport: client))
        deadline = ContinuousClock.now + .seconds(60)
    }

    deinit {
        standalone.deinitialize(count: 1)
        standalone.deallocate()
        ballast.deallocate()
        cfloor_desk_destroy(desk)
    }

    /// Runs the lane to its end; the measurements happen inside its duty cycle.
    func run() throws -> DecisionBenchmark.Results {
        let roots = LaneRoots<MemoryTransport, StrategyGroup<TickAnswerer>>(
            dutyCycle: { [self] lane in cycle(lane) },
            drainHeld: { lane in lane.pointee.drainHeld() })
        withUnsafeMutablePointer(to: &standalone.pointee.lane, roots.run)
        standalone.pointee.journal.stop()
        if let failure { throw failure }
        return results
    }

    // MARK: - The lane's duty cycle

    private func cycle(_ lane: UnsafeMutablePointer<Trader>) -> CycleOutcome {
        exchange.turn()
        switch phase {
        case .opening:
            if ContinuousClock.now > deadline {
                failure = BenchmarkFailure("the lane and the exchange did not come together")
                end()
            } else if isTrading {
                exchange.holdsMarket = true
                phase = .measuring
            }
        case .measuring:
            // The last of the exchange's own market is taken in first.
            let outcome = lane.pointee.cycle()
            if outcome != .idle { return outcome }
            measure(lane)
            end()
        case .over: break
        }
        return lane.pointee.cycle()
    }

    private var isTrading: Bool {
        let summary = standalone.pointee.instruments.board.read().lane
        return summary.time != .unknown && summary.haltReasons == 0
            && standalone.pointee.instruments.board.read().instruments[0].isBookValid
    }

    private func end() {
        phase = .over
        _ = standalone.pointee.commands.tryPush(
            Command(kind: .shutdown, id: 1, time: Timestamp(nanoseconds: 0)))
    }

    // MARK: - Measuring

    private func measure(_ lane: UnsafeMutablePointer<Trader>) {
        for pause in Pause.allCases {
            lane.pointee.keepWarm(every: pause == .keptWarm ? .microseconds(10) : .zero)
            var ours: [Double] = []
            var floor: [Double] = []
            var rounds = Rounds(options)
            while rounds.goOn(), failure == nil {
                let wanted = ours.count + rounds.samples
                while ours.count < wanted, failure == nil { answer(lane, pause, &ours) }
                if options.hasFloor {
                    for _ in 0..<rounds.samples { floor.append(answerFloor(pause)) }
                }
            }
            // The first ticks found everything cold.
            var row = BenchmarkRow(
                name: pause.rawValue, batch: 1, values: Distribution(ours))
            if options.hasFloor { row.setFloor(Distribution(floor)) }
            results.rows.append(row)
            if pause == .hot {
                results.stages = BenchmarkStage.onTheWay(standalone.pointee.instruments.latencies)
            }
        }
    }

    /// A burst of ticks, one order each, then the exchange's answers.
    private func answer(
        _ lane: UnsafeMutablePointer<Trader>, _ pause: Pause, _ samples: inout [Double]
    ) {
        for _ in 0..<pause.burst {
            if pause.isPolling { poll(lane) }
            send()
            if pause != .hot { wait(pause) }
            let before = stamps.sent
            _ = lane.pointee.cycle()
            let sent = stamps.sent
            if sent == before {
                failure = BenchmarkFailure(
                    "tick \(tick) was not answered with an order: \(lane.pointee.trouble)")
                return
            }
            samples.append(watch.nanoseconds(sent &- stamps.polled))
        }
        settle(lane)
    }

    /// Lets the exchange answer and the lane take the answers in.
    private func settle(_ lane: UnsafeMutablePointer<Trader>) {
        var patience = 1_000
        repeat {
            exchange.turn()
            while lane.pointee.cycle() == .busy {}
            patience -= 1
        } while lane.pointee.openOrderCount > 0 && patience > 0
    }

    private func send() {
        tick += 1
        var text = SampleTicks.text(Int(tick), update: SampleTicks.firstUpdate + tick)
        let isPrepared = text.withUTF8 { bytes in
            bytes.baseAddress.map { exchange.prepare($0, bytes.count) } ?? false
        }
        if !isPrepared || !exchange.sendPrepared() {
            failure = BenchmarkFailure("the exchange could not send a tick")
        }
    }

    private func answerFloor(_ pause: Pause) -> Double {
        withUnsafeTemporaryAllocation(byteCount: 2048, alignment: 64) { memory in
            guard let start = memory.baseAddress else { return 0 }
            let record = start.assumingMemoryBound(to: UInt8.self)
            let order = record + 1024
            var text = SampleTicks.text(
                Int(floorTick), update: SampleTicks.firstUpdate + Int64(floorTick))
            _ = text.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) { characters in
                    cfloor_desk_tick(
                        desk, floorTick, characters.baseAddress, characters.count, record)
                }
            }
            floorTick += 1
            if pause != .hot { wait(pause) }
            let begun = TSCClock.ticks()
            let count = cfloor_desk_decide(desk, record, order)
            let ended = TSCClock.ticks()
            if count == 0 { failure = BenchmarkFailure("the floor did not answer a tick") }
            return watch.nanoseconds(ended &- begun)
        }
    }

    /// Idle cycles with a system call each, as of a lane that polls its sockets.
    private func poll(_ lane: UnsafeMutablePointer<Trader>) {
        let end = TSCClock.ticks() &+ UInt64(50_000 / watch.nanosecondsPerTick)
        while TSCClock.ticks() < end {
            _ = getppid()
            _ = lane.pointee.cycle()
        }
    }

    private func wait(_ pause: Pause) {
        switch pause {
        case .hot, .polling, .keptWarm: break
        case .systemCalls:
            let end = TSCClock.ticks() &+ UInt64(50_000 / watch.nanosecondsPerTick)
            while TSCClock.ticks() < end { _ = getppid() }
        case .polluted:
            for offset in stride(from: 0, to: Self.ballastBytes, by: 64) { ballast[offset] &+= 1 }
        }
    }
}
