import Indicators
import MarketModel
import Testing

@testable import TickToTrade

/// Indicators that a lane computes once for all strategies that ask for them.
@Suite("Shared indicators")
struct SharedIndicatorTests {
    private static let minute = Nanoseconds.seconds(60)

    /// Each with the catalogue's name and parameters for the same: made another way.
    private static let kinds: [(SharedIndicator, String, [Double])] = [
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
        for (number, kind) in Self.kinds.enumerated() {
            plan.add(
                IndicatorNeed(kind.0, every: Self.minute), number: number, instrument: 0, strategy: 0)
        }
        var table = IndicatorTable(plan, instruments: [instrument()], strategies: 1)
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
                let said = table.peek(place, of: InstrumentIndex(0), for: StrategyIndex(0), feed)
                let before = table.reading(place, of: InstrumentIndex(0), for: StrategyIndex(0))
                #expect(same(said, others[place].peek(sample)), "\(Self.kinds[place].0)")
                #expect(same(before, others[place].value), "\(Self.kinds[place].0), \(random.seed)")
            }
            table.take(next, Self.minute)
            for place in Self.kinds.indices {
                let said = table.reading(place, of: InstrumentIndex(0), for: StrategyIndex(0))
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
