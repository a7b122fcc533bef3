import Indicators

/// Where an indicator stands: on the shelf of its formula.
struct IndicatorPlace: BitwiseCopyable {
    enum Shelf: UInt8, BitwiseCopyable {
        case sma, ema, wma, hma, kama, rsi, rateOfChange, standardDeviation, macd, bollinger
        case atr, adx, cci, williams, stochastic, aroon, donchian, keltner, supertrend, moneyFlow
        case onBalanceVolume, vwap
    }

    let shelf: Shelf
    let number: Int
    /// Candles that give no value before the first one that does.
    let warmUp: Int
}

/// Indicators of many formulas, those of each formula together: which one is meant is known by a
/// number, and every step is compiled for its formula.
struct IndicatorShelves: ~Copyable {
    private var smas = IndicatorShelf<SMA>()
    private var emas = IndicatorShelf<EMA>()
    private var wmas = IndicatorShelf<WMA>()
    private var hmas = IndicatorShelf<HMA>()
    private var kamas = IndicatorShelf<KAMA>()
    private var rsis = IndicatorShelf<RSI>()
    private var ratesOfChange = IndicatorShelf<ROC>()
    private var standardDeviations = IndicatorShelf<STDDEV>()
    private var macds = IndicatorShelf<MACD>()
    private var bollingers = IndicatorShelf<BBANDS>()
    private var atrs = IndicatorShelf<ATR>()
    private var adxs = IndicatorShelf<ADX>()
    private var ccis = IndicatorShelf<CCI>()
    private var williams = IndicatorShelf<WILLR>()
    private var stochastics = IndicatorShelf<STOCH>()
    private var aroons = IndicatorShelf<AROON>()
    private var donchians = IndicatorShelf<DONCHIAN>()
    private var keltners = IndicatorShelf<KC>()
    private var supertrends = IndicatorShelf<SUPERTREND>()
    private var moneyFlows = IndicatorShelf<MFI>()
    private var balanceVolumes = IndicatorShelf<OBV>()
    private var vwaps = IndicatorShelf<RollingVWAP>()

    /// Takes one more, with memory of its own; throws what is wrong with its parameters. Cold.
    mutating func add(_ wanted: SharedIndicator) throws(IndicatorFailure) -> IndicatorPlace {
        switch wanted {
        case .sma(let period): smas.add(try SMA(period: period), .sma)
        case .ema(let period): emas.add(try EMA(period: period), .ema)
        case .wma(let period): wmas.add(try WMA(period: period), .wma)
        case .hma(let period): hmas.add(try HMA(period: period), .hma)
        case .kama(let period): kamas.add(try KAMA(period: period), .kama)
        case .rsi(let period): rsis.add(try RSI(period: period), .rsi)
        case .rateOfChange(let period): ratesOfChange.add(try ROC(period: period), .rateOfChange)
        case .standardDeviation(let period):
            standardDeviations.add(try STDDEV(period: period), .standardDeviation)
        case .macd(let fast, let slow, let signal):
            macds.add(
                try MACD(fastPeriod: fast, slowPeriod: slow, signalPeriod: signal), .macd)
        case .bollinger(let period, let width):
            bollingers.add(
                try BBANDS(period: period, widthUp: width, widthDown: width), .bollinger)
        case .atr(let period): atrs.add(try ATR(period: period), .atr)
        case .adx(let period): adxs.add(try ADX(period: period), .adx)
        case .cci(let period): ccis.add(try CCI(period: period), .cci)
        case .williams(let period): williams.add(try WILLR(period: period), .williams)
        case .stochastic(let fastK, let slowK, let slowD):
            stochastics.add(
                try STOCH(fastKPeriod: fastK, slowKPeriod: slowK, slowDPeriod: slowD), .stochastic)
        case .aroon(let period): aroons.add(try AROON(period: period), .aroon)
        case .donchian(let period): donchians.add(try DONCHIAN(period: period), .donchian)
        case .keltner(let period, let rangePeriod, let width):
            keltners.add(
                try KC(period: period, rangePeriod: rangePeriod, width: width), .keltner)
        case .supertrend(let period, let multiplier):
            supertrends.add(try SUPERTREND(period: period, multiplier: multiplier), .supertrend)
        case .moneyFlow(let period): moneyFlows.add(try MFI(period: period), .moneyFlow)
        case .onBalanceVolume: balanceVolumes.add(OBV(), .onBalanceVolume)
        case .vwap(let period, let width):
            vwaps.add(try RollingVWAP(period: period, width: width), .vwap)
        }
    }

