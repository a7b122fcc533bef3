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

/// The engine's lane on its core, from its first connection to its end.
final class EngineRun {
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
        _ options: BenchmarkOptions, _ way: BenchmarkOptions.Way, _ cores: Cores,
        _ link: GeneratorLink
    ) throws {
        try link.open()
        priority = options.priority ?? 0
        var run = SampleRun(directory: options.directory, every: SampleTicks.step)
        run.transport = way.transport.rawValue
        run.send = way.send.rawValue
        let (configuration, environment) = try run.configuration(port: link.exchangePort)
        thread = try cores.startMeasuring { [shared] in
            do {
                switch way.transport {
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
        // This exchange lets any number of orders wait for their answers while the host stalls.
        var instrument = SampleMarket.instrument()
        instrument.maxOpenOrders = 0
        transport.sendsAtOnce = configuration.lanes[0].send == .call
        var standalone: StandaloneLane<Wires, StrategyGroup<TickAnswerer>> = try .make(
            configuration, environment: environment, kinds: [StrategyKind(TickAnswerer.self)],
            instruments: [instrument],
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
        return "\(instruments[.ordersSent]) orders sent, \(refusals), halts \(instruments.board.read().lane.haltReasons), "
            + "open \(instruments.board.read().lane.openOrders), "
            + "messages \(instruments[.marketMessages])"
    }

    /// Orders that did not become one at the venue: its own refusals and those of each of our rules.
    var refusals: RefusedOrders {
        guard let instruments = shared.state.withLock({ $0.instruments }) else {
            return RefusedOrders()
        }
        var refused = RefusedOrders()
        refused.rejected = instruments[.rejected]
        for rule in RiskRule.allCases {
            let count = instruments.denials(of: Int(rule.rawValue))
            if count > 0 { refused.denied[rule] = count }
        }
        return refused
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
