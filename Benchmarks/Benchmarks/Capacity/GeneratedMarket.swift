import MarketModel
import Wire

/// A market for whoever has no capture: messages as the venue writes them, in the proportions of
/// ten recorded minutes of BTCUSDT on Binance Spot (2024-08-08, 99,573 messages).
struct GeneratedMarket {
    /// Of a thousand messages; the rest are announcements of the best prices.
    private static let trades = 200
    private static let diffs = 65
    /// Levels of a diff, both sides together: 45.9 recorded.
    private static let meanLevels: UInt64 = 46
    private static let snapshotLevels: Int64 = 1_000

    private var random = SeededRandom(seed: 20_240_808)
    private var update: Int64 = 50_093_239_218
    private var tradeID: Int64 = 3_735_683_258
    private var bid = SampleMarket.middle
    private var time = Timestamp(milliseconds: 1_723_161_255_000)

    static func tape(count: Int) throws(BenchmarkFailure) -> MarketTape {
        var market = GeneratedMarket()
        var writer = MarketTapeWriter()
        try writer.append(market.snapshot(), at: market.time)
        for _ in 0..<count { try writer.append(market.next(), at: market.time) }
        return try writer.finish()
    }

    private mutating func next() -> String {
        time = time + Nanoseconds(Int64(random.next() % 12_000_000))
        // The best price moves a step or more with every tenth message, never below the middle's
        // neighbourhood.
        if random.next() % 10 == 0 {
            bid += (Int64(random.next() % 7) - 3) * SampleMarket.cent
        }
        let drawn = Int(random.next() % 1_000)
        if drawn < Self.diffs { return diff() }
        return drawn < Self.diffs + Self.trades ? trade() : top()
    }

    private var ask: Int64 { bid + SampleMarket.cent }

    private mutating func top() -> String {
        update += Int64(random.next() % 8) + 1
        return SampleMarket.bookTicker(
            update: update, bid: text(bid), bidQuantity: text(size()), ask: text(ask),
            askQuantity: text(size()))
    }

    private mutating func trade() -> String {
        tradeID += 1
        let isSell = random.next() % 2 == 0
        let milliseconds = time.milliseconds
        return #"{"stream":"btcusdt@trade","data":{"e":"trade","E":\#(milliseconds),"#
            + #""s":"BTCUSDT","t":\#(tradeID),"p":"\#(text(isSell ? bid : ask))","#
            + #""q":"\#(text(size()))","T":\#(milliseconds - 1),"m":\#(isSell),"M":true}}"#
    }

    /// Continues the last message that had an update number: the book misses nothing.
    private var diffed: Int64 = 50_093_239_218

    private mutating func diff() -> String {
        let first = diffed + 1
        update = max(update, diffed) + Int64(random.next() % 60) + 1
        diffed = update
        let bids = side(-1, from: bid)
        let asks = side(1, from: ask)
        return #"{"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","#
            + #""E":\#(time.milliseconds),"s":"BTCUSDT","U":\#(first),"u":\#(update),"#
            + #""b":[\#(bids)],"a":[\#(asks)]}}"#
    }

    /// Levels of one side, two fifths of them removals; most lie near the best price.
    private mutating func side(_ sign: Int64, from best: Int64) -> String {
        let count = random.next() % Self.meanLevels + 1
        return (0..<count).map { _ in
            let width = random.next() % 4 == 0 ? UInt64(20_000) : 300
            let price = best + sign * Int64(random.next() % width) * SampleMarket.cent
            let quantity = random.next() % 5 < 2 ? 0 : size()
            return #"["\#(text(price))","\#(text(quantity))"]"#
        }.joined(separator: ",")
    }

    private mutating func snapshot() -> String {
        func side(_ sign: Int64, from best: Int64) -> String {
            (0..<Self.snapshotLevels).map { level in
                #"["\#(text(best + sign * level * 7 * SampleMarket.cent))","0.50000000"]"#
            }.joined(separator: ",")
        }
        return #"{"lastUpdateId":\#(update),"bids":[\#(side(-1, from: bid))],"#
            + #""asks":[\#(side(1, from: ask))]}"#
    }

    /// 0.00001 to 3.99999.
    private mutating func size() -> Int64 { Int64(random.next() % 399_999 + 1) * 1_000 }

    private func text(_ raw: Int64) -> String { formatDecimal(raw, scale: 8, decimals: 8) }
}
