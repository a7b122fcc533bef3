import MarketContext
import MarketModel
import Testing

@Suite struct RegimeTests {
    // CTX-11
    @Test(arguments: [1, 2, 3] as [UInt64])
    func `the label follows the rule on random closes`(seed: UInt64) throws {
        var numbers = SplitMix(seed: seed)
        var classifier = try RegimeClassifier(period: 12, enter: 4_000, leave: 1_500)
        var closes: [Int64] = []
        var expected = Regime.unknown
        var price: Int64 = 10_000
        var drift: Int64 = 0
        var seen: Set<UInt8> = []
        for number in 0..<3_000 {
            if number % 50 == 0 { drift = Int64.random(in: -6...6, using: &numbers) }
            price += drift + Int64.random(in: -8...8, using: &numbers)
            closes.append(price)
            let before = expected
            if closes.count > 12 {
                let window = Array(closes.suffix(13))
                let distance = window[12] - window[0]
                let path = zip(window, window.dropFirst()).map { abs($1 - $0) }.reduce(0, +)
                let efficiency = path == 0 ? 0 : abs(distance) * 10_000 / path
                let direction = distance >= 0 ? Regime.trendUp : .trendDown
                if efficiency >= 4_000 {
                    expected = direction
                } else if efficiency < 1_500 || expected != direction {
                    expected = .range
                }
                #expect(classifier.regime == before)
            }
            let changed = classifier.update(Price(raw: price))
            #expect(classifier.regime == expected, "seed \(seed), bar \(number)")
            #expect(changed == (expected != before))
            seen.insert(expected.rawValue)
        }
        #expect(seen.count == 4)
    }

    @Test func `a straight line is a trend, a still market a range`() throws {
        var classifier = try RegimeClassifier(period: 5)
        for close in 1...5 as ClosedRange<Int64> {
            _ = classifier.update(Price(raw: close))
            #expect(classifier.regime == .unknown && classifier.efficiency == nil)
        }
        let changed = classifier.update(Price(raw: 6))
        #expect(changed && classifier.regime == .trendUp && classifier.efficiency == 10_000)
        for _ in 0..<6 { _ = classifier.update(Price(raw: 6)) }
        #expect(classifier.regime == .range && classifier.efficiency == 0)
        for close in [.max, .min, .max, .min, .max, .min, .max] as [Int64] {
            _ = classifier.update(Price(raw: close))
        }
        #expect(classifier.regime == .range)
    }
}
