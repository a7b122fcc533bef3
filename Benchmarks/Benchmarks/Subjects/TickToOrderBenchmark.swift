import CFloor
import CLinuxURing
import Engine
import Foundation
import Journal
import Machine
import MarketModel
import Rings
import Synchronization
import TickToTrade
import Wire

/// From the moment a tick should be sent to the moment its order has arrived, through the kernel's
/// loopback with TLS 1.3, in an open loop.
enum TickToOrderBenchmark {
    /// Turns of engine and floor.
    private static func rounds(_ options: BenchmarkOptions) -> Int {
        options.samples >= 1_000 ? 5 : 1
    }

    static func run(_ options: BenchmarkOptions) throws -> BenchmarkReport {
        let cores = try Cores(options)
        try cores.requireTwo()
        _ = try SampleCertificates.make(in: options.directory)
        let link = try GeneratorLink(options, cores)
        defer { link.quit() }
        let schedules = TickSchedule.standard(seconds: seconds(options))
        let ways = options.sends
        var ours = ways.map { _ in schedules.map { _ in [Double]() } }
        var floor = schedules.map { _ in [Double]() }
        var stages: [BenchmarkStage] = []
        for round in 0..<rounds(options) {
            // Whoever comes first in a round comes last in the next.
            for turn in ways.indices {
                let way = round % 2 == 0 ? turn : ways.count - 1 - turn
                let engine = try EngineRun(options, ways[way], cores, link)
                for (index, schedule) in schedules.enumerated() {
                    do {
                        ours[way][index] += try engine.urgently {
                            try measure(schedule, link, options)
                        }
                    } catch {
                        throw BenchmarkFailure("\(error); engine: \(engine.trouble)")
                    }
                }
                if way == 0 { stages = engine.stages }
                try engine.stop()
            }
            if !options.hasFloor { continue }
            for (index, schedule) in schedules.enumerated() {
                floor[index] += try measureFloor(schedule, link, options, cores)
            }
        }
        let rows = schedules.indices.map { index in
            var row = BenchmarkRow(
                name: schedules[index].name, batch: 1, values: Distribution(ours[0][index]))
            if options.hasFloor { row.setFloor(Distribution(floor[index])) }
            row.peers = ways.indices.dropFirst().map { way in
                BenchmarkPeer(
                    name: "send: \(ways[way].rawValue)",
                    figures: Figures(Distribution(ours[way][index])))
            }
            return row
        }
        return BenchmarkReport(
            "tick-to-order", rows: rows, stages: stages,
            notes: [
                "engine over \(options.transport.rawValue) transport\(sending(options)) on core "
                    + "\(cores.own.map(String.init) ?? "-"), generator on core "
                    + "\(cores.other.map(String.init) ?? "-"); counted from the intended send time",
                "the floor: two plain sockets with TLS records, C on both sides, the same ticks at "
                    + "the same moments, one busy recv and one send",
            ])
    }

    /// How orders leave, where there is a choice.
    private static func sending(_ options: BenchmarkOptions) -> String {
        options.transport == .uring ? ", send: \(options.sends[0].rawValue)," : ""
    }

    /// How long each rate is held.
    private static func seconds(_ options: BenchmarkOptions) -> Double {
        switch options.extent {
        case .samples(let count): Double(count) / 40_000
        case .duration(let span): Double(span) / 1e9
        }
    }

    private static func measure(
        _ schedule: TickSchedule, _ link: GeneratorLink, _ options: BenchmarkOptions
    ) throws -> [Double] {
        let file = options.directory + "/samples"
        link.begin("measure", schedule, file)
        return try link.samples(file)
    }

    private static func measureFloor(
        _ schedule: TickSchedule, _ link: GeneratorLink, _ options: BenchmarkOptions,
        _ cores: Cores
    ) throws -> [Double] {
        let market = cfloor_connect(link.floorPort)
        let orders = cfloor_connect(link.floorPort)
        defer {
            cfloor_close(market)
            cfloor_close(orders)
        }
        if market < 0 || orders < 0 { throw BenchmarkFailure("the floor's venue is not there") }
        let file = options.directory + "/samples"
        link.begin("floor", schedule, file)
        try cores.measure {
            let desk = try FloorDesk.make(every: Int64(schedule.every))
            defer { cfloor_desk_destroy(desk) }
            _ = cfloor_trader(desk, market, orders, schedule.count)
        }
        return try link.samples(file)
    }
}

/// The engine's lane on its core, from its first connection to its end.
private final class EngineRun {
    private let thread: PinnedThread
    private let shared = SharedRun()
    private let priority: Int

    /// What the lane's thread shows us.
    private final class SharedRun: Sendable {
        let state = Mutex<State>(State())
        /// The SCHED_FIFO priority that the lane shall have, 0 for the ordinary one.
        let wantedPriority = Atomic<Int>(0)

        struct State {
            var instruments: LaneInstruments?
            var commands: MPSCProducer<Command>?
            var failure: (any Error)?
            var hasEnded = false
        }
    }

