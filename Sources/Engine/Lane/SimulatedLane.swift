import Codec
import Foundation
import Journal
import Logging
import Machine
import MarketModel
import Rings
import TickToTrade
import Venues
import Wire

/// What lanes of simulations share, since it lives as long as the process.
package struct SimulationFixtures: Sendable {
    package let instruments: LaneInstruments
    let heartbeat: Heartbeat

    /// `folder` keeps the heartbeat.
    package init(instrumentCount: Int, folder: String) throws {
        instruments = LaneInstruments(instrumentCount: instrumentCount)
        heartbeat = try Heartbeat(path: folder + "/heartbeat")
    }
}

/// The lane of an engine in a process that makes the time: the very code that trades, on a
/// transport, a clock and a venue of the caller's.
///
/// Made as an engine starts: facts, plan, recovery from the journal of the run before,
/// reconciliation, first records. Owns its memory. What a simulation calls at each step is
/// `@inlinable`, so that it has it specialised for its transport and strategies.
@usableFromInline
package final class SimulatedLane<
    Wires: Transport & ~Copyable, Strategies: ConfiguredStrategySet & ~Copyable
> {
    @usableFromInline let lane: UnsafeMutablePointer<Lane<Wires, Strategies>>
    private let commands: MPSCProducer<Command>
    private var output: SimulatedOutput
    private var gathering: TradeGathering
    private var history: RingProducer<HistoricTrade>
    /// Trades of history that the lane has no room for yet.
    private var waiting: ArraySlice<HistoricTrade> = []
    private let settings: Settings
    private let rateLimits: [RateLimitRule]
    private let clockOffset: Int64
    package let journal: Journal
    /// What the recovery found.
    package let reconciliation: ReconciliationReport
    package let instruments: [Instrument]
    package let assetNames: [String]
    private var nextCommand: UInt64 = 1

    /// What a lane is started with.
    package struct Settings {
        package var configuration: RunConfiguration
        package var environment: [String: String]
        /// Of masks and backoffs.
        package var seed: UInt64
        /// Directory of the journals of all runs.
        package var journals: String
        package var journal: JournalOptions

        package init(
            configuration: RunConfiguration, environment: [String: String], seed: UInt64,
            journals: String, journal: JournalOptions
        ) {
            self.configuration = configuration
            self.environment = environment
            self.seed = seed
            self.journals = journals
            self.journal = journal
        }
    }

    /// Starts at the desk's time; what the venue is asked takes time there.
    package init(
        _ settings: Settings, _ fixtures: SimulationFixtures, desk: any VenueDesk,
        transport: consuming Wires
    ) throws {
        let configuration = settings.configuration
        let started = Timestamp(nanoseconds: desk.now)
        let credentials = try Credentials.load(
            configuration.credentials, environment: settings.environment)
        var spot = LiveEngine.spotConfiguration(configuration, credentials, seed: settings.seed)
        var inquiry = VenueInquiry(
            desk: desk, apiKey: credentials.key.revealed, signer: try credentials.signer(),
            receiveWindow: Int(configuration.venue.receiveWindow.count / 1_000_000))
        var facts = try inquiry.ask(symbols: configuration.lanes[0].instruments)
        try inquiry.addCommissions(to: &facts)
        let epoch = JournalRuns.epoch(in: settings.journals, at: started)
        let plan = try TradingPlan(configuration, facts, kinds: Strategies.kinds, epoch: epoch)
        try inquiry.addHistory(plan.history, to: &facts)
        facts.tapes = plan.tapes(at: Timestamp(nanoseconds: desk.now + facts.clockOffset))
        spot.rateLimits = facts.rateLimits
        let earlier = try EarlierRuns.newest(in: settings.journals) { $0 == Self.identity }
        var reconciliation = Reconciliation(
            plan, facts, configuration.reconciliation, isDryRun: false)
        let account = try reconciliation.reconcile(earlier, &inquiry)
        let now = Timestamp(nanoseconds: desk.now)
        let journal = try Journal(
            directory: JournalRuns.newPath(in: settings.journals, at: started), lane: 0, epoch: epoch,
            options: settings.journal, now: now)
        let text = JournaledConfiguration.text(
            of: configuration, environment: settings.environment)
        let parts = LaneParts(
            configuration: configuration, plan: plan, facts: facts, spot: spot,
            credentials: credentials, tls: nil, journal: journal,
            endpoints: try LiveEngine.endpoints(spot), heartbeat: fixtures.heartbeat,
            clock: .standing(at: now.nanoseconds), account: account, identity: Self.identity,
            halted: reconciliation.report.halted, text: Array(text.utf8))
        let ends = Self.ends()
        var made: Lane<Wires, Strategies> = try assemble(
            parts, transport, ends.lane, fixtures.instruments)
        made.begin(parts)
        lane = .allocate(capacity: 1)
        lane.initialize(to: made)
        commands = ends.commands
        output = ends.output
        history = ends.history
        gathering = TradeGathering(facts.tapes)
        self.settings = settings
        rateLimits = facts.rateLimits
        clockOffset = facts.clockOffset
        self.journal = journal
        self.reconciliation = reconciliation.report
        instruments = plan.instruments
        assetNames = plan.assets.map(\.text)
    }

    deinit {
        let state = lane.pointee.loop.state
        let memory = [lane.pointee.snapshotMemory, lane.pointee.staging]
        let ticks = lane.pointee.sentTicks
        let warmth = lane.pointee.warmth
        lane.deinitialize(count: 1)
        lane.deallocate()
        state.deinitialize(count: 1)
        state.deallocate()
        ticks.deallocate()
        warmth.deinitialize(count: 1)
        warmth.deallocate()
        for piece in memory { piece.deallocate() }
        journal.stop()
    }

    /// Reads what the lane has told, as actors do; without it its rings fill up.
    package func readOutput() { output.read() }

    private struct Ends: ~Copyable {
        var lane: LaneEnds
        var commands: MPSCProducer<Command>
        var output: SimulatedOutput
        var history: RingProducer<HistoricTrade>
    }

    private static func ends() -> Ends {
        let commands = MPSCRing.make(of: Command.self, capacity: 64)
        let answers = SPSCRing.make(of: CommandAnswer.self, capacity: 16)
        let events = SPSCRing.make(of: LaneEvent.self, capacity: 16)
        let listings = SPSCRing.make(of: OrderListing.self, capacity: 16)
        let refusals = SPSCRing.make(of: VenueRefusal.self, capacity: 16)
        let history = SPSCRing.make(of: HistoricTrade.self, capacity: 16)
        let producer = commands.producer
        return Ends(
            lane: LaneEnds(
                commands: commands.consumer, answers: answers.producer, events: events.producer,
                listings: listings.producer, refusals: refusals.producer,
                history: history.consumer),
            commands: producer,
            output: SimulatedOutput(
                answers: answers.consumer, events: events.consumer, listings: listings.consumer,
                refusals: refusals.consumer),
            history: history.producer)
    }

    /// Gets the trades that market contexts lack, as the thread beside a lane does; a desk that does
    /// not let time pass answers. Earlier runs' records are not looked for.
    package func gatherHistory(from desk: any VenueDesk) {
        while let next = waiting.first, history.tryPush(next) { waiting.removeFirst() }
        if !waiting.isEmpty || !isHistoryDue(desk.now) { return }
        var pieces: [HistoricTrade] = []
        let world = TradeGathering.Surroundings(
            areAggregates: settings.configuration.venue.trades == .aggregate, now: desk.now,
            open: { () throws(StartFailure) in try self.inquiry(desk) },
            recorded: { _, _ throws(StartFailure) in [] }, push: { pieces.append($0) },
            isOver: { false })
        for place in 0..<gathering.count {
            let instrument = gathering.tape(place).instrument.index
            _ = gathering.gather(place, state.pointee.historyRequest(of: instrument), world)
        }
        waiting = pieces[...]
    }

    /// Most turns ask for nothing.
    private func isHistoryDue(_ now: Int64) -> Bool {
        for place in 0..<gathering.count {
            let instrument = gathering.tape(place).instrument.index
            if gathering.isDue(place, state.pointee.historyRequest(of: instrument), now) { return true }
        }
        return false
    }

    private func inquiry(_ desk: any VenueDesk) throws(StartFailure) -> VenueInquiry {
        let configuration = settings.configuration
        do {
            let credentials = try Credentials.load(
                configuration.credentials, environment: settings.environment)
            var inquiry = VenueInquiry(
                desk: desk, apiKey: credentials.key.revealed, signer: try credentials.signer(),
                receiveWindow: Int(configuration.venue.receiveWindow.count / 1_000_000))
            inquiry.longestPause = 0
            inquiry.urgency = .history
            inquiry.obey(rateLimits, clockOffset: clockOffset)
            return inquiry
        } catch let failure as StartFailure {
            throw failure
        } catch {
            throw .machine("\(error)")
        }
    }

    // MARK: - Time

    /// Runs the lane at a moment of its clock until it has nothing more to do: what its thread
    /// does between two events. `hasJumped`: the clock was found far behind, as a resync finds it.
    /// Returns whether it came to rest, which it must within so many cycles.
    @inlinable @inline(__always)
    package func turn(at now: Int64, hasJumped: Bool = false) -> Bool {
        lane.pointee.clock.stand(at: now)
        if hasJumped { lane.pointee.haltForClock() }
        var outcome = CycleOutcome.busy
        var cycles = 0
        while outcome != .idle, !lane.pointee.isFinished, cycles < Self.longestTurn {
            cycles += 1
            outcome = lane.pointee.cycle()
            if outcome == .needsCold { lane.pointee.handleHeld { $0.pointee.drainHeld() } }
            lane.pointee.turn { $0.pointee.drainHeld() }
            if lane.pointee.isStopping { lane.pointee.stopWhenQuiet { $0.pointee.drainHeld() } }
        }
        _ = lane.pointee.remarks.take()
        return cycles < Self.longestTurn
    }

    /// The account's name in its journals.
    private static var identity: String { "simulation" }
    @inlinable static var longestTurn: Int { 10_000 }

    /// When it has something to do at the latest if nothing arrives.
    @inlinable @inline(__always)
    package var nextDeadline: Int64 {
        min(lane.pointee.nextTimer.nanoseconds, lane.pointee.session.nextTurn())
    }

    /// Hands the lane a command, as the control socket does; `false` when its ring is full.
    @discardableResult
    package func command(
        _ kind: CommandKind, instrument: InstrumentIndex = .none,
        strategy: StrategyIndex = .none, key: Int64 = 0, value: Int64 = 0, at now: Int64
    ) -> Bool {
        defer { nextCommand += 1 }
        return commands.tryPush(
            Command(
                kind: kind, id: nextCommand, instrument: instrument, strategy: strategy, key: key,
                value: value, time: Timestamp(nanoseconds: now)))
    }

    // MARK: - What it holds to be true

    /// The orders, positions, limits and books, to look at.
    @inlinable @inline(__always)
    package var state: UnsafePointer<TradingState> { UnsafePointer(lane.pointee.loop.state) }
    @inlinable @inline(__always)
    package var isFinished: Bool { lane.pointee.isFinished }
    /// Sequence of the last journaled record.
    @inlinable @inline(__always)
    package var sequence: UInt64 { lane.pointee.journal.sequence }
    /// Whether the journal takes records of every kind.
    package var hasJournalRoom: Bool { lane.pointee.journal.hasRoom }
    @inlinable @inline(__always)
    package var isOrderSessionUp: Bool { lane.pointee.session.isOrderSessionUp }
    /// The stages of its session's conversations, a bit each of `SessionStage`.
    @inlinable @inline(__always)
    package var stages: UInt32 { lane.pointee.session.stages }
    @inlinable @inline(__always)
    package func phase(of link: Int) -> LinkPhase { lane.pointee.session.links[link].phase }
    package var malformedCount: Int64 { lane.pointee.session.malformedCount }
}

/// What the outer ring reads.
private struct SimulatedOutput: ~Copyable {
    var answers: RingConsumer<CommandAnswer>
    var events: RingConsumer<LaneEvent>
    var listings: RingConsumer<OrderListing>
    var refusals: RingConsumer<VenueRefusal>

    mutating func read() {
        while answers.tryPop() != nil {}
        while events.tryPop() != nil {}
        while listings.tryPop() != nil {}
        while refusals.tryPop() != nil {}
    }
}
