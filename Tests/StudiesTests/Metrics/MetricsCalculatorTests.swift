import Foundation
import Indicators
import MarketModel
import Testing

@testable import Studies

// CTX-13: technical metrics over candles, their precision stated.
@Suite("Metrics over candles")
struct MetricsCalculatorTests {
    private static let market = CandleSeries.generated(seed: 29, count: 110)
    private static let hour = Nanoseconds.seconds(3_600)

    /// The formulas of the metrics written out over whole arrays, from the first bar each time.
    private struct Naive {
        let bars: [PriceBar]

        private let closes: [Double]

        init(_ bars: [PriceBar]) {
            self.bars = bars
            closes = bars.map(\.close)
        }

        private func mean(_ numbers: some Collection<Double>) -> Double {
            numbers.reduce(0, +) / Double(numbers.count)
        }

        private func average(_ count: Int, endingAt row: Int) -> Double? {
            row + 1 < count ? nil : mean(closes[(row + 1 - count)...row])
        }

        private func slope(_ count: Int, _ row: Int) -> Double? {
            guard row >= 5, let before = average(count, endingAt: row - 5),
                let now = average(count, endingAt: row)
            else { return nil }
            return (now / before - 1) * 100 / 5
        }

        private func wilder(_ numbers: [Double], _ period: Int) -> Double? {
            guard numbers.count >= period else { return nil }
            return numbers[period...].reduce(mean(numbers[..<period])) {
                ($0 * Double(period - 1) + $1) / Double(period)
            }
        }

        private func trueRange(_ row: Int) -> Double {
            let (bar, close) = (bars[row], bars[row - 1].close)
            return max(bar.high - bar.low, abs(bar.high - close), abs(bar.low - close))
        }

        private func trueRanges(_ row: Int) -> [Double] {
            (1...max(row, 1)).prefix(row).map(trueRange)
        }

        func value(_ metric: CandleMetric, _ row: Int) -> Double? {
            let bar = bars[row]
            let before = row > 0 ? closes[row - 1] : nil
            let window = row >= 19 ? Array(bars[(row - 19)...row]) : nil
            switch metric {
            case .last: return bar.close
            case .change: return before.map { bar.close - $0 }
            case .changePercent: return before.map { (bar.close / $0 - 1) * 100 }
            case .changeDayPercent: return row < 24 ? nil : (bar.close / closes[row - 24] - 1) * 100
            case .range: return bar.high - bar.low
            case .rangePercent: return (bar.high - bar.low) / bar.close * 100
            case .atr: return wilder(trueRanges(row), 14)
            case .atrPercent: return wilder(trueRanges(row), 14).map { $0 / bar.close * 100 }
            case .volatilityPercent:
                if row < 20 { return nil }
                let returns = (row - 19...row).map { log(closes[$0] / closes[$0 - 1]) }
                let squares = returns.map { pow($0 - mean(returns), 2) }.reduce(0, +)
                return sqrt(squares / 19 * 365 * 24) * 100
            case .smaFast: return average(20, endingAt: row)
            case .smaSlow: return average(50, endingAt: row)
            case .smaFastSlope: return slope(20, row)
            case .smaSlowSlope: return slope(50, row)
            case .adx: return adx(row)
            case .rsi:
                let changes = (1...max(row, 1)).prefix(row).map { closes[$0] - closes[$0 - 1] }
                guard let up = wilder(changes.map { max($0, 0) }, 14),
                    let down = wilder(changes.map { max(-$0, 0) }, 14)
                else { return nil }
                return 100 * up / (up + down)
            case .bandWidthPercent: return band(window).map { 4 * $0.deviation / $0.middle * 100 }
            case .bandPosition:
                return band(window).map {
                    (bar.close - $0.middle + 2 * $0.deviation) / (4 * $0.deviation)
                }
            case .volumeRatio:
                return row < 20 ? nil : bar.volume / mean(bars[(row - 20)..<row].map(\.volume))
            case .vwap: return window.map(weighted)
            case .vwapDistancePercent:
                return window.map { (bar.close / weighted($0) - 1) * 100 }
            }
        }

        private func band(_ window: [PriceBar]?) -> (middle: Double, deviation: Double)? {
            guard let closes = window?.map(\.close) else { return nil }
            let middle = mean(closes)
            return (middle, sqrt(mean(closes.map { pow($0 - middle, 2) })))
        }