    init(
        _ options: BenchmarkOptions, _ send: BenchmarkOptions.SendChoice, _ cores: Cores,
        _ link: GeneratorLink
    ) throws {
        try link.open()
        priority = options.priority ?? 0
        var run = SampleRun(directory: options.directory, every: SampleTicks.step)
        run.transport = options.transport.rawValue
        run.send = send.rawValue
        let (configuration, environment) = try run.configuration(port: link.exchangePort)
        thread = try cores.startMeasuring { [shared] in
            do {
                switch options.transport {
                case .direct:
                    try Self.trade(DirectTransport.self, configuration, environment, shared)
                case .uring:
                    try Self.trade(URingTransport.self, configuration, environment, shared)
                }
            } catch {
                shared.state.withLock { $0.failure = error }
            }
            shared.state.withLock { $0.hasEnded = true }
        }
        try waitUntilTrading()
    }

    private static func trade<Wires: Transport & SendableMetatype & ~Copyable>(
        _ wires: Wires.Type, _ configuration: RunConfiguration, _ environment: [String: String],
        _ shared: SharedRun
    ) throws {
        var transport = TransportConfiguration()
        transport.slotCapacity = 16
        transport.receiveBufferSize = 16_384
        transport.sendsAtOnce = configuration.lanes[0].send == .call
        var standalone: StandaloneLane<Wires, StrategyGroup<TickAnswerer>> = try .make(
            configuration, environment: environment, kinds: [StrategyKind(TickAnswerer.self)],
            instruments: [SampleMarket.instrument()],
            assets: [SampleMarket.name("BTC"), SampleMarket.name("USDT")],
            transport: Wires(configuration: transport))
        shared.state.withLock { state in
            state.instruments = standalone.instruments
            state.commands = standalone.commands
        }
        let urgency = Urgency(shared)
        let roots = LaneRoots<Wires, StrategyGroup<TickAnswerer>>(
            dutyCycle: { lane in
                urgency.follow()
                return lane.pointee.cycle()
            }, drainHeld: { lane in lane.pointee.drainHeld() })
        withUnsafeMutablePointer(to: &standalone.lane, roots.run)
        standalone.journal.stop()
    }

    /// Gives the lane's thread the priority that is wanted of it: one load a cycle.
    private final class Urgency: @unchecked Sendable {
        // SAFETY: `current` is the lane's thread's own.
        private let shared: SharedRun
        private var current = 0

        init(_ shared: SharedRun) { self.shared = shared }

        @inline(__always)
        func follow() {
            let wanted = shared.wantedPriority.load(ordering: .relaxed)
            if wanted != current { change(to: wanted) }
        }

        @inline(never)
        private func change(to wanted: Int) {
            current = wanted
            _ = wanted > 0 ? clinux_uring_set_fifo(Int32(wanted)) : clinux_uring_set_ordinary()
        }
    }

    /// Runs `body` while the lane has the priority of the options.
    func urgently<Result>(_ body: () throws -> Result) rethrows -> Result {
        shared.wantedPriority.store(priority, ordering: .relaxed)
        defer { shared.wantedPriority.store(0, ordering: .relaxed) }
        return try body()
    }

    private func waitUntilTrading() throws {
        let deadline = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < deadline {
            let state = shared.state.withLock { ($0.instruments, $0.failure) }
            if let failure = state.1 { throw failure }
            if let board = state.0?.board {
                let status = board.read()
                if status.lane.time != .unknown, status.lane.haltReasons == 0,
                    status.instruments[0].isBookValid
                {
                    return
                }
            }
            Thread.sleep(forTimeInterval: 0.005)
        }
        throw BenchmarkFailure("the engine does not trade after 30 s")
    }

    /// Medians of the lane's own stamps.
    var stages: [BenchmarkStage] {
        let instruments = shared.state.withLock { $0.instruments }
        return instruments.map { BenchmarkStage.onTheWay($0.latencies) } ?? []
    }

    /// Why orders may be missing, in words.
    var trouble: String {
        guard let instruments = shared.state.withLock({ $0.instruments }) else { return "none" }
        let rules = RiskRule.allCases.filter { instruments.denials(of: Int($0.rawValue)) > 0 }
        return "\(instruments[.ordersSent]) orders sent, \(instruments[.rejected]) rejected, "
            + "denied by \(rules), halts \(instruments.board.read().lane.haltReasons), "
            + "open \(instruments.board.read().lane.openOrders), "
            + "messages \(instruments[.marketMessages])"
    }

    func stop() throws {
        let commands = shared.state.withLock { $0.commands }
        _ = commands?.tryPush(
            Command(kind: .shutdown, id: 1, time: Timestamp(nanoseconds: 0)))
        thread.join()
        if let failure = shared.state.withLock({ $0.failure }) { throw failure }
    }
}

extension BenchmarkStage {
    /// Medians of a lane's stages between a received record and a sent order.
    static func onTheWay(_ latencies: LaneLatencies) -> [BenchmarkStage] {
        latencies.snapshot().compactMap { stage, figures in
            let isOnTheWay =
                switch stage {
                case .decrypt, .unframe, .parse, .book, .strategy, .risk, .encode, .submit: true
                default: false
                }
            guard isOnTheWay, figures.count > 0 else { return nil }
            return BenchmarkStage(name: "\(stage)", nanoseconds: Double(figures.p50))
        }
    }
}
