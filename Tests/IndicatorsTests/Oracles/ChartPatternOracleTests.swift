import Foundation
import Indicators
import Testing

/// Chart patterns against pivots and lines that are found anew at every row, from all bars before.
@Suite struct ChartPatternOracleTests {
    private struct Turn: Equatable {
        var bar: Int
        var price: Double
        var isHigh: Bool
    }

    /// Every bar that stands out from its neighbours.
    private func extremes(_ bars: [PriceBar], _ left: Int, _ right: Int) -> [Turn] {
        bars.indices.dropFirst(left).dropLast(right).compactMap { bar in
            let others = (bar - left...bar + right).filter { $0 != bar }
            let isHigh = others.allSatisfy { bars[$0].high < bars[bar].high }
            let isLow = others.allSatisfy { bars[$0].low > bars[bar].low }
            if isHigh == isLow { return nil }
            return Turn(bar: bar, price: isHigh ? bars[bar].high : bars[bar].low, isHigh: isHigh)
        }
    }

    /// Highs and lows in turns, of those that bars up to `row` have confirmed.
    private func turns(_ extremes: [Turn], _ row: Int, _ right: Int) -> [Turn] {
        var turns: [Turn] = []
        for turn in extremes where turn.bar + right <= row {
            guard let last = turns.last else {
                turns.append(turn)
                continue
            }
            let isBeyond = turn.isHigh ? turn.price > last.price : turn.price < last.price
            if !isBeyond { continue }
            if last.isHigh == turn.isHigh { turns.removeLast() }
            turns.append(turn)
        }
        return turns
    }

    /// At `bar`, on the line through two pivots.
    private func line(_ from: Turn, _ to: Turn, _ bar: Int) -> Double {
        from.price + (to.price - from.price) / Double(to.bar - from.bar) * Double(bar - from.bar)
    }

    private func verdict(
        _ name: String, _ turns: [Turn], _ close: Double, _ row: Int, _ tolerance: Double
    ) -> Double {
        let p = Array(turns.suffix(5).reversed())
        guard p.count >= 4 else { return 0 }
        let isTop = p[0].isHigh
        // Below for a top, above for a bottom.
        func passes(_ price: Double) -> Bool { isTop ? close < price : close > price }
        let against = isTop ? -100.0 : 100.0
        func alike(_ one: Turn, _ other: Turn, _ height: Double) -> Bool {
            abs(one.price - other.price) <= tolerance * height
        }
        let (highs, lows) = isTop ? ((p[2], p[0]), (p[3], p[1])) : ((p[3], p[1]), (p[2], p[0]))
        let (top, bottom) = (line(highs.0, highs.1, row), line(lows.0, lows.1, row))
        let up = highs.1.price - highs.0.price
        let down = lows.1.price - lows.0.price
        let height = max(highs.0.price, highs.1.price) - min(lows.0.price, lows.1.price)
        let level = tolerance * height
        let breakout = top <= bottom ? 0.0 : close > top ? 100 : close < bottom ? -100 : 0
        switch name {
        case "CHART_DOUBLE":
            let reach = min(abs(p[0].price - p[1].price), abs(p[2].price - p[1].price))
            let isLate = isTop ? p[3].price < p[1].price : p[3].price > p[1].price
            return isLate && alike(p[0], p[2], reach) && passes(p[1].price) ? against : 0
        case "CHART_HEAD_SHOULDERS":
            guard p.count == 5 else { return 0 }
            let isHead = isTop
                ? p[2].price > max(p[0].price, p[4].price)
                : p[2].price < min(p[0].price, p[4].price)
            let reach = min(abs(p[2].price - p[1].price), abs(p[2].price - p[3].price))
            return isHead && alike(p[0], p[4], reach) && passes(line(p[3], p[1], row)) ? against : 0
        case "CHART_TRIANGLE":
            let isShape = up <= level && down >= -level && !(up >= -level && down <= level)
            return isShape ? breakout : 0
        case "CHART_WEDGE":
            let narrows = down / Double(lows.1.bar - lows.0.bar) > up / Double(highs.1.bar - highs.0.bar)
            if up > level && down > level && narrows { return min(breakout, 0) }
            if up < -level && down < -level && narrows { return max(breakout, 0) }
            return 0
        case "CHART_CHANNEL":
            let slopes = up / Double(highs.1.bar - highs.0.bar) - down / Double(lows.1.bar - lows.0.bar)
            return abs(slopes) * Double(p[0].bar - p[3].bar) <= level ? breakout : 0
        default:
            let isHeld = isTop ? p[0].price <= p[2].price : p[0].price >= p[2].price
            let half = abs(p[2].price - p[1].price) <= abs(p[2].price - p[3].price) / 2
            let edge = line(p[2], p[0], row)
            return isHeld && half && (isTop ? close > edge : close < edge) ? -against : 0
        }
    }

