/// Sum of the absolute changes over the last `period` steps of a series.
@frozen
@usableFromInline
struct PathLength: BitwiseCopyable, Codable {
    @usableFromInline var window: Ring<Double>
    @usableFromInline var total = 0.0
    /// Steps without a change since the last one with any: once they fill the window, what is left
    /// in the sum is rounding.
    @usableFromInline var stillSteps = 0

    init(period: Int) { window = Ring(length: period + 1) }

    @inlinable @inline(__always)
    var isFull: Bool { window.isFull }

    /// The sample `period` steps before the newest.
    @inlinable @inline(__always)
    var origin: Double { window.oldest }

    @inlinable @inline(__always)
    mutating func push(_ sample: Double) {
        window.push(sample)
        if window.pushed == 1 { return }
        let period = window.length &- 1
        if window.pushed > window.length {
            total -= (window[period] - window[period &+ 1]).magnitude
        }
        let change = sample - window[1]
        total += change.magnitude
        if window.isAnchorDue && isFull { self = anchored() }
        if change != 0 {
            stillSteps = 0
            return
        }
        stillSteps &+= 1
        if stillSteps >= period {
            stillSteps = period
            total = 0
        }
    }

    /// Out of line and on a copy, so that a loop of steps keeps the rest in registers.
    @inlinable @inline(never)
    func anchored() -> Self {
        var next = self
        next.anchor()
        return next
    }

    @inlinable @inline(__always)
    mutating func anchor() {
        total = 0
        for age in 0..<window.length &- 1 { total += (window[age] - window[age &+ 1]).magnitude }
    }

    /// |net change| / path over the window; 1 without any change.
    @inlinable @inline(__always)
    var efficiency: Double {
        let net = window[0] - origin
        return total <= net.magnitude ? 1 : (net / total).magnitude
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
    public var warmUp: Int { path.window.length &- 1 }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        path.push(sample)
        return path.isFull ? path.efficiency : nil
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
