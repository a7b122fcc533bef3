/// A candle far beyond the ones before it (MD-12). No error: markets do that, and feeds too.
public struct BarOutlier: Equatable, Sendable, CustomStringConvertible {
    public enum Measure: String, Sendable {
        case volume
        /// From high to low, with the close before it: a jump counts too.
        case range
    }

    public let measure: Measure
    /// Of the mean of the candles before it, above ``OutlierGauge/limit``.
    public let multiple: Double

    public var description: String {
        "\(measure.rawValue) is \((multiple * 10).rounded() / 10) times the mean of the bars before it; "
            + "up to \(Int(OutlierGauge.limit)) is usual"
    }
}

/// Volumes and true ranges of the last candles: what the next one is compared with.
public struct OutlierGauge: Sendable {
    /// Candles that are compared with, and how few are enough.
    public static let window = 100
    public static let fewest = 30
    /// Times the mean that a candle may be.
    public static let limit = 20.0

    private var volumes = Trail()
    private var ranges = Trail()
    private var lastClose: Double?

    /// Takes a candle without errors; behind a gap no jump is known of. The volume speaks first when
    /// both are far out.
    mutating func take(_ bar: HistoryBar, isBehindGap: Bool) -> BarOutlier? {
        let before = isBehindGap ? nil : lastClose
        let high = max(bar.number(.high), before ?? 0)
        let low = min(bar.number(.low), before ?? .infinity)
        lastClose = bar.number(.close)
        let volume = volumes.take(bar.number(.volume))
        let range = ranges.take(high - low)
        if let volume { return BarOutlier(measure: .volume, multiple: volume) }
        return range.map { BarOutlier(measure: .range, multiple: $0) }
    }

    /// Numbers of the last candles.
    private struct Trail: Sendable {
        private var numbers: [Double] = []
        private var oldest = 0

        /// What multiple of the mean of those before it `number` is, when above the limit.
        mutating func take(_ number: Double) -> Double? {
            // Added up anew: a sum that numbers leave would keep what a huge one has cost it.
            let mean = numbers.reduce(0, +) / Double(max(numbers.count, 1))
            let isFar = numbers.count >= OutlierGauge.fewest && mean > 0
                && number > OutlierGauge.limit * mean
            if numbers.count < OutlierGauge.window {
                numbers.append(number)
            } else {
                numbers[oldest] = number
                oldest = (oldest + 1) % OutlierGauge.window
            }
            return isFar ? number / mean : nil
        }
    }
}
