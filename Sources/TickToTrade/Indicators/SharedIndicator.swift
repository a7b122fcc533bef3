import Indicators
import MarketModel

/// An indicator of closed candles that a lane computes once for all strategies that ask for it.
///
/// The formulas are those of the same names in the library, over decimal prices. What a strategy
/// wants of another formula or input it keeps itself: an `Indicator` in a field.
public enum SharedIndicator: Hashable, Sendable {
    // Of the close.
    case sma(period: Int)
    case ema(period: Int)
    case wma(period: Int)
    case hma(period: Int)
    case kama(period: Int)
    case rsi(period: Int)
    /// In percent.
    case rateOfChange(period: Int)
    case standardDeviation(period: Int)
    /// Line, signal, histogram.
    case macd(fast: Int, slow: Int, signal: Int)
    /// Upper, middle, lower; the width in deviations.
    case bollinger(period: Int, width: Double)

    // Of the whole candle.
    case atr(period: Int)
    case adx(period: Int)
    case cci(period: Int)
    case williams(period: Int)
    /// K, D.
    case stochastic(fastK: Int, slowK: Int, slowD: Int)
    /// Down, up.
    case aroon(period: Int)
    /// Upper, middle, lower.
    case donchian(period: Int)
    /// Upper, middle, lower; the width in true ranges, averaged over a period of their own.
    case keltner(period: Int, rangePeriod: Int, width: Double)
    /// The stop, and 1 in a rising or -1 in a falling trend.
    case supertrend(period: Int, multiplier: Double)
    case moneyFlow(period: Int)
    case onBalanceVolume
    /// Upper, middle, lower: the volume-weighted price and deviations around it.
    case vwap(period: Int, width: Double)

    /// How many closed candles it takes until there is a value that earlier ones no longer move by
    /// more than a thousandth of their weight. Throws what is wrong with the parameters.
    public func candlesWanted() throws(IndicatorFailure) -> Int {
        var shelves = IndicatorShelves()
        let first = try shelves.add(self).warmUp + 1
        return fadesSlowly ? first * 8 : first
    }

    /// Whether a candle counts on long after it has left the period.
    private var fadesSlowly: Bool {
        switch self {
        case .ema, .kama, .rsi, .macd, .atr, .adx, .keltner, .supertrend: true
        case .sma, .wma, .hma, .rateOfChange, .standardDeviation, .bollinger, .cci, .williams,
            .stochastic, .aroon, .donchian, .moneyFlow, .onBalanceVolume, .vwap:
            false
        }
    }
}

/// A shared indicator of candles of one length, on each of a strategy's instruments.
public struct IndicatorNeed: Hashable, Sendable {
    public var indicator: SharedIndicator
    /// Length of the candles: one second to one day, dividing a day, or whole days up to thirty.
    public var interval: Nanoseconds

    public init(_ indicator: SharedIndicator, every interval: Nanoseconds) {
        self.indicator = indicator
        self.interval = interval
    }
}

/// What an indicator says: one number or several, in the order of ``SharedIndicator``; 0 for those
/// that it does not have.
@frozen
public struct IndicatorReading: BitwiseCopyable, Sendable, Equatable {
    public var first: Double
    public var second: Double
    public var third: Double
    /// One of the candles that it is made of lacks trades, or one between them may be missing: so it
    /// stays until as many whole ones came as its warm-up takes.
    public internal(set) var isPartial = false

    @_noLocks
    init(_ first: Double, _ second: Double = 0, _ third: Double = 0) {
        self.first = first
        self.second = second
        self.third = third
    }

    /// The number of an indicator with one.
    @inlinable
    public var value: Double { first }
}
