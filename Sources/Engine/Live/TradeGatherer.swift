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
    private var gathering: TradeGathering
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
        gathering = TradeGathering(parts.lane.facts.tapes)
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
            for place in 0..<gathering.count {
                let tape = gathering.tape(place)
                let request = published[tape.instrument.index.slot].history
                tell(gathering.gather(place, request, surroundings), of: tape.instrument)
            }
            _ = wake.wait(timeout: .now() + .milliseconds(50))
        }
    }

    private func tell(_ outcome: TradeGathering.Outcome, of instrument: Instrument) {
        switch outcome {
        case .nothing: break
        case .waits(let time):
            logger.info(
                "request weight for history used up, market context waits for the next minute",
                metadata: [
                    "instrument": "\(instrument.symbol.text)",
                    "milliseconds": "\(max(time - clock.now(), 0) / 1_000_000)",
                ])
        case .unavailable(let failure):
            logger.warning(
                "market context stays partial",
                metadata: ["instrument": "\(instrument.symbol.text)", "cause": "\(failure)"])
        }
    }

    private var surroundings: TradeGathering.Surroundings {
        TradeGathering.Surroundings(
            areAggregates: configuration.venue.trades == .aggregate, now: clock.now(),
            open: { () throws(StartFailure) in try self.inquiry() },
            recorded: { tape, inquiry throws(StartFailure) in
                try self.recorded(tape, &inquiry)
            },
            push: { self.push($0) }, isOver: { self.hasStopped })
    }

    /// What earlier runs have recorded, if the venue still tells the newest of those trades as they
    /// do.
    private func recorded(
        _ tape: TapeStart, _ inquiry: inout VenueInquiry
    ) throws(StartFailure) -> [Trade] {
        let areAggregates = configuration.venue.trades == .aggregate
        var recorded = RecordedTape(
            tape, areAggregates: areAggregates, venue: AccountIdentity.place(configuration))
        let runs = JournalRuns.paths(in: configuration.runsDirectory, since: tape.start)
        for run in runs where run != journal { recorded.add(run) }
        let trades = recorded.unbroken()
        guard let newest = trades.last, newest.id.raw > 0 else { return [] }
        let told = try inquiry.trades(
            tape, after: TradeID(newest.id.raw - 1), areAggregates: areAggregates
        ).first
        guard let told, told.isSame(as: newest) else {
            logger.info(
                "the venue does not know the recorded trades",
                metadata: ["instrument": "\(tape.instrument.symbol.text)"])
            return []
        }
        logger.info(
            "market context goes on from the journal",
            metadata: [
                "instrument": "\(tape.instrument.symbol.text)", "trades": "\(trades.count)",
            ])
        return trades
    }

    private func inquiry() throws(StartFailure) -> VenueInquiry {
        do {
            var inquiry = try LiveEngine.inquiry(configuration, credentials, tls, clock, logger)
            let offset = try inquiry.clockOffset()
            inquiry.urgency = .history
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