        private func weighted(_ window: [PriceBar]) -> Double {
            window.map { ($0.high + $0.low + $0.close) / 3 * $0.volume }.reduce(0, +)
                / window.map(\.volume).reduce(0, +)
        }

        /// Wilder's: sums of 13 first, smoothed from the 14th on; the mean of 14 indices first.
        private func adx(_ row: Int) -> Double? {
            var (up, down, range) = (0.0, 0.0, 0.0)
            var indices: [Double] = []
            for place in (1...max(row, 1)).prefix(row) {
                let (bar, last) = (bars[place], bars[place - 1])
                let rise = bar.high - last.high
                let fall = last.low - bar.low
                let scale = place < 14 ? 1.0 : 13.0 / 14
                up = up * scale + (rise > max(fall, 0) ? rise : 0)
                down = down * scale + (fall > max(rise, 0) ? fall : 0)
                range = range * scale + trueRange(place)
                if place >= 14 { indices.append(100 * abs(up - down) / (up + down)) }
            }
            return wilder(indices, 14)
        }
    }

    @Test(arguments: CandleMetric.allCases)
    func `every metric is its formula over the whole series`(metric: CandleMetric) throws {
        let values = try Self.market.metrics(interval: Self.hour)
        let naive = Naive((0..<Self.market.count).map(Self.market.bar))
        var compared = 0
        for row in 0..<Self.market.count {
            let value = values[row]?[metric]
            let wanted = naive.value(metric, row)
            let difference = value.flatMap { value in wanted.map { abs(value - $0) } }
            let isSame = difference.map { $0 <= 1e-9 * max(1, abs(wanted ?? 0)) }
            #expect(isSame ?? (value == nil && wanted == nil), "row \(row)")
            if isSame == true { compared += 1 }
        }
        #expect(compared > 50)
    }

    @Test func `a stream gives what the whole series gives, and a bad bar changes nothing`() throws {
        let all = try Self.market.metrics(interval: Self.hour)
        var calculator = try MetricsCalculator(interval: Self.hour)
        for row in 0..<Self.market.count {
            if row % 50 == 7 {
                let bad = PriceBar(open: 1, high: 2, low: 3, close: 1, volume: 1)
                #expect(calculator.update(bad) == nil)
            }
            #expect(calculator.update(Self.market.bar(row)) == all[row])
        }
        #expect(calculator.refusedCount == 3 && calculator.metrics == all.last)
    }

    @Test func `bars that do not divide a day have no day's change`() throws {
        for (interval, hasChange) in [
            (Nanoseconds.day, true), (.seconds(7 * 3_600), false), (Nanoseconds(2 * Nanoseconds.day.count), false),
        ] {
            let values = try Self.market.metrics(interval: interval)
            #expect((values.last??[.changeDayPercent] != nil) == hasChange)
        }
    }

    @Test(arguments: [
        (1.005, 2, 1.0), (1.015, 2, 1.01), (2.5, 0, 3), (-2.5, 0, -3), (0.125, 2, 0.13),
        (-1.005, 2, -1.0), (61837.635, 2, 61837.64), (1e300, 12, 1e300), (0.000_000_000_000_4, 12, 0),
        (8.345, 2, 8.35), (1.45, 1, 1.4), (5e-300, 12, 0),
    ] as [(Double, Int, Double)])
    func `rounding is of the number, not of its product`(
        number: Double, precision: Int, wanted: Double
    ) {
        var metrics = CandleMetrics()
        metrics[.last] = number
        let rounded = metrics.rounded(to: precision)
        #expect(rounded[.last] == wanted)
        #expect(rounded[.change] == nil)
        #expect(metrics[.last] == number, "what is computed keeps every digit")
    }

    /// printf rounds the exact value of the Double; only true ties go another way there.
    @Test func `rounding agrees with the C library's`() {
        var random: UInt64 = 2_026
        for _ in 0..<20_000 {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let number = Double(Int64(bitPattern: random) >> 20) / 1e9
            let precision = Int(random >> 7 % 9)
            var metrics = CandleMetrics()
            metrics[.last] = number
            let text = String(format: "%.\(precision)f", number)
            #expect(metrics.rounded(to: precision)[.last] == Double(text), "seed 2026, \(number)")
        }
    }

    @Test func `a file without volumes is refused by name`() throws {
        var series = CandleSeries(origin: "closes.csv")
        series.numbers = [.close: [1, 2]]
        series.labels = ["0", "1"]
        #expect(throws: StudyFailure.self) { try series.metrics(interval: .day) }
    }
}
