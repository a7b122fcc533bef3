import MarketModel
import Testing
import TickToTrade

/// Orders that depend on each other at the venue, from submission to end.
@Suite("Order lists")
struct OrderListTests {
    private static func order(
        _ type: OrderType, _ side: Side = .sell, price: Double = 0, stop: Double = 0,
        quantity: Double = 1, reduceOnly: Bool = false
    ) -> OrderIntent {
        OrderIntent(
            instrument: TestMarket.btc, side: side, type: type, timeInForce: .gtc,
            price: TestMarket.price(price), quantity: TestMarket.quantity(quantity),
            isReduceOnly: reduceOnly,
            terms: SpecialTerms(stopPrice: TestMarket.price(stop)))
    }

    private static func exit(_ quantity: Double = 1) -> OrderList {
        .pair(
            above: order(.limitMaker, price: 105, quantity: quantity, reduceOnly: true),
            below: order(.stopLoss, stop: 95, quantity: quantity, reduceOnly: true))
    }

    private static func bracket(_ quantity: Double = 1, exit: Double = 1) -> OrderList {
        .bracket(
            working: order(.limit, .buy, price: 99, quantity: quantity),
            above: order(.takeProfitLimit, price: 105, stop: 105, quantity: exit),
            below: order(.stopLoss, stop: 95, quantity: exit))
    }

    private func lane(_ change: (inout Instrument) -> Void = { _ in }) -> LaneRig {
        var instruments = TestMarket.specialInstruments()
        change(&instruments[0])
        let lane = LaneRig(instruments: instruments)
        lane.trade(100)
        return lane
    }

    private func submit(_ list: OrderList, _ lane: LaneRig) -> ListSubmission {
        var result = ListSubmission.denied(.tableFull)
        lane.act { result = $0.submit(list) }
        return result
    }

    /// Submits a list that must pass; its orders and the requests.
    private func sent(
        _ list: OrderList, _ lane: LaneRig
    ) throws -> (ids: [ClientOrderID], requests: [OrderRequest]) {
        let result = submit(list, lane)
        guard case .sent(let first, let second, let third) = result else {
            Issue.record("denied: \(result)")
            throw Denied()
        }
        let ids = [first, second, third].filter { $0 != .none }
        return (ids, lane.take())
    }

    private struct Denied: Error {}

    private func violations(_ list: OrderList, _ lane: LaneRig) -> [RiskRule] {
        guard case .denied(let violations) = submit(list, lane) else { return [] }
        return violations.rules
    }

    /// Buys, so that there is something to exit from.
    private func hold(_ quantity: Double, _ lane: LaneRig) throws {
        let id = try lane.resting(.limit(.buy, 100, quantity))
        lane.tradeID += 1
        lane.fill(
            id, quantity, at: 100, total: quantity, .filled, trade: 1_000 + lane.tradeID)
    }

    // MARK: - On the way out

    @Test func `the requests of a list share a number and follow each other`() throws {
        let lane = lane()
        let (ids, requests) = try sent(Self.bracket(), lane)
        #expect(requests.map(\.clientOrderID) == ids && ids.count == 3)
        #expect(requests.map(\.kind) == [.placeLeg, .placeLeg, .placeLeg])
        #expect(requests.map(\.leg) == [0, 1, 2])
        #expect(Set(requests.map(\.requestID)).count == 1)
        #expect(requests.map(\.hasMoreLegs) == [true, true, false])
        #expect(lane.openOrderCount == 3)
        lane.reply(requests[0], .accepted)
        #expect(try ids.map { try lane.order($0).state } == [.new, .new, .new])
    }

    /// Tables of lists that are none: each is wrong in one thing.
    @Test func `only what the venue takes for a list is one`() throws {
        let lane = lane()
        try hold(5, lane)
        let target = Self.order(.limitMaker, price: 105, reduceOnly: true)
        let stop = Self.order(.stopLoss, stop: 95, reduceOnly: true)
        let entry = Self.order(.limit, .buy, price: 99)
        let wrong: [OrderList] = [
            .pair(above: stop, below: target),
            .pair(above: target, below: target),
            .pair(above: target, below: Self.order(.stopLoss, .buy, stop: 95)),
            .pair(above: target, below: Self.order(.stopLoss, stop: 95, quantity: 2)),
            .pair(above: Self.order(.limitMaker, price: 90), below: stop),
            .pair(above: Self.order(.limit, price: 105), below: stop),
            .trigger(working: stop, pending: target),
            .trigger(working: Self.order(.market, .buy), pending: stop),
            .bracket(working: entry, above: stop, below: target),
        ]
        for (index, list) in wrong.enumerated() {
            #expect(violations(list, lane) == [.malformed], "list \(index)")
        }
        #expect(lane.take().filter { $0.kind == .placeLeg }.isEmpty)
    }

