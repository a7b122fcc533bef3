/// Relative strength index after Wilder: 100 · gains / (gains + losses), each smoothed.
///
/// The first value comes with sample number `period` + 1, from the plain means of the first
/// `period` gains and losses; without any movement the value is 0 (the convention of TA-Lib).
@frozen
public struct RSI: IndicatorFormula, Sendable {
    public let period: Int
    @usableFromInline let share: Double
    @usableFromInline var count = 0
    @usableFromInline var previous = 0.0
    @usableFromInline var gains = 0.0
    @usableFromInline var losses = 0.0

    /// `period` 2...100,000, usually 14.
    public init(period: Int = 14) throws(IndicatorFailure) {
        self.init(checked: try period.checked("period", in: 2...Int.longestPeriod))
    }

    init(checked period: Int) {
        self.period = period
        share = 1 / Double(period)
    }

    @inlinable
    public var warmUp: Int { period }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        let change = sample - previous
        previous = sample
        count &+= 1
        if count > period &+ 1 {
            let weight = Double(period &- 1)
            gains = (gains * weight + (change > 0 ? change : 0)) * share
            losses = (losses * weight + (change < 0 ? -change : 0)) * share
        } else {
            if count == 1 { return nil }
            gains += change > 0 ? change : 0
            losses += change < 0 ? -change : 0
            if count <= period { return nil }
            gains *= share
            losses *= share
        }
        let movement = gains + losses
        return movement.isNegligible ? 0 : 100 * (gains / movement)
    }
}

/// Chande momentum: 100 · (gains − losses) / (gains + losses), smoothed after Wilder.
@frozen
public struct CMO: IndicatorFormula, Sendable {
    public let period: Int
    @usableFromInline var count = 0
    @usableFromInline var previous = 0.0
    /// Gains and losses.
    @usableFromInline var sums = SIMD2<Double>()

    /// `period` 2...100,000.
    public init(period: Int = 14) throws(IndicatorFailure) {
        self.period = try period.checked("period", in: 2...Int.longestPeriod)
    }

    @inlinable
    public var warmUp: Int { period }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        let change = sample - previous
        previous = sample
        count &+= 1
        if count == 1 { return nil }
        if count > period &+ 1 { sums *= Double(period &- 1) }
        sums += SIMD2(larger(change, 0), -smaller(change, 0))
        if count <= period { return nil }
        sums /= Double(period)
        let movement = sums[0] + sums[1]
        return movement.isNegligible ? 0 : 100 * ((sums[0] - sums[1]) / movement)
    }
}

/// Chande momentum over the plain sums of the last `period` gains and losses.
@frozen
public struct CMOU: IndicatorFormula {
    public let period: Int
    @usableFromInline var window: Ring<Double>
    @usableFromInline var gains = 0.0
    @usableFromInline var losses = 0.0

    /// `period` 1...100,000.
    public init(period: Int = 14) throws(IndicatorFailure) {
        self.period = try period.checked("period")
        window = Ring(length: period + 1)
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { period }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        window.push(sample)
        if window.pushed == 1 { return nil }
        let change = sample - window[1]
        gains += larger(change, 0)
        losses -= smaller(change, 0)
        if !window.isFull { return nil }
        if window.isAnchorDue { self = anchored() }
        let movement = gains + losses
        let value = movement.isNegligible ? 0 : 100 * (gains - losses) / movement
        let leaving = window[period &- 1] - window[period]
        gains -= larger(leaving, 0)
        losses += smaller(leaving, 0)
        return value
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
        gains = 0
        losses = 0
        for age in 0..<period {
            let change = window[age] - window[age &+ 1]
            if change > 0 { gains += change } else { losses -= change }
        }
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) { visitor.visit(&window) }
}

/// Intraday momentum: 100 · Σ rises / Σ (rises + falls) from open to close; 50 without any.
@frozen
public struct IMI: IndicatorFormula {
    public let period: Int
    @usableFromInline var rises: BlockSum
    @usableFromInline var falls: BlockSum

    /// `period` 2...100,000.
    public init(period: Int = 14) throws(IndicatorFailure) {
        self.period = try period.checked("period", in: 2...Int.longestPeriod)
        rises = BlockSum(length: period)
        falls = rises
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { period &- 1 }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> Double? {
        let change = bar.close - bar.open
        rises.push(change > 0 ? change : 0)
        falls.push(change > 0 ? 0 : -change)
        if !rises.isFull { return nil }
        let up = rises.value
        let both = up + falls.value
        return both == 0 ? 50 : 100 * (up / both)
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        rises.visitRings(&visitor)
        falls.visitRings(&visitor)
    }
}
