import Indicators
import MarketModel
import Testing

@testable import TickToTrade

/// Indicators that a lane computes once for all strategies that ask for them.
@Suite("Shared indicators")
struct SharedIndicatorTests {
    private static let minute = Nanoseconds.seconds(60)

    /// Each with the catalogue's name and parameters for the same: made another way.
    private static let kinds = first + ofCloses + ofCandles

    private static let ofCloses: [(SharedIndicator, String, [Double])] = [
        (.alma(period: 9), "ALMA", [9]), (.dema(period: 6), "DEMA", [6]),
        (.tema(period: 5), "TEMA", [5]), (.trima(period: 8), "TRIMA", [8]),
        (.zlema(period: 7), "ZLEMA", [7]), (.rma(period: 11), "RMA", [11]),
        (.t3(period: 4), "T3", [4]), (.averageSlope(period: 9, lag: 2), "SMA_SLOPE", [9, 2]),
        (.highestClose(period: 12), "MAX", [12]), (.lowestClose(period: 12), "MIN", [12]),
        (.momentum(period: 6), "MOM", [6]), (.trix(period: 5), "TRIX", [5]),
        (.chandeMomentum(period: 10), "CMO", [10]),
        (.trueStrength(first: 9, second: 5), "TSI", [9, 5]),
        (.efficiency(period: 10), "ER", [10]),
        (.stochasticRSI(period: 9, fastK: 4, fastD: 3), "STOCHRSI", [9, 4, 3]),
        (.bollingerWidth(period: 15, width: 2), "BBANDS_WIDTH", [15, 2]),
        (.regression(.end, period: 8), "LINEARREG", [8]),
        (.regression(.slope, period: 8), "LINEARREG_SLOPE", [8]),
        (.zScore(period: 14), "ZSCORE", [14]), (.percentRank(period: 20), "PERCENTRANK", [20]),
        (.autocorrelation(period: 20, lag: 2), "AUTOCORRELATION", [20, 2]),
        (.hurst(period: 40), "HURST", [40]),
        (.weightedVolatility(decay: 0.9, barsPerYear: 365), "EWMA_VOLATILITY", [0.9, 365]),
    ]

    private static let ofCandles: [(SharedIndicator, String, [Double])] = [
        (.normalizedATR(period: 9), "NATR", [9]),
        (.directional(.plus, period: 9), "PLUS_DI", [9]),
        (.directional(.minus, period: 9), "MINUS_DI", [9]), (.vortex(period: 9), "VORTEX", [9]),
        (.parabolicStop(acceleration: 0.03, maximum: 0.3), "SAR", [0.03, 0.3]),
        (.priorRange(period: 11), "PRIOR_RANGE", [11]),
        (.ultimate(short: 3, middle: 6, long: 12), "ULTOSC", [3, 6, 12]),
        (.awesome(fast: 3, slow: 10), "AO", [3, 10]), (.elderRay(period: 8), "ERI", [8]),
        (.kdj(fastK: 7, slowK: 3, slowD: 4), "KDJ", [7, 3, 13, 4]), (.accumulation, "AD", []),
        (.chaikinOscillator(fast: 3, slow: 8), "ADOSC", [3, 8]),
        (.chaikinMoneyFlow(period: 9), "CMF", [9]), (.force(period: 7), "EFI", [7]),
        (.klinger(fast: 5, slow: 9, signal: 4), "KLINGER", [5, 9, 4]),
        (.relativeVolume(period: 9), "RVOL", [9]), (.volumeWeighted(period: 9), "VWMA", [9]),
        (.massIndex(fast: 4, slow: 9), "MASSI", [4, 9]),
        (.volatility(.yangZhang, period: 9, barsPerYear: 365), "VOLATILITY_YANG_ZHANG", [9, 365]),
        (.fractal(left: 2, right: 1), "FRACTAL", [2, 1]),
        (.candlestick(.engulfing), "CDLENGULFING", []),
        (.candlestick(.morningStar), "CDLMORNINGSTAR", []),
        (.chartPattern(.channel, left: 2, right: 1, tolerance: 0.5), "CHART_CHANNEL", [2, 1, 0.5]),
    ]

