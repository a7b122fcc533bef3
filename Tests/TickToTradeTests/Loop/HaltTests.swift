import MarketModel
import Testing
import TickToTrade

@Suite("Halts and the operator's commands")
struct HaltTests {
    /// A long position of 2 with a reduce-only exit at 110 and an entry at 95.
    private func busyLane(
        limits: RiskLimits? = nil
    ) throws -> (lane: LaneRig, exit: ClientOrderID, entry: ClientOrderID) {
        let lane = LaneRig(limits: limits)
        let first = try lane.resting(.limit(.buy, 100.10, 2))
        lane.fill(first, 2, at: 100, total: 2, .filled, trade: 1)
        let exit = try lane.resting(.limit(.sell, 110, 2, reduceOnly: true))
        let entry = try lane.resting(.limit(.buy, 95, 1))
        return (lane, exit, entry)
    }

    // BUG-174, BUG-175, RSK-16.
    @Test func `halt cancels entries, keeps exits and refuses new risk`() throws {
        let (lane, exit, entry) = try busyLane()
        let command = lane.command(.halt)
        let cancels = lane.take()
        #expect(cancels.map(\.kind) == [.cancel] && cancels[0].clientOrderID == entry)
        #expect(lane.answers().isEmpty, "it is done when the venue has confirmed")
        lane.advance(.seconds(1))
        lane.report(entry, .canceled, .canceled)
        let answer = try #require(lane.answers().first)
        #expect(answer.commandID == command && answer.isAccepted)
        #expect(answer.cancelsSent == 1 && answer.cancelsConfirmed == 1)
        #expect(answer.lastConfirmed == lane.now && answer.lastSent < lane.now)
        #expect(answer.haltReasons == HaltReasons.operatorCommand.rawValue)
        #expect(try lane.order(exit).state == .new)

        guard case .denied(let violations) = lane.submit(.limit(.buy, 95, 1)) else {
            Issue.record("an entry passed a halt")
            return
        }
        #expect(violations == RiskViolations(.halted))
        #expect(lane.cancel(exit), "cancels pass")
        lane.report(exit, .canceled, .canceled)
        _ = try lane.placed(.limit(.sell, 105, 2, reduceOnly: true))
        #expect(lane.script.changes.last == .halted)
    }

    @Test func `a halt without a session is answered at once and its cancels follow`() throws {
        let (lane, _, entry) = try busyLane()
        lane.link(.orderSessionDown)
        lane.command(.halt)
        let answer = try #require(lane.answers().first)
        #expect(answer.isAccepted && answer.cancelsSent == 1 && answer.cancelsConfirmed == 0)
        #expect(answer.lastSent == .unknown)
        #expect(HaltReasons(rawValue: answer.haltReasons).contains(.operatorCommand))
        lane.link(.orderSessionUp)
        #expect(lane.take().contains { $0.kind == .query && $0.clientOrderID == entry })
        #expect(lane.answers().isEmpty, "one answer a command")
    }

    @Test func `a session that is lost under a halt does not leave its sender waiting`() throws {
        let (lane, _, entry) = try busyLane()
        lane.command(.halt)
        #expect(lane.take().last?.clientOrderID == entry)
        #expect(lane.answers().isEmpty)
        lane.link(.orderSessionDown)
        let answer = try #require(lane.answers().first)
        #expect(answer.cancelsSent == 1 && answer.cancelsConfirmed == 0)
    }

