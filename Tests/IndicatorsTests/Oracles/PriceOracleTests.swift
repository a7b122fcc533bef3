import Foundation
import Indicators
import MarketModel
import Testing

/// Volume-weighted prices, lines and levels against their definitions.
@Suite struct PriceOracleTests {
    private func weighted(_ bars: [PriceBar], width: Double) -> [Double]? {
        let volume = bars.map(\.volume).reduce(0, +)
        if volume == 0 { return nil }
        let price = bars.map { $0.typicalPrice * $0.volume }.reduce(0, +) / volume
        let spread = bars.map { $0.volume * pow($0.typicalPrice - price, 2) }.reduce(0, +) / volume
        let reach = width * spread.squareRoot()
        return [price + reach, price, price - reach]
    }

    @Test func `volume-weighted prices of a session, a window and since a moment`() throws {
        let bars = Oracle.bars
        try Oracle.check("VWAP_ROLLING", ["period": 20, "width": 1.5], tolerance: 1e-8) { row in
            Oracle.window(bars, row, 20).flatMap { weighted($0, width: 1.5) }
        }
        let days = Oracle.samples.map { $0.time.milliseconds / 86_400_000 }
        try Oracle.check("VWAP_SESSION", tolerance: 1e-8) { row in
            let first = days.firstIndex(of: days[row]) ?? 0
            return weighted(Array(bars[first...row]), width: 2)
        }
        let anchor = Oracle.samples[100].time.milliseconds
        let since = ["anchorMilliseconds": Double(anchor)]
        try Oracle.check("VWAP_ANCHORED", since, tolerance: 1e-8) { row in
            row < 100 ? nil : weighted(Array(bars[100...row]), width: 2)
        }
    }

    @Test func `widths, levels and slopes`() throws {
        let (bars, closes) = (Oracle.bars, Oracle.closes)
        // IND-05
        try Oracle.check("BBANDS_WIDTH", tolerance: 1e-8) { row in
            Oracle.window(closes, row, 20).map { values in
                let (middle, reach) = (Oracle.mean(values), 4 * Oracle.variance(values).squareRoot())
                let place = (closes[row] - middle + reach / 2) / reach
                return [reach / middle, reach > 1e-9 ? place : 0.5]
            }
        }
        // IND-11
        try Oracle.check("PRIOR_RANGE", ["period": 20]) { row in
            Oracle.window(bars, row - 1, 20).map { bars in
                let (high, low) = (bars.map(\.high).max() ?? 0, bars.map(\.low).min() ?? 0)
                return [high, (high + low) / 2, low]
            }
        }
        // IND-02
        try Oracle.check("SMA_SLOPE", ["period": 50, "lag": 5], tolerance: 1e-8) { row in
            guard let before = Oracle.window(closes, row - 5, 50),
                let now = Oracle.window(closes, row, 50)
            else { return nil }
            return [20 * (Oracle.mean(now) / Oracle.mean(before) - 1)]
        }
    }

    @Test func `Legoux's average`() throws {
        let closes = Oracle.closes
        try Oracle.check("ALMA", ["period": 9]) { row in
            Oracle.window(closes, row, 9).map { values in
                let weights = (0..<9).map { exp(-pow(Double($0) - 6, 2) / (2 * pow(9.0 / 6, 2))) }
                let sum = zip(values, weights).map { $0 * $1 }.reduce(0, +)
                return [sum / weights.reduce(0, +)]
            }
        }
    }

    @Test func `Ichimoku's lines`() throws {
        let bars = Oracle.bars
        func middle(_ row: Int, _ length: Int) -> Double? {
            Oracle.window(bars, row, length).map { bars in
                ((bars.map(\.high).max() ?? 0) + (bars.map(\.low).min() ?? 0)) / 2
            }
        }
        try Oracle.check("ICHIMOKU") { row in
            guard row >= 26, let turning = middle(row, 9), let base = middle(row, 26),
                let before = middle(row - 26, 9), let baseBefore = middle(row - 26, 26),
                let lead = middle(row - 26, 52)
            else { return nil }
            let lagging = bars[row].close - bars[row - 26].close
            return [turning, base, (before + baseBefore) / 2, lead, lagging]
        }
    }

    @Test func `pivot points of the day before`() throws {
        let bars = Oracle.bars
        let days = Oracle.samples.map { $0.time.milliseconds / 86_400_000 }
        func before(_ row: Int) -> (high: Double, low: Double, close: Double)? {
            let rows = days.indices.filter { days[$0] == days[row] - 1 }
            guard let last = rows.last else { return nil }
            let high = rows.map { bars[$0].high }.max() ?? 0
            return (high, rows.map { bars[$0].low }.min() ?? 0, bars[last].close)
        }
        try Oracle.check("PIVOT_CLASSIC") { row in
            before(row).map { high, low, close in
                let pivot = (high + low + close) / 3
                return [
                    pivot, 2 * pivot - low, pivot + high - low, high + 2 * (pivot - low),
                    2 * pivot - high, pivot - (high - low), low - 2 * (high - pivot),
                ]
            }
        }
        try Oracle.check("PIVOT_CAMARILLA") { row in
            before(row).map { high, low, close in
                let steps = [1.1 / 12, 1.1 / 6, 1.1 / 4].map { $0 * (high - low) }
                let pivot = (high + low + close) / 3
                return [pivot] + steps.map { close + $0 } + steps.map { close - $0 }
            }
        }
    }

    @Test func `Klinger's oscillator`() throws {
        let bars = Oracle.bars
        var forces: [Double] = []
        var (trend, cumulative) = (0.0, 0.0)
        for row in 1..<bars.count {
            let sums = [row - 1, row].map { bars[$0].high + bars[$0].low + bars[$0].close }
            let ranges = [row - 1, row].map { bars[$0].high - bars[$0].low }
            let direction = sums[1] > sums[0] ? 1.0 : -1.0
            cumulative = direction == trend ? cumulative + ranges[1] : ranges[0] + ranges[1]
            trend = direction
            let share = cumulative > 0 ? abs(2 * ranges[1] / cumulative - 1) : 0
            forces.append(100 * bars[row].volume * share * direction)
        }
        let fast = average(forces, 34)
        let slow = average(forces, 55)
        let line = zip(fast, slow).compactMap { fast, slow -> Double? in
            guard let fast, let slow else { return nil }
            return fast - slow
        }
        let signal = average(line, 13)
        try Oracle.check("KLINGER", tolerance: 1e-8) { row in
            let place = row - 55
            guard place >= 0, let smooth = signal[place] else { return nil }
            return [line[place], smooth, line[place] - smooth]
        }
    }

    /// Exponential average seeded by the mean of the first samples.
    private func average(_ values: [Double], _ period: Int) -> [Double?] {
        var state = 0.0
        return values.indices.map { row in
            if row < period - 1 { return nil }
            state = row == period - 1
                ? Oracle.mean(Array(values[0..<period]))
                : state + 2 / Double(period + 1) * (values[row] - state)
            return state
        }
    }
}
