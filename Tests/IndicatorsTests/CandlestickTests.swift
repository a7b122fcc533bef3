import Indicators
import Testing

/// Candles at the edges of what patterns compare.
@Suite struct CandlestickTests {
    private static let seed: UInt64 = 4_021

    /// Prices of a few ticks about zero, so that many are equal and many are zero.
    private func bar(_ random: inout SplitMix) -> PriceBar {
        let ticks = (0..<4).map { _ in Double(random.below(7)) - 3 }.sorted()
        let rises = random.below(2) == 0
        return PriceBar(
            open: rises ? ticks[1] : ticks[2], high: ticks[3], low: ticks[0],
            close: rises ? ticks[2] : ticks[1], volume: 1)
    }

    private func withZerosNegated(_ bar: PriceBar, _ random: inout SplitMix) -> PriceBar {
        func number(_ price: Double) -> Double {
            price == 0 && random.below(2) == 0 ? -0.0 : price
        }
        return PriceBar(
            open: number(bar.open), high: number(bar.high), low: number(bar.low),
            close: number(bar.close), volume: 1)
    }

    @Test(arguments: CandlestickKind.allCases)
    func `a zero with a sign is a zero`(kind: CandlestickKind) throws {
        var random = SplitMix(state: Self.seed)
        var plain = Indicator(try CandlestickPattern(kind))
        var signed = Indicator(try CandlestickPattern(kind))
        for row in 0..<3_000 {
            let bar = bar(&random)
            let expected = plain.update(bar)
            let verdict = signed.update(withZerosNegated(bar, &random))
            #expect(verdict == expected, "\(kind), row \(row), seed \(Self.seed)")
        }
    }

    /// The plain rule beside the one without branches.
    @Test func `engulfing follows its rule for candles of few ticks`() throws {
        var random = SplitMix(state: Self.seed + 1)
        var engulfing = Indicator(try CandlestickPattern(.engulfing))
        var before: PriceBar?
        var found: Set<Int> = []
        for row in 0..<20_000 {
            let bar = bar(&random)
            let verdict = engulfing.update(bar)
            if let before, let verdict {
                let (top, bottom) = (max(bar.open, bar.close), min(bar.open, bar.close))
                let (first, last) = (max(before.open, before.close), min(before.open, before.close))
                let covers = top >= first && bottom <= last && (top > first || bottom < last)
                let isOpposite = (bar.close >= bar.open) != (before.close >= before.open)
                let size = bar.open != before.close && bar.close != before.open ? 100 : 80
                let expected = isOpposite && covers ? (bar.close >= bar.open ? size : -size) : 0
                #expect(verdict == expected, "row \(row), seed \(Self.seed + 1)")
                found.insert(verdict)
            }
            before = bar
        }
        #expect(found == [0, 80, 100, -80, -100])
    }
}
