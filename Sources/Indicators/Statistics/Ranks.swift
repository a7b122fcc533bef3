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
        let isLeaving = count == length &- 1
        var mustRemove = isLeaving && count > 0
        let leaving = mustRemove ? samples[count] : 0
        var mustInsert = !isLeaving || count > 0
        var written = next
        for place in 0..<count {
            let sample = orders[slot: base &+ place]
            if mustInsert, newest < sample {
                orders[slot: written] = newest
                written &+= 1
                mustInsert = false
            }
            if mustRemove, sample == leaving {
                mustRemove = false
                continue
            }
            orders[slot: written] = sample
            written &+= 1
        }
        if mustInsert {
            orders[slot: written] = newest
            written &+= 1
        }
        base = next
        count = written &- next
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
