import Foundation
import Indicators
import MarketModel
import Testing

/// Volatility and the memory of a series against their definitions.
@Suite struct VolatilityOracleTests {
    @Test func `the true range is the largest of its three differences, to the bit`() {
        var random = SplitMix(state: 3)
        func price() -> Double {
            let exponents = [-300.0, -3, 0, 0, 4, 37]
            let size = Double(random.below(2_000) - 1_000) / 700
            return random.below(4) == 0 ? size.rounded() : size * pow(10, exponents[random.below(6)])
        }
        for _ in 0..<100_000 {
            let (one, other, before) = (price(), price(), price())
            let (low, high) = one <= other ? (one, other) : (other, one)
            let bar = PriceBar(open: low, high: high, low: low, close: high, volume: 1)
            let largest = max(high - low, abs(before - high), abs(before - low))
            #expect(bar.trueRange(after: before).bitPattern == largest.bitPattern, "\(bar) \(before)")
        }
    }

    @Test func `realised volatility by five estimators`() throws {
        let bars = Oracle.bars
        func yearly(_ variance: Double) -> [Double] { [(variance * 365).squareRoot()] }
        func terms(_ row: Int, _ term: (PriceBar) -> Double) -> [Double]? {
            Oracle.window(bars, row, 20).map { $0.map(term) }
        }
        func gap(_ row: Int, _ term: (PriceBar, PriceBar) -> Double) -> [Double]? {
            row < 20 ? nil : ((row - 19)...row).map { term(bars[$0], bars[$0 - 1]) }
        }
        func satchell(_ bar: PriceBar) -> Double {
            log(bar.high / bar.close) * log(bar.high / bar.open)
                + log(bar.low / bar.close) * log(bar.low / bar.open)
        }
        try Oracle.check("VOLATILITY_CLOSE") { row in
            gap(row) { log($0.close / $1.close) }
                .map { yearly(Oracle.variance($0, unbiased: true)) }
        }
        try Oracle.check("VOLATILITY_PARKINSON") { row in
            terms(row) { pow(log($0.high / $0.low), 2) }
                .map { yearly(Oracle.mean($0) / (4 * log(2))) }
        }
        try Oracle.check("VOLATILITY_GARMAN_KLASS") { row in
            terms(row) {
                0.5 * pow(log($0.high / $0.low), 2)
                    - (2 * log(2) - 1) * pow(log($0.close / $0.open), 2)
            }.map { yearly(Oracle.mean($0)) }
        }
        try Oracle.check("VOLATILITY_ROGERS_SATCHELL") { row in
            terms(row, satchell).map { yearly(Oracle.mean($0)) }
        }
        try Oracle.check("VOLATILITY_YANG_ZHANG") { row in
            guard let overnight = gap(row, { log($0.open / $1.close) }),
                let bodies = terms(row, { log($0.close / $0.open) }),
                let rest = terms(row, satchell)
            else { return nil }
            let share = 0.34 / (1.34 + 21.0 / 19.0)
            return yearly(
                Oracle.variance(overnight, unbiased: true)
                    + share * Oracle.variance(bodies, unbiased: true)
                    + (1 - share) * Oracle.mean(rest))
        }
    }

    @Test func `weighted volatility, scores and memory`() throws {
        let closes = Oracle.closes
        let returns = zip(closes.dropFirst(), closes).map { log($0 / $1) }
        var state: Double?
        let weighted = returns.map { change in
            state = state.map { 0.94 * $0 + 0.06 * change * change } ?? change * change
            return ((state ?? 0) * 365).squareRoot()
        }
        try Oracle.check("EWMA_VOLATILITY") { row in row == 0 ? nil : [weighted[row - 1]] }
        try Oracle.check("ZSCORE", tolerance: 1e-8) { row in
            Oracle.window(closes, row, 20).map { values in
                let spread = Oracle.variance(values)
                let distance = closes[row] - Oracle.mean(values)
                return [spread > 1e-20 ? distance / spread.squareRoot() : 0]
            }
        }
        try Oracle.check("AUTOCORRELATION", ["period": 60, "lag": 3], tolerance: 1e-8) { row in
            if row < 63 { return nil }
            let last = row - 1
            return [
                Oracle.correlation(
                    Array(returns[(last - 59)...last]), Array(returns[(last - 62)...(last - 3)]))
            ]
        }
        let second = Oracle.samples.map(\.second)
        let others = zip(second.dropFirst(), second).map { log($0 / $1) }
        try Oracle.check("RETURN_CORREL", ["period": 40], tolerance: 1e-8) { row in
            if row < 40 { return nil }
            let rows = (row - 40)..<row
            return [Oracle.correlation(Array(returns[rows]), Array(others[rows]))]
        }
        try Oracle.check("HURST", ["period": 50], tolerance: 1e-8) { row in
            if row < 65 { return nil }
            let lags = [1, 2, 4, 8, 16]
            let sizes = lags.map { lag in
                let changes = (0..<50).map { log(closes[row - $0] / closes[row - $0 - lag]) }
                return log(Oracle.mean(changes.map { $0 * $0 }))
            }
            return [Oracle.slope(lags.map { log(Double($0)) }, sizes) / 2]
        }
    }
}
