import MarketModel
import Testing

@testable import Emulator

@Suite("Matching engine")
struct MatchingEngineTests {
    let user = AccountIndex(1)
    let other = AccountIndex(2)

    private func order(
        _ id: Int64, _ side: Side, _ price: Int64, _ quantity: Int64,
        account: AccountIndex = .market, type: OrderType = .limit,
        timeInForce: TimeInForce = .gtc, prevention: SelfTradePreventionMode = .none
    ) -> IncomingOrder {
        IncomingOrder(
            id: id, account: account, side: side, type: type, timeInForce: timeInForce,
            price: Price(raw: price), quantity: Quantity(raw: quantity),
            selfTradePrevention: prevention)
    }

    private func levels(_ engine: MatchingEngine, _ side: Side) -> [BookLevel] {
        var levels: [BookLevel] = []
        engine.forEachLevel(of: side, limit: .max) {
            levels.append(BookLevel(price: $0, quantity: $1))
        }
        return levels
    }

    @Test func `better prices trade first, then earlier orders`() {
        let engine = MatchingEngine(lotSize: Quantity(raw: 1))
        _ = engine.place(order(1, .sell, 101, 5))
        _ = engine.place(order(2, .sell, 100, 5))
        _ = engine.place(order(3, .sell, 100, 5))
        let placement = engine.place(order(4, .buy, 101, 12))
        #expect(placement.remainder == .filled)
        #expect(engine.log.fills.map(\.makerID) == [2, 3, 1])
        #expect(engine.log.fills.map(\.price.raw) == [100, 100, 101])
        #expect(engine.log.fills.map(\.tradeID) == [1, 2, 3])
        #expect(engine.top.askQuantity == Quantity(raw: 3))
    }

    @Test func `fill or kill fills whole or not at all`() {
        let engine = MatchingEngine(lotSize: Quantity(raw: 1))
        _ = engine.place(order(1, .sell, 100, 5))
        let before = engine.updateID
        let killed = engine.place(order(2, .buy, 100, 6, timeInForce: .fok))
        #expect(killed.remainder == .expiredFillOrKill)
        #expect(engine.log.fills.isEmpty)
        #expect(engine.updateID == before)
        #expect(engine.place(order(3, .buy, 100, 5, timeInForce: .fok)).remainder == .filled)
    }

    @Test func `post-only is refused when it would take`() {
        let engine = MatchingEngine(lotSize: Quantity(raw: 1))
        _ = engine.place(order(1, .sell, 100, 5))
        #expect(engine.place(order(2, .buy, 100, 1, type: .limitMaker)).remainder == .wouldTake)
        #expect(engine.place(order(3, .buy, 99, 1, type: .limitMaker)).remainder == .rests)
    }

    @Test func `a market order by quote amount spends whole lots only`() {
        let engine = MatchingEngine(lotSize: Quantity(raw: Money.unit / 100))
        let price = 100 * Money.unit
        _ = engine.place(order(1, .sell, price, Money.unit))
        var taker = order(2, .buy, 0, 0, type: .market, timeInForce: .none)
        taker.quoteBudget = 10 * Money.unit + 55
        let placement = engine.place(taker)
        #expect(placement.executed == Quantity(raw: Money.unit / 10))
        #expect(placement.remainder == .filled)
        taker.quoteBudget = 1_000 * Money.unit
        #expect(engine.place(taker).remainder == .expiredNoLiquidity)
    }

    @Test(arguments: [
        (SelfTradePreventionMode.none, Remainder.filled, [Int64](), 1),
        (.expireMaker, .filled, [1], 1),
        (.expireTaker, .expiredSelfTrade, [1], 0),
        (.expireBoth, .expiredSelfTrade, [1], 0),
        (.decrement, .expiredSelfTrade, [1], 0),
    ])
    func `self-trade prevention follows the taker's mode`(
        _ mode: SelfTradePreventionMode, _ remainder: Remainder, _ prevented: [Int64], _ fills: Int
    ) {
        let engine = MatchingEngine(lotSize: Quantity(raw: 1))
        _ = engine.place(order(1, .sell, 100, 5, account: user))
        _ = engine.place(order(2, .sell, 100, 5, account: other))
        let placement = engine.place(order(3, .buy, 100, 5, account: user, prevention: mode))
        #expect(placement.remainder == remainder)
        #expect(engine.log.prevented.map(\.makerID) == prevented)
        #expect(engine.log.fills.count == fills)
    }

    @Test func `an iceberg shows a part at a time and queues again with each`() {
        let engine = MatchingEngine(lotSize: Quantity(raw: 1))
        var iceberg = order(1, .sell, 100, 10)
        iceberg.displayQuantity = Quantity(raw: 4)
        let handle = engine.place(iceberg).handle
        _ = engine.place(order(2, .sell, 100, 5))
        #expect(levels(engine, .sell)[0].quantity == Quantity(raw: 9))
        _ = engine.place(order(3, .buy, 100, 6))
        #expect(engine.log.fills.map(\.makerID) == [1, 2])
        #expect(engine.log.fills[0].makerRemaining == Quantity(raw: 6))
        // The next part stands behind the rest of order 2.
        _ = engine.place(order(4, .buy, 100, 4))
        #expect(engine.log.fills.map(\.makerID) == [2, 1])
        #expect(engine.cancel(handle) == Quantity(raw: 5))
        #expect(engine.restingOrderCount == 0)
    }

