import Indicators

// In one file, so that every step is compiled for its formula in debug builds too.

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
    private var closes = CloseShelves()
    private var candles = CandleShelves()
    var flows = FlowShelves()

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
        default: try addOther(wanted)
        }
    }

    private mutating func addOther(
        _ wanted: SharedIndicator
    ) throws(IndicatorFailure) -> IndicatorPlace {
        if let place = try closes.add(wanted) { return place }
        if let place = try candles.add(wanted) { return place }
        if let place = try flows.add(wanted) { return place }
        preconditionFailure("every shared indicator has a shelf")
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
        case .close(let shelf): closes.take(close, at: number, on: shelf, isForming)
        case .candle(let shelf): candles.take(bar, at: number, on: shelf, isForming)
        case .flow: nil
        }
    }
}

/// More indicators of the close; see ``IndicatorShelves``.
struct CloseShelves: ~Copyable {
    enum Shelf: UInt8, BitwiseCopyable {
        case alma, dema, tema, trima, zlema, rma, t3, averageSlope, highestClose, lowestClose
        case momentum, trix, chandeMomentum, trueStrength, efficiency, stochasticRSI
        case bollingerWidth, regression, zScore, percentRank, autocorrelation, hurst
        case weightedVolatility
    }

    private var alma = IndicatorShelf<ALMA>()
    private var dema = IndicatorShelf<DEMA>()
    private var tema = IndicatorShelf<TEMA>()
    private var trima = IndicatorShelf<TRIMA>()
    private var zlema = IndicatorShelf<ZLEMA>()
    private var rma = IndicatorShelf<RMA>()
    private var t3 = IndicatorShelf<T3>()
    private var averageSlope = IndicatorShelf<AverageSlope>()
    private var highestClose = IndicatorShelf<MAX>()
    private var lowestClose = IndicatorShelf<MIN>()
    private var momentum = IndicatorShelf<MOM>()
    private var trix = IndicatorShelf<TRIX>()
    private var chandeMomentum = IndicatorShelf<CMO>()
    private var trueStrength = IndicatorShelf<TSI>()
    private var efficiency = IndicatorShelf<EfficiencyRatio>()
    private var stochasticRSI = IndicatorShelf<STOCHRSI>()
    private var bollingerWidth = IndicatorShelf<BollingerWidth>()
    private var regression = IndicatorShelf<LinearRegression>()
    private var zScore = IndicatorShelf<ZScore>()
    private var percentRank = IndicatorShelf<PERCENTRANK>()
    private var autocorrelation = IndicatorShelf<Autocorrelation>()
    private var hurst = IndicatorShelf<Hurst>()
    private var weightedVolatility = IndicatorShelf<EWMAVolatility>()

    /// As ``IndicatorShelves/add(_:)``; `nil` for one of another group. Cold.
    mutating func add(_ wanted: SharedIndicator) throws(IndicatorFailure) -> IndicatorPlace? {
        switch wanted {
        case .alma(let period): alma.add(try ALMA(period: period), .close(.alma))
        case .dema(let period): dema.add(try DEMA(period: period), .close(.dema))
        case .tema(let period): tema.add(try TEMA(period: period), .close(.tema))
        case .trima(let period): trima.add(try TRIMA(period: period), .close(.trima))
        case .zlema(let period): zlema.add(try ZLEMA(period: period), .close(.zlema))
        case .rma(let period): rma.add(try RMA(period: period), .close(.rma))
        case .t3(let period): t3.add(try T3(period: period), .close(.t3))
        case .averageSlope(let period, let lag):
            averageSlope.add(try AverageSlope(period: period, lag: lag), .close(.averageSlope))
        case .highestClose(let period):
            highestClose.add(try MAX(period: period), .close(.highestClose))
        case .lowestClose(let period):
            lowestClose.add(try MIN(period: period), .close(.lowestClose))
        case .momentum(let period): momentum.add(try MOM(period: period), .close(.momentum))
        case .trix(let period): trix.add(try TRIX(period: period), .close(.trix))
        case .chandeMomentum(let period):
            chandeMomentum.add(try CMO(period: period), .close(.chandeMomentum))
        case .trueStrength(let first, let second):
            trueStrength.add(
                try TSI(firstPeriod: first, secondPeriod: second),
                .close(.trueStrength))
        case .efficiency(let period):
            efficiency.add(try EfficiencyRatio(period: period), .close(.efficiency))
        case .stochasticRSI(let period, let fastK, let fastD):
            stochasticRSI.add(
                try STOCHRSI(period: period, fastKPeriod: fastK, fastDPeriod: fastD),
                .close(.stochasticRSI))
        case .bollingerWidth(let period, let width):
            bollingerWidth.add(
                try BollingerWidth(period: period, width: width),
                .close(.bollingerWidth))
        case .regression(let aspect, let period):
            regression.add(try LinearRegression(aspect, period: period), .close(.regression))
        case .zScore(let period): zScore.add(try ZScore(period: period), .close(.zScore))
        case .percentRank(let period):
            percentRank.add(try PERCENTRANK(period: period), .close(.percentRank))
        case .autocorrelation(let period, let lag):
            autocorrelation.add(
                try Autocorrelation(period: period, lag: lag),
                .close(.autocorrelation))
        case .hurst(let period): hurst.add(try Hurst(period: period), .close(.hurst))
        case .weightedVolatility(let decay, let barsPerYear):
            weightedVolatility.add(
                try EWMAVolatility(decay: decay, barsPerYear: barsPerYear),
                .close(.weightedVolatility))
        default: nil
        }
    }

