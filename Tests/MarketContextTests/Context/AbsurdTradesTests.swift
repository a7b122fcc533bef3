import MarketContext
import MarketModel
import Testing

/// Data from outside never traps: numbers at the ends of their range, times that jump, in any
/// order.
@Suite struct AbsurdTradesTests {
    private func trade(_ numbers: inout SplitMix, id: Int64) -> Trade {
        let edges: [Int64] = [.min, .min + 1, -1, 0, 1, 50_000, .max / 2, .max - 1, .max]
        func number() -> Int64 {
            let pick = Int.random(in: 0..<edges.count * 2, using: &numbers)
            return pick < edges.count
                ? edges[pick] : Int64.random(in: 1...100_000, using: &numbers)
        }
        return Trade(
            instrument: Tape.instrument, id: TradeID(numbers.next() % 4 == 0 ? number() : id),
            price: Price(raw: number()), quantity: Quantity(raw: number()),
            aggressor: Bool.random(using: &numbers) ? .buy : .sell,
            venueTime: Timestamp(nanoseconds: number()),
            receiveTime: Timestamp(nanoseconds: number()),
            count: numbers.next() % 3 == 0 ? .max : 1)
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64])
    func `no trade stops a context`(seed: UInt64) throws {
        var numbers = SplitMix(seed: seed)
        var settings = ContextRig.settings()
        settings.tradeIDsAreConsecutive = seed % 2 == 0
        var context = try ContextRig.context(settings)
        for id in 0..<2_000 as Range<Int64> {
            _ = context.update(trade(&numbers, id: id))
            if id % 7 == 0 { context.advance(to: trade(&numbers, id: id).venueTime) }
            if id % 500 == 0 { context = try ContextRig.context(settings) }
        }
        #expect(!ContextRig.words(context).isEmpty)
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `no trade stops a bar, a join or a zone`(seed: UInt64) throws {
        var numbers = SplitMix(seed: seed)
        let none = Tape.instrument
        var activity = try [
            BarMeasure.trades(3), .volume(Quantity(raw: .max)), .quoteVolume(Notional(raw: 9)),
            .range(Price(raw: 100)),
        ].map { try ActivityBars($0, instrument: none) }
        var time = [Timeframe.minutes(1), .day, .week, .month].map {
            CandleBuilder(instrument: none, timeframe: $0)
        }
        var renko = try [1, 100, .max].map { try RenkoBars(height: Price(raw: $0), instrument: none) }
        var lean = try ImbalanceBars(
            of: .quoteVolume, shortest: 2, longest: 20, span: 3, instrument: none)
        var long = CandleAggregator(instrument: none, timeframe: .month)
        var join = try TapeJoin(capacity: 4)
        var zones = try LiquidationZones(
            binSize: Price(raw: 10), window: .day, enter: Notional(raw: 9), leave: .zero,
            capacity: 5)
        for id in 0..<2_000 as Range<Int64> {
            let trade = trade(&numbers, id: id)
            for place in activity.indices { _ = activity[place].update(trade) }
            for place in time.indices {
                if case .closed(let bar) = time[place].update(trade) { _ = long.update(bar) }
            }
            for place in renko.indices {
                if let run = renko[place].update(trade) { _ = run.brick(run.count - 1) }
            }
            _ = lean.update(trade)
            if id % 2 == 0 { join.addLive(trade) } else { _ = join.addHistory(trade) }
            while join.take() != nil {}
            _ = zones.add(
                Liquidation(
                    price: trade.price, quantity: trade.quantity, side: trade.aggressor,
                    time: trade.venueTime))
        }
        #expect(zones.largest(3).count <= 3)
    }
}
