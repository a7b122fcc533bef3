import Dispatch
import Foundation
import Journal
import Logging
import Machine
import MarketModel
import Rings
import Synchronization
import TickToTrade
import Venues
import Wire

/// Gets the trades that market contexts lack, on a thread of its own: at the start those that the
/// journals of earlier runs have, then the venue's before the stream, and behind every gap in it.
///
/// The lane says on its board what it lacks and takes the trades from a ring, which it journals
/// with everything else. Requests keep to market data's share of the venue's weight.
final class TradeGatherer: @unchecked Sendable {
    // SAFETY: the mutable fields are the thread's own, which starts once.

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

    /// Failures in a row after which the rest counts as not to be had.
    private static let patience = 6

    private let configuration: RunConfiguration
    private let facts: VenueFacts
    /// Of this run, whose own records are not read.
    private let journal: String
    private let credentials: Credentials
    private let tls: TLSClientContext
    private let clock: TSCClock
    private let logger: Logger
    private let board: StatusBoard
    private var producer: RingProducer<HistoricTrade>
    private var progress: [Progress]
    private let isStopped = Atomic<Bool>(false)
    private let wake = DispatchSemaphore(value: 0)

    init(
        _ parts: EngineParts, _ producer: consuming RingProducer<HistoricTrade>,
        board: StatusBoard
    ) {
        configuration = parts.lane.configuration
        facts = parts.lane.facts
        journal = parts.lane.journal.directory
        credentials = parts.lane.credentials
        tls = parts.tls
        clock = parts.lane.clock
        logger = parts.logger
        self.board = board
        self.producer = producer
        progress = parts.lane.facts.tapes.map { Progress(tape: $0) }
    }

    func start() {
        let thread = Thread { self.run() }
        thread.name = "trade-history"
        thread.start()
    }

    /// Returns at once; a request that is on its way is answered to nobody.
    func stop() {
        isStopped.store(true, ordering: .releasing)
        wake.signal()
    }

    private var hasStopped: Bool { isStopped.load(ordering: .acquiring) }

    private func run() {
        while !hasStopped {
            let published = board.read().instruments
            for place in progress.indices {
                let request = published[progress[place].tape.instrument.index.slot].history
                gather(place, request)
            }
            _ = wake.wait(timeout: .now() + .milliseconds(50))
        }
    }

    /// Answers a request that is new, as far as the venue does.
    private func gather(_ place: Int, _ request: TradeHistoryRequest) {
        let now = clock.now()
        if request.number == progress[place].answered || now < progress[place].nextTry { return }
        if request.number != progress[place].current {
            progress[place].current = request.number
            progress[place].last = request.after
        }
        let instrument = progress[place].tape.instrument.index
        do throws(StartFailure) {
            let count = try handOver(place)
            progress[place].failures = 0
            progress[place].answered = request.number
            // The venue's archive may be behind its stream: it is not asked again at once.
            if count == 0 { progress[place].nextTry = now + Self.second }
            push(HistoricTrade(.ends, instrument))
        } catch {
            progress[place].failures += 1
            progress[place].nextTry = now + Self.second << Int64(progress[place].failures)
            if progress[place].failures < Self.patience { return }
            logger.warning(
                "market context stays partial",
                metadata: [
                    "instrument": "\(progress[place].tape.instrument.symbol.text)",
                    "cause": "\(error)",
                ])
            progress[place].failures = 0
            progress[place].answered = request.number
            push(HistoricTrade(.unavailable, instrument))
        }
    }

    private static var second: Int64 { 1_000_000_000 }

    /// Hands over page after page, and returns how many trades there were.
    private func handOver(_ place: Int) throws(StartFailure) -> Int {
        var inquiry = try inquiry()
        var count = 0
        if progress[place].last == .none { count = try handOverRecorded(place, &inquiry) }
        while !hasStopped {
            let page = try inquiry.trades(
                progress[place].tape, after: progress[place].last,
                areAggregates: configuration.venue.trades == .aggregate)
            let before = progress[place].last
            for trade in page where trade.id.raw > progress[place].last.raw {
                push(HistoricTrade(trade))
                progress[place].last = trade.id
                count += 1
            }
            if page.count < VenueInquiry.pageLength || progress[place].last == before { break }
        }
        return count
    }

    /// Hands over what earlier runs have recorded, if the venue still tells the newest of those
    /// trades as they do; returns how many there were.
    private func handOverRecorded(
        _ place: Int, _ inquiry: inout VenueInquiry
    ) throws(StartFailure) -> Int {
        let tape = progress[place].tape
        let areAggregates = configuration.venue.trades == .aggregate
        var recorded = RecordedTape(
            tape, areAggregates: areAggregates, venue: AccountIdentity.place(configuration))
        let runs = JournalRuns.paths(in: configuration.runsDirectory, since: tape.start)
        for run in runs where run != journal { recorded.add(run) }
        let trades = recorded.unbroken()
        guard let newest = trades.last, newest.id.raw > 0 else { return 0 }
        let told = try inquiry.trades(
            tape, after: TradeID(newest.id.raw - 1), areAggregates: areAggregates
        ).first
        guard let told, told.isSame(as: newest) else {
            logger.info(
                "the venue does not know the recorded trades",
                metadata: ["instrument": "\(tape.instrument.symbol.text)"])
            return 0
        }
        for trade in trades { push(HistoricTrade(trade)) }
        progress[place].last = newest.id
        logger.info(
            "market context goes on from the journal",
            metadata: [
                "instrument": "\(tape.instrument.symbol.text)", "trades": "\(trades.count)",
            ])
        return trades.count
    }

    private func inquiry() throws(StartFailure) -> VenueInquiry {
        do {
            var inquiry = try LiveEngine.inquiry(configuration, credentials, tls, clock, logger)
            let offset = try inquiry.clockOffset()
            inquiry.urgency = .marketData
            inquiry.obey(facts.rateLimits, clockOffset: offset)
            return inquiry
        } catch let failure as StartFailure {
            throw failure
        } catch {
            throw .machine("no connection can be made: \(error)")
        }
    }

    /// Waits while the lane is busy with earlier ones.
    private func push(_ piece: HistoricTrade) {
        while !hasStopped, !producer.tryPush(piece) {
            _ = wake.wait(timeout: .now() + .milliseconds(1))
        }
    }
}
