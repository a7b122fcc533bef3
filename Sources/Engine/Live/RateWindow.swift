import MarketModel
import Telemetry

/// Rates over the last second, whoever asks and how often: the panel, `apus top` and `apus status`
/// read the same engine at once.
struct RateWindow {
    private var samples: [(totals: TotalFigures, time: Timestamp)] = []
    private static let span = Nanoseconds.seconds(1)
    private static let spacing = Nanoseconds.milliseconds(100)

    /// The rates up to `totals`, counted from the youngest sample that is a second old, or from
    /// the oldest there is.
    mutating func figures(_ totals: TotalFigures, at now: Timestamp) -> RateFigures {
        while samples.count > 1, now - samples[1].time >= Self.span { samples.removeFirst() }
        var figures = RateFigures()
        if let first = samples.first, now > first.time {
            figures = RateFigures(from: first.totals, to: totals, over: now - first.time)
        }
        if samples.last.map({ now - $0.time >= Self.spacing }) ?? true {
            samples.append((totals, now))
        }
        return figures
    }
}
