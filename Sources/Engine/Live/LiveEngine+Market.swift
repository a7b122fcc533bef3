import Dispatch
import Logging
import Machine
import MarketModel
import Telemetry
import Wire

/// The markets at a glance: books and trades as the lane publishes them, and the last 24 hours,
/// which the venue is asked for when an operator looks, not otherwise.
extension LiveEngine {
    /// One entry an instrument (MD-20). The lane does no work for it.
    public func market() async -> [MarketFigures] {
        await readDays()
        let published = builder.lane.board.read().instruments
        let age = days.age(at: clock.now())
        return zip(plan.instruments, published).map { instrument, summary in
            let own = SnapshotBuilder.figures(instrument, summary)
            return DayFigures.market(own, days.days[own.symbol], age: age)
        }
    }

    /// Asks the venue unless it was asked a moment ago or the request weight is for trading.
    private func readDays() async {
        let symbols = plan.instruments.map(\.symbol.text)
        let cost = RequestWeight.of("GET", VenueInquiry.dayPath(symbols))
        guard !isStopping, hasWeightBesideTrading(cost), days.beginReading(at: clock.now())
        else { return }
        let read = await Self.askDays(
            symbols, configuration, facts, credentials, tls, clock, logger)
        switch read {
        case .success(let days): self.days.endReading(days, at: clock.now())
        case .failure(let failure):
            days.endReading(nil, at: clock.now())
            logger.info("the last 24 hours are not known", metadata: ["cause": "\(failure)"])
        }
    }

    /// On a thread that may wait for the venue.
    private static func askDays(
        _ symbols: [String], _ configuration: RunConfiguration, _ facts: VenueFacts,
        _ credentials: Credentials, _ tls: TLSClientContext, _ clock: TSCClock, _ logger: Logger
    ) async -> Result<[String: DayFigures], any Error> {
        await withCheckedContinuation { continuation in
            DispatchQueue.global(qos: .utility).async {
                continuation.resume(
                    returning: Result {
                        var inquiry = try inquiry(configuration, credentials, tls, clock, logger)
                        // Whoever looks is told what is known rather than kept waiting.
                        inquiry.longestPause = 0
                        return try inquiry.days(of: symbols)
                    })
            }
        }
    }
}
