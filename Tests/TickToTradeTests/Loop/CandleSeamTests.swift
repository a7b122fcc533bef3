import MarketModel
import Testing
import TickToTrade

/// Candles of history and of live trades are one series, wherever the one ends and the other
/// begins (BUG-047).
@Suite("Candles across the seam")
struct CandleSeamTests {
    private static let intervals = [1, 5, 60].map { Nanoseconds.seconds($0) }
    /// 2026-11-21T12:00:00Z
    private static let start = Timestamp(milliseconds: 1_795_262_400_000)

    /// Trades in the order of their times, with pauses of many intervals.
    private static func tape(_ count: Int, seed: UInt64) -> [Trade] {
        var numbers = SeededNumbers(seed: seed)
        var time = start
        return (0..<count).map { number in
            let pause: Int64 = numbers.chance(20) ? 150_000 : 900
            time = time + .milliseconds(Int64.random(in: 0...pause, using: &numbers))
            return trade(
                Int64(number + 10), Int64.random(in: 9_900...10_100, using: &numbers),
                Int64.random(in: 1...50, using: &numbers), numbers.chance(50) ? .buy : .sell, time)
        }
    }

    private static func trade(
        _ id: Int64, _ price: Int64, _ quantity: Int64, _ side: Side, _ time: Timestamp
    ) -> Trade {
        Trade(
            instrument: TestMarket.btc, id: TradeID(id), price: Price(raw: price),
            quantity: Quantity(raw: quantity), aggressor: side, venueTime: time, receiveTime: time)
    }

    /// What the venue's request for candles answers at `moment`: a bar for every interval since the
    /// first trade, a flat one where nothing was traded, and the one that is still open.
    private static func klines(
        _ trades: ArraySlice<Trade>, _ length: Nanoseconds, at moment: Timestamp
    ) -> [Candle] {
        guard let first = trades.first else { return [] }
        let groups = Dictionary(grouping: trades) { $0.venueTime.nanoseconds / length.count }
        var close = first.price
        let numbers = first.venueTime.nanoseconds / length.count...moment.nanoseconds / length.count
        return numbers.map { number in
            let own = groups[number] ?? []
            let open = own.first?.price ?? close
            close = own.last?.price ?? close
            let quote = own.reduce(Int128(0)) {
                $0 + Int128($1.price.raw) * Int128($1.quantity.raw)
            }
            let bought = own.filter { $0.aggressor == .buy }.map(\.quantity.raw).reduce(0, +)
            let end = Timestamp(nanoseconds: (number + 1) * length.count - 1)
            return Candle(
                instrument: TestMarket.btc,
                openTime: Timestamp(nanoseconds: number * length.count), closeTime: end,
                open: open, high: own.map(\.price).max() ?? open,
                low: own.map(\.price).min() ?? open, close: close,
                volume: Quantity(raw: own.map(\.quantity.raw).reduce(0, +)),
                takerBuyVolume: Quantity(raw: bought), quoteVolume: Notional(raw: quote),
                tradeCount: UInt32(own.count), isClosed: end < moment)
        }
    }

    /// The candles that a strategy gets of trades before `seam` as history and of the rest live,
    /// with the history asked for at `moment`.
    private static func candles(
        _ tape: [Trade], seam: Int, at moment: Timestamp
    ) -> [Nanoseconds: [Candle]] {
        let lane = LaneRig(intervals: intervals)
        lane.now = moment
        let history = intervals.flatMap { klines(tape[..<seam], $0, at: moment) }
        for candle in history.sorted(by: { $0.openTime < $1.openTime }) {
            lane.loop.onHistory(candle, now: lane.now)
        }
        for trade in tape[seam...] {
            lane.now = trade.venueTime
            lane.loop.onTime(now: lane.now)
            lane.loop.onTrade(trade, now: lane.now)
        }
        lane.advance(.seconds(300))
        return Dictionary(grouping: lane.script.candles, by: \.interval)
            .mapValues { $0.map(\.candle) }
    }

    private func compare(_ tape: [Trade], seams: some Sequence<Int>, _ name: String) {
        let whole = Self.candles(tape, seam: 0, at: tape[0].venueTime)
        for seam in seams {
            // Asked for at once, between, and just before the next trade.
            let (last, next) = (tape[seam - 1].venueTime, tape[seam].venueTime)
            let middle = Timestamp(nanoseconds: last.nanoseconds + (next - last).count / 2)
            for moment in [last, middle, next] {
                let joined = Self.candles(tape, seam: seam, at: moment)
                for interval in Self.intervals {
                    // What was traded between the answer and the first trade is unknown.
                    let expected = whole[interval]?.map { candle in
                        var candle = candle
                        candle.isPartial = candle.closeTime >= moment && candle.openTime <= next
                        return candle
                    }
                    #expect(
                        joined[interval] == expected,
                        "\(name), seam \(seam), at \(moment), \(interval.count) ns")
                }
            }
        }
        #expect(whole[.seconds(1)]?.count ?? 0 > 10)
    }

    @Test(arguments: [71, 72] as [UInt64])
    func `history and live trades give the candles of the whole tape at every seam`(seed: UInt64) {
        let tape = Self.tape(80, seed: seed)
        compare(tape, seams: 1..<tape.count, "seed \(seed)")
    }

    @Test func `so they do on a recorded tape`() throws {
        let path = "data/trades/binance_spot_btcusdt_202408.csv.gz"
        guard let rows = try SharedData.rows(path) else { return }
        let tape = try rows.prefix(400).map { row in
            try Self.trade(
                #require(Int64(row[0])), parseDecimal(row[4], scale: 8),
                parseDecimal(row[5], scale: 8), row[6] == "1" ? .sell : .buy,
                Timestamp(milliseconds: #require(Int64(row[1]))))
        }
        #expect(tape.count == 400)
        compare(tape, seams: stride(from: 1, to: 400, by: 21), "recorded")
    }

    @Test func `a trade for a bar that history has closed does not make it again`() {
        let lane = LaneRig(intervals: [.seconds(60)])
        let traded = [Self.trade(5, 10_000, 1, .buy, Self.start)]
        var closed = Self.klines(traded[...], .seconds(60), at: Self.start)[0]
        closed.isClosed = true
        lane.loop.onHistory(closed, now: lane.now)
        // Our clock ran ahead of the venue's when it asked.
        for (id, second) in [(6, 59), (7, 60), (8, 120)] as [(Int64, Int64)] {
            lane.now = Self.start + .seconds(second)
            lane.loop.onTrade(Self.trade(id, 10_000, 1, .buy, lane.now), now: lane.now)
        }
        let opened = lane.script.candles.filter { $0.interval == .seconds(60) }
            .map(\.candle.openTime)
        #expect(opened == [Self.start, Self.start + .seconds(60)])
    }
}
