import CLinuxURing
import Glibc
import Synchronization

/// Counts of durations in log-linear buckets: one writer, any number of readers.
///
/// A handle over raw memory. Below 256 ns a bucket is one nanosecond; above, each power of two is
/// cut into 128 buckets, so a bucket is at most 0.8 % wide. Values beyond 2^36 ns (68 s) count in
/// the last bucket, negative ones as 0. Recording costs about 1 to 2 ns and takes 30 KiB of memory.
/// (The layout of Gil Tene's HdrHistogram.)
@frozen
public struct LatencyHistogram: BitwiseCopyable, @unchecked Sendable {
    // SAFETY (unchecked): the memory is never moved; every word is an atomic. Two threads that
    // record into the same histogram lose counts, nothing else.
    @usableFromInline let words: UnsafeMutablePointer<Atomic<Int64>>

    @inlinable static var sumWord: Int { 0 }
    @inlinable static var minimumWord: Int { 1 }
    @inlinable static var maximumWord: Int { 2 }
    /// Buckets begin at the next pair of lines.
    @inlinable static var firstBucket: Int { 16 }
    @inlinable static var bucketCount: Int { 30 * 128 }
    @inlinable static var largestValue: Int64 { (1 << 36) - 1 }

    /// A new empty histogram; its memory lives as long as the process or until ``deallocate()``.
    public static func allocate() -> LatencyHistogram {
        let count = firstBucket + bucketCount
        let memory = UnsafeMutableRawPointer.allocate(byteCount: count * 8, alignment: 128)
        let words = memory.bindMemory(to: Atomic<Int64>.self, capacity: count)
        for index in 0..<count { (words + index).initialize(to: Atomic(0)) }
        words[minimumWord].store(.max, ordering: .relaxed)
        return LatencyHistogram(words: words)
    }

    init(words: UnsafeMutablePointer<Atomic<Int64>>) { self.words = words }

    /// Frees the memory; no copy of this handle may be used afterwards.
    public func deallocate() { UnsafeMutableRawPointer(words).deallocate() }

    /// Counts one duration in nanoseconds.
    @inlinable @inline(__always)
    public func record(_ nanoseconds: Int64) {
        let value = nanoseconds < 0 ? 0 : nanoseconds
        Self.add(1, to: words + (Self.firstBucket &+ Self.bucket(of: value)))
        Self.add(value, to: words + Self.sumWord)
        if value < words[Self.minimumWord].load(ordering: .relaxed) {
            words[Self.minimumWord].store(value, ordering: .relaxed)
        }
        if value > words[Self.maximumWord].load(ordering: .relaxed) {
            words[Self.maximumWord].store(value, ordering: .relaxed)
        }
    }

    /// A single writer's increment: no locked instruction.
    @inlinable @inline(__always)
    static func add(_ amount: Int64, to word: UnsafeMutablePointer<Atomic<Int64>>) {
        word.pointee.store(word.pointee.load(ordering: .relaxed) &+ amount, ordering: .relaxed)
    }

    /// Bucket of a value of at least 0.
    @inlinable @inline(__always)
    static func bucket(of value: Int64) -> Int {
        let limited = value > largestValue ? largestValue : value
        // The 0x80 makes everything below 256 one linear stretch.
        let exponent = 56 &- (limited | 0x80).leadingZeroBitCount
        return exponent &<< 7 &+ Int(truncatingIfNeeded: limited &>> Int64(exponent))
    }

    /// Largest value that counts in a bucket.
    static func upperBound(of bucket: Int) -> Int64 {
        if bucket < 256 { return Int64(bucket) }
        let exponent = bucket / 128 - 1
        return (Int64(bucket % 128 + 128 + 1) << Int64(exponent)) - 1
    }

    /// What has been recorded so far; any thread may ask while the writer goes on.
    ///
    /// Cold: reads 30 KiB. Counts are complete up to some moment during the call.
    public func snapshot() -> LatencySnapshot {
        var buckets: [LatencySnapshot.Bucket] = []
        for bucket in 0..<Self.bucketCount {
            let count = words[Self.firstBucket + bucket].load(ordering: .relaxed)
            if count > 0 { buckets.append((Self.upperBound(of: bucket), count)) }
        }
        return LatencySnapshot(
            buckets: buckets,
            sum: words[Self.sumWord].load(ordering: .relaxed),
            minimum: words[Self.minimumWord].load(ordering: .relaxed),
            maximum: words[Self.maximumWord].load(ordering: .relaxed))
    }

    /// Forgets everything. For the writer's thread only, between measurements.
    public func reset() {
        for word in 0..<(Self.firstBucket + Self.bucketCount) {
            words[word].store(word == Self.minimumWord ? .max : 0, ordering: .relaxed)
        }
    }
}
