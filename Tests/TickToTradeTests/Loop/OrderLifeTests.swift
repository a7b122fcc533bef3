import MarketModel
import Testing
import TickToTrade

@Suite("An order's life in the trading loop")
struct OrderLifeTests {
    @Test func `an order goes from submission to position`() throws {
        let lane = LaneRig()
        let id = try lane.placed(.limit(.buy, 99.50, 2))
        let request = try #require(lane.take().last)
        #expect(request.kind == .place && request.clientOrderID == id && request.requestID == 1)
        #expect(request.price == TestMarket.price(99.50) && request.side == .buy)
        #expect(request.decisionTime == lane.now && request.strategy == StrategyIndex(0))
        #expect(try lane.order(id).state == .pendingNew)

        lane.accept(request)
        #expect(try lane.order(id).state == .new)
        lane.report(id, .new, .new)
        #expect(lane.script.states(of: id) == [.new])

        lane.fill(id, 0.5, at: 99.50, total: 0.5, .partiallyFilled, trade: 900)
        #expect(try lane.order(id).state == .partiallyFilled)
        lane.fill(id, 1.5, at: 99.40, total: 2, .filled, trade: 901)
        #expect(try lane.order(id).state == .filled)
        #expect(lane.position() == TestMarket.quantity(2))
        // BUG-065: each fill with its own price.
        #expect(lane.script.fills.map(\.price) == [99.50, 99.40].map(TestMarket.price))
        #expect(lane.script.states(of: id) == [.new, .partiallyFilled, .filled])
        #expect(lane.openOrderCount == 0 && lane.counts.illegalTransitions == 0)
    }

    @Test func `a fill may overtake the acknowledgement`() throws {
        let lane = LaneRig()
        let id = try lane.placed(.limit(.buy, 100.10, 1))
        let request = try #require(lane.take().last)
        lane.fill(id, 0.4, at: 100.10, total: 0.4, .partiallyFilled, trade: 1)
        lane.accept(request)
        #expect(try lane.order(id).state == .partiallyFilled)
        lane.fill(id, 0.6, at: 100.10, total: 1, .filled, trade: 2)
        lane.report(id, .new, .new, executionID: 1)
        #expect(try lane.order(id).state == .filled)  // BUG-067
        #expect(lane.position() == TestMarket.quantity(1) && lane.counts.illegalTransitions == 0)
    }

