import CLibm

/// Volatility of returns over the last `period` bars by one of five estimators, per year.
///
/// Logarithms throughout; √(variance per bar · bars per year).
@frozen
public struct RealisedVolatility: IndicatorFormula {
    @frozen
    public enum Estimator: UInt8, Codable, Sendable, CaseIterable {
        /// Sample deviation of ln(close / close before).
        case closeToClose
        /// mean of ln(high / low)² / (4 · ln 2): Parkinson 1980; assumes no drift, no gaps.
        case parkinson
        /// mean of ln(high / low)² / 2 − (2 · ln 2 − 1) · ln(close / open)²: Garman and Klass 1980.
        case garmanKlass
        /// mean of u · (u − c) + d · (d − c), all from the open: Rogers and Satchell 1991; allows
        /// drift.
        case rogersSatchell
        /// Overnight and open-to-close variance and Rogers and Satchell's, weighted to the least
        /// variance: Yang and Zhang 2000; allows drift and gaps.
        case yangZhang
    }

    @usableFromInline let estimator: Estimator
    @usableFromInline let period: Int
    @usableFromInline let barsPerYear: Double
    /// The estimator's term per bar.
    @usableFromInline var terms: BlockMoments
    @usableFromInline var gaps: BlockMoments
    @usableFromInline var bodies: BlockMoments
    @usableFromInline var previousClose = 0.0

    /// `period` 2...100,000; `barsPerYear` 1...10⁹: 365 for daily bars of a market that never
    /// closes.
    public init(
        _ estimator: Estimator = .closeToClose, period: Int = 20, barsPerYear: Double = 365
    ) throws(IndicatorFailure) {
        self.estimator = estimator
        self.period = try period.checked("period", in: 2...Int.longestPeriod)
        self.barsPerYear = try barsPerYear.checked("barsPerYear", in: 1...1e9)
        terms = BlockMoments(length: period)
        gaps = BlockMoments(length: estimator == .yangZhang ? period : 0)
        bodies = gaps
    }

    public static var cost: UpdateCost { .amortised }

    /// Two of the estimators need the close before.
    @inlinable
    public var warmUp: Int {
        estimator == .closeToClose || estimator == .yangZhang ? period : period &- 1
    }

    /// `nil` where a price is not above zero.
    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> Double? {
        let before = previousClose
        if bar.low <= 0 { return nil }
        previousClose = bar.close
        switch estimator {
        case .closeToClose:
            if before == 0 { return nil }
            terms.push(clibm_log(bar.close / before))
            return terms.isFull ? yearly(terms.moments.variance * unbiased) : nil
        case .yangZhang:
            return before == 0 ? nil : stepYangZhang(bar, before)
        case .parkinson: terms.push(Self.parkinson(bar))
        case .garmanKlass: terms.push(Self.garmanKlass(bar))
        case .rogersSatchell: terms.push(Self.rogersSatchell(bar))
        }
        return terms.isFull ? yearly(larger(terms.mean, 0)) : nil
    }

    @inlinable @inline(__always)
    mutating func stepYangZhang(_ bar: PriceBar, _ before: Double) -> Double? {
        terms.push(Self.rogersSatchell(bar))
        gaps.push(clibm_log(bar.open / before))
        bodies.push(clibm_log(bar.close / bar.open))
        if !terms.isFull { return nil }
        let count = Double(period)
        let share = 0.34 / (1.34 + (count + 1) / (count - 1))
        let variance = gaps.moments.variance * unbiased + share * bodies.moments.variance * unbiased
            + (1 - share) * larger(terms.mean, 0)
        return yearly(variance)
    }

    @inlinable @inline(__always)
    var unbiased: Double { Double(period) / Double(period &- 1) }

    @inlinable @inline(__always)
    func yearly(_ variance: Double) -> Double { clibm_sqrt(variance * barsPerYear) }

    @inlinable @inline(__always)
    static func parkinson(_ bar: PriceBar) -> Double {
        let range = clibm_log(bar.high / bar.low)
        return range * range / (4 * 0.693_147_180_559_945_3)
    }

    @inlinable @inline(__always)
    static func garmanKlass(_ bar: PriceBar) -> Double {
        let range = clibm_log(bar.high / bar.low)
        let body = clibm_log(bar.close / bar.open)
        return range * range / 2 - (2 * 0.693_147_180_559_945_3 - 1) * body * body
    }

    @inlinable @inline(__always)
    static func rogersSatchell(_ bar: PriceBar) -> Double {
        let up = clibm_log(bar.high / bar.open)
        let down = clibm_log(bar.low / bar.open)
        let body = clibm_log(bar.close / bar.open)
        return up * (up - body) + down * (down - body)
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        terms.visitRings(&visitor)
        gaps.visitRings(&visitor)
        bodies.visitRings(&visitor)
    }
}

/// Exponentially weighted volatility of logarithmic returns, per year: variance = λ · variance +
/// (1 − λ) · return², begun with the first return (RiskMetrics 1996).
@frozen
public struct EWMAVolatility: IndicatorFormula, Sendable {
    @usableFromInline let decay: Double
    @usableFromInline let barsPerYear: Double
    @usableFromInline var variance = -1.0
    @usableFromInline var previous = 0.0

    /// `decay` λ 0.01...0.9999; `barsPerYear` 1...10⁹.
    public init(decay: Double = 0.94, barsPerYear: Double = 365) throws(IndicatorFailure) {
        self.decay = try decay.checked("decay", in: 0.01...0.9999)
        self.barsPerYear = try barsPerYear.checked("barsPerYear", in: 1...1e9)
    }

    @inlinable
    public var warmUp: Int { 1 }

    /// `nil` where a sample is not above zero.
    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        if sample <= 0 { return nil }
        let before = previous
        previous = sample
        if before == 0 { return nil }
        let change = clibm_log(sample / before)
        variance = variance < 0
            ? change * change : decay * variance + (1 - decay) * change * change
        return clibm_sqrt(variance * barsPerYear)
    }
}
