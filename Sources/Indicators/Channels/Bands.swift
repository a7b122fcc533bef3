import CLibm

/// Bollinger bands: a moving average with the population deviation of the window around it.
@frozen
public struct BBANDS: IndicatorFormula {
    @usableFromInline let widthUp: Double
    @usableFromInline let widthDown: Double
    @usableFromInline let isSymmetric: Bool
    @usableFromInline var average: MovingAverage
    @usableFromInline var deviation: Late<STDDEV>
    /// Whether the middle is the simple average: the sum of the window that the deviation has.
    @usableFromInline let isSimple: Bool
    @usableFromInline let divisor: WholeDivisor
    @usableFromInline var total = 0.0

    /// `period` 2...100,000; widths in deviations.
    public init(
        period: Int = 20, widthUp: Double = 2, widthDown: Double = 2,
        kind: MovingAverageKind = .sma
    ) throws(IndicatorFailure) {
        let checked = try period.checked("period", in: 2...Int.longestPeriod)
        self.widthUp = try widthUp.checked("widthUp", in: -3e37...3e37)
        self.widthDown = try widthDown.checked("widthDown", in: -3e37...3e37)
        isSymmetric = widthUp == widthDown
        isSimple = kind == .sma
        divisor = WholeDivisor(checked)
        average = MovingAverage(isSimple ? .none : kind, checked: checked)
        let spread = try STDDEV(period: period)
        deviation = Late(spread, by: max(average.warmUp - spread.warmUp, 0))
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { max(average.warmUp, deviation.warmUp) }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Bands? {
        if _fastPath(isSimple) { return stepSimple(sample) }
        let middle = average.step(sample)
        guard let width = deviation.step(sample), let middle else { return nil }
        return bands(middle, width)
    }

    /// As ``SMA`` adds up.
    @inlinable @inline(__always)
    mutating func stepSimple(_ sample: Double) -> Bands? {
        var sum = total + sample
        guard let variance = deviation.formula.variance.step(sample) else {
            total = sum
            return nil
        }
        let window = deviation.formula.variance.window
        if _slowPath(window.isAnchorDue) { sum = window.sum() }
        total = sum - window.oldest
        return bands(sum.divided(by: divisor), clibm_sqrt(variance))
    }

    @inlinable @inline(__always)
    func bands(_ middle: Double, _ width: Double) -> Bands {
        if _fastPath(isSymmetric) {
            let reach = width * widthUp
            return Bands(upper: middle + reach, middle: middle, lower: middle - reach)
        }
        // TA-Lib rounds the product of the upper band only when the widths are equal.
        return Bands(
            upper: middle.adding(width, times: widthUp), middle: middle,
            lower: middle - width * widthDown)
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        average.visitRings(&visitor)
        deviation.visitRings(&visitor)
    }
}

/// Acceleration bands: averages of high and low stretched by 4 · range / (high + low).
@frozen
public struct ACCBANDS: IndicatorFormula {
    @usableFromInline var upper: SMA
    @usableFromInline var middle: SMA
    @usableFromInline var lower: SMA

    /// `period` 2...100,000.
    public init(period: Int = 20) throws(IndicatorFailure) {
        middle = SMA(checked: try period.checked("period", in: 2...Int.longestPeriod))
        upper = middle
        lower = middle
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { middle.warmUp }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> Bands? {
        let sum = bar.high + bar.low
        let stretch = sum.isNegligible ? 0 : 4 * (bar.high - bar.low) / sum
        let top = upper.step(bar.high * (1 + stretch))
        let mean = middle.step(bar.close)
        guard let bottom = lower.step(bar.low * (1 - stretch)), let top, let mean else {
            return nil
        }
        return Bands(upper: top, middle: mean, lower: bottom)
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        upper.visitRings(&visitor)
        middle.visitRings(&visitor)
        lower.visitRings(&visitor)
    }
}

/// Donchian channel: highest high and lowest low of the window, the newest bar included.
@frozen
public struct DONCHIAN: IndicatorFormula {
    @usableFromInline var range: BlockRange

    /// `period` 2...100,000.
    public init(period: Int = 20) throws(IndicatorFailure) {
        range = BlockRange(length: try period.checked("period", in: 2...Int.longestPeriod))
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { range.length &- 1 }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> Bands? {
        range.push(high: bar.high, low: bar.low)
        if !range.isFull { return nil }
        let (upper, lower) = range.span
        return Bands(upper: upper, middle: (upper + lower) / 2, lower: lower)
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        range.visitRings(&visitor)
    }
}

/// Keltner channel: an exponential average with `width` average true ranges around it.
@frozen
public struct KC: IndicatorFormula {
    @frozen
    public enum Basis: UInt8, Codable, Sendable {
        /// (high + low + close) / 3; the shorter average starts late, so that both have their first
        /// value together (TA-Lib).
        case typicalPrice
        /// The close; both averages start at the first bar.
        case close
    }

    @usableFromInline let basis: Basis
    @usableFromInline let width: Double
    @usableFromInline var average: Late<EMA>
    @usableFromInline var range: Late<ATR>

    /// Periods 1...100,000; `width` in average ranges.
    public init(
        period: Int = 20, rangePeriod: Int = 10, width: Double = 2, basis: Basis = .typicalPrice
    ) throws(IndicatorFailure) {
        self.basis = basis
        self.width = try width.checked("width", in: -3e37...3e37)
        let prices = EMA(checked: try period.checked("period"))
        let ranges = ATR(checked: try rangePeriod.checked("rangePeriod"))
        let lead = basis == .typicalPrice ? prices.warmUp - ranges.warmUp : 0
        average = Late(prices, by: max(-lead, 0))
        range = Late(ranges, by: max(lead, 0))
    }

    @inlinable
    public var warmUp: Int { max(average.warmUp, range.warmUp) }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> Bands? {
        let middle = average.step(basis == .close ? bar.close : bar.typicalPrice)
        guard let half = range.step(bar), let middle else { return nil }
        let reach = width * half
        return Bands(upper: middle + reach, middle: middle, lower: middle - reach)
    }
}
