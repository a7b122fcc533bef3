import Machine

/// One latency stage: its percentiles in nanoseconds and the buckets behind them.
public struct StageFigures: Codable, Sendable, Equatable {
    /// How often a value occurred, for merging and plots.
    public struct Bucket: Codable, Sendable, Equatable {
        public var value: Int64
        public var count: Int64

        public init(value: Int64, count: Int64) {
            self.value = value
            self.count = count
        }
    }

    public var stage: String
    public var count: Int64 = 0
    public var minimum: Int64 = 0
    public var mean: Double = 0
    public var p50: Int64 = 0
    public var p90: Int64 = 0
    public var p99: Int64 = 0
    public var p999: Int64 = 0
    public var p9999: Int64 = 0
    public var maximum: Int64 = 0
    /// Ascending by value; left out of periodic snapshots, present in the final one.
    public var buckets: [Bucket]?

    public init(stage: String) { self.stage = stage }

    /// The percentiles shown everywhere, by name.
    public var percentiles: [(name: String, value: Int64)] {
        [("p50", p50), ("p90", p90), ("p99", p99), ("p99.9", p999), ("p99.99", p9999)]
    }

    /// Figures computed from `buckets`: what a test or another process recorded.
    public init(stage: String, buckets: [Bucket]) {
        let ascending = buckets.filter { $0.count > 0 }.sorted { $0.value < $1.value }
        self.stage = stage
        self.buckets = ascending
        count = ascending.reduce(0) { $0 + $1.count }
        guard let first = ascending.first, let last = ascending.last else { return }
        minimum = first.value
        maximum = last.value
        mean = ascending.reduce(0.0) { $0 + Double($1.value) * Double($1.count) } / Double(count)
        p50 = Self.value(at: 50, of: ascending, count: count)
        p90 = Self.value(at: 90, of: ascending, count: count)
        p99 = Self.value(at: 99, of: ascending, count: count)
        p999 = Self.value(at: 99.9, of: ascending, count: count)
        p9999 = Self.value(at: 99.99, of: ascending, count: count)
    }

    /// The smallest value that at least `percentile` per cent of the samples do not exceed.
    static func value(at percentile: Double, of ascending: [Bucket], count: Int64) -> Int64 {
        let wanted = max(1, Int64((percentile / 100 * Double(count)).rounded(.up)))
        var seen: Int64 = 0
        for bucket in ascending {
            seen += bucket.count
            if seen >= wanted { return bucket.value }
        }
        return ascending.last?.value ?? 0
    }
}

extension StageFigures {
    /// The figures of a histogram's snapshot; with `includingBuckets` also what plots need.
    public init(
        stage: LatencyStage, _ snapshot: LatencySnapshot, includingBuckets: Bool = false
    ) {
        self.init(stage: "\(stage)")
        count = Int64(snapshot.count)
        guard count > 0 else { return }
        minimum = snapshot.minimum
        maximum = snapshot.maximum
        mean = Double(snapshot.mean)
        p50 = snapshot.percentile(50)
        p90 = snapshot.percentile(90)
        p99 = snapshot.percentile(99)
        p999 = snapshot.percentile(99.9)
        p9999 = snapshot.percentile(99.99)
        if includingBuckets {
            buckets = snapshot.buckets.map { Bucket(value: $0.value, count: $0.count) }
        }
    }
}
