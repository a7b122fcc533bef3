import Foundation
import Indicators
import MarketModel
import Testing

/// What every indicator promises, over the whole catalogue.
@Suite struct ContractTests {
    static let seed = IndicatorCase.seed

    /// One after the other, from the start.
    private func run(
        _ running: any RunningIndicator, _ samples: some Sequence<MarketSample>
    ) -> [[UInt64]?] {
        samples.map { running.update($0).bits }
    }

    @Test(arguments: IndicatorCase.all)
    func `a whole series at once gives the same bits as one sample after another`(
        one: IndicatorCase
    ) throws {
        let running = try one.make()
        running.update(one.samples[0])
        let batch = running.values(over: one.samples).map(\.bits)
        let streamed = run(try one.make(), one.samples)
        #expect(batch == streamed, "seed \(Self.seed)")
        #expect(batch.contains { $0 != nil }, "it never has a value")
    }

    @Test(arguments: IndicatorCase.all)
    func `the first value comes after the warm-up, with a number for each output`(
        one: IndicatorCase
    ) throws {
        let running = try one.make()
        let values = one.samples.map { running.update($0) }
        let first = try #require(values.firstIndex { $0 != nil })
        let startsLater = ["PIVOT_CLASSIC", "PIVOT_FIBONACCI", "PIVOT_CAMARILLA", "PIVOT_WOODIE"]
            + ["VPIN", "AMIHUD", "RVOL", "BREADTH"]
        if startsLater.contains(one.entry.name) {
            #expect(first >= running.warmUp)
        } else {
            #expect(first == running.warmUp)
        }
        for value in values.compactMap({ $0 }) {
            #expect(value.count == one.entry.outputs.count)
            #expect(value.allSatisfy { $0.isFinite }, "\(value)")
        }
    }

    @Test(arguments: IndicatorCase.all)
    func `peeking says what the update will say, and changes nothing`(one: IndicatorCase) throws {
        let expected = run(try one.make(), one.samples)
        let running = try one.make()
        var other = SampleSeries(seed: Self.seed + 1)
        for (row, sample) in one.samples.enumerated() {
            // The forming bar, seen several times before it closes.
            for _ in 0..<3 { _ = running.peek(other.next()) }
            let before = running.value.bits
            let ahead = running.peek(sample).bits
            #expect(running.value.bits == before)
            #expect(ahead == expected[row], "row \(row), seed \(Self.seed)")
            #expect(running.update(sample).bits == expected[row], "row \(row), seed \(Self.seed)")
            #expect(running.value.bits == expected[row])
        }
    }

    @Test(arguments: IndicatorCase.all)
    func `after a reset it is as new`(one: IndicatorCase) throws {
        let running = try one.make()
        _ = run(running, SampleSeries.samples(seed: Self.seed + 2, count: 333))
        running.reset()
        #expect(running.value == nil)
        let fresh = run(try one.make(), one.samples)
        #expect(run(running, one.samples) == fresh)
    }

    @Test(arguments: IndicatorCase.all, [1, 17, 400])
    func `a copy goes its own way`(one: IndicatorCase, at: Int) throws {
        let expected = run(try one.make(), one.samples)
        let original = try one.make()
        _ = run(original, one.samples[..<at])
        let copy = original.copy()
        #expect(copy.value.bits == original.value.bits)
        let stray = original.copy()
        _ = run(stray, SampleSeries.samples(seed: Self.seed + 3, count: 200))
        #expect(run(copy, one.samples[at...]) == Array(expected[at...]))
        #expect(run(original, one.samples[at...]) == Array(expected[at...]))
    }

    @Test(arguments: IndicatorCase.all, [0, 5, 401])
    func `a saved state resumes with the same bits`(one: IndicatorCase, at: Int) throws {
        let expected = run(try one.make(), one.samples)
        let running = try one.make()
        _ = run(running, one.samples[..<at])
        let saved = try JSONEncoder().encode(running.state)
        let resumed = try running.resumed { try JSONDecoder().decode($0, from: saved) }
        #expect(resumed.value.bits == running.value.bits)
        #expect(run(resumed, one.samples[at...]) == Array(expected[at...]))
    }