    /// The value after a candle, or the one that it would give if it closed as it is.
    @_noLocks
    mutating func take(
        _ bar: PriceBar, at place: IndicatorPlace, isForming: Bool
    ) -> IndicatorReading? {
        let number = place.number
        let close = bar.close
        return switch place.shelf {
        case .sma: reading(smas.take(close, at: number, isForming))
        case .ema: reading(emas.take(close, at: number, isForming))
        case .wma: reading(wmas.take(close, at: number, isForming))
        case .hma: reading(hmas.take(close, at: number, isForming))
        case .kama: reading(kamas.take(close, at: number, isForming))
        case .rsi: reading(rsis.take(close, at: number, isForming))
        case .rateOfChange: reading(ratesOfChange.take(close, at: number, isForming))
        case .standardDeviation: reading(standardDeviations.take(close, at: number, isForming))
        case .macd: reading(macds.take(close, at: number, isForming))
        case .bollinger: reading(bollingers.take(close, at: number, isForming))
        case .atr: reading(atrs.take(bar, at: number, isForming))
        case .adx: reading(adxs.take(bar, at: number, isForming))
        case .cci: reading(ccis.take(bar, at: number, isForming))
        case .williams: reading(williams.take(bar, at: number, isForming))
        case .stochastic: reading(stochastics.take(bar, at: number, isForming))
        case .aroon: reading(aroons.take(bar, at: number, isForming))
        case .donchian: reading(donchians.take(bar, at: number, isForming))
        case .keltner: reading(keltners.take(bar, at: number, isForming))
        case .supertrend: reading(supertrends.take(bar, at: number, isForming))
        case .moneyFlow: reading(moneyFlows.take(bar, at: number, isForming))
        case .onBalanceVolume: reading(balanceVolumes.take(bar, at: number, isForming))
        case .vwap: reading(vwaps.take(bar, at: number, isForming))
        }
    }
}

/// Indicators of one formula, side by side.
private struct IndicatorShelf<Formula: IndicatorFormula>: ~Copyable {
    private var items = UnsafeMutablePointer<Indicator<Formula>>.allocate(capacity: 1)
    private var count = 0

    deinit {
        items.deinitialize(count: count)
        items.deallocate()
    }

    mutating func add(_ formula: Formula, _ shelf: IndicatorPlace.Shelf) -> IndicatorPlace {
        let grown = UnsafeMutablePointer<Indicator<Formula>>.allocate(capacity: count + 1)
        grown.moveInitialize(from: items, count: count)
        items.deallocate()
        items = grown
        (items + count).initialize(to: Indicator(formula))
        count += 1
        return IndicatorPlace(shelf: shelf, number: count - 1, warmUp: formula.warmUp)
    }

    @inline(__always)
    mutating func take(
        _ input: Formula.Input, at number: Int, _ isForming: Bool
    ) -> Formula.Output? {
        isForming ? items[number].peek(input) : items[number].update(input)
    }
}

@inline(__always)
private func reading(_ value: Double?) -> IndicatorReading? {
    guard let value else { return nil }
    return IndicatorReading(value)
}

@inline(__always)
private func reading(_ bands: Bands?) -> IndicatorReading? {
    guard let bands else { return nil }
    return IndicatorReading(bands.upper, bands.middle, bands.lower)
}

@inline(__always)
private func reading(_ line: SignalledLine?) -> IndicatorReading? {
    guard let line else { return nil }
    return IndicatorReading(line.line, line.signal, line.histogram)
}

@inline(__always)
private func reading(_ lines: StochasticLines?) -> IndicatorReading? {
    guard let lines else { return nil }
    return IndicatorReading(lines.k, lines.d)
}

@inline(__always)
private func reading(_ pair: DirectionPair?) -> IndicatorReading? {
    guard let pair else { return nil }
    return IndicatorReading(pair.down, pair.up)
}

@inline(__always)
private func reading(_ stop: TrendStop?) -> IndicatorReading? {
    guard let stop else { return nil }
    return IndicatorReading(stop.stop, Double(stop.trend))
}
