import CLibm

/// How many deviations the sample lies from the mean of the last `period`; 0 where they are equal.
@frozen
public struct ZScore: IndicatorFormula {
    @usableFromInline var window: BlockMoments

    /// `period` 2...100,000; population deviation.
    public init(period: Int = 20) throws(IndicatorFailure) {
        window = BlockMoments(length: try period.checked("period", in: 2...Int.longestPeriod))
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { window.length &- 1 }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        window.push(sample)
        if !window.isFull { return nil }
        let moments = window.moments
        let deviation = moments.deviation
        return deviation > 0 ? (sample - window.origin - moments.mean) / deviation : 0
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        window.visitRings(&visitor)
    }
}

/// Correlation of the logarithmic returns of a series with those `lag` samples before, over
/// `period` pairs; 0 where they do not vary.
@frozen
public struct Autocorrelation: IndicatorFormula {
    @usableFromInline let lag: Int
    @usableFromInline var returns: Ring<Double>
    @usableFromInline var correlation: CORREL
    @usableFromInline var previous = 0.0

    /// `period` 2...100,000, `lag` 1...100,000.
    public init(period: Int = 100, lag: Int = 1) throws(IndicatorFailure) {
        correlation = try CORREL(period: try period.checked("period", in: 2...Int.longestPeriod))
        self.lag = try lag.checked("lag")
        returns = Ring(length: lag)
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { 1 &+ lag &+ correlation.warmUp }

    /// `nil` where a sample is not above zero.
    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        if sample <= 0 { return nil }
        let before = previous
        previous = sample
        if before == 0 { return nil }
        let change = clibm_log(sample / before)
        returns.push(change)
        if returns.pushed <= lag { return nil }
        return correlation.step(SamplePair(change, returns[lag]))
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        visitor.visit(&returns)
        correlation.visitRings(&visitor)
    }
}

/// Correlation of the logarithmic returns of two series over the last `period` returns.
@frozen
public struct ReturnCorrelation: IndicatorFormula {
    @usableFromInline var correlation: CORREL
    @usableFromInline var previous = SamplePair(0, 0)

    /// `period` 2...100,000.
    public init(period: Int = 30) throws(IndicatorFailure) {
        correlation = try CORREL(period: try period.checked("period", in: 2...Int.longestPeriod))
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { 1 &+ correlation.warmUp }

    /// `nil` where a price is not above zero.
    @inlinable @inline(__always)
    public mutating func step(_ prices: SamplePair) -> Double? {
        if prices.first <= 0 || prices.second <= 0 { return nil }
        let before = previous
        previous = prices
        if before.first == 0 { return nil }
        return correlation.step(
            SamplePair(
                clibm_log(prices.first / before.first), clibm_log(prices.second / before.second)))
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        correlation.visitRings(&visitor)
    }
}

/// Hurst exponent: half the slope of ln(mean square change over τ samples) on ln τ, τ = 1, 2, 4, 8
/// and 16, of the logarithm of the series (the generalised exponent of order 2, Di Matteo 2007).
///
/// 0.5 for a random walk, above for trends, below for reversion. `nil` while nothing moves.
@frozen
public struct Hurst: IndicatorFormula {
    @usableFromInline let period: Int
    @usableFromInline var levels: Ring<Double>
    @usableFromInline var squares1: BlockSum
    @usableFromInline var squares2: BlockSum
    @usableFromInline var squares4: BlockSum
    @usableFromInline var squares8: BlockSum
    @usableFromInline var squares16: BlockSum

    /// `period`, changes of each lag: 16...100,000.
    public init(period: Int = 100) throws(IndicatorFailure) {
        self.period = try period.checked("period", in: 16...Int.longestPeriod)
        levels = Ring(length: 16)
        squares1 = BlockSum(length: period)
        squares2 = squares1
        squares4 = squares1
        squares8 = squares1
        squares16 = squares1
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { period &+ 15 }

    /// `nil` where a sample is not above zero.
    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        if sample <= 0 { return nil }
        let level = clibm_log(sample)
        levels.push(level)
        if levels.pushed <= 16 { return nil }
        Self.push(level - levels[1], to: &squares1)
        Self.push(level - levels[2], to: &squares2)
        Self.push(level - levels[4], to: &squares4)
        Self.push(level - levels[8], to: &squares8)
        Self.push(level - levels[16], to: &squares16)
        if !squares1.isFull { return nil }
        // Least squares over ln τ = 0, 1, 2, 3, 4 times ln 2: weights −2 to 2 over 10 · ln 2.
        let rise = 2 * (clibm_log(squares16.value) - clibm_log(squares1.value))
            + clibm_log(squares8.value) - clibm_log(squares2.value)
        let slope = rise / (10 * 0.693_147_180_559_945_3)
        return slope.isFinite ? slope / 2 : nil
    }

    @inlinable @inline(__always)
    static func push(_ change: Double, to squares: inout BlockSum) { squares.push(change * change) }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        visitor.visit(&levels)
        squares1.visitRings(&visitor)
        squares2.visitRings(&visitor)
        squares4.visitRings(&visitor)
        squares8.visitRings(&visitor)
        squares16.visitRings(&visitor)
    }
}