    @_noLocks
    mutating func take(
        _ close: Double, at number: Int, on shelf: Shelf, _ isForming: Bool
    ) -> IndicatorReading? {
        switch shelf {
        case .alma: reading(alma.take(close, at: number, isForming))
        case .dema: reading(dema.take(close, at: number, isForming))
        case .tema: reading(tema.take(close, at: number, isForming))
        case .trima: reading(trima.take(close, at: number, isForming))
        case .zlema: reading(zlema.take(close, at: number, isForming))
        case .rma: reading(rma.take(close, at: number, isForming))
        case .t3: reading(t3.take(close, at: number, isForming))
        case .averageSlope: reading(averageSlope.take(close, at: number, isForming))
        case .highestClose: reading(highestClose.take(close, at: number, isForming))
        case .lowestClose: reading(lowestClose.take(close, at: number, isForming))
        case .momentum: reading(momentum.take(close, at: number, isForming))
        case .trix: reading(trix.take(close, at: number, isForming))
        case .chandeMomentum: reading(chandeMomentum.take(close, at: number, isForming))
        case .trueStrength: reading(trueStrength.take(close, at: number, isForming))
        case .efficiency: reading(efficiency.take(close, at: number, isForming))
        case .stochasticRSI: reading(stochasticRSI.take(close, at: number, isForming))
        case .bollingerWidth: reading(bollingerWidth.take(close, at: number, isForming))
        case .regression: reading(regression.take(close, at: number, isForming))
        case .zScore: reading(zScore.take(close, at: number, isForming))
        case .percentRank: reading(percentRank.take(close, at: number, isForming))
        case .autocorrelation: reading(autocorrelation.take(close, at: number, isForming))
        case .hurst: reading(hurst.take(close, at: number, isForming))
        case .weightedVolatility: reading(weightedVolatility.take(close, at: number, isForming))
        }
    }
}

/// More indicators of whole candles; see ``IndicatorShelves``.
struct CandleShelves: ~Copyable {
    enum Shelf: UInt8, BitwiseCopyable {
        case normalizedATR, directional, vortex, parabolicStop, priorRange, ultimate, awesome
        case elderRay, kdj, accumulation, chaikinOscillator, chaikinMoneyFlow, force, klinger
        case relativeVolume, volumeWeighted, massIndex, volatility, fractal, candlestick
        case chartPattern
    }

    private var normalizedATR = IndicatorShelf<NATR>()
    private var directional = IndicatorShelf<DirectionalIndicator>()
    private var vortex = IndicatorShelf<VORTEX>()
    private var parabolicStop = IndicatorShelf<ParabolicStop>()
    private var priorRange = IndicatorShelf<PriorRange>()
    private var ultimate = IndicatorShelf<ULTOSC>()
    private var awesome = IndicatorShelf<AO>()
    private var elderRay = IndicatorShelf<ERI>()
    private var kdj = IndicatorShelf<KDJ>()
    private var accumulation = IndicatorShelf<AD>()
    private var chaikinOscillator = IndicatorShelf<ADOSC>()
    private var chaikinMoneyFlow = IndicatorShelf<CMF>()
    private var force = IndicatorShelf<EFI>()
    private var klinger = IndicatorShelf<Klinger>()
    private var relativeVolume = IndicatorShelf<RVOL>()
    private var volumeWeighted = IndicatorShelf<VWMA>()
    private var massIndex = IndicatorShelf<MASSI>()
    private var volatility = IndicatorShelf<RealisedVolatility>()
    private var fractal = IndicatorShelf<FRACTAL>()
    private var candlestick = IndicatorShelf<CandlestickPattern>()
    private var chartPattern = IndicatorShelf<ChartPattern>()

