/// Every value of one measurement, in nanoseconds, ascending.
///
/// All are kept: a histogram's buckets are as wide as the differences that matter here.
package struct Distribution: Sendable {
    package let values: [Double]

    package init(_ values: [Double]) { self.values = values.sorted() }

    package var count: Int { values.count }

    /// The smallest value that at least `percent` per cent of all do not exceed; 0 without values.
    package func percentile(_ percent: Double) -> Double {
        if values.isEmpty { return 0 }
        let rank = Int((percent * Double(count) / 100).rounded(.up))
        return values[min(max(rank, 1), count) - 1]
    }

    package var mean: Double { values.isEmpty ? 0 : values.reduce(0, +) / Double(count) }
}

/// The figures that reports show of a distribution, in nanoseconds.
package struct Figures: Codable, Sendable, Equatable {
    package var count: Int
    package var minimum: Double
    package var p50: Double
    package var p90: Double
    package var p99: Double
    package var p999: Double
    package var p9999: Double
    package var maximum: Double
    package var mean: Double

    package init(_ distribution: Distribution) {
        count = distribution.count
        minimum = distribution.percentile(0)
        p50 = distribution.percentile(50)
        p90 = distribution.percentile(90)
        p99 = distribution.percentile(99)
        p999 = distribution.percentile(99.9)
        p9999 = distribution.percentile(99.99)
        maximum = distribution.percentile(100)
        mean = distribution.mean
    }

    /// In the order of every table.
    package static let columns = ["min", "p50", "p90", "p99", "p99.9", "p99.99", "max"]

    package var shown: [Double] { [minimum, p50, p90, p99, p999, p9999, maximum] }
}
