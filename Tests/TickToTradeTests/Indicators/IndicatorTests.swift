import Foundation
import MarketModel
import Testing
import TickToTrade

@Suite struct IndicatorTests {
    @Test(arguments: [1, 2, 5, 20], [UInt64(21), 22])
    func `rolling extremes equal the extremes of the last samples`(period: Int, seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var highest = RollingExtreme<20>(.highest, period: period)
        var lowest = RollingExtreme<20>(.lowest, period: period)
        var samples: [Double] = []
        for _ in 0..<5_000 {
            // Few distinct values: equal samples and long runs both happen.
            let sample = Double(Int.random(in: -8...8, using: &generator))
            let peeks = (highest.peek(sample), lowest.peek(sample))
            highest.update(sample)
            lowest.update(sample)
            samples.append(sample)
            if samples.count < period {
                #expect(highest.value.isNaN && lowest.value.isNaN && !highest.isReady)
                continue
            }
            let window = samples.suffix(period)
            #expect(highest.value == window.max(), "seed \(seed)")
            #expect(lowest.value == window.min(), "seed \(seed)")
            #expect(peeks.0 == highest.value && peeks.1 == lowest.value, "seed \(seed)")
        }
    }

    @Test(arguments: [UInt64(31), 32, 33])
    func `EMA and RSI equal their batch formulas`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let period = Int.random(in: 1...30, using: &generator)
        var samples = [100.0]
        for _ in 0..<500 {
            let step = Double.random(in: -1...1, using: &generator)
            samples.append(samples[samples.count - 1] + step)
        }
        var ema = EMA(period: period)
        var rsi = RSI(period: period)
        for sample in samples {
            ema.update(sample)
            rsi.update(sample)
        }
        let alpha = 2 / Double(period + 1)
        let first = samples.prefix(period).reduce(0, +) / Double(period)
        let average = samples.dropFirst(period).reduce(first) { $0 * (1 - alpha) + $1 * alpha }
        #expect(abs(ema.value - average) < 1e-9, "seed \(seed)")

        let changes = zip(samples.dropFirst(), samples).map { $0 - $1 }
        func wilder(_ values: [Double]) -> Double {
            let seed = values.prefix(period).reduce(0, +) / Double(period)
            return values.dropFirst(period)
                .reduce(seed) { ($0 * Double(period - 1) + $1) / Double(period) }
        }
        let gains = wilder(changes.map { max($0, 0) })
        let losses = wilder(changes.map { max(-$0, 0) })
        #expect(abs(rsi.value - 100 * gains / (gains + losses)) < 1e-9, "seed \(seed)")
    }

    @Test func `a flat market has an RSI of zero and no range`() {
        var rsi = RSI(period: 3)
        var atr = ATR(period: 3)
        for _ in 0..<10 {
            rsi.update(5)
            atr.update(PriceBar(open: 5, high: 5, low: 5, close: 5, volume: 0))
        }
        #expect(rsi.value == 0)
        #expect(atr.value == 0)
    }

    @Test func `values are NaN until enough has been seen`() {
        #expect(EMA(period: 3).value.isNaN)
        #expect(RSI().value.isNaN)
        #expect(ATR().value.isNaN)
        #expect(SessionVWAP().value.isNaN)
        #expect(RealisedVolatility(halfLife: .seconds(1)).value.isNaN)
        #expect(!MicroPrice(scale: UnitScale()).isReady)
    }

    @Test func `the session average forgets yesterday and leaves out what comes late`() {
        var vwap = SessionVWAP()
        let midnight = Timestamp(milliseconds: 1_723_161_600_000)
        vwap.update(price: 10, volume: 1, at: midnight - Nanoseconds(1))
        vwap.update(price: 20, volume: 3, at: midnight)
        vwap.update(price: 99, volume: 9, at: midnight - Nanoseconds(1))
        vwap.update(price: 30, volume: 1, at: midnight + .seconds(1))
        #expect(vwap.value == 22.5)
        #expect(vwap.volume == 4)
    }
}

@Suite struct BookIndicatorTests {
    private func level(_ price: Int64, _ quantity: Int64) -> BookLevel {
        BookLevel(price: Price(raw: price), quantity: Quantity(raw: quantity))
    }

    private let scale = UnitScale(priceScale: 0, quantityScale: 0)

    @Test func `the micro price leans to the side with less behind it`() {
        var micro = MicroPrice(scale: scale)
        micro.update(bid: level(100, 3), ask: level(104, 1))
        #expect(micro.value == 103)
        #expect(micro.imbalance == 0.5)
        micro.update(bid: level(100, 3), ask: level(0, 0))
        #expect(!micro.isReady)
        #expect(micro.imbalance.isNaN)
    }

