import Journal
import Machine
import MarketModel
import Rings
import TickToTrade
import Venues
import Wire

/// What the lane's thread builds itself from, handed over once.
struct LaneParts: @unchecked Sendable {
    // SAFETY: moved into the lane's thread before it runs; nobody else keeps them.
    var configuration: RunConfiguration
    var plan: TradingPlan
    var facts: VenueFacts
    var spot: SpotConfiguration
    var credentials: Credentials
    var tls: TLSClientContext
    var journal: Journal
    var endpoints: [SocketAddress]
    var clock: TSCClock
    /// The configuration as it took effect, for the journal.
    var text: [UInt8]
}

/// A lane on its pinned thread.
final class LaneThread: Sendable {
    private let thread: PinnedThread
    private let outcome: LaneOutcome

    /// Starts the thread; it reports through ``LaneOutcome`` when it cannot begin.
    init(
        _ program: StrategyProgram, _ parts: LaneParts, _ ends: LaneEnds,
        _ instruments: LaneInstruments
    ) throws(StartFailure) {
        let lane = parts.configuration.lanes[0]
        let outcome = LaneOutcome()
        self.outcome = outcome
        do throws(PinnedThread.Refused) {
            thread = try PinnedThread.start(
                name: "lane-\(lane.name)", core: lane.core,
                realTimePriority: lane.realTimePriority
            ) {
                do throws(StartFailure) {
                    try program.runLane(parts, ends, instruments)
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

/// Builds a lane on io_uring and runs it to its end; on the lane's own thread.
func runOnURing<Strategies: ConfiguredStrategySet & ~Copyable>(
    _ parts: LaneParts, _ ends: LaneEnds, _ instruments: LaneInstruments,
    _ roots: LaneRoots<URingTransport, Strategies>
) throws(StartFailure) {
    let transport: URingTransport
    do throws(WireFailure) {
        transport = try URingTransport(configuration: transportConfiguration(parts))
    } catch {
        throw .machine(
            "io_uring is not to be had (\(error)); set topology transport to direct, "
                + "`apus check` shows what the kernel offers")
    }
    var lane: Lane<URingTransport, Strategies> = try assemble(parts, transport, ends, instruments)
    lane.begin(parts.text, parts.names, parts.facts.history)
    withUnsafeMutablePointer(to: &lane, roots.run)
}

/// The same on non-blocking sockets.
func runOnSockets<Strategies: ConfiguredStrategySet & ~Copyable>(
    _ parts: LaneParts, _ ends: LaneEnds, _ instruments: LaneInstruments,
    _ roots: LaneRoots<DirectTransport, Strategies>
) throws(StartFailure) {
    let transport: DirectTransport
    do throws(WireFailure) {
        transport = try DirectTransport(configuration: transportConfiguration(parts))
    } catch {
        throw .machine("the lane's sockets cannot be set up: \(error)")
    }
    var lane: Lane<DirectTransport, Strategies> = try assemble(parts, transport, ends, instruments)
    lane.begin(parts.text, parts.names, parts.facts.history)
    withUnsafeMutablePointer(to: &lane, roots.run)
}

private func transportConfiguration(_ parts: LaneParts) -> TransportConfiguration {
    var configuration = TransportConfiguration()
    switch parts.configuration.lanes[0].idle {
    case .spin: configuration.idle = .spin
    case .spinThenWait(let spinning):
        configuration.idle = .spinThenWait(spinNanoseconds: spinning.count)
    }
    configuration.slotCapacity = 16
    configuration.receiveBufferSize = 16_384
    return configuration
}
