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
    /// Pushes with which they are taken anew next.
    @usableFromInline var nextAnchor: Int

    /// `period` 1...100,000.
    public init(period: Int = 5) throws(IndicatorFailure) {
        self.init(checked: try period.checked("period"))
    }

    init(checked period: Int) {
        self.period = period
        share = 1 / Double(period)
        window = Ring(length: period)
        nextAnchor = 33 * period - 1
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { period &- 1 }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        if _slowPath(!window.isFull) {
            if window.pushed == 0 { origin = sample }
            if window.pushed < warmUp {
                window.push(sample)
                sums = sums(with: sample)
                return nil
            }
        }
        window.push(sample)
        let whole = sums(with: sample)
        let variance = Self.variance(of: whole, share)
        let leaving = window.oldest - origin
        let leavingSquare = leaving * leaving
        sums = whole - SIMD2(leaving, leavingSquare)
        let squares = sums[1]
        if _slowPath(
            variance < 1e-6 * (squares * share) || leavingSquare > 1e6 * squares
                || window.pushed >= nextAnchor)
        {
            let fresh = Self.anchored(window, share)
            origin = fresh.origin
            sums = fresh.sums
            nextAnchor = window.pushed &+ 32 &* period
            return fresh.variance
        }
        return variance
    }

    @inlinable @inline(__always)
    func sums(with sample: Double) -> SIMD2<Double> {
        let distance = sample - origin
        return sums + SIMD2(distance, distance * distance)
    }

    /// Of a whole window's sums.
    @inlinable @inline(__always)
    static func variance(of sums: SIMD2<Double>, _ share: Double) -> Double {
        let means = sums * share
        return means[1] - means[0] * means[0]
    }

    /// Around the mean of a full window; the sums without the oldest sample. Out of line, so that a
    /// loop of steps keeps the rest in registers.
    @inlinable @inline(never)
    static func anchored(
        _ window: Ring<Double>, _ share: Double
    ) -> (origin: Double, sums: SIMD2<Double>, variance: Double) {
        let origin = window.sum() * share
        var sums = SIMD2<Double>()
        var age = window.length &- 1
        while age >= 0 {
            let distance = window[age] - origin
            sums += SIMD2(distance, distance * distance)
            age &-= 1
        }
        let fresh = variance(of: sums, share)
        let floor = 1e-12 * (sums[1] * share)
        let leaving = window.oldest - origin
        sums -= SIMD2(leaving, leaving * leaving)
        return (origin, sums, fresh < floor ? 0 : fresh)
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