    /// One step from the levels before to the levels after, by the formula of the paper.
    @Test(arguments: [
        // bid up: its new quantity counts in full
        ((100, 5), (110, 5), (101, 7), (110, 5), 7), ((100, 5), (110, 5), (99, 7), (110, 5), -5),
        ((100, 5), (110, 5), (100, 8), (110, 5), 3), ((100, 5), (110, 5), (100, 5), (109, 4), -4),
        ((100, 5), (110, 5), (100, 5), (111, 4), 5), ((100, 5), (110, 5), (100, 5), (110, 2), 3),
        ((100, 5), (110, 5), (100, 5), (110, 5), 0), ((100, 5), (110, 5), (101, 2), (111, 9), 7),
    ] as [((Int64, Int64), (Int64, Int64), (Int64, Int64), (Int64, Int64), Double)])
    func `order flow counts what came to and left the best levels`(
        bid: (Int64, Int64), ask: (Int64, Int64), newBid: (Int64, Int64), newAsk: (Int64, Int64),
        expected: Double
    ) {
        var flow = OrderFlowImbalance(interval: .seconds(10), scale: scale)
        let time = Timestamp(milliseconds: 1)
        flow.update(bid: level(bid.0, bid.1), ask: level(ask.0, ask.1), at: time)
        #expect(flow.running == 0)
        flow.update(bid: level(newBid.0, newBid.1), ask: level(newAsk.0, newAsk.1), at: time)
        #expect(flow.running == expected)
    }

    @Test func `order flow is reported for whole intervals only`() {
        var flow = OrderFlowImbalance(interval: .seconds(10), scale: scale)
        func change(_ quantity: Int64, at second: Int64) {
            flow.update(
                bid: level(100, quantity), ask: level(110, 5),
                at: Timestamp(milliseconds: second * 1_000))
        }
        change(1, at: 5)
        change(3, at: 6)
        change(4, at: 11)
        #expect(!flow.isReady)
        change(9, at: 19)
        flow.advance(to: Timestamp(milliseconds: 20_000))
        #expect(flow.isReady)
        #expect(flow.value == 6)
        flow.advance(to: Timestamp(milliseconds: 45_000))
        #expect(flow.value == 0)
        change(10, at: 45)
        #expect(flow.running == 1)
        flow.forgetLevels()
        #expect(flow.value.isNaN)
        change(99, at: 46)
        #expect(flow.running == 0)
    }

    @Test func `order flow sums of absurd quantities stop at the largest number`() {
        var flow = OrderFlowImbalance(interval: .seconds(10), scale: scale)
        for price in 1...5 as ClosedRange<Int64> {
            flow.update(
                bid: level(price, .max), ask: level(price + 1, .max),
                at: Timestamp(milliseconds: 1))
        }
        #expect(flow.running == Double(Int64.max))
    }
}

@Suite struct RealisedVolatilityTests {
    @Test func `steady steps give their own size per root second`() {
        var volatility = RealisedVolatility(halfLife: .seconds(60))
        var price = 100.0
        for step in 0..<2_000 as Range<Int64> {
            volatility.update(price, at: Timestamp(milliseconds: 1 + step * 250))
            price *= step % 2 == 0 ? 1.0001 : 1 / 1.0001
        }
        // One basis point each quarter of a second is two per root second.
        #expect(abs(volatility.value - 0.0002) < 1e-7)
    }

    @Test(arguments: [UInt64(41), 42])
    func `irregular samples weigh by time as the batch formula says`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let halfLife = 30.0
        var volatility = RealisedVolatility(halfLife: .seconds(30), spacing: .zero)
        var samples: [(time: Int64, price: Double)] = [(1_000_000_000, 50)]
        for _ in 0..<400 {
            let last = samples[samples.count - 1]
            let wait = Int64.random(in: 1...5_000_000_000, using: &generator)
            let factor = 1 + Double.random(in: -0.001...0.001, using: &generator)
            samples.append((last.time + wait, last.price * factor))
        }
        for sample in samples {
            volatility.update(sample.price, at: Timestamp(nanoseconds: sample.time))
        }
        let end = samples[samples.count - 1].time
        var squares = 0.0
        var seconds = 0.0
        for (now, before) in zip(samples.dropFirst(), samples) {
            let weight = pow(2, -Double(end - now.time) * 1e-9 / halfLife)
            squares += weight * pow(now.price / before.price - 1, 2)
            seconds += weight * Double(now.time - before.time) * 1e-9
        }
        #expect(abs(volatility.variance / (squares / seconds) - 1) < 1e-9, "seed \(seed)")
    }

    @Test func `close, late and impossible samples are skipped`() {
        var volatility = RealisedVolatility(halfLife: .seconds(10))
        for (milliseconds, price) in [(100, 10.0), (150, 99), (90, 50), (300, -1), (300, .nan)] {
            volatility.update(price, at: Timestamp(milliseconds: Int64(milliseconds)))
        }
        for step in 1...3 as ClosedRange<Int64> {
            volatility.update(10, at: Timestamp(milliseconds: 300 + step * 100))
        }
        #expect(volatility.value == 0)
    }

    @Test func `a pause of any length leaves a number`() {
        var volatility = RealisedVolatility(halfLife: .milliseconds(1))
        for step in 1...5 as ClosedRange<Int64> {
            volatility.update(Double(step), at: Timestamp(nanoseconds: step * (Int64.max / 6)))
        }
        #expect(volatility.value.isFinite)
    }
}