    @Test func `a commission in the base asset is held by the venue, not by us`() throws {
        let lane = LaneRig()
        let id = try lane.placed(.limit(.buy, 100, 2))
        lane.accept(try #require(lane.take().last))
        // 0.1 % of 2 BTC, in units of 1e-8.
        lane.fill(
            id, 2, at: 100, total: 2, .filled, trade: 1, commission: 200_000,
            in: TestMarket.btcAsset)
        #expect(lane.position() == TestMarket.quantity(1.998))
        let status = lane.state.pointee.status(of: TestMarket.btc)
        #expect(status.averageEntry == TestMarket.price(100))
        #expect(status.fees == Notional(TestMarket.price(100), TestMarket.quantity(0.002)))
        #expect(status.realised == .zero)
        let sale = try lane.placed(.limit(.sell, 100, 1.998, reduceOnly: true))
        lane.fill(sale, 1.998, at: 100, total: 1.998, .filled, trade: 2)
        #expect(lane.position() == .zero)
    }

    @Test func `what is left below the smallest order is no position that blocks an entry`() throws {
        let lane = LaneRig()
        let id = try lane.placed(.limit(.buy, 100, 1))
        lane.accept(try #require(lane.take().last))
        lane.fill(
            id, 1, at: 100, total: 1, .filled, trade: 1, commission: 100_500,
            in: TestMarket.btcAsset)
        #expect(lane.position().raw == 99_899_500)
        #expect(lane.closable == TestMarket.quantity(0.99899))
        let sale = try lane.placed(.limit(.sell, 100, 0.99899, reduceOnly: true))
        lane.fill(sale, 0.99899, at: 100, total: 0.99899, .filled, trade: 2)
        #expect(lane.position().raw == 500)
        #expect(lane.closable == .zero)
    }

    @Test func `a refused order ends and frees what it held`() throws {
        let lane = LaneRig()
        let id = try lane.placed(.limit(.buy, 99, 1))
        lane.reply(try #require(lane.take().last), .rejected, code: -2010)
        #expect(try lane.order(id).state == .rejected)
        #expect(lane.counts.rejected == 1 && lane.openOrderCount == 0)
    }

    @Test func `a cancel races a fill and the fill wins`() throws {
        let lane = LaneRig()
        let id = try lane.resting(.limit(.buy, 99, 1))
        #expect(lane.cancel(id))
        #expect(!lane.cancel(id), "one cancel is enough")
        let cancel = try #require(lane.take().last)
        lane.fill(id, 1, at: 99, total: 1, .filled, trade: 5)
        lane.reply(cancel, .noSuchOrder, code: -2011)
        #expect(try lane.order(id).state == .filled && lane.take().isEmpty)
        #expect(lane.position() == TestMarket.quantity(1))
    }

    // BUG-027: "no such order" is not "failed".
    @Test func `a cancel that finds nothing is followed by a query`() throws {
        let lane = LaneRig()
        let id = try lane.resting(.limit(.buy, 99, 1))
        _ = lane.cancel(id)
        lane.reply(try #require(lane.take().last), .noSuchOrder, code: -2011)
        let query = try #require(lane.take().last)
        #expect(query.kind == .query && query.clientOrderID == id)
        lane.reply(query, .accepted)
        lane.report(id, .status, .filled, filled: 1, average: 99)
        #expect(try lane.order(id).state == .filled)
        #expect(lane.position() == TestMarket.quantity(1))
    }

    @Test func `a query that finds the order resting makes it cancellable again`() throws {
        let lane = LaneRig()
        let id = try lane.placed(.limit(.buy, 99, 1))
        let place = try #require(lane.take().last)
        #expect(lane.cancel(id), "cancelling before the answer is allowed")
        let cancel = try #require(lane.take().last)
        lane.reply(cancel, .noSuchOrder, code: -2011)
        lane.accept(place)
        lane.reply(try #require(lane.take().last), .accepted)
        lane.report(id, .status, .new)
        #expect(try lane.order(id).state == .new)
        #expect(lane.cancel(id))
    }

    @Test func `a cancel before the answer and a refused order end as refused`() throws {
        let lane = LaneRig()
        let id = try lane.placed(.limit(.buy, 99, 1))
        let place = try #require(lane.take().last)
        #expect(lane.cancel(id))
        let cancel = try #require(lane.take().last)
        lane.reply(place, .rejected, code: -2010)
        #expect(try lane.order(id).state == .rejected)
        lane.reply(cancel, .noSuchOrder, code: -2011)
        #expect(try lane.order(id).state == .rejected && lane.take().isEmpty)
        #expect(lane.openOrderCount == 0)
    }

    @Test func `a refused cancel leaves the order as it was`() throws {
        let lane = LaneRig()
        let id = try lane.resting(.limit(.buy, 99, 1))
        lane.fill(id, 0.25, at: 99, total: 0.25, .partiallyFilled, trade: 3)
        _ = lane.cancel(id)
        lane.reply(try #require(lane.take().last), .rejected, code: -1003)
        #expect(try lane.order(id).state == .partiallyFilled)
        lane.advance(.seconds(3))
        #expect(lane.take().isEmpty, "nobody has to end it")
    }

    @Test func `a fill after the cancel's confirmation still counts`() throws {
        let lane = LaneRig()
        let id = try lane.resting(.limit(.buy, 99, 1))
        _ = lane.cancel(id)
        lane.reply(try #require(lane.take().last), .accepted)
        lane.report(id, .canceled, .canceled)
        #expect(try lane.order(id).state == .canceled)
        lane.fill(id, 0.5, at: 99, total: 0.5, .partiallyFilled, trade: 77)
        #expect(try lane.order(id).state == .canceled)
        #expect(lane.position() == TestMarket.quantity(0.5) && lane.counts.lateReports == 1)
    }

    // BUG-064: each trade once.
    @Test func `duplicate reports change nothing`() throws {
        let lane = LaneRig()
        let id = try lane.resting(.limit(.buy, 99, 1))
        let first = lane.fill(id, 0.3, at: 99, total: 0.3, .partiallyFilled, trade: 10)
        lane.loop.onReport(first, now: lane.now)
        let second = lane.fill(id, 0.7, at: 99, total: 1, .filled, trade: 11)
        lane.loop.onReport(second, now: lane.now)
        lane.loop.onReport(first, now: lane.now)
        #expect(lane.position() == TestMarket.quantity(1))
        #expect(lane.counts.fills == 2 && lane.script.fills.count == 2)
        #expect(try lane.order(id).state == .filled)
    }

    @Test func `a repeated trade is known by its id, whatever the report says of the sum`() throws {
        let lane = LaneRig()
        let id = try lane.resting(.limit(.buy, 99, 1))
        var report = lane.fill(id, 0.3, at: 99, total: 0.3, .partiallyFilled, trade: 10)
        report.cumulativeQuantity = .zero
        lane.loop.onReport(report, now: lane.now)
        report.cumulativeQuantity = TestMarket.quantity(0.6)
        report.executionID += 1
        lane.loop.onReport(report, now: lane.now)
        #expect(lane.position() == TestMarket.quantity(0.3) && lane.counts.fills == 1)
    }

    @Test func `a second answer to one request is counted and ignored`() throws {
        let lane = LaneRig()
        let id = try lane.placed(.limit(.buy, 99, 1))
        let request = try #require(lane.take().last)
        lane.accept(request)
        lane.reply(request, .rejected, code: -1)
        #expect(try lane.order(id).state == .new && lane.counts.lateReports == 1)
    }

    @Test func `a lost report is noticed by the next one and asked for`() throws {
        let lane = LaneRig()
        let id = try lane.resting(.limit(.buy, 99, 1))
        lane.fill(id, 0.2, at: 99, total: 0.5, .partiallyFilled, trade: 21)
        let query = try #require(lane.take().last)
        #expect(query.kind == .query && query.clientOrderID == id)
        lane.reply(query, .accepted)
        lane.report(id, .status, .partiallyFilled, filled: 0.5, average: 99)
        #expect(lane.position() == TestMarket.quantity(0.5))
        // The report that was late after all is covered.
        lane.fill(id, 0.3, at: 99, total: 0.3, .partiallyFilled, trade: 20)
        #expect(lane.position() == TestMarket.quantity(0.5))
    }

    @Test func `many fills behind a lost report are one question, and one more when it is answered`() throws {
        let lane = LaneRig()
        let id = try lane.resting(.limit(.buy, 99, 1))
        lane.fill(id, 0.1, at: 99, total: 0.3, .partiallyFilled, trade: 22)
        let query = try #require(lane.take().last)
        lane.fill(id, 0.1, at: 99, total: 0.4, .partiallyFilled, trade: 23)
        lane.fill(id, 0.1, at: 99, total: 0.5, .partiallyFilled, trade: 24)
        #expect(lane.take().isEmpty)
        #expect(try lane.order(id).state == .unknown)
        // The venue had answered before the last of them.
        lane.reply(query, .accepted)
        lane.report(id, .status, .partiallyFilled, filled: 0.4, average: 99)
        let second = try #require(lane.take().last)
        #expect(second.kind == .query && second.clientOrderID == id)
        lane.reply(second, .accepted)
        lane.report(id, .status, .partiallyFilled, filled: 0.5, average: 99)
        #expect(lane.position() == TestMarket.quantity(0.5) && lane.take().isEmpty)
        #expect(try lane.order(id).state == .partiallyFilled)
    }

    @Test func `more than was ordered is not booked and stops new risk`() throws {
        let lane = LaneRig()
        let id = try lane.resting(.limit(.buy, 99, 1))
        lane.fill(id, 3, at: 99, total: 3, .filled, trade: 30)
        #expect(lane.position() == .zero && lane.halts.contains(.unknownState))
        #expect(lane.take().contains { $0.kind == .query && $0.clientOrderID == id })
    }

    // BUG-030.
    @Test func `an unknown status stops new risk and is asked for, not over and over`() throws {
        let lane = LaneRig()
        let id = try lane.resting(.limit(.buy, 99, 1))
        lane.report(id, .new, .unrecognized)
        #expect(lane.halts.contains(.unknownState))
        let query = try #require(lane.take().last)
        #expect(query.kind == .query)
        lane.reply(query, .accepted)
        lane.report(id, .status, .unrecognized)
        lane.loop.onTime(now: lane.now)
        #expect(lane.take().isEmpty)
        lane.advance(.seconds(2))
        #expect(lane.take().map(\.kind) == [.query])
    }

    @Test func `reports on orders of others are counted`() throws {
        let lane = LaneRig()
        var foreign = lane.blank(ClientOrderID.none, .new, .new)
        foreign.venueOrderID = VenueOrderID(5)
        lane.loop.onReport(foreign, now: lane.now)
        #expect(lane.counts.foreignReports == 1)
    }

    @Test func `denied orders leave nothing behind but their numbers`() throws {
        var limits = RiskLimits(instruments: 2, strategies: 1)
        limits.order.maxNotional = 50 * 100_000_000
        let lane = LaneRig(limits: limits)
        guard case .denied(let violations) = lane.submit(.limit(.buy, 99, 1)) else {
            Issue.record("99 USDT passed a limit of 50")
            return
        }
        #expect(violations == RiskViolations(.orderNotional))
        let denial = try #require(lane.denials().first)
        let breach = try #require(denial.verdict.breach(of: .orderNotional))
        #expect(breach.value == 99 * 10_000_000_000_000_000)
        #expect(breach.bound == 50 * 10_000_000_000_000_000)
        #expect(denial.intent.price == TestMarket.price(99) && denial.time == lane.now)
        #expect(lane.take().isEmpty && lane.counts.denied == 1 && lane.counts.ordersSent == 0)
        #expect(lane.denialCount(.orderNotional) == 1)
    }

    @Test func `an exit sells what a commission in the base asset has left`() throws {
        let lane = LaneRig()
        let entry = try lane.resting(.limit(.buy, 100, 2))
        lane.fill(entry, 2, at: 100, total: 2, .filled, trade: 1)
        lane.loop.onBalance(
            Balance(
                asset: TestMarket.btcAsset, free: 199_800_000, locked: 0, venueTime: lane.now,
                receiveTime: lane.now), now: lane.now)
        let exit = try lane.placed(.limit(.sell, 105, 2, reduceOnly: true))
        #expect(try lane.order(exit).quantity == TestMarket.quantity(1.998))
    }

    @Test func `an instrument that does not exist is denied`() {
        let lane = LaneRig()
        guard case .denied(let violations) = lane.submit(
            .limit(.buy, 99, 1, in: InstrumentIndex(9)))
        else {
            Issue.record("an order for nothing was sent")
            return
        }
        #expect(violations == RiskViolations(.malformed))
    }

    @Test func `client order ids are never used twice, also when the table is full`() throws {
        let lane = LaneRig(orderCapacity: 8)
        var ids: Set<ClientOrderID> = []
        for step in 0..<8 { ids.insert(try lane.resting(.limit(.buy, 90 + Double(step), 1))) }
        #expect(ids.count == 8)
        for _ in 0..<20 {
            guard case .denied(let violations) = lane.submit(.limit(.buy, 80, 1)) else {
                Issue.record("a ninth order in a table of eight")
                return
            }
            #expect(violations == .tableFull)
        }
        let freed = try #require(ids.min { $0.sequence < $1.sequence })
        lane.report(freed, .canceled, .canceled)
        let next = try lane.placed(.limit(.buy, 80, 1))
        #expect(!ids.contains(next) && next.sequence == 9, "denials use up no numbers")
    }
}

extension LaneRig {
    fileprivate var closable: Quantity {
        state.pointee.closablePosition(of: StrategyIndex(0), in: TestMarket.btc)
    }
}