    private static let first: [(SharedIndicator, String, [Double])] = [
        (.sma(period: 7), "SMA", [7]), (.ema(period: 9), "EMA", [9]), (.wma(period: 5), "WMA", [5]),
        (.hma(period: 16), "HMA", [16]), (.kama(period: 10), "KAMA", [10]),
        (.rsi(period: 14), "RSI", [14]), (.rateOfChange(period: 3), "ROC", [3]),
        (.standardDeviation(period: 6), "STDDEV", [6]),
        (.macd(fast: 5, slow: 11, signal: 4), "MACD", [5, 11, 4]),
        (.bollinger(period: 20, width: 1.5), "BBANDS", [20, 1.5, 1.5]),
        (.atr(period: 14), "ATR", [14]), (.adx(period: 7), "ADX", [7]),
        (.cci(period: 20), "CCI", [20]), (.williams(period: 10), "WILLR", [10]),
        (.stochastic(fastK: 9, slowK: 3, slowD: 4), "STOCH", [9, 3, 0, 4]),
        (.aroon(period: 8), "AROON", [8]), (.donchian(period: 12), "DONCHIAN", [12]),
        (.keltner(period: 20, rangePeriod: 10, width: 2), "KC", [20, 10, 2]),
        (.supertrend(period: 10, multiplier: 2), "SUPERTREND", [10, 2]),
        (.moneyFlow(period: 14), "MFI", [14]), (.onBalanceVolume, "OBV", []),
        (.vwap(period: 30, width: 1), "VWAP_ROLLING", [30, 1]),
    ]

    private func candle(
        _ number: Int64, _ random: inout SeededNumbers, in instrument: InstrumentIndex,
        length: Nanoseconds = minute
    ) -> Candle {
        let prices = (0..<4).map { _ in Int64.random(in: 9_000...11_000, using: &random) }
        let start = Timestamp(nanoseconds: 1_795_262_400_000_000_000 + number * length.count)
        return Candle(
            instrument: instrument, openTime: start, closeTime: start + length - Nanoseconds(1),
            open: Price(raw: prices[0]), high: Price(raw: prices.max() ?? 0),
            low: Price(raw: prices.min() ?? 0), close: Price(raw: prices[3]),
            volume: Quantity(raw: Int64.random(in: 1...5_000, using: &random)),
            takerBuyVolume: .zero, quoteVolume: .zero, tradeCount: 4, isClosed: true)
    }

    private func instrument() -> Instrument {
        Instrument(
            symbol: ShortName("BTCUSDT")!, base: ShortName("BTC")!, quote: ShortName("USDT")!,
            index: InstrumentIndex(0), baseAsset: AssetIndex(0), quoteAsset: AssetIndex(1),
            priceScale: 2, quantityScale: 3)
    }

