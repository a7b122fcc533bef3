import MarketModel
import Rings
import Synchronization
import TickToTrade
import Venues

/// The lane's ends of its rings, on their way to its thread: taken once.
@usableFromInline
final class LaneEnds: @unchecked Sendable {
    // SAFETY: filled before the thread starts, taken once by it.
    struct Taken: ~Copyable {
        var commands: MPSCConsumer<Command>
        var answers: RingProducer<CommandAnswer>
        var events: RingProducer<LaneEvent>
        var listings: RingProducer<OrderListing>
        var refusals: RingProducer<VenueRefusal>
        var history: RingConsumer<HistoricTrade>
    }

    private var ends: Taken?

    init(
        commands: consuming MPSCConsumer<Command>, answers: consuming RingProducer<CommandAnswer>,
        events: consuming RingProducer<LaneEvent>,
        listings: consuming RingProducer<OrderListing>,
        refusals: consuming RingProducer<VenueRefusal>,
        history: consuming RingConsumer<HistoricTrade>
    ) {
        ends = Taken(
            commands: commands, answers: answers, events: events, listings: listings,
            refusals: refusals, history: history)
    }

    func take() -> Taken? { ends.take() }
}

/// How a lane's thread has ended, readable by any thread.
final class LaneOutcome: Sendable {
    private let state = Mutex<(hasEnded: Bool, failure: StartFailure?)>((false, nil))

    var hasEnded: Bool { state.withLock { $0.hasEnded } }
    var failure: StartFailure? { state.withLock { $0.failure } }

    func end(_ failure: StartFailure?) { state.withLock { $0 = (true, failure) } }
}

/// What the slow half of a lane must look at.
@usableFromInline
enum HeldRecord: BitwiseCopyable { case none, progress, opened, closed, event }
