import Testing

@testable import Machine

@Suite("Latency histogram")
struct LatencyTests {
    struct Random {
        var state: UInt64
        mutating func next() -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state
        }
    }

    @Test func `every value falls into a bucket at most one percent wide`() {
        var values: [Int64] = Array(0...5000)
        for power in 12...35 {
            for delta in [-1, 0, 1, 1 << (power - 8)] as [Int64] {
                values.append((1 << power) + delta)
            }
        }
        values.append(60_000_000_000)
        for value in values {
            let bucket = LatencyHistogram.bucket(of: value)
            let upper = LatencyHistogram.upperBound(of: bucket)
            #expect(upper >= value && Double(upper - value) <= Double(value) * 0.01, "\(value)")
            if bucket > 0 { #expect(LatencyHistogram.upperBound(of: bucket - 1) < value) }
        }
        #expect(LatencyHistogram.bucket(of: .max) == LatencyHistogram.bucketCount - 1)
    }

    @Test(arguments: [1, 2, 3, 10, 1000, 100_000])
    func `percentiles match the sorted values within a percent`(count: Int) {
        let seed = UInt64(count) &* 0x9E37_79B9_7F4A_7C15
        var random = Random(state: seed)
        let histogram = LatencyHistogram.allocate()
        defer { histogram.deallocate() }
        var values: [Int64] = []
        for _ in 0..<count {
            // Spread over all magnitudes, as latencies with rare stalls are.
            let value = Int64(random.next() >> (29 + random.next() % 34))
            values.append(value)
            histogram.record(value)
        }
        values.sort()
        let snapshot = histogram.snapshot()
        #expect(snapshot.count == Int64(count))
        #expect(snapshot.minimum == values.first && snapshot.maximum == values.last)
        #expect(snapshot.sum == values.reduce(0, +))
        for percent in [0, 1, 10, 50, 90, 99, 99.9, 99.99, 100] as [Double] {
            let rank = max(1, Int((percent / 100 * Double(count)).rounded(.up)))
            let exact = values[rank - 1]
            let found = snapshot.percentile(percent)
            #expect(
                found >= exact && Double(found - exact) <= 0.01 * Double(exact),
                "p\(percent): \(found), exactly \(exact), seed \(seed)")
        }
    }

    @Test func `values outside the range count at its ends`() {
        let histogram = LatencyHistogram.allocate()
        defer { histogram.deallocate() }
        histogram.record(-5)
        histogram.record(.max)
        let snapshot = histogram.snapshot()
        #expect(snapshot.count == 2 && snapshot.minimum == 0 && snapshot.maximum == .max)
    }

    @Test func `an empty histogram answers zero`() {
        let histogram = LatencyHistogram.allocate()
        defer { histogram.deallocate() }
        let snapshot = histogram.snapshot()
        #expect(snapshot.count == 0 && snapshot.p99 == 0 && snapshot.mean == 0)
        #expect(snapshot.minimum == 0 && snapshot.maximum == 0 && snapshot.buckets.isEmpty)
        histogram.record(7)
        histogram.reset()
        #expect(histogram.snapshot().count == 0)
    }

    @Test func `merging equals recording together`() {
        let left = LatencyHistogram.allocate()
        let right = LatencyHistogram.allocate()
        let both = LatencyHistogram.allocate()
        defer { for histogram in [left, right, both] { histogram.deallocate() } }
        var random = Random(state: 99)
        for step in 0..<10_000 {
            let value = Int64(random.next() % 1_000_000)
            (step % 3 == 0 ? left : right).record(value)
            both.record(value)
        }
        let merged = left.snapshot().merged(with: right.snapshot())
        let expected = both.snapshot()
        #expect(merged.count == expected.count && merged.sum == expected.sum)
        #expect(merged.minimum == expected.minimum && merged.maximum == expected.maximum)
        for percent in [1, 50, 99, 99.9] as [Double] {
            #expect(merged.percentile(percent) == expected.percentile(percent))
        }
        #expect(LatencySnapshot.empty.merged(with: expected).count == expected.count)
        #expect(expected.merged(with: .empty).p50 == expected.p50)
    }

    @Test func `another thread may take snapshots while one records`() throws {
        let histogram = LatencyHistogram.allocate()
        defer { histogram.deallocate() }
        let writer = try PinnedThread.start(name: "recorder", core: nil, realTimePriority: nil) {
            for value in 0..<200_000 { histogram.record(Int64(value % 1000)) }
        }
        var last: Int64 = 0
        while last < 200_000 {
            let snapshot = histogram.snapshot()
            #expect(snapshot.count >= last)
            #expect(snapshot.percentile(100) <= 1007)
            last = snapshot.count
        }
        writer.join()
    }
}

/// Compiling is the test: recording, counting and reading the clock pass the hot-path check.
@_noLocks
func hotMeasure(_ clock: borrowing TSCClock, _ histogram: LatencyHistogram, _ counter: Counter)
    -> Int64
{
    let start = TSCClock.ticks()
    let now = clock.now()
    histogram.record(clock.nanoseconds(TSCClock.ticks() &- start))
    counter.add()
    return now
}
