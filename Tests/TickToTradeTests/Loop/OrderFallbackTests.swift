import MarketModel
import Testing
import TickToTrade

@Suite("Orders on a way that tells nothing")
struct OrderFallbackTests {
    private func fallBack(_ lane: LaneRig, placing: Bool = false) {
        lane.link(.orderSessionDown)
        lane.link(placing ? .orderFallbackPlacing : .orderFallbackUp)
    }

    @Test func `entries are asked for and cancelled, exits stay, new risk waits`() throws {
        let lane = LaneRig()
        let first = try lane.resting(.limit(.buy, 100.10, 2))
        lane.fill(first, 2, at: 100, total: 2, .filled, trade: 1)
        let exit = try lane.resting(.limit(.sell, 110, 2, reduceOnly: true))
        let entry = try lane.resting(.limit(.buy, 95, 1))
        fallBack(lane)
        #expect(lane.script.changes.last == .orderFallbackUp)
        #expect(lane.halts == .userStreamDown)
        let queries = lane.take()
        #expect(queries.map(\.kind) == [.query, .query])
        for query in queries {
            lane.report(query.clientOrderID, .status, .new)
            lane.reply(query, .accepted)
        }
        lane.advance(.zero)
        let cancel = try #require(lane.take().last)
        #expect(cancel.kind == .cancel && cancel.clientOrderID == entry)
        guard case .denied(let violations) = lane.submit(.limit(.buy, 95, 1)) else {
            Issue.record("an entry passed")
            return
        }
        #expect(violations == RiskViolations(.halted))

        lane.reply(cancel, .accepted)
        let asked = lane.take()
        #expect(asked.map(\.kind) == [.query], "nobody will tell of the cancel")
        lane.report(entry, .status, .canceled)
        lane.reply(asked[0], .accepted)
        #expect(try lane.order(entry).state == .canceled && lane.order(exit).state == .new)
    }

    @Test func `resting orders are asked for once a second, one question at a time`() throws {
        let lane = LaneRig()
        let id = try lane.resting(.limit(.buy, 99, 1))
        fallBack(lane, placing: true)
        #expect(lane.halts.isEmpty, "the configuration allows it")
        let first = try #require(lane.take().last)
        lane.advance(.seconds(2))
        #expect(lane.take().isEmpty, "the answer is still out")
        lane.report(id, .status, .new)
        lane.reply(first, .accepted)
        lane.advance(.seconds(1))
        let second = try #require(lane.take().last)
        #expect(second.kind == .query)
        lane.readBack(id, 1, at: 99, trade: 4, commission: 100_000)
        lane.report(id, .status, .filled, filled: 1, average: 99)
        lane.reply(second, .accepted)
        #expect(lane.position() == TestMarket.quantity(0.999) && lane.openOrderCount == 0)
        lane.advance(.seconds(5))
        #expect(lane.take().isEmpty)
    }

    @Test func `flatten closes a position, confirmed by questions`() throws {
        let lane = LaneRig()
        let first = try lane.resting(.limit(.buy, 100.10, 2))
        lane.fill(first, 2, at: 100, total: 2, .filled, trade: 1)
        fallBack(lane)
        lane.take()
        lane.command(.flatten)
        let close = try #require(lane.take().last)
        #expect(close.kind == .place && close.type == .market && close.isReduceOnly)
        lane.accept(close)
        let query = try #require(lane.take().last)
        #expect(query.kind == .query && query.clientOrderID == close.clientOrderID)
        lane.readBack(close.clientOrderID, 2, at: 99, trade: 2)
        lane.report(close.clientOrderID, .status, .filled, filled: 2, average: 99)
        lane.reply(query, .accepted)
        #expect(lane.position() == .zero)
        #expect(lane.answers().last?.isAccepted == true)
    }

    /// A protective pair at 105 and 95 of what is held.
    private func protect(_ lane: LaneRig) -> ListSubmission {
        func leg(_ type: OrderType, _ price: Double, _ stop: Double) -> OrderIntent {
            OrderIntent(
                instrument: TestMarket.btc, side: .sell, type: type, timeInForce: .gtc,
                price: TestMarket.price(price), quantity: TestMarket.quantity(2),
                isReduceOnly: true, terms: SpecialTerms(stopPrice: TestMarket.price(stop)))
        }
        var result = ListSubmission.denied(.tableFull)
        lane.act {
            result = $0.submit(.pair(above: leg(.limitMaker, 105, 0), below: leg(.stopLoss, 0, 95)))
        }
        return result
    }

    private func holding(placing: Bool = false) throws -> LaneRig {
        let lane = LaneRig(instruments: TestMarket.specialInstruments())
        lane.trade(100)
        let first = try lane.resting(.limit(.buy, 100.10, 2))
        lane.fill(first, 2, at: 100, total: 2, .filled, trade: 1)
        fallBack(lane, placing: placing)
        lane.take()
        return lane
    }

    @Test func `a protective pair passes where entries do not, and both orders are asked for`()
        throws
    {
        let lane = try holding()
        guard case .sent(let above, let below, _) = protect(lane) else {
            Issue.record("denied")
            return
        }
        let legs = lane.take()
        #expect(legs.map(\.kind) == [.placeLeg, .placeLeg])
        lane.reply(legs[0], .accepted)
        let queries = lane.take()
        #expect(queries.map(\.kind) == [.query, .query])
        #expect(Set(queries.map(\.clientOrderID)) == [above, below])
        // The stop has traded by the time it is asked for, which ends the other.
        for query in queries {
            if query.clientOrderID == below {
                lane.readBack(below, 2, at: 95, trade: 9)
                lane.report(below, .status, .filled, filled: 2, average: 95)
            } else {
                lane.report(above, .status, .expired)
            }
            lane.reply(query, .accepted)
        }
        #expect(lane.position() == .zero && lane.openOrderCount == 0)
    }

    @Test func `a list whose outcome is unknown is asked for order by order, and not repeated`()
        throws
    {
        let lane = try holding()
        guard case .sent(let above, let below, _) = protect(lane) else {
            Issue.record("denied")
            return
        }
        lane.reply(try #require(lane.take().first), .unknown)
        #expect(try lane.order(above).state == .unknown && lane.order(below).state == .unknown)
        let queries = lane.take()
        #expect(queries.map(\.kind) == [.query, .query])
        #expect(Set(queries.map(\.clientOrderID)) == [above, below])
        for query in queries { lane.reply(query, .noSuchOrder) }
        lane.advance(.seconds(5))
        #expect(lane.take().isEmpty && lane.openOrderCount == 0, "it never arrived")
    }

    @Test func `the session's return ends it, and everything is asked for once more`() throws {
        let lane = LaneRig()
        let id = try lane.resting(.limit(.sell, 110, 1))
        fallBack(lane, placing: true)
        lane.reply(try #require(lane.take().last), .accepted)
        lane.report(id, .status, .new)
        lane.link(.orderSessionDown)
        lane.link(.orderSessionUp)
        #expect(lane.halts.isEmpty)
        let query = try #require(lane.take().last)
        lane.report(id, .status, .new)
        lane.reply(query, .accepted)
        lane.advance(.seconds(10))
        #expect(lane.take().isEmpty, "the user stream tells again")
    }
}
