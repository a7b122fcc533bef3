import Foundation
import Indicators
import Testing

/// Market breadth against counts over all closes of every symbol, taken anew at each row.
@Suite struct BreadthOracleTests {
    @Test func `shares and line of seven symbols whose closes come mixed`() throws {
        let symbols = 7
        let period = 12
        var random = SplitMix(state: Oracle.seed)
        // Not in turns: some symbols trade more often, and one beyond the last is passed over.
        let closes = Oracle.closes.map { close in
            SymbolClose(symbol: random.below(random.below(2) == 0 ? 3 : symbols + 1), close: close)
        }
        var breadth = Indicator(try MarketBreadth(symbols: symbols, period: period))
        var series = Array(repeating: [Double](), count: symbols)
        var line = 0.0
        var compared = 0
        for (row, input) in closes.enumerated() {
            let ahead = breadth.peek(input)
            let value = breadth.update(input)
            #expect(ahead == value, "row \(row), seed \(Oracle.seed)")
            if input.symbol < symbols {
                if let last = series[input.symbol].last {
                    line += input.close > last ? 1 : input.close < last ? -1 : 0
                }
                series[input.symbol].append(input.close)
            }
            let two = series.filter { $0.count >= 2 }
            let full = series.filter { $0.count >= period }
            guard !full.isEmpty else {
                #expect(value == nil)
                continue
            }
            let rising = two.count { $0[$0.count - 1] > $0[$0.count - 2] }
            let above = full.count { $0[$0.count - 1] > Oracle.mean($0.suffix(period)) }
            let expected = BreadthReading(
                advancing: Double(rising) / Double(two.count),
                above: Double(above) / Double(full.count), line: line)
            #expect(value == expected, "row \(row), seed \(Oracle.seed)")
            compared += 1
        }
        #expect(compared > 500)
    }

    @Test func `the averages of many symbols do not drift, and reset forgets them`() throws {
        var breadth = Indicator(try MarketBreadth(symbols: 2, period: 3))
        for close in [1e15, 1, 1, 1, 1, 1, 1, 1] {
            breadth.update(SymbolClose(symbol: 0, close: close))
        }
        // All equal: none above, to the last bit, whatever has passed through the window.
        #expect(breadth.value == BreadthReading(advancing: 0, above: 0, line: -1))
        #expect(breadth.update(SymbolClose(symbol: 0, close: 2))?.above == 1)
        breadth.reset()
        #expect(breadth.update(SymbolClose(symbol: 0, close: 5)) == nil)
        #expect(breadth.update(SymbolClose(symbol: 1, close: 5)) == nil)
        #expect(breadth.update(SymbolClose(symbol: 0, close: 6)) == nil)
        let value = breadth.update(SymbolClose(symbol: 0, close: 7))
        #expect(value == BreadthReading(advancing: 1, above: 1, line: 2))
    }

    @Test func `invalid closes and too much memory are refused`() throws {
        var breadth = Indicator(try MarketBreadth())
        for bad in [SymbolClose(symbol: -1, close: 1), SymbolClose(symbol: 0, close: 0),
            SymbolClose(symbol: 0, close: .nan), SymbolClose(symbol: 0, close: 1e38)]
        {
            #expect(breadth.update(bad) == nil)
        }
        #expect(breadth.refusedCount == 4)
        #expect(throws: IndicatorFailure.self) {
            try MarketBreadth(symbols: 1_000, period: 1_000)
        }
    }
}