    @Test(arguments: ChartPatternKind.allCases)
    func `a pattern is complete where its pivots and the close say so, once`(
        kind: ChartPatternKind
    ) throws {
        let mirrored = Oracle.bars.map { bar in
            PriceBar(
                open: 900 - bar.open, high: 900 - bar.low, low: 900 - bar.high,
                close: 900 - bar.close, volume: bar.volume)
        }
        let choices = [
            (3, 3, 0.15, Oracle.bars), (2, 1, 0.4, Oracle.bars), (1, 4, 0.05, Oracle.bars),
            (2, 1, 0.2, mirrored),
        ]
        var seen = Set<Double>()
        for (left, right, tolerance, bars) in choices {
            let running = try IndicatorCatalogue.entry(kind.rawValue).make(
                [Double(left), Double(right), tolerance])
            let extremes = extremes(bars, left, right)
            var used: [Turn] = []
            for row in bars.indices {
                let turns = turns(extremes, row, right)
                let expected = turns == used
                    ? 0 : verdict(kind.rawValue, turns, bars[row].close, row, tolerance)
                if expected != 0 { used = turns }
                let value = running.update(MarketSample(bar: bars[row]))
                #expect(
                    value == (row < left + right ? nil : [expected]),
                    "\(kind.rawValue) row \(row), seed \(Oracle.seed)")
                seen.insert(expected)
            }
        }
        #expect(seen == [0, 100, -100], "\(kind)")
    }

    /// Bars whose lows and highs turn at these prices, one bar a step of one.
    private func bars(through prices: [Double]) -> [PriceBar] {
        var path = [prices[0]]
        for price in prices.dropFirst() {
            while path[path.count - 1] != price { path.append(path.last! + (price > path.last! ? 1 : -1)) }
        }
        return path.map { PriceBar(open: $0, high: $0 + 0.25, low: $0 - 0.25, close: $0, volume: 1) }
    }

    private func verdicts(_ kind: ChartPatternKind, _ prices: [Double]) throws -> [Int] {
        var pattern = Indicator(try ChartPattern(kind, leftBars: 2, rightBars: 2))
        return bars(through: prices).compactMap { pattern.update($0) }.filter { $0 != 0 }
    }

    @Test func `textbook shapes, and their mirror images`() throws {
        let shapes: [(ChartPatternKind, [Double], Int)] = [
            (.double, [80, 95, 90, 100, 94, 100, 85], -100),
            (.headAndShoulders, [70, 90, 84, 100, 84, 90, 78], -100),
            (.triangle, [80, 100, 85, 100, 92, 104], 100),
            (.wedge, [80, 100, 90, 105, 100, 110, 96], -100),
            (.channel, [80, 100, 90, 100, 90, 100, 84], -100),
            (.flag, [70, 100, 88, 91, 89, 110], 100),
        ]
        for (kind, prices, expected) in shapes {
            let found = try verdicts(kind, [prices[0] + 6, prices[0] - 4] + prices)
            #expect(found.contains(expected), "\(kind): \(found)")
            let mirrored = ([prices[0] + 6, prices[0] - 4] + prices).map { 200 - $0 }
            #expect(try verdicts(kind, mirrored) == found.map { -$0 }, "\(kind)")
        }
    }
}
