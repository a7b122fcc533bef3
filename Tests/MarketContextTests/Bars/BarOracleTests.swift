import MarketContext
import MarketModel
import Testing

/// Every kind of bar against bars cut from the whole list of trades.
@Suite struct BarOracleTests {
    static let seeds: [UInt64] = [1, 2, 3, 4]

    /// One bar of a group of trades.
    private func bar(_ trades: ArraySlice<Trade>, from: Timestamp, to: Timestamp) -> Candle {
        let prices = trades.map(\.price)
        return Candle(
            instrument: Tape.instrument, openTime: from, closeTime: to,
            open: prices.first ?? .zero, high: prices.max() ?? .zero, low: prices.min() ?? .zero,
            close: prices.last ?? .zero,
            volume: Quantity(raw: trades.map(\.quantity.raw).reduce(0, +)),
            takerBuyVolume: Quantity(
                raw: trades.filter { $0.aggressor == .buy }.map(\.quantity.raw).reduce(0, +)),
            quoteVolume: Notional(
                raw: trades.map { Notional($0.price, $0.quantity).raw }.reduce(0, +)),
            tradeCount: trades.map(\.count).reduce(0, +), isClosed: true)
    }

    /// An activity bar of a group of trades.
    private func bar(_ trades: ArraySlice<Trade>) -> Candle {
        let times = trades.map(\.venueTime)
        let first = times.first ?? .unknown
        return bar(trades, from: first, to: max(first, times.max() ?? first))
    }

    private func closed(_ timeframe: Timeframe, _ trades: [Trade]) -> [Candle] {
        var builder = CandleBuilder(instrument: Tape.instrument, timeframe: timeframe)
        var bars: [Candle] = []
        for trade in trades {
            if case .closed(let bar) = builder.update(trade) { bars.append(bar) }
        }
        if let last = builder.close(at: .never) { bars.append(last) }
        return bars
    }

    @Test(arguments: seeds)
    func `time bars are the trades of each span`(seed: UInt64) {
        let trades = Tape.random(3_000, seed: seed)
        for timeframe in [.minutes(1), .minutes(7), .hours(4), .day, .week, .month] as [Timeframe] {
            let groups = Dictionary(grouping: trades) { timeframe.start(of: $0.venueTime) }
            var expected = groups.keys.sorted().map { start in
                bar(
                    (groups[start] ?? [])[...], from: start,
                    to: timeframe.end(from: start) - Nanoseconds(1))
            }
            // Nobody saw what was traded before the first of them.
            expected[0].isPartial = true
            #expect(closed(timeframe, trades) == expected, "seed \(seed), \(timeframe)")
        }
    }

    @Test(arguments: seeds)
    func `bars put together equal bars built directly`(seed: UInt64) {
        let trades = Tape.random(4_000, seed: seed)
        let chain: [Timeframe] = [.minutes(1), .minutes(5), .hours(1), .hours(4), .day, .month]
        for (number, short) in chain.enumerated() {
            for long in chain[(number + 1)...] {
                var aggregator = CandleAggregator(instrument: Tape.instrument, timeframe: long)
                var bars = closed(short, trades).compactMap { aggregator.update($0) }
                if let last = aggregator.close(at: .never) { bars.append(last) }
                #expect(bars == closed(long, trades), "seed \(seed), \(short) to \(long)")
                #expect(aggregator.refusedCount == 0)
            }
        }
    }

    @Test func `the running long bar shows the short bar that is forming`() {
        var direct = CandleBuilder(instrument: Tape.instrument, timeframe: .hours(1))
        var short = CandleBuilder(instrument: Tape.instrument, timeframe: .minutes(1))
        var long = CandleAggregator(instrument: Tape.instrument, timeframe: .hours(1))
        for trade in Tape.random(2_000, seed: 9) {
            _ = direct.update(trade)
            if case .closed(let bar) = short.update(trade) { _ = long.update(bar) }
            #expect(short.current.flatMap { long.current(with: $0) } == direct.current)
        }
    }

    @Test func `a short bar out of turn or across a boundary is refused`() {
        let bars = closed(.minutes(1), Tape.random(500, seed: 3))
        var aggregator = CandleAggregator(instrument: Tape.instrument, timeframe: .hours(1))
        _ = aggregator.update(bars[20])
        _ = aggregator.update(bars[2])
        _ = aggregator.update(bars[20])
        #expect(aggregator.refusedCount == 2)
        var minutes = CandleAggregator(instrument: Tape.instrument, timeframe: .minutes(1))
        var long = bars[0]
        long.closeTime = long.closeTime + Nanoseconds(1)
        _ = minutes.update(long)
        #expect(minutes.refusedCount == 1 && minutes.current == nil)
    }

    // MARK: - Activity

    private func check(
        _ measure: BarMeasure, _ trades: [Trade], isFull: (ArraySlice<Trade>) -> Bool
    ) throws {
        var bars = try ActivityBars(measure, instrument: Tape.instrument)
        let closed = trades.compactMap { bars.update($0) }
        var expected: [Candle] = []
        var start = 0
        for end in trades.indices where isFull(trades[start...end]) {
            expected.append(bar(trades[start...end]))
            start = end + 1
        }
        #expect(closed == expected)
        #expect(closed.count > 20)
        var forming = start < trades.count ? bar(trades[start...]) : nil
        forming?.isClosed = false
        #expect(bars.current == forming)
    }

