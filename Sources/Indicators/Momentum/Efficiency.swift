/// Sum of the absolute changes over the last `period` steps of a series.
@frozen
@usableFromInline
struct PathLength: BitwiseCopyable, Codable {
    @usableFromInline let period: Int
    @usableFromInline var window: Ring<Double>
    @usableFromInline var total = 0.0
    /// The sample `period` steps before the newest.
    @usableFromInline var origin = 0.0
    /// Pushes with the last step that was a change: once none is left in the window, what is left
    /// in the sum is rounding.
    @usableFromInline var lastChange = 0
    /// Pushes with which the sum is taken anew next; 0 while the window fills, and always with a
    /// period of 1.
    @usableFromInline var nextAnchor = 0

    init(period: Int) {
        self.period = period
        window = Ring(length: period + 1)
    }

    @inlinable @inline(__always)
    var isFull: Bool { window.isFull }

    /// Whether it did more than move on: while the window fills, and now and then.
    @inlinable @inline(__always)
    mutating func push(_ sample: Double) -> Bool {
        let change = sample - window[0]
        window.push(sample)
        if _slowPath(window.pushed >= nextAnchor) {
            self = renewed(change)
            return true
        }
        let before = origin
        origin = window[period]
        total -= (origin - before).magnitude
        total += change.magnitude
        if change != 0 {
            lastChange = window.pushed
        } else if window.pushed &- lastChange >= period {
            total = 0
        }
        return false
    }

    /// Out of line and on a copy, so that a loop of steps keeps the rest in registers.
    @inlinable @inline(never)
    func renewed(_ change: Double) -> Self {
        var next = self
        let count = window.pushed
        if count == 1 {
            next.lastChange = 1
            return next
        }
        if change != 0 { next.lastChange = count }
        if !window.isFull {
            next.total += change.magnitude
            return next
        }
        next.origin = window[period]
        if count > window.length {
            next.total = 0
            for age in 0..<period { next.total += (window[age] - window[age &+ 1]).magnitude }
        } else {
            next.total += change.magnitude
        }
        if period > 1 { next.nextAnchor = window.nextAnchor }
        if count &- next.lastChange >= period { next.total = 0 }
        return next
    }

    /// |net change| / path over the window whose newest sample it is told; 1 without any change.
    @inlinable @inline(__always)
    func efficiency(at newest: Double) -> Double {
        let net = (newest - origin).magnitude
        return total <= net ? 1 : net / total
    }
}

/// Kaufman's efficiency ratio: |net change| / path over the last `period` changes; 1 without any.
@frozen
public struct EfficiencyRatio: IndicatorFormula {
    @usableFromInline var path: PathLength

    /// `period` 1...100,000.
    public init(period: Int = 10) throws(IndicatorFailure) {
        path = PathLength(period: try period.checked("period"))
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { path.period }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        if _slowPath(path.push(sample)), !path.isFull { return nil }
        return path.efficiency(at: sample)
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        visitor.visit(&path.window)
    }
}

/// Vertical horizontal filter: (highest − lowest close of `period`) / path of `period` changes.
@frozen
public struct VHF: IndicatorFormula {
    @usableFromInline var path: BlockSum
    @usableFromInline var range: BlockRange
    @usableFromInline var previous = 0.0

    /// `period` 2...100,000.
    public init(period: Int = 28) throws(IndicatorFailure) {
        path = BlockSum(length: try period.checked("period", in: 2...Int.longestPeriod))
        range = BlockRange(length: period)
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { path.length }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        let change = (sample - previous).magnitude
        previous = sample
        range.push(high: sample, low: sample)
        if range.hasOne { return nil }
        path.push(change)
        if !path.isFull { return nil }
        let length = path.value
        let (highest, lowest) = range.span
        return length > 0 ? (highest - lowest) / length : 0
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        path.visitRings(&visitor)
        range.visitRings(&visitor)
    }
}