    @Test func `a list is denied as a whole for one of its orders`() throws {
        let lane = lane()
        try hold(1, lane)
        // Above the market already: it would wake at once.
        let list = OrderList.pair(
            above: Self.order(.limitMaker, price: 110, reduceOnly: true),
            below: Self.order(.stopLoss, stop: 105, reduceOnly: true))
        #expect(violations(list, lane) == [.trigger])
        #expect(lane.openOrderCount == 0)
        #expect(lane.denials().last?.intent.type == .stopLoss)
    }

    @Test func `asks for no list that the venue does not offer`() throws {
        let lane = lane { $0.features = $0.features.subtracting([.oneCancelsOther]) }
        try hold(1, lane)
        #expect(violations(Self.exit(), lane) == [.terms])
        #expect(violations(Self.bracket(), lane) == [.terms])
        let limited = self.lane { $0.maxOrderLists = 1 }
        _ = try sent(Self.bracket(), limited)
        #expect(violations(Self.bracket(), limited).contains(.venueOpenOrders))
        let account = self.lane { _ in }
        account.command(.setAccountLimit, key: 4, value: 1)
        _ = try sent(Self.bracket(), account)
        #expect(violations(Self.bracket(), account).contains(.venueOpenOrders))
    }

    // MARK: - What a list holds

    @Test func `a pair reserves its position once`() throws {
        let lane = lane()
        try hold(1, lane)
        lane.balance(TestMarket.btcAsset, 1)
        let (ids, requests) = try sent(Self.exit(), lane)
        lane.reply(requests[0], .accepted)
        // All of the position is taken, once.
        #expect(violations(Self.exit(), lane) == [.reduceOnly])
        #expect(try lane.order(ids[0]).isWorking && !lane.order(ids[1]).isWorking)

        lane.fill(ids[0], 1, at: 105, total: 1, .filled, trade: 7)
        lane.report(ids[1], .expired, .expired)
        #expect(lane.position() == .zero && lane.openOrderCount == 0)
        try hold(1, lane)
        #expect(violations(Self.exit(), lane).isEmpty)
    }

    @Test func `the order that is left of a pair holds what the pair held`() throws {
        let lane = lane()
        try hold(1, lane)
        let (ids, requests) = try sent(Self.exit(), lane)
        lane.reply(requests[0], .accepted)
        // The stop wakes: the target ends first, then the stop trades.
        lane.report(ids[0], .expired, .expired)
        #expect(violations(Self.exit(), lane) == [.reduceOnly])
        lane.fill(ids[1], 0.4, at: 95, total: 0.4, .partiallyFilled, trade: 8)
        lane.fill(ids[1], 0.6, at: 94.9, total: 1, .filled, trade: 9)
        #expect(lane.position() == .zero && lane.openOrderCount == 0)
        #expect(lane.counts.illegalTransitions == 0)
    }

    @Test func `a bracket waits without holding anything, then protects`() throws {
        let lane = lane()
        lane.balance(TestMarket.btcAsset, 0)
        let (ids, requests) = try sent(Self.bracket(), lane)
        lane.reply(requests[0], .accepted)
        for id in ids { lane.report(id, .new, id == ids[0] ? .new : .pendingNew) }
        #expect(lane.openOrderCount == 3)
        // Spot: nothing to sell yet, and no position that a second exit could reduce.
        #expect(violations(Self.exit(), lane) == [.reduceOnly])

        lane.fill(ids[0], 1, at: 99, total: 1, .filled, trade: 20)
        lane.balance(TestMarket.btcAsset, 1)
        for id in ids.dropFirst() { lane.report(id, .new, .new) }
        #expect(lane.position() == TestMarket.quantity(1) && lane.openOrderCount == 2)
        // The pair holds the position, once.
        #expect(violations(Self.exit(), lane) == [.reduceOnly])

        // An operator's halt ends entries; what protects stays (BUG-175).
        lane.command(.halt)
        #expect(lane.take().isEmpty)
        lane.fill(ids[2], 1, at: 95, total: 1, .filled, trade: 21)
        lane.report(ids[1], .expired, .expired)
        #expect(lane.position() == .zero && lane.openOrderCount == 0)
        #expect(lane.counts.illegalTransitions == 0)
    }

    @Test func `a cancel that comes after the working order's fill leaves the pair to be cancelled`()
        throws
    {
        let lane = lane()
        let (ids, requests) = try sent(Self.bracket(), lane)
        lane.reply(requests[0], .accepted)
        for id in ids { lane.report(id, .new, id == ids[0] ? .new : .pendingNew) }
        #expect(lane.cancel(ids[0]))
        let cancel = try #require(lane.take().last)
        lane.fill(ids[0], 1, at: 99, total: 1, .filled, trade: 20)
        for id in ids.dropFirst() { lane.report(id, .new, .new) }
        lane.reply(cancel, .noSuchOrder)
        #expect(try ids.dropFirst().allSatisfy { try lane.order($0).state == .new })
        // Somebody who wants everything gone gets it.
        lane.command(.cancelAll)
        let requestsOfAll = lane.take()
        #expect(requestsOfAll.map(\.kind) == [.cancel])
        for id in ids.dropFirst() { lane.report(id, .canceled, .canceled) }
        #expect(lane.openOrderCount == 0 && lane.counts.illegalTransitions == 0)
    }

