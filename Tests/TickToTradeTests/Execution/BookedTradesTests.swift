import MarketModel
import Testing

@testable import TickToTrade

@Suite("Booked trades")
struct BookedTradesTests {
    @Test func `a trade is booked once, and each side of a self-trade once`() {
        // BUG-064
        var trades = BookedTrades(capacity: 8)
        let reports: [(Int64, Side, isNew: Bool)] = [
            (7, .buy, true), (7, .buy, false), (7, .sell, true), (7, .sell, false),
            (0, .buy, true), (0, .buy, false), (-1, .buy, false),
        ]
        for (id, side, isNew) in reports {
            let booked = trades.book(TradeID(id), side)
            #expect(booked == isNew, "\(id) \(side)")
        }
    }

    @Test func `ids far apart do not push each other out`() {
        // The venue counts everybody's trades: ours may be any distance apart.
        var trades = BookedTrades(capacity: 8)
        var booked: [Bool] = []
        for step in 0..<16 { booked.append(trades.book(TradeID(Int64(step & 7) << 20), .buy)) }
        #expect(booked == (0..<16).map { $0 < 8 })
    }

    @Test func `exactly the last trades are remembered, as by a plain list`() {
        var numbers = SeededNumbers(seed: 64)
        let capacity = 64
        var trades = BookedTrades(capacity: capacity)
        var list: [Int64] = []
        for step in 0..<100_000 {
            let id = numbers.chance(2) ? numbers.number(0...(.max >> 2)) : numbers.number(0...120)
            let side: Side = numbers.chance(50) ? .buy : .sell
            let key = id &* 2 &+ (side == .buy ? 0 : 1)
            let isNew = !list.contains(key)
            if isNew { list.append(key) }
            if list.count > capacity { list.removeFirst() }
            let booked = trades.book(TradeID(id), side)
            #expect(booked == isNew, "seed \(numbers.seed), step \(step)")
            if booked != isNew { return }
        }
    }

    @Test func `what is booked is known as long as nothing has been forgotten`() {
        var trades = BookedTrades(capacity: 4)
        trades.restore(newest: 10)
        for id in [13, 12] as [Int64] { _ = trades.book(TradeID(id), .buy) }
        func told(_ id: Int64, _ side: Side = .buy) -> Bool? { trades.holds(TradeID(id), side) }
        #expect(told(12) == true && told(13) == true)
        #expect(told(11) == false && told(12, .sell) == false)
        #expect(told(10) == nil && told(3) == nil)
        for id in 20..<24 as Range<Int64> { _ = trades.book(TradeID(id), .buy) }
        #expect(told(23) == true && told(12) == nil)
    }
}
