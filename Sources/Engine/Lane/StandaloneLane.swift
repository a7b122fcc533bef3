import Journal
import Machine
import MarketModel
import Rings
import TickToTrade
import Venues
import Wire

/// A lane that its maker runs on a thread and a transport of his own: for benchmarks.
package struct StandaloneLane<
    Wires: Transport & ~Copyable, Strategies: ConfiguredStrategySet & ~Copyable
>: ~Copyable {
    package var lane: Lane<Wires, Strategies>
    /// The way in for commands: a shutdown ends ``LaneRoots/run``.
    package let commands: MPSCProducer<Command>
    package let instruments: LaneInstruments
    /// To be stopped once the lane has ended.
    package let journal: Journal

    /// Builds the lane from a configuration and from venue facts that are given instead of asked
    /// for; it connects as soon as it runs.
    package static func make(
        _ configuration: RunConfiguration, environment: [String: String], kinds: [StrategyKind],
        instruments list: [Instrument], assets: [ShortName], transport: consuming Wires
    ) throws -> StandaloneLane {
        let clock = TSCClock.calibrated()
        let now = Timestamp(nanoseconds: clock.now())
        let credentials = try Credentials.load(
            configuration.credentials, environment: environment)
        let facts = VenueFacts(
            instruments: list, assets: assets, clockOffset: 0, rateLimits: [], history: [],
            remarks: [])
        let spot = LiveEngine.spotConfiguration(configuration, credentials, seed: 1)
        let parts = LaneParts(
            configuration: configuration,
            plan: try TradingPlan(configuration, facts, kinds: kinds, epoch: 1), facts: facts,
            spot: spot, credentials: credentials, tls: try LiveEngine.trust(configuration),
            journal: try LiveEngine.openJournal(configuration, 1, now),
            endpoints: try LiveEngine.endpoints(spot),
            heartbeat: try Heartbeat(path: configuration.watchdog.heartbeat), clock: clock,
            account: AccountSnapshot(), identity: "", halted: [], text: [])
        let commands = MPSCRing.make(of: Command.self, capacity: 16)
        let answers = SPSCRing.make(of: CommandAnswer.self, capacity: 16)
        let events = SPSCRing.make(of: LaneEvent.self, capacity: 16)
        let listings = SPSCRing.make(of: OrderListing.self, capacity: 16)
        let refusals = SPSCRing.make(of: VenueRefusal.self, capacity: 16)
        let history = SPSCRing.make(of: HistoricTrade.self, capacity: 16)
        let producer = commands.producer
        let ends = LaneEnds(
            commands: commands.consumer, answers: answers.producer, events: events.producer,
            listings: listings.producer, refusals: refusals.producer,
            history: history.consumer)
        let instruments = LaneInstruments(instrumentCount: list.count)
        var lane: Lane<Wires, Strategies> = try assemble(parts, transport, ends, instruments)
        lane.begin(parts)
        return StandaloneLane(
            lane: lane, commands: producer, instruments: instruments, journal: parts.journal)
    }
}

extension Lane where Wires: ~Copyable, Strategies: ~Copyable {
    package var openOrderCount: Int { loop.state.pointee.openOrderCount }

    /// Has the lane keep itself warm from now on, or no longer (zero).
    package func keepWarm(every interval: Nanoseconds) { warmth.pointee.interval = interval }

    /// Why orders may not be leaving, in words.
    package var trouble: String {
        let state = loop.state
        let rules = RiskRule.allCases.filter { state.pointee.denials(of: Int($0.rawValue)) > 0 }
        return "halts \(state.pointee.halts), open orders \(state.pointee.openOrderCount), "
            + "rejected \(state.pointee.counts.rejected), denied by \(rules)"
    }
}
