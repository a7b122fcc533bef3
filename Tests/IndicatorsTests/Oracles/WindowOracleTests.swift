import Indicators
import Testing

/// The windows inside the indicators, through indicators that show them bare, against a scan of all
/// samples in the window: 10⁵ seeded samples with many ties.
@Suite struct WindowOracleTests {
    static let seed: UInt64 = 5
    static let samples: [Double] = {
        var random = SplitMix(state: seed)
        var level = 50
        return (0..<100_000).map { row in
            // Plateaus, slopes in both directions and noise.
            switch row / 500 % 4 {
            case 0: level += random.below(7) - 3
            case 1: level += 1
            case 2: level -= 1
            default: level = 50 + random.below(4)
            }
            return Double(level)
        }
    }()

    private func check<Formula: IndicatorFormula>(
        _ formula: Formula, _ period: Int, tolerance: Double = 0, count: Int = 100_000,
        _ oracle: (ArraySlice<Double>) -> Formula.Output
    ) where Formula.Input == Double {
        var indicator = Indicator(formula)
        for (row, sample) in Self.samples.prefix(count).enumerated() {
            let value = indicator.update(sample)
            guard row + 1 >= period else { continue }
            let expected = oracle(Self.samples[(row + 1 - period)...row]).numbers
            let numbers = value?.numbers ?? []
            let isSame = numbers.count == expected.count
                && zip(numbers, expected).allSatisfy { abs($0 - $1) <= tolerance }
            if !isSame {
                Issue.record("row \(row), seed \(Self.seed): \(numbers), \(expected) expected")
                return
            }
        }
    }

    @Test(arguments: [2, 3, 33])
    func `extremes`(period: Int) throws {
        check(try MAX(period: period), period) { $0.max() ?? 0 }
        check(try MIN(period: period), period) { $0.min() ?? 0 }
        check(try MINMAX(period: period), period) { window in
            Extremes(lowest: window.min() ?? 0, highest: window.max() ?? 0)
        }
    }

    /// TA-Lib's rule: a new equal takes over; when the held one leaves, the oldest equal follows.
    @Test(arguments: [2, 3, 33])
    func `places of extremes`(period: Int) throws {
        var held = -1
        check(try MAXINDEX(period: period), period) { window in
            let newest = window.endIndex - 1
            if held < window.startIndex {
                held = window.firstIndex(of: window.max() ?? 0) ?? 0
            } else if window[newest] >= window[held] {
                held = newest
            }
            return held
        }
    }

    @Test(arguments: [2, 5, 31], [0, 33, 100])
    func `ranks`(period: Int, percentile: Int) throws {
        let rank = max(1, (percentile * period + 99) / 100)
        let formula = try PERCENTILE(period: period, percentile: Double(percentile))
        check(formula, period, count: 20_000) {
            $0.sorted()[rank - 1]
        }
    }

    @Test(arguments: [2, 7, 32])
    func `sums in blocks, and moments`(period: Int) throws {
        check(try VHF(period: period), period + 1, tolerance: 1e-12, count: 20_000) { window in
            let path = zip(window.dropFirst(), window).map { abs($0 - $1) }.reduce(0, +)
            let recent = window.dropFirst()
            return path > 0 ? ((recent.max() ?? 0) - (recent.min() ?? 0)) / path : 0
        }
        check(try ZScore(period: period), period, tolerance: 1e-9, count: 20_000) { window in
            let count = Double(window.count)
            let mean = window.reduce(0, +) / count
            let variance = window.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / count
            return variance > 0 ? ((window.last ?? 0) - mean) / variance.squareRoot() : 0
        }
    }

    /// The period creeps, jumps, stays for long, and is beyond the limits now and then.
    @Test func `a mean follows its period`() throws {
        var random = SplitMix(state: Self.seed)
        var indicator = Indicator(try MAVP(minPeriod: 2, maxPeriod: 40))
        var wanted = 20.0
        for (row, sample) in Self.samples.prefix(50_000).enumerated() {
            switch random.below(row / 5_000 % 2 == 0 ? 3 : 300) {
            case 0: wanted += Double(random.below(5)) - 2
            case 1: wanted = Double(random.below(500)) / 10 - 3
            default: break
            }
            let value = indicator.update(SamplePair(sample, wanted))
            guard row >= 39 else { continue }
            let period = min(max(Int(wanted), 2), 40)
            let window = Self.samples[(row + 1 - period)...row]
            let expected = window.reduce(0, +) / Double(period)
            guard let value, abs(value - expected) <= 1e-12 * abs(expected) else {
                Issue.record(
                    "row \(row), seed \(Self.seed), period \(period): \(expected) expected")
                return
            }
        }
    }

    @Test(arguments: [2, 7, 32])
    func `moving sums and regressions`(period: Int) throws {
        check(try RollingSum(period: period), period) { $0.reduce(0, +) }
        check(try WMA(period: period), period, tolerance: 1e-9, count: 20_000) { window in
            let weights = (1...window.count).map(Double.init)
            return zip(window, weights).map { $0 * $1 }.reduce(0, +) / weights.reduce(0, +)
        }
        check(try VAR(period: period), period, tolerance: 1e-9, count: 20_000) { window in
            let mean = window.reduce(0, +) / Double(period)
            return window.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(period)
        }
        let slope = try LinearRegression(.slope, period: period)
        check(slope, period, tolerance: 1e-9, count: 20_000) { window in
            let middle = Double(period - 1) / 2
            let places = window.enumerated().map { Double($0.offset) - middle }
            let products = zip(places, window).map { $0 * $1 }.reduce(0, +)
            return products / places.map { $0 * $0 }.reduce(0, +)
        }
    }
}
