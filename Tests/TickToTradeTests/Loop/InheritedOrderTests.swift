import MarketModel
import Testing

@testable import TickToTrade

/// Orders that an earlier run sent a moment before it was killed: the venue did not know them when
/// it was asked, and may take them yet (binance-spot.md, section 7: `recvWindow`). Found by
/// simulation, seeds 514 and 623 of rough plans of 20 s.
@Suite("Inherited orders")
struct InheritedOrderTests {
    private static let id = ClientOrderID(epoch: 6, lane: 1, sequence: 3)

    /// A lane that takes over a purchase of 2 at 99, decided two seconds before it begins.
    private func inheriting(isReady: Bool = true) -> LaneRig {
        let lane = LaneRig(isReady: false)
        var order = Order(
            id: Self.id, intent: .limit(.buy, 99, 2), strategy: StrategyIndex(0),
            time: lane.now - .seconds(2))
        order.state = .unknown
        order.reservedQuote = Notional(order.price, order.quantity)
        order.reservedBase = order.quantity
        var account = AccountSnapshot()
        account.openOrders = [order]
        lane.state.pointee.restore(account)
        if isReady { lane.makeReady() }
        return lane
    }

    @Test func `it keeps its risk and is asked for when it cannot arrive any more`() throws {
        let lane = inheriting()
        #expect(lane.openOrderCount == 1 && lane.take().isEmpty)
        #expect(try lane.order(Self.id).state == .unknown)
        lane.advance(.milliseconds(3_999))
        #expect(lane.take().isEmpty, "it may still arrive")
        lane.advance(.milliseconds(1))
        let query = try #require(lane.take().first)
        #expect(query.kind == .query && query.clientOrderID == Self.id)
        lane.reply(query, .noSuchOrder)
        #expect(lane.openOrderCount == 0 && lane.halts.isEmpty)
        lane.advance(.seconds(20))
        #expect(lane.take().isEmpty, "that is the last of it")
    }

    @Test func `trading goes on meanwhile, and a resume is refused`() throws {
        let lane = inheriting()
        #expect(lane.halts.isEmpty)
        _ = try lane.resting(.limit(.buy, 98, 1))
        lane.command(.resume)
        #expect(lane.answers().map(\.isAccepted) == [false], "something is unknown")
    }

    @Test func `it rests after all: it is cancelled`() throws {
        let lane = inheriting()
        lane.advance(.seconds(1))
        lane.report(Self.id, .new, .new)
        lane.advance(.zero)
        let cancel = try #require(lane.take().first)
        #expect(cancel.kind == .cancel && cancel.clientOrderID == Self.id)
        lane.reply(cancel, .accepted)
        lane.report(Self.id, .canceled, .canceled)
        #expect(lane.openOrderCount == 0 && lane.halts.isEmpty)
        lane.advance(.seconds(20))
        #expect(lane.take().isEmpty)
    }

    @Test func `it trades after all: that is booked once, to its strategy`() throws {
        let lane = inheriting()
        lane.advance(.seconds(1))
        lane.fill(Self.id, 2, at: 99, total: 2, .filled, trade: 40)
        lane.fill(Self.id, 2, at: 99, total: 2, .filled, trade: 40)
        #expect(lane.position() == TestMarket.quantity(2) && lane.counts.fills == 1)
        #expect(lane.openOrderCount == 0 && lane.halts.isEmpty)
    }

    @Test func `its report is lost: the answer at the end of its time says what it did`() throws {
        let lane = inheriting()
        lane.link(.orderSessionDown)
        lane.advance(.seconds(1))
        lane.link(.orderSessionUp)
        #expect(lane.take().isEmpty)
        lane.advance(.seconds(3))
        let query = try #require(lane.take().first)
        lane.readBack(Self.id, 2, at: 99, trade: 40)
        lane.report(Self.id, .status, .filled, filled: 2, average: 99)
        lane.reply(query, .accepted)
        #expect(lane.position() == TestMarket.quantity(2) && lane.counts.fills == 1)
        #expect(lane.openOrderCount == 0 && lane.halts.isEmpty)
    }

    @Test func `an answer before its time says nothing`() throws {
        let lane = inheriting()
        lane.command(.askOrder, key: Int64(bitPattern: Self.id.raw))
        let query = try #require(lane.take().first)
        lane.reply(query, .noSuchOrder)
        #expect(try lane.order(Self.id).state == .unknown && lane.openOrderCount == 1)
        lane.advance(.seconds(4))
        #expect(lane.take().map(\.kind) == [.query])
    }

    @Test func `an operator's cancel that finds nothing leaves it to its time`() throws {
        let lane = inheriting()
        lane.command(.cancelAll)
        let cancel = try #require(lane.take().first)
        #expect(cancel.kind == .cancel)
        lane.reply(cancel, .noSuchOrder)
        if let query = lane.take().first { lane.reply(query, .noSuchOrder) }
        #expect(try lane.order(Self.id).state == .unknown)
        lane.advance(.seconds(4))
        lane.reply(try #require(lane.take().first), .noSuchOrder)
        #expect(lane.openOrderCount == 0 && lane.answers().map(\.isAccepted) == [true])
    }

    // Found by simulation: a run ended its inherited orders by the answers to its questions, which a
    // recovery does not follow, and gave their places in the table to orders of its own.
    @Test func `a recovery gives its place to the order that the run has put there`() throws {
        let lane = inheriting(isReady: false)
        let other = ClientOrderID(epoch: 7, lane: 1, sequence: Self.id.sequence)
        var request = OrderRequest(
            kind: .place, requestID: 1, clientOrderID: other, replacedOrderID: .none,
            instrument: TestMarket.btc, strategy: StrategyIndex(0), side: .sell, type: .limit,
            timeInForce: .gtc, price: TestMarket.price(101), quantity: TestMarket.quantity(1),
            terms: .none, isReduceOnly: false, mayKeepReplaced: false, contingency: .none, leg: 0,
            decisionTime: lane.now)
        lane.state.pointee.adopt(request)
        #expect(lane.state.pointee.openOrders(in: TestMarket.btc).map(\.id) == [other])
        request.clientOrderID = Self.id
        lane.state.pointee.adopt(request)
        #expect(lane.state.pointee.openOrders(in: TestMarket.btc).map(\.id) == [Self.id])
    }

    @Test func `a snapshot hands it on, and what this run gave up a moment ago`() throws {
        let lane = inheriting()
        let lost = try lane.submitted(.limit(.buy, 98, 1))
        lane.reply(lost, .unknown)
        lane.reply(try #require(lane.take().last), .noSuchOrder)
        #expect(try lane.order(lost.clientOrderID).state == .rejected)
        let account = lane.state.pointee.accountSnapshot(now: lane.now)
        let orders = try #require(account).openOrders
        #expect(Set(orders.map(\.id)) == [Self.id, lost.clientOrderID])
        #expect(orders.allSatisfy { $0.state == .unknown })
        lane.advance(.seconds(10))
        for query in lane.take() { lane.reply(query, .noSuchOrder) }
        let after = lane.state.pointee.accountSnapshot(now: lane.now)
        #expect(after?.openOrders.isEmpty == true)
    }
}
