/// Sum of the absolute changes over the last `period` steps of a series.
@frozen
@usableFromInline
struct PathLength: BitwiseCopyable, Codable {
    @usableFromInline var window: Ring<Double>
    @usableFromInline var total = 0.0

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
        total += (sample - window[1]).magnitude
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

    @inlinable
    public var warmUp: Int { path.window.length &- 1 }

    @inlinable
    public mutating func step(_ sample: Double) -> Double? {
        path.push(sample)
        if !path.isFull { return nil }
        return path.total.isNegligible ? 1 : (sample - path.origin).magnitude / path.total
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        visitor.visit(&path.window)
    }
}

/// Vertical horizontal filter: (highest − lowest close of `period`) / path of `period` changes.
@frozen
public struct VHF: IndicatorFormula {
    @usableFromInline var path: PathLength
    @usableFromInline var highest: RollingHighest
    @usableFromInline var lowest: RollingLowest

    /// `period` 2...100,000.
    public init(period: Int = 28) throws(IndicatorFailure) {
        path = PathLength(period: try period.checked("period", in: 2...Int.longestPeriod))
        highest = RollingHighest(length: period)
        lowest = RollingLowest(length: period)
    }

    @inlinable
    public var warmUp: Int { path.window.length &- 1 }

    @inlinable
    public mutating func step(_ sample: Double) -> Double? {
        path.push(sample)
        highest.push(sample)
        lowest.push(sample)
        if !path.isFull { return nil }
        return path.total.isNegligible ? 0 : (highest.value - lowest.value) / path.total
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        visitor.visit(&path.window)
        highest.visitRings(&visitor)
        lowest.visitRings(&visitor)
    }
}