    @Test(arguments: seeds)
    func `tick, volume and dollar bars close with the trade that fills them`(seed: UInt64) throws {
        let trades = Tape.random(2_000, seed: seed, jitter: 4_000)
        try check(.trades(50), trades) { $0.map(\.count).reduce(0, +) >= 50 }
        try check(.volume(Quantity(raw: 10_000)), trades) {
            $0.map(\.quantity.raw).reduce(0, +) >= 10_000
        }
        try check(.quoteVolume(Notional(raw: 300_000_000)), trades) {
            $0.map { Notional($0.price, $0.quantity).raw }.reduce(0, +) >= 300_000_000
        }
    }

    @Test(arguments: seeds)
    func `range bars are never wider than their range and lose no trade`(seed: UInt64) throws {
        let trades = Tape.random(2_000, seed: seed)
        var bars = try ActivityBars(.range(Price(raw: 60)), instrument: Tape.instrument)
        let closed = trades.compactMap { bars.update($0) }
        var expected: [Candle] = []
        var start = 0
        for end in trades.indices {
            let prices = trades[start...end].map(\.price.raw)
            if (prices.max() ?? 0) - (prices.min() ?? 0) > 60 {
                expected.append(bar(trades[start..<end]))
                start = end
            }
        }
        #expect(closed == expected)
        #expect(closed.allSatisfy { $0.high - $0.low <= Price(raw: 60) })
        let counted = closed.map(\.volume.raw).reduce(0, +) + (bars.current?.volume.raw ?? 0)
        #expect(counted == trades.map(\.quantity.raw).reduce(0, +))
    }

    @Test(arguments: seeds)
    func `Renko bricks stand edge to edge and turn after two heights`(seed: UInt64) throws {
        let trades = Tape.random(3_000, seed: seed)
        let height: Int64 = 25
        var renko = try RenkoBars(height: Price(raw: height), instrument: Tape.instrument)
        var bricks: [Candle] = []
        var expected: [Int64] = []
        var level = trades[0].price.raw / height * height
        var direction: Int64 = 0
        for trade in trades {
            if let run = renko.update(trade) {
                bricks += (0..<run.count).map { run.brick($0) }
            }
            // One brick at a time, from its close.
            while true {
                let up = level + (direction < 0 ? 2 * height : height)
                let down = level - (direction > 0 ? 2 * height : height)
                if trade.price.raw >= up {
                    (level, direction) = (up, 1)
                } else if trade.price.raw <= down {
                    (level, direction) = (down, -1)
                } else {
                    break
                }
                expected.append(level)
            }
        }
        #expect(bricks.map(\.close.raw) == expected, "seed \(seed)")
        #expect(bricks.count > 100)
        #expect(bricks.allSatisfy { ($0.close - $0.open).raw.magnitude == UInt64(height) })
        let counted = bricks.map(\.volume.raw).reduce(0, +) + (renko.current?.volume.raw ?? 0)
        #expect(counted == trades.map(\.quantity.raw).reduce(0, +))
    }

    @Test(arguments: [ImbalanceBars.Size.one, .volume, .quoteVolume])
    func `imbalance bars close where takers lean further than expected`(
        size: ImbalanceBars.Size
    ) throws {
        let trades = Tape.random(5_000, seed: 11)
        var bars = try ImbalanceBars(
            of: size, shortest: 10, longest: 200, span: 20, instrument: Tape.instrument)
        let closed = trades.compactMap { bars.update($0) }
        var expected: [Candle] = []
        var length: Double?
        var lean = 0.0
        var start = 0
        for end in trades.indices {
            let group = trades[start...end]
            let theta = group.map { trade -> Double in
                let magnitude =
                    switch size {
                    case .one: 1.0
                    case .volume: Double(trade.quantity.raw)
                    case .quoteVolume: Double(trade.price.raw) * Double(trade.quantity.raw)
                    }
                return trade.aggressor == .buy ? magnitude : -magnitude
            }.reduce(0, +)
            let isWide = length.map { theta.magnitude >= $0 * lean.magnitude } ?? true
            if group.count < 10 || (group.count < 200 && !isWide) { continue }
            expected.append(bar(group))
            let count = Double(group.count)
            lean = length == nil ? theta / count : lean + 2 / 21.0 * (theta / count - lean)
            length = length.map { $0 + 2 / 21.0 * (count - $0) } ?? count
            start = end + 1
        }
        #expect(closed == expected)
        #expect(closed.count > 25)
    }

    @Test func `sizes that make no bar are refused`() {
        let none = InstrumentIndex(0)
        for measure in [
            .trades(0), .volume(.zero), .quoteVolume(.zero), .range(Price(raw: -1)),
        ] as [BarMeasure] {
            #expect(throws: ContextFailure.notPositive("bar size")) {
                try ActivityBars(measure, instrument: none)
            }
        }
        #expect(throws: ContextFailure.notPositive("brick height")) {
            try RenkoBars(height: .zero, instrument: none)
        }
        #expect(throws: ContextFailure.contradiction("the longest bar is the shorter one")) {
            try ImbalanceBars(of: .one, shortest: 9, longest: 3, span: 1, instrument: none)
        }
    }

    @Test func `prices at the ends of the range make no brick and stop nothing`() throws {
        var renko = try RenkoBars(height: Price(raw: 3), instrument: Tape.instrument)
        var ranges = try ActivityBars(.range(Price(raw: 3)), instrument: Tape.instrument)
        for price in [.max, .min, 0, 5, .max, -1, 9] as [Int64] {
            var trade = Tape.random(1, seed: 1)[0]
            trade.price = Price(raw: price)
            let run = renko.update(trade)
            #expect((run?.count ?? 0) <= 2)
            _ = ranges.update(trade)
        }
    }
}