    @Test func `fill or kill counts what icebergs hide, but not past one's own order`() {
        let engine = MatchingEngine(lotSize: Quantity(raw: 1))
        var iceberg = order(1, .sell, 100, 10, account: other)
        iceberg.displayQuantity = Quantity(raw: 1)
        _ = engine.place(iceberg)
        let whole = order(2, .buy, 100, 8, account: user, timeInForce: .fok)
        #expect(engine.place(whole).remainder == .filled)
        _ = engine.place(order(3, .sell, 100, 1, account: user))
        var blocked = whole
        blocked.id = 4
        blocked.quantity = Quantity(raw: 2)
        blocked.selfTradePrevention = .expireTaker
        #expect(engine.place(blocked).remainder == .expiredFillOrKill)
    }

    @Test func `a smaller order keeps its turn`() {
        let engine = MatchingEngine(lotSize: Quantity(raw: 1))
        let first = engine.place(order(1, .sell, 100, 5)).handle
        _ = engine.place(order(2, .sell, 100, 5))
        #expect(engine.reduce(first, by: Quantity(raw: 3)))
        #expect(!engine.reduce(first, by: Quantity(raw: 2)), "nothing would be left")
        _ = engine.place(order(3, .buy, 100, 3))
        #expect(engine.log.fills.map(\.makerID) == [1, 2])
        #expect(engine.top.askQuantity == Quantity(raw: 4))
    }

    @Test func `a reused slot is not mistaken for the old order`() {
        let engine = MatchingEngine(lotSize: Quantity(raw: 1))
        let old = engine.place(order(1, .buy, 100, 5)).handle
        #expect(engine.cancel(old) == Quantity(raw: 5))
        _ = engine.place(order(2, .buy, 100, 5))
        #expect(engine.cancel(old) == nil)
        #expect(engine.restingOrderCount == 1)
    }

    @Test func `changes since the last drain rebuild the book`() {
        let engine = MatchingEngine(lotSize: Quantity(raw: 1))
        _ = engine.place(order(1, .buy, 100, 5))
        _ = engine.place(order(2, .buy, 99, 5))
        var first: [BookLevel] = []
        engine.drainChanges(of: .buy) { first.append(BookLevel(price: $0, quantity: $1)) }
        #expect(first == levels(engine, .buy))
        _ = engine.place(order(3, .sell, 100, 5))
        var second: [BookLevel] = []
        engine.drainChanges(of: .buy) { second.append(BookLevel(price: $0, quantity: $1)) }
        #expect(second == [BookLevel(price: Price(raw: 100), quantity: .zero)])
    }

    @Test(arguments: [UInt64(1), 2, 3])
    func `equals the naive matcher over random operations`(_ seed: UInt64) {
        var random = RandomSource(seed: seed)
        let engine = MatchingEngine(lotSize: Quantity(raw: 10))
        var naive = NaiveMatcher(lotSize: Quantity(raw: 10))
        var handles: [OrderHandle] = []
        for step in 0..<34_000 {
            if random.below(20) == 0, !handles.isEmpty {
                let handle = handles[random.below(handles.count)]
                let quantity = Quantity(raw: Int64(random.below(30) + 1) * 10)
                #expect(
                    engine.reduce(handle, by: quantity) == naive.reduce(handle.id, by: quantity),
                    "seed \(seed) step \(step)")
            } else if random.below(10) < 3, !handles.isEmpty {
                let handle = handles.remove(at: random.below(handles.count))
                #expect(
                    engine.cancel(handle) == naive.cancel(handle.id), "seed \(seed) step \(step)")
            } else {
                let incoming = randomOrder(Int64(step + 1), &random)
                let placed = engine.place(incoming)
                let expected = naive.place(incoming)
                guard placed.executed == expected.executed,
                    placed.remainder == expected.remainder,
                    Array(engine.log.fills) == naive.fills,
                    Array(engine.log.prevented) == naive.prevented
                else {
                    Issue.record("seed \(seed) step \(step): \(incoming)")
                    return
                }
                checkNoTradeThrough(incoming, engine.log, seed, step)
                if placed.remainder == .rests { handles.append(placed.handle) }
            }
            if step % 500 == 0 {
                #expect(levels(engine, .buy) == naive.levels(of: .buy), "seed \(seed) \(step)")
                #expect(levels(engine, .sell) == naive.levels(of: .sell), "seed \(seed) \(step)")
            }
        }
        #expect(engine.restingOrderCount == naive.orders.count)
    }

    private func randomOrder(_ id: Int64, _ random: inout RandomSource) -> IncomingOrder {
        let types: [OrderType] = [.limit, .limit, .limit, .limit, .limitMaker, .market]
        let times: [TimeInForce] = [.gtc, .gtc, .gtc, .ioc, .fok]
        let type = types[random.below(types.count)]
        var incoming = order(
            id, random.below(2) == 0 ? .buy : .sell,
            100 * Money.unit + Int64(random.below(40)) * Money.unit,
            Int64(random.below(50) + 1) * 10,
            account: AccountIndex(Int32(random.below(4))), type: type,
            timeInForce: type == .limit ? times[random.below(times.count)] : .none,
            prevention: SelfTradePreventionMode.allCases[random.below(6)])
        if type != .market, random.below(4) == 0 {
            incoming.displayQuantity = Quantity(raw: Int64(random.below(12) + 1) * 10)
        }
        if type == .market, random.below(2) == 0 {
            incoming.quantity = .zero
            incoming.quoteBudget = Int64(random.below(60_000) + 1)
        }
        return incoming
    }

    private func checkNoTradeThrough(
        _ incoming: IncomingOrder, _ log: MatchLog, _ seed: UInt64, _ step: Int
    ) {
        var previous: Price?
        for fill in log.fills {
            #expect(incoming.reaches(fill.price), "seed \(seed) step \(step)")
            if let previous {
                #expect(
                    incoming.side == .buy ? fill.price >= previous : fill.price <= previous,
                    "seed \(seed) step \(step)")
            }
            previous = fill.price
        }
    }
}
