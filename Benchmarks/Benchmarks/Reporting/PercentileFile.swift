import Foundation

/// A distribution as HdrHistogram's tools read and plot it (.hgrm, values in nanoseconds).
struct PercentileFile {
    let distribution: Distribution

    /// Steps for each halving of the distance to 100 %, as HdrHistogram writes by default.
    private static let stepsPerHalving = 5

    var text: String {
        var lines = ["       Value     Percentile TotalCount 1/(1-Percentile)", ""]
        let values = distribution.values
        var rank = 0
        var step = 0
        while rank < values.count {
            let percentile = Self.percentile(step)
            step += 1
            let wanted = max(1, Int((percentile * Double(values.count)).rounded(.up)))
            if wanted <= rank { continue }
            rank = wanted
            lines.append(Self.line(values[rank - 1], percentile, rank))
            if percentile >= 1 - 1 / Double(values.count) { break }
        }
        if let last = values.last {
            lines.append(
                String(format: "%12.3f %14.12f %10d", last, 1.0, values.count))
        }
        lines += footer
        return lines.joined(separator: "\n") + "\n"
    }

    private static func percentile(_ step: Int) -> Double {
        let halvings = step / stepsPerHalving
        let rest = pow(0.5, Double(halvings))
        let part = Double(step % stepsPerHalving) / Double(stepsPerHalving)
        return 1 - rest + rest / 2 * part
    }

    private static func line(_ value: Double, _ percentile: Double, _ rank: Int) -> String {
        String(
            format: "%12.3f %14.12f %10d %14.2f", value, percentile, rank, 1 / (1 - percentile))
    }

    private var footer: [String] {
        let mean = distribution.mean
        let squares = distribution.values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let deviation = (squares / Double(max(1, distribution.count))).squareRoot()
        let largest = distribution.percentile(100)
        return [
            String(format: "#[Mean    = %12.3f, StdDeviation   = %12.3f]", mean, deviation),
            String(format: "#[Max     = %12.3f, Total count    = %12d]", largest,
                distribution.count),
            "#[Buckets =            1, SubBuckets     =            1]",
        ]
    }
}
