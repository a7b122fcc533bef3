import Indicators
import MarketModel

/// Computes the metrics of a series bar by bar, with the indicators that strategies use: the values
/// are theirs bit for bit, and each bar costs the same.
public struct MetricsCalculator: ~Copyable {
    /// How many bars the metrics look back.
    public struct Options: Equatable, Sendable {
        /// Of true range, directional index and relative strength, 2...1,000.
        public var period = 14
        /// Of volatility, bands, volume and volume-weighted price, 2...1,000.
        public var window = 20
        public var fastAverage = 20
        public var slowAverage = 50

        public init() {}
    }

    /// Bars behind a slope.
    private static let slopeLag = 5

    private var range: Indicator<ATR>
    private var volatility: Indicator<RealisedVolatility>
    private var fast: Indicator<SMA>
    private var slow: Indicator<SMA>
    private var fastSlope: Indicator<AverageSlope>
    private var slowSlope: Indicator<AverageSlope>
    private var movement: Indicator<ADX>
    private var strength: Indicator<RSI>
    private var bands: Indicator<BollingerWidth>
    private var volume: Indicator<RVOL>
    private var weighted: Indicator<RollingVWAP>
    private var change: Indicator<ROC>
    private var dayChange: Indicator<ROC>
    /// Whether so many bars are a day.
    private let dividesDay: Bool
    private var before: Double?
    /// As of the last bar that was taken.
    public private(set) var metrics = CandleMetrics()
    /// Bars that were none: they change nothing.
    public private(set) var refusedCount = 0

    /// For bars of a length, above zero. Fails where an option is out of its range.
    public init(
        interval: Nanoseconds, _ options: Options = Options()
    ) throws(IndicatorFailure) {
        precondition(interval.count > 0, "a bar has a length")
        // All formulas first: what has taken memory cannot be left half made.
        let year = Double(365 * Nanoseconds.day.count)
        let returns = try RealisedVolatility(
            .closeToClose, period: options.window,
            barsPerYear: max(year / Double(interval.count), 1))
        let averages = (
            fast: try SMA(period: options.fastAverage), slow: try SMA(period: options.slowAverage)
        )
        let slopes = (
            fast: try AverageSlope(period: options.fastAverage, lag: Self.slopeLag),
            slow: try AverageSlope(period: options.slowAverage, lag: Self.slopeLag)
        )
        let wilder = (
            range: try ATR(period: options.period), movement: try ADX(period: options.period),
            strength: try RSI(period: options.period)
        )
        let windows = (
            bands: try BollingerWidth(period: options.window, width: 2),
            volume: try RVOL(period: options.window),
            weighted: try RollingVWAP(period: options.window)
        )
        let (bars, rest) = Nanoseconds.day.count.quotientAndRemainder(dividingBy: interval.count)
        let changes = (one: try ROC(period: 1), day: try ROC(period: max(Int(bars), 1)))
        range = Indicator(wilder.range)
        movement = Indicator(wilder.movement)
        strength = Indicator(wilder.strength)
        volatility = Indicator(returns)
        fast = Indicator(averages.fast)
        slow = Indicator(averages.slow)
        fastSlope = Indicator(slopes.fast)
        slowSlope = Indicator(slopes.slow)
        bands = Indicator(windows.bands)
        volume = Indicator(windows.volume)
        weighted = Indicator(windows.weighted)
        change = Indicator(changes.one)
        dayChange = Indicator(changes.day)
        dividesDay = rest == 0 && bars >= 1
    }

    /// Takes the next closed bar; the metrics as of it. A bar that is none is refused: `nil`.
    @discardableResult
    public mutating func update(_ bar: PriceBar) -> CandleMetrics? {
        guard bar.isValid else {
            refusedCount += 1
            return nil
        }
        let close = bar.close
        var now = CandleMetrics()
        func percent(_ part: Double?, of whole: Double) -> Double? {
            whole == 0 ? nil : part.map { $0 / whole * 100 }
        }
        now[.last] = close
        now[.change] = before.map { close - $0 }
        now[.changePercent] = change.update(close)
        now[.changeDayPercent] = dividesDay ? dayChange.update(close) : nil
        now[.range] = bar.high - bar.low
        now[.rangePercent] = percent(bar.high - bar.low, of: close)
        now[.atr] = range.update(bar)
        now[.atrPercent] = percent(range.value, of: close)
        now[.volatilityPercent] = volatility.update(bar).map { $0 * 100 }
        now[.smaFast] = fast.update(close)
        now[.smaSlow] = slow.update(close)
        now[.smaFastSlope] = fastSlope.update(close)
        now[.smaSlowSlope] = slowSlope.update(close)
        now[.adx] = movement.update(bar)
        now[.rsi] = strength.update(close)
        let place = bands.update(close)
        now[.bandWidthPercent] = place.map { $0.width * 100 }
        now[.bandPosition] = place.map(\.position)
        now[.volumeRatio] = volume.update(bar)
        let price = weighted.update(bar)?.middle
        now[.vwap] = price
        now[.vwapDistancePercent] = price.flatMap { percent(close - $0, of: $0) }
        before = close
        metrics = now
        return now
    }
}

extension CandleSeries {
    /// The metrics as of every candle; those of a candle that was refused are `nil`.
    public func metrics(
        interval: Nanoseconds, _ options: MetricsCalculator.Options = .init()
    ) throws(StudyFailure) -> [CandleMetrics?] {
        for column in [SampleColumn.open, .high, .low, .close, .volume] where !has(column) {
            throw .lacksColumn(CandleHeading.name(of: column), of: "metrics", origin: origin)
        }
        do throws(IndicatorFailure) {
            var calculator = try MetricsCalculator(interval: interval, options)
            return (0..<count).map { calculator.update(bar($0)) }
        } catch {
            throw .parameter(error, of: "metrics")
        }
    }
}
