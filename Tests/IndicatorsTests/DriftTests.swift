import Foundation
import Indicators
import Testing

/// That rounding does not pile up: after a long run a window knows nothing of what has left it.
/// `scripts/drift` runs ten million inputs in a release build.
@Suite struct DriftTests {
    private static let wanted = ProcessInfo.processInfo.environment["APUS_DRIFT_INPUTS"]
        .flatMap { Int($0) }
    /// Inputs of those with moving sums, and of everyone.
    static let long = wanted ?? 1_000_000
    static let short = wanted ?? 20_000

    /// A walk of prices between 1 and 10⁶, with now and then a bad tick a million times too
    /// high, but none among the last 20,000.
    private struct Walk {
        var random = SplitMix(state: 77)
        var price = 30_000.0
        var count = 0

        mutating func next() -> Double {
            count += 1
            price *= 1 + Double(random.below(2_001) - 1_000) * 1e-6
            if price < 1 || price > 1e6 { price = 30_000 }
            return count % 99_991 == 5_000 ? price * 1e6 : price
        }

        mutating func bar() -> PriceBar {
            let open = next()
            let close = next()
            return PriceBar(
                open: open, high: max(open, close) * 1.0001, low: min(open, close) * 0.9999,
                close: close, volume: Double(random.below(1_000_000)) / 1_000)
        }
    }

    /// A long run against a new indicator that sees only the last inputs.
    private func check<Formula: IndicatorFormula>(
        _ formula: Formula, _ make: (inout Walk) -> Formula.Input
    ) where Formula.Output == Double {
        var walk = Walk()
        var long = Indicator(formula)
        var fresh = Indicator(formula)
        let start = Self.long - formula.warmUp - 1
        for row in 0..<Self.long {
            let input = make(&walk)
            long.update(input)
            if row >= start { fresh.update(input) }
        }
        let value = long.value ?? .nan
        let expected = fresh.value ?? .nan
        let difference = abs(value - expected) / max(abs(expected), 1e-300)
        #expect(difference < 1e-9, "\(Formula.self): \(value), anew \(expected)")
        if Self.wanted != nil { print("outliers, \(Formula.self): \(difference)") }
    }

    @Test func `moving sums of samples stay true`() throws {
        check(try SMA(period: 20)) { $0.next() }
        check(try RollingSum(period: 1_000)) { $0.next() }
        check(try WMA(period: 50)) { $0.next() }
        check(try TRIMA(period: 31)) { $0.next() }
        check(try VAR(period: 20)) { $0.next() }
        check(try STDDEV(period: 300)) { $0.next() }
        check(try ZScore(period: 50)) { $0.next() }
        check(try LinearRegression(.end, period: 14)) { $0.next() }
        check(try LinearRegression(.slope, period: 100)) { $0.next() }
        check(try EfficiencyRatio(period: 10)) { $0.next() }
        check(try VHF(period: 28)) { $0.next() }
        check(try Hurst(period: 100)) { $0.next() }
        check(try Autocorrelation(period: 50)) { $0.next() }
        check(try RollSpread(period: 100)) { $0.next() }
    }

    @Test func `moving sums of bars and pairs stay true`() throws {
        check(try MFI(period: 14)) { $0.bar() }
        check(try CMF(period: 20)) { $0.bar() }
        check(try VWMA(period: 30)) { $0.bar() }
        check(try RVOL(period: 20)) { $0.bar() }
        check(try IMI(period: 14)) { $0.bar() }
        check(try ULTOSC()) { $0.bar() }
        check(try RealisedVolatility(.yangZhang, period: 30)) { $0.bar() }
        check(try CORREL(period: 30)) { SamplePair($0.next(), $0.next()) }
        check(try BETA(period: 30)) { SamplePair($0.next(), $0.next()) }
        check(try MAVP()) { SamplePair($0.next(), Double($0.random.below(32))) }
        check(try KyleLambda(period: 60)) {
            TradePrint(price: $0.next(), signedSize: Double($0.random.below(100)) - 49.5)
        }
    }

    /// Those whose value depends on all that came before, or on when it came.
    static let endless: Set<String> = [
        "EMA", "DEMA", "TEMA", "T3", "RMA", "KAMA", "ZLEMA", "MAMA", "APO", "PPO", "PVO", "MACD",
        "MACDFIX", "TRIX", "TSI", "SMI", "ERI", "RSI", "CMO", "STOCHRSI", "KDJ", "PLUS_DM",
        "MINUS_DM", "PLUS_DI", "MINUS_DI", "DX", "ADX", "ADXR", "ATR", "NATR", "CVI", "MASSI",
        "RVI", "HT_DCPERIOD", "HT_DCPHASE", "HT_PHASOR", "HT_SINE", "HT_TRENDMODE", "HT_TRENDLINE",
        "KC", "SUPERTREND", "SAR", "SAREXT", "HA", "OBV", "AD", "ADOSC", "EFI", "NVI", "PVI", "PVT",
        "WAD", "VWAP", "VWAP_SESSION", "VWAP_ANCHORED", "KLINGER", "CUMSUM", "EWMA_VOLATILITY",
        "MAXINDEX", "MININDEX", "MINMAXINDEX", "CUMULATIVE_DELTA", "VPIN", "MICRO_PRICE", "AMIHUD",
        "PIVOT_CLASSIC", "PIVOT_FIBONACCI", "PIVOT_CAMARILLA", "PIVOT_WOODIE", "BREADTH",
        "CHART_DOUBLE", "CHART_HEAD_SHOULDERS", "CHART_TRIANGLE", "CHART_WEDGE", "CHART_CHANNEL",
        "CHART_FLAG",
    ]

    @Test func `every windowed indicator forgets what left its window`() throws {
        let entries = IndicatorCatalogue.entries.filter { !Self.endless.contains($0.name) }
        #expect(entries.count + Self.endless.count == IndicatorCatalogue.entries.count)
        let long = try entries.map { try $0.make() }
        let fresh = try entries.map { try $0.make() }
        var sizes = entries.map { Array(repeating: 0.0, count: $0.outputs.count) }
        var series = SampleSeries(seed: 4)
        let tail = 2_000
        var left = Self.short - tail
        while left > 0 {
            let part = (0..<min(left, tail)).map { _ in series.next() }
            for running in long { running.update(all: part) }
            left -= part.count
        }
        let last = (0..<tail).map { _ in series.next() }
        for index in entries.indices {
            let warmUp = fresh[index].warmUp
            try #require(warmUp < tail, "\(entries[index].name)")
            for (row, sample) in last.enumerated() {
                let value = long[index].update(sample)
                if row >= tail - warmUp - 1 { fresh[index].update(sample) }
                guard row >= tail - 1_000, let value else { continue }
                for (output, number) in value.enumerated() {
                    sizes[index][output] = max(sizes[index][output], abs(number))
                }
            }
        }
        var lines: [String] = []
        for index in entries.indices {
            let value = long[index].value ?? []
            let expected = fresh[index].value ?? []
            #expect(value.count == expected.count, "\(entries[index].name)")
            var worst = 0.0
            for (output, (value, expected)) in zip(value, expected).enumerated() {
                let difference = abs(value - expected)
                #expect(
                    difference <= 1e-9 * sizes[index][output],
                    "\(entries[index].name): \(value), anew \(expected)")
                if difference > 0 { worst = max(worst, difference / sizes[index][output]) }
            }
            lines.append("\(entries[index].name.padded(to: 28)) \(worst)")
        }
        if Self.wanted != nil {
            print("drift after \(Self.short) inputs, relative\n\(lines.joined(separator: "\n"))")
            print("end of the table")
        }
    }
}