    @Test(arguments: IndicatorCase.all)
    func `an invalid sample is refused, counted, and leaves no trace`(one: IndicatorCase) throws {
        let expected = run(try one.make(), one.samples)
        let running = try one.make()
        var refused = 0
        for (row, sample) in one.samples.prefix(300).enumerated() {
            for column in one.entry.columns where row % 7 == 0 {
                let broken = Self.broken(sample, column)
                let before = running.value.bits
                #expect(running.peek(broken) == nil)
                #expect(running.update(broken) == nil)
                #expect(running.value.bits == before)
                refused += 1
            }
            #expect(running.update(sample).bits == expected[row], "row \(row)")
        }
        #expect(running.refusedCount == refused)
    }

    private static func broken(_ sample: MarketSample, _ column: SampleColumn) -> MarketSample {
        var broken = sample
        switch column {
        case .time: broken.time = .unknown
        case .open: broken.bar.open = .nan
        case .high: broken.bar.high = broken.bar.low - 1
        case .low: broken.bar.low = -1e38
        case .close: broken.bar.close = .nan
        case .volume: broken.bar.volume = -1
        case .second: broken.second = 3.1e37
        case .symbol: broken.symbol = -1
        case .tradePrice: broken.trade.price = .nan
        case .signedSize: broken.trade.signedSize = 0
        case .bidPrice: broken.top.bidPrice = .nan
        case .bidSize: broken.top.bidSize = -1
        case .askPrice: broken.top.askPrice = .infinity
        case .askSize: broken.top.askSize = .nan
        case .book: broken.book.appendBid(price: .nan, size: 1)
        }
        if column == .book {
            broken.book = BookLevels()
            broken.book.appendBid(price: .nan, size: 1)
            broken.book.appendAsk(price: 1, size: 1)
        }
        return broken
    }

