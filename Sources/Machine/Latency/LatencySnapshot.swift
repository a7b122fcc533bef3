/// What a ``LatencyHistogram`` held at one moment, as a value.
public struct LatencySnapshot: Sendable {
    /// Largest value of a bucket in nanoseconds, and how many values fell into it.
    public typealias Bucket = (value: Int64, count: Int64)

    /// Buckets that are not empty, ascending: for plots and .hgrm files.
    public let buckets: [Bucket]
    /// Values recorded.
    public let count: Int64
    /// Sum of the recorded values in nanoseconds.
    public let sum: Int64
    /// Smallest and largest recorded value, exactly; 0 when there is none.
    public let minimum: Int64
    public let maximum: Int64

    /// Nothing recorded.
    public static let empty = LatencySnapshot(buckets: [], sum: 0, minimum: 0, maximum: 0)

    init(buckets: [Bucket], sum: Int64, minimum: Int64, maximum: Int64) {
        self.buckets = buckets
        self.sum = sum
        count = buckets.reduce(0) { $0 + $1.count }
        guard let first = buckets.first, let last = buckets.last else {
            self.minimum = 0
            self.maximum = 0
            return
        }
        // Taken while the writer runs, a bucket may already hold what the extremes do not yet.
        self.minimum = min(minimum, first.value)
        self.maximum = maximum <= 0 ? last.value : maximum
    }

    /// Arithmetic mean in nanoseconds, 0 when nothing was recorded.
    public var mean: Double { count == 0 ? 0 : Double(sum) / Double(count) }

    /// The value that `percent` (0...100) of the recorded ones do not exceed, at most 0.8 % too
    /// high and never too low; 0 when nothing was recorded.
    ///
    /// The nearest-rank definition: the smallest value whose rank is at least p/100 of the count.
    public func percentile(_ percent: Double) -> Int64 {
        let share = max(0, min(100, percent)) / 100
        let rank = max(1, Int64((share * Double(count)).rounded(.up)))
        var seen: Int64 = 0
        for bucket in buckets {
            seen += bucket.count
            if seen >= rank { return max(minimum, min(bucket.value, maximum)) }
        }
        return maximum
    }

    public var p50: Int64 { percentile(50) }
    public var p90: Int64 { percentile(90) }
    public var p99: Int64 { percentile(99) }
    public var p999: Int64 { percentile(99.9) }
    public var p9999: Int64 { percentile(99.99) }

    /// Both sets of values as one: lanes or intervals together.
    public func merged(with other: LatencySnapshot) -> LatencySnapshot {
        if count == 0 { return other }
        if other.count == 0 { return self }
        var counts: [Int64: Int64] = [:]
        for bucket in buckets + other.buckets { counts[bucket.value, default: 0] += bucket.count }
        let merged = counts.sorted { $0.key < $1.key }.map { (value: $0.key, count: $0.value) }
        return LatencySnapshot(
            buckets: merged, sum: sum &+ other.sum, minimum: min(minimum, other.minimum),
            maximum: max(maximum, other.maximum))
    }
}
