import MarketModel
import Testing
import TickToTrade

@Suite("Sessions, time-outs and unknown orders")
struct SessionTests {
    private func lose(_ lane: LaneRig) { lane.link(.orderSessionDown) }

    @Test func `a lost session makes every open order unknown, each asked for once`() throws {
        let lane = LaneRig()
        let resting = try lane.resting(.limit(.buy, 99, 1))
        let sent = try lane.placed(.limit(.buy, 98, 1))
        lane.take()
        lose(lane)
        #expect(try lane.order(resting).state == .unknown)
        #expect(try lane.order(sent).state == .unknown)
        #expect(lane.take().isEmpty, "nothing can be sent")
        lane.advance(.seconds(10))
        #expect(lane.take().isEmpty)

        lane.link(.orderSessionUp)
        let queries = lane.take()
        #expect(queries.count == 2 && queries.allSatisfy { $0.kind == .query })
        lane.advance(.seconds(1))
        #expect(lane.take().isEmpty, "the answers are still out")
        for query in queries where query.clientOrderID == resting {
            lane.reply(query, .accepted)
            lane.report(resting, .status, .new)
        }
        for query in queries where query.clientOrderID == sent {
            lane.reply(query, .noSuchOrder, code: -2013)
        }
        #expect(try lane.order(resting).state == .new)
        #expect(try lane.order(sent).state == .rejected)
        #expect(lane.halts.isEmpty && lane.openOrderCount == 1)
    }

    // BUG-176: what waited while the session was down is stale afterwards.
    @Test func `requests that had not left are dropped with the session`() throws {
        let lane = LaneRig()
        let id = try lane.placed(.limit(.buy, 99, 1))
        lose(lane)
        #expect(lane.take().isEmpty)
        #expect(try lane.order(id).state == .unknown)
        guard case .denied(let violations) = lane.submit(.limit(.sell, 101, 1, reduceOnly: true))
        else {
            Issue.record("an order was sent without a session")
            return
        }
        #expect(violations == RiskViolations(.halted) && !lane.cancel(id))
        lane.link(.orderSessionUp)
        #expect(lane.take().map(\.kind) == [.query])
    }

    @Test func `trades read back after a lost session are booked as they were, once`() throws {
        let lane = LaneRig()
        let id = try lane.resting(.limit(.buy, 100, 1))
        lane.fill(id, 0.2, at: 100, total: 0.2, .partiallyFilled, trade: 1)
        lose(lane)
        lane.link(.orderSessionUp)
        let query = try #require(lane.take().last)
        // The order's list: a trade that is known, one that is not.
        lane.readBack(id, 0.2, at: 100, trade: 1)
        lane.readBack(id, 0.4, at: 97, trade: 2, commission: 40_000)
        // 0.0004 BTC of commission.
        #expect(lane.position() == TestMarket.quantity(0.5996))
        #expect(lane.script.fills.last?.price == TestMarket.price(97))
        #expect(try lane.order(id).state == .unknown, "the answer says what it is now")
        lane.report(id, .status, .canceled, filled: 0.6, average: 98)
        lane.reply(query, .accepted)
        #expect(lane.position() == TestMarket.quantity(0.5996) && lane.counts.fills == 2)
        #expect(try lane.order(id).state == .canceled && lane.halts.isEmpty)
    }

    @Test func `an order whose acknowledgement is lost gets its trades with their commissions`()
        throws
    {
        let lane = LaneRig()
        let id = try lane.placed(.limit(.buy, 100, 1))
        lane.take()
        lose(lane)
        lane.link(.orderSessionUp)
        let query = try #require(lane.take().last)
        lane.readBack(id, 0.7, at: 99, trade: 1, commission: 70_000)
        lane.readBack(id, 0.3, at: 100, trade: 2, commission: 30_000)
        lane.report(id, .status, .filled, filled: 1, average: 99.3)
        lane.reply(query, .accepted)
        #expect(lane.position() == TestMarket.quantity(0.999))
        #expect(lane.script.fills.map(\.isFeeUnvalued) == [false, false])
        #expect(try lane.order(id).state == .filled && lane.openOrderCount == 0)
    }

