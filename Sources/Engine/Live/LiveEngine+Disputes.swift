import Codec
import Foundation
import Logging
import Machine
import MarketModel
import Telemetry
import TickToTrade
import Venues
import Wire

/// Orders that are not here as they are at the venue, and instruments that are halted for them.
extension LiveEngine {
    /// Brings an order of which an audit has found another state to one state on both sides: the
    /// lane asks the venue for one that is open here; one that is open only there is cancelled, as
    /// at a start. What it has traded comes as a report, or shows in the balances.
    func settle(_ order: AccountAudit.DisputedOrder, _ symbol: String) async {
        if !order.isStray {
            _ = await desk.ask(.askOrder, key: Int64(bitPattern: order.id.raw))
            return
        }
        if configuration.isDryRun { return }
        let end = await Self.endStray(
            order.id, symbol, configuration, facts, credentials, tls, clock, logger)
        let metadata: Logger.Metadata = ["order": "\(order.id.text)", "instrument": "\(symbol)"]
        switch end {
        case .failure(let failure):
            logger.error(
                "a stray order could not be cancelled",
                metadata: metadata.merging(["cause": "\(failure)"]) { $1 })
        case .success(.none): logger.notice("a stray order has ended by itself", metadata: metadata)
        case .success(.some(let state)):
            let filled = facts.instruments.first { $0.symbol.text == symbol }
                .map { "\(ExactDecimal(state.cumulativeQuantity, of: $0))" } ?? ""
            logger.warning(
                "a stray order was cancelled",
                metadata: metadata.merging(["filled": "\(filled)"]) { $1 })
        }
    }

    /// Lets those instruments trade again that were halted for orders alone and balance now. A halt
    /// that an operator or the venue has put in the place of ours stays.
    func releaseSettled() async {
        for symbol in settling.sorted() where !audit.finds(symbol) {
            settling.remove(symbol)
            guard let instrument = plan.instruments.first(where: { $0.symbol.text == symbol })
            else { continue }
            let reply = await desk.ask(
                .haltInstrument, instrument: instrument.index, key: InstrumentHalt.none.code,
                value: InstrumentHalt.notBalanced.code)
            guard reply?.isAccepted == true else { continue }
            limitBook.noteHalt(instrument.index.slot, false)
            logger.notice(
                "the account agrees with the venue again", metadata: ["instrument": "\(symbol)"])
        }
    }

    /// Asks for an order by its id and cancels it if it is open; `nil` when it had ended or is not
    /// known there. On a thread that may wait for the venue, within the weight for questions.
    private static func endStray(
        _ id: ClientOrderID, _ symbol: String, _ configuration: RunConfiguration,
        _ facts: VenueFacts, _ credentials: Credentials, _ tls: TLSClientContext,
        _ clock: TSCClock, _ logger: Logger
    ) async -> Result<ExecutionReport?, any Error> {
        await withCheckedContinuation { continuation in
            DispatchQueue.global(qos: .utility).async {
                continuation.resume(
                    returning: Result {
                        var inquiry = try inquiry(configuration, credentials, tls, clock, logger)
                        let directory = facts.directory()
                        defer { directory.deallocate() }
                        let offset = try inquiry.clockOffset()
                        inquiry.obey(facts.rateLimits, clockOffset: offset)
                        guard let order = try inquiry.order(id, symbol, directory, offset),
                            order.status.isOpen
                        else { return nil }
                        inquiry.urgency = .cancel
                        return try inquiry.cancel(order, symbol, directory, offset)
                    })
            }
        }
    }
}