    /// As ``IndicatorShelves/add(_:)``; `nil` for one of another group. Cold.
    mutating func add(_ wanted: SharedIndicator) throws(IndicatorFailure) -> IndicatorPlace? {
        switch wanted {
        case .normalizedATR(let period):
            normalizedATR.add(try NATR(period: period), .candle(.normalizedATR))
        case .directional(let side, let period):
            directional.add(try DirectionalIndicator(side, period: period), .candle(.directional))
        case .vortex(let period): vortex.add(try VORTEX(period: period), .candle(.vortex))
        case .parabolicStop(let acceleration, let maximum):
            parabolicStop.add(
                try ParabolicStop(acceleration: acceleration, maximum: maximum),
                .candle(.parabolicStop))
        case .priorRange(let period):
            priorRange.add(try PriorRange(period: period), .candle(.priorRange))
        case .ultimate(let short, let middle, let long):
            ultimate.add(
                try ULTOSC(firstPeriod: short, secondPeriod: middle, thirdPeriod: long),
                .candle(.ultimate))
        case .awesome(let fast, let slow):
            awesome.add(try AO(fastPeriod: fast, slowPeriod: slow), .candle(.awesome))
        case .elderRay(let period): elderRay.add(try ERI(period: period), .candle(.elderRay))
        case .kdj(let fastK, let slowK, let slowD):
            kdj.add(
                try KDJ(fastKPeriod: fastK, slowKPeriod: slowK, slowDPeriod: slowD),
                .candle(.kdj))
        case .accumulation: accumulation.add(AD(), .candle(.accumulation))
        case .chaikinOscillator(let fast, let slow):
            chaikinOscillator.add(
                try ADOSC(fastPeriod: fast, slowPeriod: slow),
                .candle(.chaikinOscillator))
        case .chaikinMoneyFlow(let period):
            chaikinMoneyFlow.add(try CMF(period: period), .candle(.chaikinMoneyFlow))
        case .force(let period): force.add(try EFI(period: period), .candle(.force))
        case .klinger(let fast, let slow, let signal):
            klinger.add(
                try Klinger(fastPeriod: fast, slowPeriod: slow, signalPeriod: signal),
                .candle(.klinger))
        case .relativeVolume(let period):
            relativeVolume.add(try RVOL(period: period), .candle(.relativeVolume))
        case .volumeWeighted(let period):
            volumeWeighted.add(try VWMA(period: period), .candle(.volumeWeighted))
        case .massIndex(let fast, let slow):
            massIndex.add(try MASSI(fastPeriod: fast, slowPeriod: slow), .candle(.massIndex))
        case .volatility(let estimator, let period, let barsPerYear):
            volatility.add(
                try RealisedVolatility(estimator, period: period, barsPerYear: barsPerYear),
                .candle(.volatility))
        case .fractal(let left, let right):
            fractal.add(try FRACTAL(leftBars: left, rightBars: right), .candle(.fractal))
        case .candlestick(let kind):
            candlestick.add(try CandlestickPattern(kind), .candle(.candlestick))
        case .chartPattern(let kind, let left, let right, let tolerance):
            chartPattern.add(
                try ChartPattern(kind, leftBars: left, rightBars: right, tolerance: tolerance),
                .candle(.chartPattern))
        default: nil
        }
    }

    @_noLocks
    mutating func take(
        _ bar: PriceBar, at number: Int, on shelf: Shelf, _ isForming: Bool
    ) -> IndicatorReading? {
        switch shelf {
        case .normalizedATR: reading(normalizedATR.take(bar, at: number, isForming))
        case .directional: reading(directional.take(bar, at: number, isForming))
        case .vortex: reading(vortex.take(bar, at: number, isForming))
        case .parabolicStop: reading(parabolicStop.take(bar, at: number, isForming))
        case .priorRange: reading(priorRange.take(bar, at: number, isForming))
        case .ultimate: reading(ultimate.take(bar, at: number, isForming))
        case .awesome: reading(awesome.take(bar, at: number, isForming))
        case .elderRay: reading(elderRay.take(bar, at: number, isForming))
        case .kdj: reading(kdj.take(bar, at: number, isForming))
        case .accumulation: reading(accumulation.take(bar, at: number, isForming))
        case .chaikinOscillator: reading(chaikinOscillator.take(bar, at: number, isForming))
        case .chaikinMoneyFlow: reading(chaikinMoneyFlow.take(bar, at: number, isForming))
        case .force: reading(force.take(bar, at: number, isForming))
        case .klinger: reading(klinger.take(bar, at: number, isForming))
        case .relativeVolume: reading(relativeVolume.take(bar, at: number, isForming))
        case .volumeWeighted: reading(volumeWeighted.take(bar, at: number, isForming))
        case .massIndex: reading(massIndex.take(bar, at: number, isForming))
        case .volatility: reading(volatility.take(bar, at: number, isForming))
        case .fractal: reading(fractal.take(bar, at: number, isForming))
        case .candlestick: reading(candlestick.take(bar, at: number, isForming))
        case .chartPattern: reading(chartPattern.take(bar, at: number, isForming))
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