    // The list of trades may lag behind the order: then the session gives no answer.
    @Test func `a query without an answer is put again, and nothing is booked`() throws {
        let lane = LaneRig()
        let id = try lane.placed(.limit(.buy, 100, 1))
        lane.take()
        lose(lane)
        lane.link(.orderSessionUp)
        lane.reply(try #require(lane.take().last), .unknown)
        #expect(try lane.order(id).state == .unknown && lane.position() == .zero)
        #expect(lane.take().isEmpty)
        lane.advance(.seconds(1))
        #expect(lane.take().map(\.kind) == [.query])
    }

    @Test func `lost fills are booked once, by the query`() throws {
        let lane = LaneRig()
        let id = try lane.resting(.limit(.buy, 100, 1))
        lane.fill(id, 0.2, at: 100, total: 0.2, .partiallyFilled, trade: 1)
        lose(lane)
        lane.link(.orderSessionUp)
        lane.reply(try #require(lane.take().last), .accepted)
        // 0.2 at 100 and 0.4 at 97 together: 58.80, that is 98 on average.
        lane.report(id, .status, .partiallyFilled, filled: 0.6, average: 98)
        #expect(lane.position() == TestMarket.quantity(0.6))
        let caughtUp = try #require(lane.script.fills.last)
        #expect(caughtUp.price == TestMarket.price(97) && caughtUp.tradeID == .none)
        #expect(try lane.order(id).state == .partiallyFilled)

        lane.fill(id, 0.1, at: 97, total: 0.3, .partiallyFilled, trade: 2)
        lane.fill(id, 0.3, at: 97, total: 0.6, .partiallyFilled, trade: 3)
        #expect(lane.position() == TestMarket.quantity(0.6), "the lost reports are covered")
        lane.fill(id, 0.4, at: 97, total: 1, .filled, trade: 4)
        #expect(lane.position() == TestMarket.quantity(1) && lane.counts.fills == 3)
        #expect(try lane.order(id).state == .filled)
    }

    @Test func `an order that filled while the session was down is settled`() throws {
        let lane = LaneRig()
        let id = try lane.resting(.limit(.buy, 99, 1))
        lose(lane)
        lane.link(.orderSessionUp)
        lane.reply(try #require(lane.take().last), .accepted)
        lane.report(id, .status, .filled, filled: 1, average: 99)
        #expect(try lane.order(id).state == .filled)
        #expect(lane.position() == TestMarket.quantity(1) && lane.openOrderCount == 0)
    }

    @Test func `an answer that does not come in time makes the order unknown`() throws {
        let lane = LaneRig()
        let id = try lane.placed(.limit(.buy, 99, 1))
        let request = try #require(lane.take().last)
        #expect(lane.loop.nextDeadline == lane.now + .seconds(5))
        lane.advance(.seconds(4))
        #expect(try lane.order(id).state == .pendingNew)
        lane.advance(.seconds(1))
        #expect(try lane.order(id).state == .unknown && lane.counts.becameUnknown == 1)
        let query = try #require(lane.take().last)
        #expect(query.kind == .query && query.clientOrderID == id)
        // Never sent again, whatever comes (design law 8).
        lane.accept(request)
        lane.reply(query, .accepted)
        lane.report(id, .status, .new)
        #expect(try lane.order(id).state == .new)
        #expect(lane.requests.filter { $0.kind == .place }.count == 1)
    }

    @Test func `a query that is refused or lost is repeated after a pause`() throws {
        let lane = LaneRig()
        let id = try lane.placed(.limit(.buy, 99, 1))
        lane.reply(try #require(lane.take().last), .unknown)
        var queries = lane.take()
        #expect(queries.map(\.kind) == [.query])
        lane.reply(queries[0], .rejected, code: -1003)
        lane.loop.onTime(now: lane.now)
        #expect(lane.take().isEmpty)
        lane.advance(.seconds(1))
        queries = lane.take()
        #expect(queries.map(\.kind) == [.query])
        lane.advance(.seconds(5))
        lane.advance(.seconds(1))
        queries = lane.take()
        #expect(queries.map(\.kind) == [.query])
        lane.reply(queries[0], .noSuchOrder)
        #expect(try lane.order(id).state == .rejected)
    }

    @Test func `an order that works although the venue denied it is cancelled`() throws {
        let lane = LaneRig()
        let id = try lane.placed(.limit(.buy, 99, 1))
        lane.reply(try #require(lane.take().last), .unknown)
        lane.reply(try #require(lane.take().last), .noSuchOrder)
        #expect(try lane.order(id).state == .rejected)
        lane.report(id, .new, .new)
        let cancel = try #require(lane.take().last)
        #expect(cancel.kind == .cancel && cancel.clientOrderID == id)
        #expect(lane.halts.contains(.unknownState))
    }

    // Found by the simulator: a request that was stuck in the network arrived after the venue had
    // not known it, while the session was down, and nobody cancelled it a second time.
    @Test func `such an order is cancelled until the venue says that it is gone`() throws {
        let lane = LaneRig()
        let id = try lane.placed(.limit(.buy, 99, 1))
        lane.reply(try #require(lane.take().last), .unknown)
        lane.reply(try #require(lane.take().last), .noSuchOrder)
        lane.report(id, .new, .new)
        lane.reply(try #require(lane.take().last), .notSent)
        #expect(lane.take().isEmpty)
        for outcome in [RequestOutcome.rejected, .unknown] {
            lane.advance(.seconds(2))
            let again = try #require(lane.take().last)
            #expect(again.kind == .cancel && again.clientOrderID == id)
            lane.reply(again, outcome)
        }
        lane.command(.resume)
        #expect(lane.answers().last?.isAccepted == false)
        lane.advance(.seconds(2))
        lane.reply(try #require(lane.take().last), .noSuchOrder)
        // It ended by itself: in trades, perhaps.
        let query = try #require(lane.take().last)
        #expect(query.kind == .query && query.clientOrderID == id)
        lane.reply(query, .accepted)
        lane.readBack(id, 1, at: 99, trade: 5)
        lane.report(id, .status, .filled, filled: 1, average: 99)
        #expect(lane.position() == TestMarket.quantity(1))
        lane.advance(.seconds(5))
        #expect(lane.take().isEmpty)
        lane.command(.resume)
        #expect(lane.answers().last?.isAccepted == true)
    }

    @Test func `a replacement that succeeds`() throws {
        let lane = LaneRig()
        let old = try lane.resting(.limit(.buy, 99, 1))
        let (request, new) = try replace(old, lane)
        #expect(request.kind == .cancelReplace && request.replacedOrderID == old)
        #expect(try lane.order(old).state == .pendingReplace)
        lane.report(old, .canceled, .canceled)
        lane.accept(request)
        lane.report(new, .new, .new)
        #expect(try lane.order(old).state == .canceled && lane.order(new).state == .new)
        #expect(lane.openOrderCount == 1)
    }

    @Test func `a replacement of which both halves failed`() throws {
        let lane = LaneRig()
        let old = try lane.resting(.limit(.buy, 99, 1))
        let (request, new) = try replace(old, lane)
        lane.reply(request, .rejected, code: -2022)
        #expect(try lane.order(new).state == .rejected && lane.order(old).state == .new)
        #expect(lane.cancel(old))
    }

    @Test func `a replacement whose cancel succeeded and whose order failed`() throws {
        let lane = LaneRig()
        let old = try lane.resting(.limit(.buy, 99, 1))
        let (request, new) = try replace(old, lane)
        lane.reply(request, .rejected, code: -2021, cancel: .done)
        #expect(try lane.order(new).state == .rejected)
        #expect(try lane.order(old).state == .pendingReplace, "its own report tells")
        lane.report(old, .canceled, .canceled)
        #expect(try lane.order(old).state == .canceled && lane.openOrderCount == 0)
    }

    @Test func `a replacement without an answer makes both unknown`() throws {
        let lane = LaneRig()
        let old = try lane.resting(.limit(.buy, 99, 1))
        let (request, new) = try replace(old, lane)
        lane.reply(request, .unknown)
        let asked = Set(lane.take().filter { $0.kind == .query }.map(\.clientOrderID))
        #expect(asked == [old, new])
    }

    @Test func `what cannot be replaced is denied and counted`() throws {
        let lane = LaneRig()
        let id = try lane.placed(.limit(.buy, 99, 1))
        var result: Submission?
        lane.act { result = $0.replace(id, with: .limit(.buy, 98, 1)) }
        guard case .denied(let violations) = result else {
            Issue.record("an order without an answer was replaced")
            return
        }
        #expect(violations == .unknownOrder && lane.denials().count == 1)
    }

    private func replace(
        _ old: ClientOrderID, _ lane: LaneRig
    ) throws -> (request: OrderRequest, new: ClientOrderID) {
        var result: Submission?
        lane.act { result = $0.replace(old, with: .limit(.buy, 98, 1)) }
        let new = try #require(result?.id)
        return (try #require(lane.take().last), new)
    }

    // Bytes of a connection that was given up may reach the venue after the question did.
    @Test(arguments: [VenueOrderStatus.filled, .new])
    func `an order that was given up is asked for again when it cannot arrive any more`(
        status: VenueOrderStatus
    ) throws {
        let lane = LaneRig()
        let place = try lane.submitted(.limit(.buy, 99, 1))
        lane.reply(place, .unknown)
        lane.reply(try #require(lane.take().last), .noSuchOrder, code: -2013)
        #expect(try lane.order(place.clientOrderID).state == .rejected)
        lane.advance(.seconds(5))
        #expect(lane.take().isEmpty)
        lane.advance(.seconds(1))
        #expect(lane.take().map(\.clientOrderID) == [place.clientOrderID])
        // A question that goes down with its connection is no answer.
        lane.link(.orderSessionDown)
        lane.link(.orderSessionUp)
        let query = try #require(lane.take().last)
        #expect(query.kind == .query && query.clientOrderID == place.clientOrderID)
        lane.reply(query, .accepted)
        let isFilled = status == .filled
        if isFilled { lane.readBack(place.clientOrderID, 1, at: 99, trade: 5) }
        lane.report(
            place.clientOrderID, .status, status, filled: isFilled ? 1 : 0,
            average: isFilled ? 99 : 0)
        #expect(lane.position() == (isFilled ? TestMarket.quantity(1) : .zero))
        #expect(lane.take().map(\.kind) == (isFilled ? [] : [.cancel]))
        lane.advance(.seconds(10))
        #expect(!lane.take().contains { $0.kind == .query }, "once is enough")
    }
}