    @Test func `a halt's cancel that is refused is sent again after a pause`() throws {
        let (lane, _, entry) = try busyLane()
        lane.command(.halt)
        lane.reply(try #require(lane.take().last), .rejected, code: -1003)
        lane.loop.onTime(now: lane.now)
        #expect(lane.take().isEmpty)
        lane.advance(.seconds(1))
        let again = try #require(lane.take().last)
        #expect(again.kind == .cancel && again.clientOrderID == entry)
        lane.report(entry, .canceled, .canceled)
        #expect(lane.answers().count == 1)
    }

    @Test func `a halt without a command insists on its cancels, too`() throws {
        let (lane, exit, entry) = try busyLane()
        lane.link(.marketStreamDown)
        let cancel = try #require(lane.take().last)
        #expect(cancel.clientOrderID == entry)
        lane.reply(cancel, .rejected, code: -1003)
        #expect(try lane.order(entry).state == .new)
        lane.advance(.seconds(1))
        #expect(lane.take().map(\.clientOrderID) == [entry])
        #expect(try lane.order(exit).state == .new)
    }

    @Test func `an entry that turns up under a halt is cancelled`() throws {
        let (lane, exit, entry) = try busyLane()
        lane.link(.orderSessionDown)
        lane.command(.halt)
        #expect(lane.take().isEmpty)
        lane.link(.orderSessionUp)
        for query in lane.take() {
            lane.reply(query, .accepted)
            lane.report(query.clientOrderID, .status, .new)
        }
        lane.loop.onTime(now: lane.now)
        #expect(lane.take().map(\.clientOrderID) == [entry])
        lane.report(entry, .canceled, .canceled)
        #expect(lane.answers().map(\.isAccepted) == [true])
        #expect(try lane.order(exit).state == .new)
    }

    @Test func `resume is refused while an order is unknown`() throws {
        let (lane, _, entry) = try busyLane()
        lane.command(.halt)
        lane.reply(try #require(lane.take().last), .unknown)
        _ = lane.answers()
        lane.command(.resume)
        #expect(lane.answers().map(\.isAccepted) == [false])
        #expect(lane.halts.contains(.operatorCommand))
        lane.report(entry, .canceled, .canceled)
        _ = lane.answers()
        lane.command(.resume)
        #expect(lane.answers().map(\.isAccepted) == [true])
        #expect(lane.halts.isEmpty && lane.script.changes.last == .resumed)
        _ = try lane.placed(.limit(.buy, 95, 1))
    }

    @Test func `resume does not lift what only its own event lifts`() {
        let lane = LaneRig()
        lane.link(.marketStreamDown)
        lane.command(.resume)
        #expect(lane.answers().map(\.isAccepted) == [false])
        lane.link(.marketStreamUp)
        #expect(lane.halts.isEmpty)
    }

    @Test func `cancel all takes exits too`() throws {
        let (lane, exit, entry) = try busyLane()
        lane.command(.cancelAll)
        #expect(Set(lane.take().map(\.clientOrderID)) == [exit, entry])
        lane.report(exit, .canceled, .canceled)
        lane.report(entry, .canceled, .canceled)
        #expect(lane.answers().first?.cancelsConfirmed == 2 && lane.halts.isEmpty)
    }

    @Test func `a command that takes over is answered for its own orders only`() throws {
        let (lane, exit, entry) = try busyLane()
        lane.command(.cancelAll)
        lane.take()
        let halt = lane.command(.halt)
        #expect(lane.answers().count == 1, "the first is answered as it stands")
        lane.report(exit, .canceled, .canceled)
        #expect(lane.answers().isEmpty, "the halt does not wait for the exit")
        lane.report(entry, .canceled, .canceled)
        let answer = try #require(lane.answers().first)
        #expect(answer.commandID == halt && answer.cancelsConfirmed == 1)
    }

    @Test func `a halt of the engine's own does not take over what an operator has asked for`() throws {
        let (lane, exit, entry) = try busyLane()
        let command = lane.command(.cancelAll)
        let cancels = lane.take()
        let clock = Int64(HaltReasons.clock.rawValue)
        lane.loop.onCommand(Command(kind: .halt, id: 0, key: clock, time: lane.now), now: lane.now)
        #expect(lane.halts.contains(.clock) && lane.answers().isEmpty)
        // Its first cancel is refused: the exit is not left standing for that.
        lane.reply(try #require(cancels.first { $0.clientOrderID == exit }), .rejected, code: -1021)
        lane.report(entry, .canceled, .canceled)
        lane.advance(.seconds(1))
        #expect(lane.take().contains { $0.clientOrderID == exit && $0.kind == .cancel })
        lane.report(exit, .canceled, .canceled)
        let answer = try #require(lane.answers().first)
        #expect(answer.commandID == command && answer.cancelsConfirmed == 2)
    }

    @Test func `nor does it keep a flatten from closing the position`() throws {
        let (lane, exit, entry) = try busyLane()
        lane.command(.flatten)
        lane.take()
        let clock = Int64(HaltReasons.clock.rawValue)
        lane.loop.onCommand(Command(kind: .halt, id: 0, key: clock, time: lane.now), now: lane.now)
        lane.report(exit, .canceled, .canceled)
        lane.report(entry, .canceled, .canceled)
        let close = try #require(lane.take().last)
        #expect(close.kind == .place && close.isReduceOnly)
    }

    @Test func `flatten cancels everything, then closes the position`() throws {
        let (lane, exit, entry) = try busyLane()
        let command = lane.command(.flatten)
        lane.take()
        lane.report(exit, .canceled, .canceled)
        #expect(lane.take().isEmpty)
        lane.report(entry, .canceled, .canceled)
        let close = try #require(lane.take().last)
        #expect(close.kind == .place && close.side == .sell && close.type == .market)
        #expect(close.isReduceOnly && close.quantity == TestMarket.quantity(2))
        #expect(lane.answers().isEmpty)
        lane.fill(close.clientOrderID, 2, at: 100, total: 2, .filled, trade: 50)
        let answer = try #require(lane.answers().first)
        #expect(answer.commandID == command && answer.closingOrders == 1)
        #expect(lane.position() == .zero && lane.halts.contains(.operatorCommand))
    }

    // Each alone is below the venue's smallest order, together they are not.
    @Test func `flatten closes the strategies' remainders together`() throws {
        var instruments = TestMarket.instruments()
        instruments[0].minNotionalAppliesToMarket = true
        let lane = LaneRig(
            limits: RiskLimits(instruments: 2, strategies: 2), strategies: 2,
            instruments: instruments)
        for strategy in 0..<2 {
            let id = try lane.resting(.limit(.buy, 99, 0.06), strategy: strategy)
            lane.fill(
                id, 0.03, at: 99, total: 0.03, .partiallyFilled, trade: 1 + Int64(strategy))
            lane.report(id, .canceled, .canceled)
        }
        lane.command(.flatten)
        let close = try #require(lane.take().last)
        #expect(close.quantity == TestMarket.quantity(0.06) && close.side == .sell)
        #expect(close.type == .market && close.isReduceOnly)
        lane.fill(close.clientOrderID, 0.04, at: 98, total: 0.04, .partiallyFilled, trade: 9)
        #expect(lane.position(strategy: 0) == .zero)
        #expect(lane.position(strategy: 1) == TestMarket.quantity(0.02))
        #expect(lane.answers().isEmpty)
        lane.fill(close.clientOrderID, 0.02, at: 98, total: 0.06, .filled, trade: 10)
        #expect(lane.position(strategy: 1) == .zero)
        let answer = try #require(lane.answers().first)
        #expect(answer.closingOrders == 1)
        #expect(lane.script.fills.count == 1, "an operator's trade is not the strategy's own")
    }

    @Test func `flatten of one strategy leaves the others' positions`() throws {
        let lane = LaneRig(limits: RiskLimits(instruments: 2, strategies: 2), strategies: 2)
        for strategy in 0..<2 {
            let id = try lane.resting(.limit(.buy, 99, 1), strategy: strategy)
            lane.fill(id, 1, at: 99, total: 1, .filled, trade: 1 + Int64(strategy))
        }
        lane.command(.flatten, strategy: StrategyIndex(1))
        let close = try #require(lane.take().last)
        lane.fill(close.clientOrderID, 1, at: 98, total: 1, .filled, trade: 9)
        #expect(lane.take().isEmpty && lane.answers().map(\.closingOrders) == [1])
        #expect(lane.position(strategy: 0) == TestMarket.quantity(1))
        #expect(lane.position(strategy: 1) == .zero)
    }

    @Test func `flatten waits for the session`() throws {
        let (lane, exit, entry) = try busyLane()
        lane.report(exit, .canceled, .canceled)
        lane.report(entry, .canceled, .canceled)
        lane.link(.orderSessionDown)
        lane.command(.flatten)
        #expect(lane.take().isEmpty && lane.answers().isEmpty)
        lane.link(.orderSessionUp)
        #expect(lane.take().map(\.type) == [.market])
    }

    @Test func `shutdown cancels entries and does not come back`() throws {
        let (lane, exit, entry) = try busyLane()
        lane.command(.shutdown)
        #expect(lane.take().map(\.clientOrderID) == [entry])
        lane.report(entry, .canceled, .canceled)
        _ = lane.answers()
        lane.command(.resume)
        #expect(lane.answers().map(\.isAccepted) == [false])
        #expect(try lane.order(exit).state == .new)
    }

    @Test func `limits are set while running`() throws {
        let lane = LaneRig()
        _ = try lane.placed(.limit(.buy, 99, 1))
        lane.command(
            .setLimit, key: RiskLimitKey.orderMaxNotional.rawValue, value: 50 * 100_000_000)
        guard case .denied(let violations) = lane.submit(.limit(.buy, 98, 1)) else {
            Issue.record("the new limit does not hold")
            return
        }
        #expect(violations == RiskViolations(.orderNotional))
        lane.command(.setLimit, key: 999, value: 1)
        lane.command(.setLimit, key: RiskLimitKey.orderMaxNotional.rawValue, value: -1)
        #expect(lane.answers().map(\.isAccepted) == [true, false, false])
    }

    // RSK-08: realised and unrealised; lifted at the next UTC day.
    @Test func `the daily loss limit halts at the mark and lifts at midnight`() throws {
        var limits = RiskLimits(instruments: 2, strategies: 1)
        limits.global.maxDailyLoss = 10 * 100_000_000
        let (lane, exit, entry) = try busyLane(limits: limits)
        lane.top(95, 95.10)
        #expect(lane.halts.isEmpty, "2 × 4.95 is less than 10")
        lane.top(94.90, 95.10)
        #expect(lane.halts.contains(.dailyLoss), "2 × 5.00 reaches it")
        #expect(lane.take().map(\.clientOrderID) == [entry])
        lane.report(entry, .canceled, .canceled)
        lane.command(.resume)
        #expect(lane.answers().map(\.isAccepted) == [false])
        #expect(try lane.order(exit).state == .new, "exits stay")
        // Twelve hours to midnight; the lane itself asks to be woken then.
        while lane.halts.contains(.dailyLoss), lane.loop.nextDeadline != .never {
            lane.now = max(lane.now, lane.loop.nextDeadline)
            lane.loop.onTime(now: lane.now)
        }
        #expect(lane.halts.isEmpty)
        #expect(lane.now == Timestamp(milliseconds: 1_795_305_600_000))
    }

    @Test func `a stopped strategy hears nothing, its entries go, its exits stay`() throws {
        let (lane, exit, entry) = try busyLane()
        lane.command(.stopStrategy, strategy: StrategyIndex(0))
        #expect(lane.take().map(\.clientOrderID) == [entry])
        let heard = lane.script.tops
        lane.top()
        #expect(lane.script.tops == heard)
        lane.report(entry, .canceled, .canceled)
        #expect(lane.script.states(of: entry).last == .canceled, "but it follows its orders")
        lane.command(.startStrategy, strategy: StrategyIndex(0))
        lane.command(.startStrategy, strategy: StrategyIndex(5))
        #expect(lane.answers().map(\.isAccepted) == [true, true, false])
        lane.top()
        #expect(lane.script.tops == heard + 1)
        #expect(try lane.order(exit).state == .new)
    }

    @Test func `parameters reach the strategy`() {
        let lane = LaneRig()
        lane.command(.setParameter, strategy: StrategyIndex(0), key: 7, value: 11)
        lane.command(.setParameter, strategy: StrategyIndex(0), key: 8, value: 11)
        lane.command(.setParameter, strategy: StrategyIndex(3), key: 7, value: 11)
        #expect(lane.answers().map(\.isAccepted) == [true, false, false])
        #expect(lane.script.parameter?.value == 11)
    }
}
