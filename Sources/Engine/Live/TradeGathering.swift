import MarketModel
import TickToTrade

/// Which trades of history were handed over and which are asked for next, without a thread or a
/// connection of its own.
struct TradeGathering {
    /// How far one instrument is.
    private struct Progress {
        var tape: TapeStart
        /// The last request that was answered.
        var answered: Int32 = 0
        /// The request that is being answered, and the last trade that was handed over for it.
        var current: Int32 = 0
        var last = TradeID.none
        var failures = 0
        /// Nothing is asked before, on our clock.
        var nextTry: Int64 = 0
    }

    /// What gathering needs of the world around it.
    struct Surroundings {
        var areAggregates: Bool
        /// On our clock, nanoseconds.
        var now: Int64
        var open: () throws(StartFailure) -> VenueInquiry
        /// What earlier runs have recorded of a tape, if the venue knows the same.
        var recorded: (TapeStart, inout VenueInquiry) throws(StartFailure) -> [Trade]
        var push: (HistoricTrade) -> Void
        var isOver: () -> Bool
    }

    /// What is to be told of a look at a request.
    enum Outcome {
        case nothing
        /// The venue's limits leave no room for the rest before this time on our clock.
        case waits(until: Int64)
        /// The rest is given up.
        case unavailable(StartFailure)
    }

    /// Failures in a row after which the rest counts as not to be had.
    private static let patience = 6
    private static var second: Int64 { 1_000_000_000 }

    private var progress: [Progress]

    init(_ tapes: [TapeStart]) { progress = tapes.map { Progress(tape: $0) } }

    var count: Int { progress.count }

    func tape(_ place: Int) -> TapeStart { progress[place].tape }

    /// Answers a request that is new, as far as the venue does.
    mutating func gather(
        _ place: Int, _ request: TradeHistoryRequest, _ world: Surroundings
    ) -> Outcome {
        let now = world.now
        if !isDue(place, request, now) { return .nothing }
        if request.number != progress[place].current {
            progress[place].current = request.number
            progress[place].last = request.after
        }
        let instrument = progress[place].tape.instrument.index
        do throws(StartFailure) {
            guard let count = try handOver(place, world) else {
                return .waits(until: progress[place].nextTry)
            }
            progress[place].failures = 0
            progress[place].answered = request.number
            // The venue's archive may be behind its stream: it is not asked again at once.
            if count == 0 { progress[place].nextTry = now + Self.second }
            world.push(HistoricTrade(.ends, instrument))
            return .nothing
        } catch {
            progress[place].failures += 1
            let pause = now + Self.second << Int64(progress[place].failures)
            progress[place].nextTry = max(pause, progress[place].nextTry)
            if progress[place].failures < Self.patience { return .nothing }
            progress[place].failures = 0
            progress[place].answered = request.number
            world.push(HistoricTrade(.unavailable, instrument))
            return .unavailable(error)
        }
    }

    /// Whether ``gather(_:_:_:)`` would ask for something now.
    func isDue(_ place: Int, _ request: TradeHistoryRequest, _ now: Int64) -> Bool {
        request.number != progress[place].answered && now >= progress[place].nextTry
    }

    /// Hands over page after page, and returns how many trades there were; `nil` when the venue's
    /// limits leave no room for the rest before the next try.
    private mutating func handOver(
        _ place: Int, _ world: Surroundings
    ) throws(StartFailure) -> Int? {
        var inquiry = try world.open()
        // Who asks again before the venue's quiet is over is banned.
        defer { progress[place].nextTry = max(progress[place].nextTry, inquiry.quietUntil) }
        var count = 0
        let tape = progress[place].tape
        if progress[place].last == .none {
            let recorded = try world.recorded(tape, &inquiry)
            for trade in recorded { world.push(HistoricTrade(trade)) }
            if let newest = recorded.last { progress[place].last = newest.id }
            count = recorded.count
        }
        while !world.isOver() {
            if let later = inquiry.pageIsDue(areAggregates: world.areAggregates) {
                progress[place].nextTry = later
                return nil
            }
            let page = try inquiry.trades(
                tape, after: progress[place].last, areAggregates: world.areAggregates)
            let before = progress[place].last
            for trade in page where trade.id.raw > progress[place].last.raw {
                world.push(HistoricTrade(trade))
                progress[place].last = trade.id
                count += 1
            }
            if page.count < VenueInquiry.pageLength || progress[place].last == before { break }
        }
        return count
    }
}
