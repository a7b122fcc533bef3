import CLibm

/// Supertrend: a stop that follows the trend at `multiplier` average true ranges from the median
/// price and changes sides when the close crosses it.
@frozen
public struct SUPERTREND: IndicatorFormula, Sendable {
    @usableFromInline let multiplier: Double
    @usableFromInline var range: ATR
    @usableFromInline let firstTrend: Int
    @usableFromInline var trend: Int
    /// The upper band and the lower one negated, so that one rule moves both.
    @usableFromInline var bands = SIMD2<Double>()
    @usableFromInline var previousClose = 0.0
    @usableFromInline var isStarted = false

    /// `period` 2...100,000. `startsUp`: the trend assumed at the first value (TA-Lib: up).
    public init(
        period: Int = 10, multiplier: Double = 3, startsUp: Bool = true
    ) throws(IndicatorFailure) {
        self.multiplier = try multiplier.checked("multiplier", in: 0...3e37)
        range = try ATR(period: try period.checked("period", in: 2...Int.longestPeriod))
        firstTrend = startsUp ? 1 : -1
        trend = firstTrend
    }

    @inlinable
    public var warmUp: Int { range.warmUp }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> TrendStop? {
        let closeBefore = previousClose
        previousClose = bar.close
        guard let average = range.step(bar) else { return nil }
        let median = bar.medianPrice
        let basic = SIMD2(median, -median) + multiplier * average
        if _slowPath(!isStarted) {
            isStarted = true
            bands = basic
        } else {
            // Without branches, which nothing could foresee.
            bands = clibm_where_above(
                SIMD2(closeBefore, -closeBefore), bands, basic, clibm_smaller(basic, bands))
            let stays = -bar.close <= bands[1]
            let turns = bar.close > bands[0]
            trend = (trend == 1 ? stays : turns) ? 1 : -1
        }
        let isDown = Condition(word: UInt64(bitPattern: Int64(trend)))
        return TrendStop(stop: isDown.chooses(bands[0], else: -bands[1]), trend: trend)
    }
}

/// The stop of ``SUPERTREND`` and its side: 1 in a rising trend, −1 in a falling one.
@frozen
public struct TrendStop: IndicatorOutput, Sendable {
    public var stop: Double
    public var trend: Int

    @inlinable @inline(__always)
    public init(stop: Double, trend: Int) {
        self.stop = stop
        self.trend = trend
    }

    public static var names: [String] { ["stop", "trend"] }
    public var numbers: [Double] { [stop, Double(trend)] }
}
