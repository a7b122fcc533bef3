import Emulator
import Foundation

/// Keeps a started exchange running until a signal, the end of its time or of its replay.
struct ExchangeWatch {
    let server: ExchangeServer
    let signals: StopSignals
    /// Nanoseconds until it ends by itself.
    let limit: Int64?
    /// Between two lines of statistics; `nil`: none.
    let reportInterval: Duration?

    /// How often the reasons to end are looked at.
    private static let glance = 0.02

    /// Returns why it ended; the exchange has stopped by then.
    func untilEnd(_ output: inout TolerantOutput) -> String {
        let started = ContinuousClock.now
        var lastReport = started
        var lastFigures = server.statistics
        while true {
            if let reason = reasonToEnd(since: started) {
                server.stop()
                return reason
            }
            let now = ContinuousClock.now
            if let reportInterval, now - lastReport >= reportInterval {
                let figures = server.statistics
                let seconds = (now - lastReport) / .seconds(1)
                output.printLine(
                    ExchangeText.statistics(figures, since: lastFigures, seconds: seconds))
                (lastReport, lastFigures) = (now, figures)
            }
            Thread.sleep(forTimeInterval: Self.glance)
        }
    }

    private func reasonToEnd(since started: ContinuousClock.Instant) -> String? {
        if let signal = signals.request { return signal }
        if server.isStopped {
            return server.failure.map { "fault: \($0)" } ?? "end of the replay"
        }
        if let limit, ContinuousClock.now - started >= .nanoseconds(limit) {
            return "end of --duration"
        }
        return nil
    }
}