    @Test(arguments: IndicatorCatalogue.entries.map { IndicatorCase(entry: $0, parameters: []) })
    func `every parameter is checked, with a typed error`(one: IndicatorCase) throws {
        let entry = one.entry
        for parameter in entry.parameters {
            var wrong = [
                parameter.allowed.lowerBound - 1 - parameter.allowed.lowerBound.magnitude * 0.1,
                parameter.allowed.upperBound * 1.1 + 1, .nan, .infinity,
            ]
            if parameter.isWhole { wrong.append(parameter.standard + 0.5) }
            for value in wrong {
                #expect(throws: IndicatorFailure.self, "\(parameter.name) \(value)") {
                    try entry.make([parameter.name: value])
                }
            }
        }
        #expect(throws: IndicatorFailure.unknownParameter("colour")) {
            try entry.make(["colour": 1])
        }
        #expect(throws: IndicatorFailure.self) {
            try entry.make(Array(repeating: 1, count: entry.parameters.count + 1))
        }
    }

    /// Alone at the end of their range: no trap, and a value or an honest contradiction.
    @Test(arguments: IndicatorCatalogue.entries.map { IndicatorCase(entry: $0, parameters: []) })
    func `parameters at the ends of their ranges work or are refused`(one: IndicatorCase) throws {
        for parameter in one.entry.parameters {
            let lowest = parameter.allowed.lowerBound
            for value in [lowest, max(lowest, min(parameter.allowed.upperBound, 2_000))] {
                do throws(IndicatorFailure) {
                    let running = try one.entry.make([parameter.name: value])
                    for sample in one.samples.prefix(120) {
                        let numbers = running.update(sample) ?? []
                        #expect(numbers.allSatisfy { $0.isFinite }, "\(parameter.name) \(value)")
                    }
                } catch {
                    guard case .contradiction = error else {
                        Issue.record("\(parameter.name) \(value): \(error)")
                        continue
                    }
                }
            }
        }
    }

    /// Prices and volumes of any size that is accepted, side by side.
    @Test(arguments: IndicatorCase.all)
    func `no sample that is accepted makes a value that is no number`(one: IndicatorCase) throws {
        var random = SplitMix(state: 31)
        func size() -> Double {
            let exponents = [0.0, 1, 9, 18, 27, 37]
            return pow(10, exponents[random.below(6)]) * Double(1 + random.below(29)) / 10
        }
        let running = try one.make()
        for sample in one.samples {
            var wild = sample
            let ends = [size(), size(), size(), size()].sorted()
            wild.bar = PriceBar(
                open: ends[1], high: ends[3], low: ends[0], close: ends[2],
                volume: random.below(5) == 0 ? 0 : size())
            wild.second = size()
            wild.trade = TradePrint(price: size(), signedSize: wild.trade.direction * size())
            wild.top = BestQuotes(
                bidPrice: ends[1], bidSize: size(), askPrice: ends[2], askSize: size())
            let numbers = running.update(wild) ?? []
            #expect(numbers.allSatisfy { $0.isFinite }, "\(numbers)")
        }
        #expect(running.refusedCount == 0)
    }

    /// Every bar of numbers at the edges, against the rule written out.
    @Test func `a bar is checked when it is formed and when a part of it is set`() {
        let edges = [
            Double.nan, .infinity, -.infinity, 3e37, 3.1e37, -3e37, -3.1e37, 0, -0.0, 1, 2,
        ]
        func isInRange(_ number: Double) -> Bool { abs(number) <= 3e37 }
        var accepted = 0
        var changed = PriceBar(open: 1, high: 1, low: 1, close: 1, volume: 1)
        for open in edges {
            changed.open = open
            for high in edges {
                changed.high = high
                for low in edges {
                    changed.low = low
                    for close in edges {
                        changed.close = close
                        for volume in edges {
                            changed.volume = volume
                            let all = [open, high, low, close, volume]
                            let isGood = all.allSatisfy(isInRange) && low <= open
                                && low <= close && open <= high && close <= high && volume >= 0
                            let formed = PriceBar(
                                open: open, high: high, low: low, close: close, volume: volume)
                            if formed.isValid != isGood || changed.isValid != isGood {
                                Issue.record("\(all)")
                                return
                            }
                            accepted += isGood ? 1 : 0
                        }
                    }
                }
            }
        }
        #expect(accepted > 1_000)
    }

    @Test func `a bar that is read from a file is checked anew`() throws {
        let good = PriceBar(open: 2, high: 3, low: 1, close: 2, volume: 5)
        let text = String(decoding: try JSONEncoder().encode(good), as: UTF8.self)
        #expect(try JSONDecoder().decode(PriceBar.self, from: Data(text.utf8)) == good)
        #expect(text.contains("\"high\":3"))
        let bad = Data(text.replacing("\"high\":3", with: "\"high\":1.5").utf8)
        #expect(try !JSONDecoder().decode(PriceBar.self, from: bad).isValid)
    }

    @Test func `a state that does not fit its formula is refused`() throws {
        var indicator = Indicator(try SMA(period: 5))
        indicator.update(3)
        let text = String(decoding: try JSONEncoder().encode(indicator.state), as: UTF8.self)
        for (good, bad) in [("\"length\":5", "\"length\":50"), ("\"length\":5", "\"length\":-1")] {
            let damaged = Data(text.replacing(good, with: bad).utf8)
            #expect(text.contains(good))
            #expect(throws: (any Error).self) {
                let state = try JSONDecoder().decode(IndicatorState<SMA>.self, from: damaged)
                _ = try Indicator(resuming: state)
            }
        }
    }

    @Test func `no entry goes by a name that is not there`() {
        #expect(throws: IndicatorFailure.unknownIndicator("NOSUCH")) {
            try IndicatorCatalogue.entry("NOSUCH")
        }
    }
}
