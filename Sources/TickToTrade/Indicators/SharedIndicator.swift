import Indicators
import MarketModel

/// An indicator of closed candles, of quotes, of the book or of trades, that a lane computes once for
/// all strategies that ask for it.
///
/// The formulas are those of the library, over decimal prices and quantities. What a strategy wants
/// of another formula or input it keeps itself: an `Indicator` in a field.
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
    case alma(period: Int)
    case dema(period: Int)
    case tema(period: Int)
    case trima(period: Int)
    case zlema(period: Int)
    case rma(period: Int)
    case t3(period: Int)
    /// In percent per candle.
    case averageSlope(period: Int, lag: Int)
    case highestClose(period: Int)
    case lowestClose(period: Int)
    case momentum(period: Int)
    case trix(period: Int)
    case chandeMomentum(period: Int)
    case trueStrength(first: Int, second: Int)
    case efficiency(period: Int)
    /// K, D.
    case stochasticRSI(period: Int, fastK: Int, fastD: Int)
    /// Width over the middle, and the place in the bands from 0 to 1.
    case bollingerWidth(period: Int, width: Double)
    case regression(LinearRegression.Aspect, period: Int)
    case zScore(period: Int)
    case percentRank(period: Int)
    case autocorrelation(period: Int, lag: Int)
    case hurst(period: Int)
    /// Of a year with so many candles.
    case weightedVolatility(decay: Double, barsPerYear: Double)
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
    case normalizedATR(period: Int)
    case directional(MovementSide, period: Int)
    /// Plus, minus.
    case vortex(period: Int)
    case parabolicStop(acceleration: Double, maximum: Double)
    /// Upper, middle, lower of the candles before the newest.
    case priorRange(period: Int)
    case ultimate(short: Int, middle: Int, long: Int)
    case awesome(fast: Int, slow: Int)
    /// Bull, bear.
    case elderRay(period: Int)
    /// K, D, J.
    case kdj(fastK: Int, slowK: Int, slowD: Int)
    case accumulation
    case chaikinOscillator(fast: Int, slow: Int)
    case chaikinMoneyFlow(period: Int)
    case force(period: Int)
    /// Line, signal, histogram.
    case klinger(fast: Int, slow: Int, signal: Int)
    case relativeVolume(period: Int)
    case volumeWeighted(period: Int)
    case massIndex(fast: Int, slow: Int)
    /// Of a year with so many candles.
    case volatility(RealisedVolatility.Estimator, period: Int, barsPerYear: Double)
    /// 100 at a high, and at a low, that is confirmed.
    case fractal(left: Int, right: Int)
    /// 100 for a bullish one, -100 for a bearish one.
    case candlestick(CandlestickKind)
    /// 100 where a bullish one is completed, -100 for a bearish one.
    case chartPattern(ChartPatternKind, left: Int, right: Int, tolerance: Double)

    // Of the best quotes, whenever one of the four numbers changes while the quote is valid.
    case orderFlowImbalance(period: Int)
    case queueImbalance
    case weightedMid
    case microPrice(bins: Int)

    // Of the book, at each change of it.
    /// Bid, ask; of the best 20 levels.
    case bookSlope
    /// Bid, ask; of the best 20 levels.
    case depth(basisPoints: Double)

    // Of each trade as the lane takes it, the spreads with the quote just before it.
    case cumulativeDelta
    case tradeFlowImbalance(period: Int)
    case vpin(bucketVolume: Double, buckets: Int)
    case kyleLambda(period: Int)
    case rollSpread(period: Int)
    /// In price, in basis points.
    case effectiveSpread(period: Int)
    /// In price, in basis points.
    case realisedSpread(period: Int, delay: Int)
}

extension SharedIndicator {
    /// Whether it takes closed candles; the others take quotes, books or trades as they come.
    public var takesCandles: Bool {
        switch self {
        case .orderFlowImbalance, .queueImbalance, .weightedMid, .microPrice, .bookSlope, .depth,
            .cumulativeDelta, .tradeFlowImbalance, .vpin, .kyleLambda,
            .rollSpread, .effectiveSpread, .realisedSpread:
            false
        default: true
        }
    }

    /// How many closed candles it takes until there is a value that earlier ones no longer move by
    /// more than a thousandth of their weight; 0 for one that takes none. Throws what is wrong with
    /// the parameters.
    public func candlesWanted() throws(IndicatorFailure) -> Int {
        var shelves = IndicatorShelves()
        let first = try shelves.add(self).warmUp + 1
        if !takesCandles { return 0 }
        return fadesSlowly ? first * 8 : first
    }

    /// Whether a candle counts on long after it has left the period.
    private var fadesSlowly: Bool {
        switch self {
        case .ema, .kama, .rsi, .macd, .atr, .adx, .keltner, .supertrend, .dema, .tema, .zlema, .rma,
            .t3, .trix, .chandeMomentum, .trueStrength, .stochasticRSI, .weightedVolatility,
            .normalizedATR, .directional, .parabolicStop, .elderRay, .kdj, .chaikinOscillator, .force,
            .klinger, .massIndex:
            true
        default: false
        }
    }
}

/// A shared indicator, of candles of one length or of what comes in, on each of a strategy's instruments.
public struct IndicatorNeed: Hashable, Sendable {
    public var indicator: SharedIndicator
    /// Length of the candles: one second to one day, dividing a day, or whole days up to thirty; 0 where it
    /// takes none.
    public var interval: Nanoseconds

    public init(_ indicator: SharedIndicator, every interval: Nanoseconds) {
        self.indicator = indicator
        self.interval = interval
    }

    /// The length of the candles that it takes, if it takes any.
    public var candles: Nanoseconds? { indicator.takesCandles ? interval : nil }

    /// For an indicator of quotes, of the book or of trades.
    public init(_ indicator: SharedIndicator) { self.init(indicator, every: .zero) }
}
