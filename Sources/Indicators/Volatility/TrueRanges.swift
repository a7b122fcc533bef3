/// The largest of high − low and the distances of both from the close before.
@frozen
public struct TRANGE: IndicatorFormula, Sendable {
    @usableFromInline var previousClose = 0.0
    @usableFromInline var isStarted = false

    public init() {}

    @inlinable
    public var warmUp: Int { 1 }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> Double? {
        let before = previousClose
        previousClose = bar.close
        if _fastPath(isStarted) { return bar.trueRange(after: before) }
        isStarted = true
        return nil
    }
}

extension TRANGE: ColumnFormula {
    public func fill(_ values: UnsafeMutableBufferPointer<Double>, from columns: BarColumns) {
        if values.isEmpty { return }
        values[0] = .nan
        columns.close.withUnsafeBufferPointer { close in
            columns.high.withUnsafeBufferPointer { high in
                columns.low.withUnsafeBufferPointer { low in
                    for row in 1..<max(values.count, 1) {
                        let before = close[row &- 1]
                        values[row] = larger(high[row], before) - smaller(low[row], before)
                    }
                }
            }
        }
    }
}

/// Average true range after Wilder.
///
/// The true range needs the close before: the first bar has none. The first value, at bar number
/// `period` + 1, is the plain mean of `period` true ranges (the convention of TA-Lib).
@frozen
public struct ATR: IndicatorFormula, Sendable {
    @usableFromInline let period: Int
    @usableFromInline let keep: Double
    @usableFromInline let weight: Double
    /// Negative before there is one.
    @usableFromInline var average = -1.0
    @usableFromInline var previousClose = 0.0
    /// The sum of the ranges before there is an average, and bars until then.
    @usableFromInline var sum = 0.0
    @usableFromInline var missing: Int

    /// `period` 1...100,000, usually 14.
    public init(period: Int = 14) throws(IndicatorFailure) {
        self.init(checked: try period.checked("period"))
    }

    init(checked period: Int) {
        self.period = period
        keep = Double(period - 1) / Double(period)
        weight = 1 - keep
        missing = period + 1
    }

    @inlinable
    public var warmUp: Int { period }

    @inlinable @inline(__always)
    public static var holdsValue: Bool { true }

    @inlinable @inline(__always)
    public var value: Double? { average >= 0 ? average : nil }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> Double? {
        let range = bar.trueRange(after: previousClose)
        previousClose = bar.close
        if _fastPath(average >= 0) {
            average = (range * weight).adding(average, times: keep)
            return average
        }
        if missing <= period { sum += range }
        missing &-= 1
        if missing > 0 { return nil }
        average = sum / Double(period)
        return average
    }
}

/// Average true range in percent of the close; with a period of 1 the plain true range, as TA-Lib.
@frozen
public struct NATR: IndicatorFormula, Sendable {
    @usableFromInline var range: ATR

    /// `period` 1...100,000.
    public init(period: Int = 14) throws(IndicatorFailure) { range = try ATR(period: period) }

    @inlinable
    public var warmUp: Int { range.warmUp }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> Double? {
        guard let average = range.step(bar) else { return nil }
        if range.warmUp == 1 { return average }
        return bar.close.isNegligible ? 0 : average / bar.close * 100
    }
}

/// Simple average of high − low.
@frozen
public struct ADR: IndicatorFormula {
    @usableFromInline var average: SMA

    /// `period` 1...100,000.
    public init(period: Int = 14) throws(IndicatorFailure) { average = try SMA(period: period) }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { average.warmUp }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> Double? { average.step(bar.high - bar.low) }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        average.visitRings(&visitor)
    }
}

/// Chaikin's volatility: rate of change, in percent, of the exponential average of high − low.
@frozen
public struct CVI: IndicatorFormula {
    @usableFromInline var average: EMA
    @usableFromInline var window: Ring<Double>

    /// Periods 1...100,000.
    public init(period: Int = 10, changePeriod: Int = 10) throws(IndicatorFailure) {
        average = EMA(checked: try period.checked("period"))
        window = Ring(length: try changePeriod.checked("changePeriod"))
    }

    @inlinable
    public var warmUp: Int { average.warmUp &+ window.length }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> Double? {
        guard let now = average.step(bar.high - bar.low) else { return nil }
        window.push(now)
        if window.pushed <= window.length { return nil }
        let before = window[window.length]
        return before.isNegligible ? 0 : (now - before) / before * 100
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) { visitor.visit(&window) }
}

/// Mass index: sum of the ratio of the average range to the average of that average.
@frozen
public struct MASSI: IndicatorFormula {
    @usableFromInline var once: EMA
    @usableFromInline var twice: EMA
    @usableFromInline var sum: RollingSum

    /// Periods 1...100,000.
    public init(fastPeriod: Int = 9, slowPeriod: Int = 25) throws(IndicatorFailure) {
        once = EMA(checked: try fastPeriod.checked("fastPeriod"))
        twice = once
        sum = RollingSum(checked: try slowPeriod.checked("slowPeriod"))
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { 2 &* once.warmUp &+ sum.warmUp }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> Double? {
        if _fastPath(twice.isSeeded) {
            // So is the other.
            let range = once.follow(bar.high - bar.low)
            return add(range, twice.follow(range))
        }
        guard let range = once.step(bar.high - bar.low), let smooth = twice.step(range) else {
            return nil
        }
        return add(range, smooth)
    }

    @inlinable @inline(__always)
    mutating func add(_ range: Double, _ smooth: Double) -> Double? {
        sum.step(smooth.isNegligible ? 0 : range / smooth)
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        sum.visitRings(&visitor)
    }
}

/// Relative volatility: 100 · deviations on rising closes / all, each averaged after Wilder.
@frozen
public struct RVI: IndicatorFormula {
    @usableFromInline var deviation: STDDEV
    @usableFromInline var rising: RMA
    @usableFromInline var falling: RMA
    @usableFromInline var previous = 0.0

    /// `period` 1...100,000, `deviationPeriod` 2...100,000.
    public init(period: Int = 14, deviationPeriod: Int = 10) throws(IndicatorFailure) {
        rising = RMA(checked: try period.checked("period"))
        falling = rising
        deviation = try STDDEV(
            period: try deviationPeriod.checked("deviationPeriod", in: 2...Int.longestPeriod))
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { deviation.warmUp &+ rising.warmUp }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        let change = sample - previous
        previous = sample
        guard let width = deviation.step(sample) else { return nil }
        let up = rising.step(change > 0 ? width : 0)
        guard let down = falling.step(change < 0 ? width : 0), let up else { return nil }
        let both = up + down
        return both.isNegligible ? 0 : 100 * (up / both)
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        deviation.visitRings(&visitor)
    }
}
