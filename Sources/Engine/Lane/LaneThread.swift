import Journal
import Machine
import MarketModel
import Rings
import TickToTrade
import Venues
import Wire

/// What the lane's thread builds itself from, handed over once.
@usableFromInline
struct LaneParts: @unchecked Sendable {
    // SAFETY: moved into the lane's thread before it runs; nobody else keeps them.
    var configuration: RunConfiguration
    var plan: TradingPlan
    var facts: VenueFacts
    var spot: SpotConfiguration
    var credentials: Credentials
    /// `nil`: plain text, in simulations.
    var tls: TLSClientContext?
    var journal: Journal
    var endpoints: [SocketAddress]
    var heartbeat: Heartbeat
    var clock: TSCClock
    /// What the run before has left, reconciled with the venue.
    var account: AccountSnapshot
    /// Which account at which venue that is.
    var identity: String
    /// Symbols that may not trade before an operator has looked.
    var halted: [String]
    /// The configuration as it took effect, for the journal.
    var text: [UInt8]
    /// Where books and orders go.
    var tables = TableMemory()
}

/// A lane on its pinned thread.
final class LaneThread: Sendable {
    private let thread: PinnedThread
    private let outcome: LaneOutcome

    /// Starts the thread; it reports through ``LaneOutcome`` when it cannot begin.
    init(
        _ program: StrategyProgram, _ parts: LaneParts, _ ends: LaneEnds,
        _ instruments: LaneInstruments, _ tables: TableMemory
    ) throws(StartFailure) {
        var parts = parts
        parts.tables = tables
        let complete = parts
        let lane = parts.configuration.lanes[0]
        let outcome = LaneOutcome()
        self.outcome = outcome
        do throws(PinnedThread.Refused) {
            thread = try PinnedThread.start(
                name: "lane-\(lane.name)", core: lane.core,
                realTimePriority: lane.realTimePriority
            ) {
                do throws(StartFailure) {
                    try program.runLane(complete, ends, instruments)
                    outcome.end(nil)
                } catch {
                    outcome.end(error)
                }
            }
        } catch {
            throw .machine("the lane's thread cannot be started: \(error)")
        }
    }

    var placement: ThreadPlacement { thread.placement }
    /// `true` once the lane has ended, for whatever reason.
    var hasEnded: Bool { outcome.hasEnded }
    var failure: StartFailure? { outcome.failure }

    /// Waits for the lane's end. Blocks its thread.
    func join() { thread.join() }
}

/// Builds a lane on io_uring and runs it to its end; on the lane's own thread. Answers what the
/// kernel refused when there is no io_uring to be had; nothing has happened then.
func runOnURing<Strategies: ConfiguredStrategySet & ~Copyable>(
    _ parts: LaneParts, _ ends: LaneEnds, _ instruments: LaneInstruments,
    _ roots: LaneRoots<URingTransport, Strategies>
) throws(StartFailure) -> WireFailure? {
    let transport: URingTransport
    do throws(WireFailure) {
        transport = try URingTransport(
            configuration: TransportConfiguration(parts.configuration.lanes[0]))
    } catch {
        return error
    }
    instruments.notes.add(transport)
    noteHugePages(parts, transport.memoryGrant, instruments)
    instruments.notes.add(parts.configuration.recordLayer)
    var lane: Lane<URingTransport, Strategies> = try assemble(parts, transport, ends, instruments)
    lane.begin(parts)
    withUnsafeMutablePointer(to: &lane, roots.run)
    return nil
}

/// The same on non-blocking sockets.
func runOnSockets<Strategies: ConfiguredStrategySet & ~Copyable>(
    _ parts: LaneParts, _ ends: LaneEnds, _ instruments: LaneInstruments,
    _ roots: LaneRoots<DirectTransport, Strategies>
) throws(StartFailure) {
    let transport: DirectTransport
    do throws(WireFailure) {
        transport = try DirectTransport(
            configuration: TransportConfiguration(parts.configuration.lanes[0]))
    } catch {
        throw .machine("the lane's sockets cannot be set up: \(error)")
    }
    instruments.notes.add("non-blocking recv and send")
    noteHugePages(parts, transport.memoryGrant, instruments)
    instruments.notes.add(parts.configuration.recordLayer)
    var lane: Lane<DirectTransport, Strategies> = try assemble(parts, transport, ends, instruments)
    lane.begin(parts)
    withUnsafeMutablePointer(to: &lane, roots.run)
}

/// What the numbers in the records stand for.
private func names(_ parts: LaneParts) -> [(JournalName, [UInt8])] {
    [(JournalName(.account, 0), Array(parts.identity.utf8))]
        + parts.plan.assets.enumerated().map {
            (JournalName(.asset, UInt16($0)), Array($1.text.utf8))
        }
        + parts.plan.strategyNames.enumerated().map {
            (JournalName(.strategy, UInt16($0)), Array($1.utf8))
        }
}

private func noteHugePages(
    _ parts: LaneParts, _ grant: MemoryGrant, _ instruments: LaneInstruments
) {
    guard parts.configuration.lanes[0].usesHugePages else { return }
    instruments.notes.add(grant, of: "receive buffers")
}

func assemble<
    Wires: Transport & ~Copyable, Strategies: ConfiguredStrategySet & ~Copyable
>(
    _ parts: LaneParts, _ transport: consuming Wires, _ ends: LaneEnds,
    _ instruments: LaneInstruments
) throws(StartFailure) -> Lane<Wires, Strategies> {
    let strategies: Strategies
    do throws(ConfigurationFailure) {
        strategies = try Strategies(parts.plan.strategies.map(\.settings))
    } catch {
        throw .machine("a strategy could be made only once: \(error)")
    }
    precondition(strategies.count == parts.plan.strategies.count, "one slot a planned strategy")
    // Stages take no time by a clock that stands.
    let isTimed = !parts.clock.isStanding
    var spot = parts.spot
    spot.limits.stampsMessages = isTimed
    let session: SpotSession
    do {
        session = try SpotSession(
            configuration: spot, instruments: parts.plan.instruments, directory: parts.facts.directory(),
            tls: parts.tls, signer: try parts.credentials.signer(),
            clockOffset: parts.facts.clockOffset)
    } catch let failure as StartFailure {
        throw failure
    } catch {
        throw .machine("the session cannot be set up: \(error)")
    }
    let state = TradingState.allocate(
        parts.plan.configuration, instruments: parts.plan.instruments, in: parts.tables)
    guard let taken = ends.take(), let writer = parts.journal.takeWriter() else {
        throw .machine("a lane is started only once")
    }
    return Lane(
        transport: transport, session: session,
        loop: TradeLoop(state: state, strategies: strategies, isTimed: isTimed), journal: writer,
        clock: parts.clock, ends: taken, instruments: instruments,
        heartbeat: parts.heartbeat, endpoints: parts.endpoints, names: names(parts),
        shutdownPatience: parts.configuration.timeouts.shutdown,
        warmth: KeepWarm(
            every: parts.configuration.lanes[0].keepWarm ?? .zero,
            symbol: parts.plan.instruments[0].symbol.text))
}