    /// RSK-09: where entries must be protected, a bracket is.
    @Test func `a bracket counts as protected`() {
        var limits = RiskLimits(instruments: 2, strategies: 1)
        limits.order.requiresProtection = true
        let lane = LaneRig(limits: limits, instruments: TestMarket.specialInstruments())
        lane.trade(100)
        guard case .denied(let violations) = lane.submit(.limit(.buy, 99, 1)) else {
            Issue.record("an entry without protection was sent")
            return
        }
        #expect(violations.rules == [.protection])
        #expect(self.violations(Self.bracket(), lane).isEmpty)
    }

    @Test func `orders of a list that could add to a position are checked in full`() throws {
        let lane = lane()
        lane.balance(TestMarket.usdtAsset, 150)
        let both = OrderList.trigger(
            working: Self.order(.limit, .buy, price: 99), pending: Self.order(.limit, .buy, price: 98))
        // 197 USDT in all: the second one is checked as if the first were still there to pay.
        _ = try sent(
            .trigger(
                working: Self.order(.limit, .buy, price: 99, quantity: 0.5),
                pending: Self.order(.limit, .buy, price: 98, quantity: 0.5)), lane)
        #expect(violations(both, lane) == [.capital])
    }

    // MARK: - Ends

    @Test func `cancelling one order of a list cancels all, with one request`() throws {
        let lane = lane()
        let (ids, requests) = try sent(Self.bracket(), lane)
        lane.reply(requests[0], .accepted)
        #expect(lane.cancel(ids[1]))
        let cancels = lane.take()
        #expect(cancels.map(\.kind) == [.cancel] && cancels[0].clientOrderID == ids[1])
        #expect(try ids.map { try lane.order($0).state }.allSatisfy { $0 == .pendingCancel })
        #expect(!lane.cancel(ids[0]))
        for id in ids { lane.report(id, .canceled, .canceled) }
        #expect(lane.openOrderCount == 0 && lane.counts.illegalTransitions == 0)
    }

    @Test func `a cancel that is refused leaves the list`() throws {
        let lane = lane()
        let (ids, requests) = try sent(Self.bracket(), lane)
        lane.reply(requests[0], .accepted)
        #expect(lane.cancel(ids[0]))
        lane.reply(try #require(lane.take().last), .rejected, code: -1015)
        #expect(try ids.map { try lane.order($0).state }.allSatisfy { $0 == .new })
    }

    @Test func `a refused list ends as a whole and frees what it held`() throws {
        let lane = lane()
        lane.balance(TestMarket.usdtAsset, 120)
        let (ids, requests) = try sent(Self.bracket(), lane)
        #expect(violations(Self.bracket(), lane).contains(.capital))
        lane.reply(requests[0], .rejected, code: -2010)
        #expect(try ids.map { try lane.order($0).state } == [.rejected, .rejected, .rejected])
        #expect(lane.openOrderCount == 0)
        _ = try sent(Self.bracket(), lane)
    }

    @Test func `a list without an answer is asked for, order by order`() throws {
        let lane = lane()
        let (ids, requests) = try sent(Self.bracket(), lane)
        lane.reply(requests[0], .unknown)
        let queries = lane.take()
        #expect(queries.map(\.kind) == [.query, .query, .query])
        #expect(Set(queries.map(\.clientOrderID)) == Set(ids))
        for query in queries { lane.reply(query, .noSuchOrder, code: -2013) }
        #expect(lane.openOrderCount == 0)
        #expect(try ids.map { try lane.order($0).state } == [.rejected, .rejected, .rejected])
    }

    @Test func `an order of a list is not replaced`() throws {
        let lane = lane()
        let (ids, requests) = try sent(Self.bracket(), lane)
        lane.reply(requests[0], .accepted)
        var result = Submission.sent(.none)
        lane.act { result = $0.replace(ids[0], with: Self.order(.limit, .buy, price: 98)) }
        #expect(result.id == nil)
    }

    @Test func `a list needs numbers that follow each other`() throws {
        let lane = LaneRig(orderCapacity: 8, instruments: TestMarket.specialInstruments())
        lane.trade(100)
        // Every other slot is taken: no room for three in a row, then for three.
        var resting: [ClientOrderID] = []
        for price in 0..<8 { resting.append(try lane.resting(.limit(.buy, 90 + Double(price), 0.1))) }
        for id in stride(from: 0, to: 8, by: 2).map({ resting[$0] }) {
            lane.report(id, .canceled, .canceled)
        }
        #expect(violations(Self.bracket(), lane) == [.tableFull])
        lane.report(resting[1], .canceled, .canceled)
        let (ids, _) = try sent(Self.bracket(), lane)
        #expect(ids.map(\.sequence) == [ids[0].sequence, ids[0].sequence + 1, ids[0].sequence + 2])
    }
}
