import CLibm

/// Population variance of the last `period` samples.
///
/// The sums are of distances from a sample near the window, so that no digits cancel; they are
/// taken anew, around the window's mean, when that sample has become stale, when an outlier leaves,
/// and every 32 windows (as TA-Lib does, at the same places). Constant time amortised.
@frozen
public struct VAR: IndicatorFormula {
    public let period: Int
    @usableFromInline let share: Double
    @usableFromInline var window: Ring<Double>
    @usableFromInline var origin = 0.0
    /// Of the distances, and of their squares; as one vector, for two numbers stored on their own
    /// may be loaded as one before they have arrived in memory.
    @usableFromInline var sums = SIMD2<Double>()
    @usableFromInline var untilAnchor: Int

    /// `period` 1...100,000.
    public init(period: Int = 5) throws(IndicatorFailure) {
        self.init(checked: try period.checked("period"))
    }

    init(checked period: Int) {
        self.period = period
        share = 1 / Double(period)
        window = Ring(length: period)
        untilAnchor = 32 * period
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { period &- 1 }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        if window.pushed == 0 { origin = sample }
        window.push(sample)
        let distance = sample - origin
        sums += SIMD2(distance, distance * distance)
        if !window.isFull { return nil }
        let variance = self.variance
        let leaving = window.oldest - origin
        let leavingSquare = leaving * leaving
        sums -= SIMD2(leaving, leavingSquare)
        let squares = sums[1]
        untilAnchor &-= 1
        if variance < 1e-6 * (squares * share) || leavingSquare > 1e6 * squares
            || untilAnchor <= 0
        {
            let fresh = anchored()
            self = fresh.formula
            return fresh.variance
        }
        return variance
    }

    @inlinable @inline(__always)
    var variance: Double {
        let mean = sums[0] * share
        return sums[1] * share - mean * mean
    }

    /// Out of line and on a copy, so that a loop of steps keeps the rest in registers.
    @inlinable @inline(never)
    func anchored() -> (formula: VAR, variance: Double) {
        var next = self
        let variance = next.anchor()
        return (next, variance)
    }

    @inlinable @inline(__always)
    mutating func anchor() -> Double {
        untilAnchor = 32 &* period
        var total = 0.0
        var age = period &- 1
        while age >= 0 {
            total += window[age]
            age &-= 1
        }
        origin = total * share
        sums = SIMD2()
        age = period &- 1
        while age >= 0 {
            let distance = window[age] - origin
            sums += SIMD2(distance, distance * distance)
            age &-= 1
        }
        let fresh = variance
        let floor = 1e-12 * (sums[1] * share)
        let leaving = window.oldest - origin
        sums -= SIMD2(leaving, leaving * leaving)
        return fresh < floor ? 0 : fresh
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) { visitor.visit(&window) }
}

/// Population standard deviation of the last `period` samples, times `width`.
@frozen
public struct STDDEV: IndicatorFormula {
    @usableFromInline let width: Double
    @usableFromInline var variance: VAR

    /// `period` 2...100,000.
    public init(period: Int = 5, width: Double = 1) throws(IndicatorFailure) {
        self.width = try width.checked("width", in: -3e37...3e37)
        variance = VAR(checked: try period.checked("period", in: 2...Int.longestPeriod))
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { variance.warmUp }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        guard let variance = variance.step(sample) else { return nil }
        return clibm_sqrt(variance) * width
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        variance.visitRings(&visitor)
    }
}
