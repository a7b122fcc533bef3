import CLibm

/// The last `period` samples in order, without the newest.
///
/// O(period): each step writes the order anew into the other one of two places, so that the order
/// before stays as it was, which is what ``IndicatorFormula`` asks of a window.
@frozen
@usableFromInline
struct SortedWindow: BitwiseCopyable, Codable {
    @usableFromInline var samples: Ring<Double>
    @usableFromInline var orders: Ring<Double>
    @usableFromInline var base = 0
    @usableFromInline var count = 0

    init(length: Int) {
        samples = Ring(length: length)
        orders = Ring(length: 2 * length)
    }

    @inlinable @inline(__always)
    var length: Int { samples.length }

    @inlinable @inline(__always)
    var isFull: Bool { samples.isFull }

    @inlinable @inline(__always)
    mutating func push(_ sample: Double) {
        if samples.pushed > 0 { settle(samples[0]) }
        samples.push(sample)
    }

    /// Puts the newest in its place and takes the one out that leaves.
    @inlinable @inline(never)
    mutating func settle(_ newest: Double) {
        let next = length &- base
        if _fastPath(count == length &- 1) {
            if count > 0 {
                Self.replace(samples[count], by: newest, orders, from: base, to: next, count)
            }
        } else {
            insert(newest, at: next)
            count &+= 1
        }
        base = next
    }

    /// While the window fills.
    @inlinable @inline(__always)
    func insert(_ newest: Double, at next: Int) {
        var place = count
        while place > 0 && newest < orders[slot: base &+ place &- 1] {
            orders[slot: next &+ place] = orders[slot: base &+ place &- 1]
            place &-= 1
        }
        orders[slot: next &+ place] = newest
        while place > 0 {
            place &-= 1
            orders[slot: next &+ place] = orders[slot: base &+ place]
        }
    }

    /// Writes `count` ≥ 1 samples in order elsewhere, one of them replaced.
    ///
    /// Without the leaving one each place has its own sample where that is lower, else the one
    /// above; with the entering one it has the middle of that, of the one before, and of the
    /// entering. No branch depends on samples, and several places are done at a time.
    @inlinable @inline(__always)
    static func replace(
        _ leaving: Double, by entering: Double, _ orders: Ring<Double>, from: Int, to: Int,
        _ count: Int
    ) {
        // Not more than there is room for, whatever a damaged state says.
        let half = (orders.mask &+ 1) &>> 1
        let (from, to) = (max(min(from, half), 0), max(min(to, half), 0))
        let last = min(count, half) &- 1
        let (source, target) = (orders.slots + from, orders.slots + to)
        var below = -Double.infinity
        for place in 0..<last {
            let own = source[place]
            let kept = own < leaving ? own : source[place &+ 1]
            target[place] = smaller(larger(below, entering), kept)
            below = kept
        }
        target[last] = larger(below, entering)
    }

    /// The sample of that rank, 1...length from the lowest, of a full window.
    @inlinable @inline(__always)
    func sample(ofRank rank: Int) -> Double {
        var sample = samples[0]
        if rank <= count { sample = smaller(sample, orders[slot: base &+ rank &- 1]) }
        if rank > 1 { sample = larger(sample, orders[slot: base &+ rank &- 2]) }
        return sample
    }

    mutating func visitRings(_ visitor: inout some RingVisitor) {
        visitor.visit(&samples)
        visitor.visit(&orders)
    }
}

/// The sample of the last `period` below or at which `percentile` percent of them lie: nearest
/// rank, ⌈percentile · period / 100⌉. O(period).
@frozen
public struct PERCENTILE: IndicatorFormula {
    @usableFromInline let rank: Int
    @usableFromInline var window: SortedWindow

    /// `period` 2...100,000; `percentile` 0...100.
    public init(period: Int = 30, percentile: Double = 50) throws(IndicatorFailure) {
        window = SortedWindow(length: try period.checked("period", in: 2...Int.longestPeriod))
        let share = try percentile.checked("percentile", in: 0...100) * Double(period) / 100
        rank = min(max(Int(share.rounded(.up)), 1), period)
    }

    public static var cost: UpdateCost { .window }

    @inlinable
    public var warmUp: Int { window.length &- 1 }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        window.push(sample)
        return window.isFull ? window.sample(ofRank: rank) : nil
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        window.visitRings(&visitor)
    }
}

/// Percentage of the `period` samples before that are below the newest. O(period).
@frozen
public struct PERCENTRANK: IndicatorFormula {
    @usableFromInline var window: Ring<Double>

    /// `period` 1...100,000.
    public init(period: Int = 100) throws(IndicatorFailure) {
        window = Ring(length: try period.checked("period"))
    }

    public static var cost: UpdateCost { .window }

    @inlinable
    public var warmUp: Int { window.length }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        window.push(sample)
        if window.pushed <= window.length { return nil }
        var below = 0
        window.forEachRun(ofNewest: window.length, after: 1) { run in
            var place = 0
            while place < run.count {
                below &+= run[place] < sample ? 1 : 0
                place &+= 1
            }
        }
        return Double(below) / Double(window.length) * 100
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) { visitor.visit(&window) }
}

/// Mean absolute deviation from the mean of the last `period` samples.
///
/// O(period): the deviations are from a mean that moves with every sample.
@frozen
public struct AVGDEV: IndicatorFormula {
    @usableFromInline let divisor: WholeDivisor
    @usableFromInline var window: Ring<Double>

    /// `period` 2...100,000.
    public init(period: Int = 14) throws(IndicatorFailure) {
        divisor = WholeDivisor(try period.checked("period", in: 2...Int.longestPeriod))
        window = Ring(length: try period.checked("period", in: 2...Int.longestPeriod))
    }

    public static var cost: UpdateCost { .window }

    @inlinable
    public var warmUp: Int { window.length &- 1 }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        window.push(sample)
        if !window.isFull { return nil }
        let count = window.length
        var sum = 0.0
        window.forEachNewest(count) { sum += $0 }
        let mean = sum.divided(by: divisor)
        var deviations = 0.0
        window.forEachNewest(count) { deviations += (mean - $0).magnitude }
        return deviations.divided(by: divisor)
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) { visitor.visit(&window) }
}