    @Test func `every one says what the catalogue's says of the same candles, forming ones too`()
        throws
    {
        var random = SeededNumbers(seed: 61)
        var plan = IndicatorPlan()
        // No more than 32 of one strategy.
        let most = IndicatorPlan.mostPerStrategy
        for (place, kind) in Self.kinds.enumerated() {
            plan.add(
                IndicatorNeed(kind.0, every: Self.minute), number: place % most, instrument: 0,
                strategy: place / most)
        }
        var table = IndicatorTable(
            plan, instruments: [instrument()], strategies: Self.kinds.count / most + 1)
        func asker(_ place: Int) -> StrategyIndex { StrategyIndex(UInt16(place / most)) }
        let others = try Self.kinds.map { try IndicatorCatalogue.entry($0.1).make($0.2) }
        var seen = 0
        for number in 0..<300 {
            let next = candle(Int64(number), &random, in: InstrumentIndex(0))
            let sample = MarketSample(
                bar: PriceBar(
                    open: Double(next.open.raw) / 100, high: Double(next.high.raw) / 100,
                    low: Double(next.low.raw) / 100, close: Double(next.close.raw) / 100,
                    volume: Double(next.volume.raw) / 1_000))
            var forming = next
            forming.isClosed = false
            var feed = CandleFeed(instruments: [instrument()], intervals: [Self.minute])
            feed.resume(forming)
            for place in Self.kinds.indices {
                let said = table.peek(place % most, of: InstrumentIndex(0), for: asker(place), feed)
                let before = table.reading(place % most, of: InstrumentIndex(0), for: asker(place))
                #expect(same(said, others[place].peek(sample)), "\(Self.kinds[place].0)")
                #expect(same(before, others[place].value), "\(Self.kinds[place].0), \(random.seed)")
            }
            table.take(next, Self.minute)
            for place in Self.kinds.indices {
                let said = table.reading(place % most, of: InstrumentIndex(0), for: asker(place))
                if said != nil { seen += 1 }
                #expect(
                    same(said, others[place].update(sample)),
                    "\(Self.kinds[place].0), candle \(number), seed \(random.seed)")
            }
        }
        #expect(seen > 300 * Self.kinds.count * 8 / 10)
    }

    private func same(_ reading: IndicatorReading?, _ numbers: [Double]?) -> Bool {
        guard let reading, let numbers else { return reading == nil && numbers == nil }
        let padded = numbers + Array(repeating: 0, count: 3 - numbers.count)
        return [reading.first, reading.second, reading.third] == padded
    }

    @Test func `a candle that is known, of another length or instrument changes nothing`() {
        var random = SeededNumbers(seed: 62)
        var plan = IndicatorPlan()
        plan.add(
            IndicatorNeed(.sma(period: 2), every: Self.minute), number: 3, instrument: 0, strategy: 1)
        var second = instrument()
        second.index = InstrumentIndex(1)
        var table = IndicatorTable(plan, instruments: [instrument(), second], strategies: 2)
        let bars = (0..<3).map { candle($0, &random, in: InstrumentIndex(0)) }
        func value(
            _ number: Int = 3, _ slot: UInt16 = 0, _ strategy: UInt16 = 1
        ) -> Double? {
            table.reading(
                number, of: InstrumentIndex(slot), for: StrategyIndex(strategy))?.value
        }
        table.take(bars[0], Self.minute)
        #expect(value() == nil, "one of two")
        table.take(bars[1], Self.minute)
        let first = value()
        #expect(first == mean(bars[0], bars[1]))
        table.take(bars[1], Self.minute)
        table.take(bars[0], Self.minute)
        table.take(bars[2], .seconds(300))
        table.take(candle(2, &random, in: InstrumentIndex(1)), Self.minute)
        table.take(candle(2, &random, in: InstrumentIndex(9)), Self.minute)
        #expect(value() == first)
        #expect(value(3, 1) == nil && value(3, 0, 0) == nil && value(2) == nil && value(-1) == nil)
        #expect(value(3, 9) == nil && value(3, 0, 9) == nil && value(32) == nil)
        table.take(bars[2], Self.minute)
        #expect(value() == mean(bars[1], bars[2]))
    }

    private func mean(_ first: Candle, _ second: Candle) -> Double {
        (Double(first.close.raw) / 100 + Double(second.close.raw) / 100) / 2
    }

    @Test func `strategies of a lane share one, and read it when its candle closes`() throws {
        var plan = IndicatorPlan()
        let average = IndicatorNeed(.sma(period: 2), every: Self.minute)
        plan.add(average, number: 0, instrument: TestMarket.btc.slot, strategy: 0)
        plan.add(
            IndicatorNeed(.ema(period: 2), every: Self.minute), number: 0,
            instrument: TestMarket.btc.slot, strategy: 1)
        plan.add(average, number: 1, instrument: TestMarket.btc.slot, strategy: 1)
        plan.add(average, number: 1, instrument: TestMarket.eth.slot, strategy: 1)
        #expect(plan.entries.count == 3)
        let lane = LaneRig(strategies: 2, indicators: plan)
        func read(_ number: Int, _ strategy: Int, isForming: Bool = false) -> Double? {
            var reading: IndicatorReading?
            lane.act(strategy: strategy) {
                reading = isForming
                    ? $0.formingIndicator(number, of: TestMarket.btc)
                    : $0.indicator(number, of: TestMarket.btc)
            }
            return reading?.value
        }
        #expect(read(0, 0, isForming: true) == nil)
        for price in [100.0, 101, 104] {
            lane.trade(price, 1)
            lane.advance(Self.minute)
        }
        // The third is closed by the clock only when trades can no longer be late.
        #expect(read(0, 0) == 100.5 && read(1, 1) == 100.5)
        #expect(read(0, 0, isForming: true) == 102.5)
        lane.advance(.seconds(3))
        #expect(read(0, 0) == 102.5 && read(1, 1) == 102.5)
        #expect(read(0, 0, isForming: true) == nil, "no trade has opened the next")
        #expect(read(1, 0) == nil && read(0, 1) != read(1, 1))
    }

    @Test func `what came before a value has faded when it is used`() throws {
        #expect(try SharedIndicator.sma(period: 30).candlesWanted() == 30)
        #expect(try SharedIndicator.ema(period: 30).candlesWanted() == 240)
        #expect(try SharedIndicator.adx(period: 14).candlesWanted() == 224)
        #expect(throws: IndicatorFailure.self) {
            try SharedIndicator.bollinger(period: 1, width: 2).candlesWanted()
        }
    }
}
