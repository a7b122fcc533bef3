import MarketModel
import Testing
import TickToTrade

/// Conditional orders, icebergs, quote amounts, amendments, self-trade prevention: what the core
/// makes of them from submission to end.
@Suite("Special orders")
struct SpecialOrderTests {
    private static func order(
        _ type: OrderType, _ side: Side = .sell, price: Double = 0, stop: Double = 0,
        quantity: Double = 1, trailing: UInt16 = 0, iceberg: Double = 0, quote: Double = 0,
        timeInForce: TimeInForce = .gtc, prevention: SelfTradePrevention = .venueDefault,
        reduceOnly: Bool = false
    ) -> OrderIntent {
        OrderIntent(
            instrument: TestMarket.btc, side: side, type: type, timeInForce: timeInForce,
            price: TestMarket.price(price), quantity: TestMarket.quantity(quantity),
            isReduceOnly: reduceOnly,
            terms: SpecialTerms(
                stopPrice: TestMarket.price(stop), trailingDelta: trailing,
                icebergQuantity: TestMarket.quantity(iceberg),
                quoteQuantity: TestMarket.price(quote), selfTradePrevention: prevention))
    }

    private func lane(_ change: (inout Instrument) -> Void = { _ in }) -> LaneRig {
        var instruments = TestMarket.specialInstruments()
        change(&instruments[0])
        let lane = LaneRig(instruments: instruments)
        lane.trade(100)
        return lane
    }

    private func violations(_ intent: OrderIntent, _ lane: LaneRig) -> [RiskRule] {
        guard case .denied(let violations) = lane.submit(intent) else { return [] }
        return violations.rules
    }

    /// EXE: the table of what is taken here and what is refused before it leaves.
    @Test(
        arguments: [
            (order(.stopLoss, stop: 95), []),
            (order(.stopLoss, .buy, stop: 105), []),
            (order(.takeProfit, stop: 105), []),
            (order(.takeProfit, .buy, stop: 95), []),
            (order(.stopLossLimit, price: 94.9, stop: 95), []),
            (order(.takeProfitLimit, .buy, price: 95.1, stop: 95), []),
            (order(.stopLoss, trailing: 100), []),
            (order(.takeProfit, stop: 105, trailing: 100), []),
            (order(.limit, .buy, price: 99, quantity: 5, iceberg: 1), []),
            (order(.limitMaker, price: 101, quantity: 5, iceberg: 1), []),
            (order(.limit, .buy, price: 99, prevention: .decrement), []),
            (order(.market, .buy, quantity: 0, quote: 500), []),
            (order(.market, quantity: 0, quote: 500), []),
            // It would wake at once.
            (order(.stopLoss, stop: 105), [.trigger]),
            (order(.stopLoss, .buy, stop: 95), [.trigger]),
            (order(.takeProfit, stop: 95), [.trigger]),
            (order(.takeProfitLimit, .buy, price: 100, stop: 105), [.trigger]),
            (order(.stopLoss, stop: 100), [.trigger]),
            // Terms that do not belong to the type, or that it lacks.
            (order(.stopLoss), [.malformed]),
            (order(.limit, .buy, price: 99, stop: 95), [.malformed]),
            (order(.limit, .buy, price: 99, trailing: 100), [.malformed]),
            (order(.limit, .buy, price: 99, quote: 100), [.malformed]),
            (order(.stopLossLimit, stop: 95), [.malformed]),
            (order(.limit, .buy, price: 99, quantity: 1, iceberg: 2), [.malformed]),
            (order(.stopLoss, stop: -1), [.malformed]),
            // The venue's bounds.
            (order(.stopLoss, stop: 2_000_000), [.price, .trigger]),
            (order(.stopLoss, trailing: 9), [.trigger]),
            (order(.stopLoss, trailing: 2_001), [.trigger]),
            (order(.limit, .buy, price: 99, quantity: 11, iceberg: 1), [.iceberg]),
            (
                order(.limit, .buy, price: 99, quantity: 5, iceberg: 1, timeInForce: .ioc),
                [.iceberg]
            ),
            (order(.limit, .buy, price: 99, prevention: .transfer), [.terms]),
        ] as [(OrderIntent, [RiskRule])])
    func `takes what the venue takes`(intent: OrderIntent, expected: [RiskRule]) {
        let lane = lane()
        #expect(violations(intent, lane) == expected)
        let sent = lane.take()
        #expect(sent.count == (expected.isEmpty ? 1 : 0))
        if expected.isEmpty { #expect(sent[0].terms == intent.terms) }
    }

    @Test func `asks for nothing that the venue does not offer`() {
        let lane = lane {
            $0.features = [.limit, .limitMaker, .market, .stopLoss]
            $0.selfTradePreventionModes = 0
        }
        #expect(violations(Self.order(.takeProfit, stop: 105), lane) == [.orderType])
        #expect(violations(Self.order(.stopLoss, trailing: 100), lane) == [.terms])
        #expect(
            violations(Self.order(.limit, .buy, price: 99, quantity: 5, iceberg: 1), lane)
                == [.terms])
        #expect(
            violations(Self.order(.market, .buy, quantity: 0, quote: 500), lane) == [.terms])
        #expect(
            violations(Self.order(.limit, .buy, price: 99, prevention: .none), lane) == [.terms])
    }

    /// A second conditional order and a second iceberg are refused while the first rests.
    private func expectOneOfEach(_ lane: LaneRig) throws {
        let stop = try lane.resting(Self.order(.stopLoss, stop: 95))
        #expect(violations(Self.order(.stopLoss, stop: 94), lane) == [.venueOpenOrders])
        _ = try lane.resting(Self.order(.limit, .buy, price: 99, quantity: 5, iceberg: 1))
        #expect(
            violations(Self.order(.limit, .buy, price: 98, quantity: 5, iceberg: 1), lane)
                == [.venueOpenOrders])
        lane.report(stop, .canceled, .canceled)
        #expect(violations(Self.order(.stopLoss, stop: 93), lane).isEmpty)
    }

    @Test func `counts conditional orders and icebergs against the venue's limits`() throws {
        let lane = lane {
            $0.maxConditionalOrders = 1
            $0.maxIcebergOrders = 1
        }
        try expectOneOfEach(lane)
    }

    @Test func `counts them against the venue's limits for the whole account`() throws {
        let lane = lane { _ in }
        lane.command(.setAccountLimit, key: 2, value: 1)
        lane.command(.setAccountLimit, key: 3, value: 1)
        lane.command(.setAccountLimit, key: 9, value: 1)
        #expect(lane.answers().map(\.isAccepted) == [true, true, false])
        try expectOneOfEach(lane)
    }

    /// A stop price goes towards the market, so that it never wakes later than was asked.
    @Test func `stop prices are rounded to protect`() throws {
        let lane = lane()
        let tick = Price(raw: 1_000_000)
        for (type, side, stop, up) in [
            (OrderType.stopLoss, Side.sell, 95.0, true), (.stopLoss, .buy, 105, false),
            (.takeProfit, .sell, 106, false), (.takeProfit, .buy, 94, true),
        ] {
            var intent = Self.order(type, side, stop: stop)
            intent.terms.stopPrice = Price(raw: intent.terms.stopPrice.raw + 400_000)
            _ = try lane.placed(intent)
            let sent = try #require(lane.take().last)
            let base = TestMarket.price(stop)
            #expect(sent.terms.stopPrice == (up ? base + tick : base), "\(type) \(side)")
        }
    }

    @Test func `a stop rests nowhere until it wakes`() throws {
        let lane = lane()
        let stop = try lane.resting(Self.order(.stopLossLimit, price: 94.9, stop: 95))
        #expect(try !lane.order(stop).isWorking)
        // Our own bid above the limit of the waiting sale is no cross: that one is not in the book.
        let bid = try lane.resting(Self.order(.limit, .buy, price: 99))
        #expect(lane.cancel(bid))
        lane.report(bid, .canceled, .canceled)

        // The market comes down, the venue says that it works.
        var report = lane.blank(stop, .new, .new)
        report.isWorking = true
        lane.loop.onReport(report, now: lane.now)
        #expect(try lane.order(stop).isWorking)
        let told = try #require(lane.script.updates.last)
        #expect(told.clientOrderID == stop && told.isWorking && told.previous == told.state)
        #expect(violations(Self.order(.limit, .buy, price: 99), lane) == [.selfCross])

        lane.fill(stop, 1, at: 94.95, total: 1, .filled, trade: 5)
        #expect(lane.position() == TestMarket.quantity(-1) && lane.openOrderCount == 0)
        #expect(lane.counts.illegalTransitions == 0)
    }

    @Test func `a waiting stop holds what it may spend`() throws {
        let lane = lane()
        lane.balance(TestMarket.usdtAsset, 1_000)
        // 9 × 105 × 1.01 and the fee.
        let stop = try lane.resting(Self.order(.stopLoss, .buy, stop: 105, quantity: 9))
        #expect(violations(Self.order(.limit, .buy, price: 99), lane) == [.capital])
        lane.report(stop, .expired, .expired)
        #expect(violations(Self.order(.limit, .buy, price: 99), lane).isEmpty)
    }

    @Test func `an amount of quote asset becomes a position of whatever it buys`() throws {
        let lane = lane()
        let id = try lane.placed(Self.order(.market, .buy, quantity: 0, quote: 500))
        let request = try #require(lane.take().last)
        #expect(request.terms.quoteQuantity == TestMarket.price(500))
        #expect(try lane.order(id).quantity == TestMarket.quantity(4.995))
        lane.accept(request)
        lane.fill(id, 3, at: 100.10, total: 3, .partiallyFilled, trade: 1)
        // The rest was cheaper than the book had shown: more than the estimate.
        lane.fill(id, 2.01, at: 99.35, total: 5.01, .filled, trade: 2)
        #expect(lane.position() == TestMarket.quantity(5.01) && lane.openOrderCount == 0)
        #expect(lane.halts.isEmpty && lane.counts.illegalTransitions == 0)
        // Everything it held has been given back.
        #expect(violations(Self.order(.limit, .buy, price: 99, quantity: 9_000), lane).isEmpty)
    }

    @Test func `an amendment makes an order smaller when the venue says so`() throws {
        let lane = lane()
        lane.balance(TestMarket.usdtAsset, 1_000)
        let id = try lane.resting(Self.order(.limit, .buy, price: 99, quantity: 8))
        var result = Submission.denied(.tableFull)
        lane.act { result = $0.amend(id, to: TestMarket.quantity(3)) }
        #expect(result.id == id)
        let request = try #require(lane.take().last)
        #expect(request.kind == .amend && request.quantity == TestMarket.quantity(3))
        #expect(try lane.order(id).state == .pendingReplace)
        #expect(violations(Self.order(.limit, .buy, price: 98, quantity: 5), lane) == [.capital])

        lane.accept(request)
        var report = lane.blank(id, .replaced, .new)
        report.quantity = TestMarket.quantity(3)
        lane.loop.onReport(report, now: lane.now)
        #expect(try lane.order(id).state == .new)
        #expect(try lane.order(id).quantity == TestMarket.quantity(3))
        #expect(violations(Self.order(.limit, .buy, price: 98, quantity: 5), lane).isEmpty)
        lane.fill(id, 3, at: 99, total: 3, .filled, trade: 1)
        #expect(lane.counts.illegalTransitions == 0 && lane.halts.isEmpty)
    }

    @Test func `an order is made smaller as often as the venue allows`() throws {
        let lane = lane { $0.maxAmendments = 2 }
        let id = try lane.resting(Self.order(.limit, .buy, price: 99, quantity: 8))
        for quantity in [7.0, 6] {
            lane.act { _ = $0.amend(id, to: TestMarket.quantity(quantity)) }
            lane.accept(try #require(lane.take().last))
            var report = lane.blank(id, .replaced, .new)
            report.quantity = TestMarket.quantity(quantity)
            // Told twice, it was once.
            for _ in 0..<2 { lane.loop.onReport(report, now: lane.now) }
        }
        var result = Submission.denied(.tableFull)
        lane.act { result = $0.amend(id, to: TestMarket.quantity(5)) }
        guard case .denied(let violations) = result else {
            Issue.record("amended a third time")
            return
        }
        #expect(violations.rules == [.terms] && lane.take().isEmpty)
        #expect(try lane.order(id).quantity == TestMarket.quantity(6))
    }

    @Test func `an amendment that is refused leaves the order as it was`() throws {
        let lane = lane()
        let id = try lane.resting(Self.order(.limit, .buy, price: 99, quantity: 8))
        lane.act { _ = $0.amend(id, to: TestMarket.quantity(3)) }
        lane.reply(try #require(lane.take().last), .rejected, code: -2038)
        #expect(try lane.order(id).state == .new)
        #expect(try lane.order(id).quantity == TestMarket.quantity(8))
        for (quantity, rule) in [(8.0, RiskRule.quantity), (0, .quantity), (0.01, .notional)] {
            var result = Submission.denied(.tableFull)
            lane.act { result = $0.amend(id, to: TestMarket.quantity(quantity)) }
            guard case .denied(let violations) = result else {
                Issue.record("amended to \(quantity)")
                return
            }
            #expect(violations.rules.contains(rule), "\(quantity): \(violations.rules)")
        }
    }

    @Test func `a prevented trade takes its part off the order`() throws {
        let lane = lane()
        let id = try lane.resting(Self.order(.limit, .buy, price: 99, prevention: .decrement))
        var report = lane.blank(id, .tradePrevention, .new)
        report.preventedQuantity = TestMarket.quantity(0.4)
        lane.loop.onReport(report, now: lane.now)
        #expect(try lane.order(id).quantity == TestMarket.quantity(0.6))
        lane.fill(id, 0.6, at: 99, total: 0.6, .filled, trade: 1)
        #expect(lane.position() == TestMarket.quantity(0.6) && lane.halts.isEmpty)
    }

    @Test func `a replacement in any case leaves both orders to the venue's word`() throws {
        let lane = lane()
        lane.balance(TestMarket.usdtAsset, 1_000)
        let old = try lane.resting(Self.order(.limit, .buy, price: 99, quantity: 6))
        var result = Submission.denied(.tableFull)
        lane.act {
            result = $0.replace(old, with: Self.order(.limit, .buy, price: 98, quantity: 6), .inAnyCase)
        }
        // Both may be open: the money must be there for both.
        #expect(result.id == nil)
        lane.act {
            result = $0.replace(old, with: Self.order(.limit, .buy, price: 98, quantity: 2), .inAnyCase)
        }
        let new = try #require(result.id)
        let request = try #require(lane.take().last)
        #expect(request.kind == .cancelReplace && request.mayKeepReplaced)

        // The cancel failed, the new order stands: the old one is asked for.
        lane.reply(
            request, .accepted, code: -2011, cancel: .noSuchOrder, venueOrderID: VenueOrderID(9))
        #expect(try lane.order(new).state == .new && lane.order(old).state == .unknown)
        #expect(lane.take().map(\.kind) == [.query])
        lane.report(old, .status, .filled, filled: 6, average: 99)
        #expect(try lane.order(old).state == .filled)
        #expect(lane.position() == TestMarket.quantity(6))
    }

    @Test func `a cancel that a restriction forbids leaves the order as it was`() throws {
        let lane = lane()
        let id = try lane.resting(Self.order(.limit, .buy, price: 99, quantity: 2))
        lane.fill(id, 0.5, at: 99, total: 0.5, .partiallyFilled, trade: 1)
        var isAsked = false
        lane.act { isAsked = $0.cancel(id, .onlyNew) }
        let request = try #require(lane.take().last)
        #expect(isAsked && request.kind == .cancel && request.restriction == .onlyNew)
        #expect(try lane.order(id).state == .pendingCancel)
        lane.reply(request, .rejected, code: -2011)
        #expect(try lane.order(id).state == .partiallyFilled)
        // Nothing has to be asked: the venue has said that it is there.
        #expect(lane.take().isEmpty)
        lane.act { isAsked = $0.cancel(id, .onlyPartiallyFilled) }
        #expect(isAsked)
        #expect(lane.take().map(\.restriction) == [.onlyPartiallyFilled])
        lane.report(id, .canceled, .canceled, filled: 0.5)
        #expect(lane.openOrderCount == 0 && lane.counts.illegalTransitions == 0)
    }

    @Test func `a halt cancels without a restriction what a restriction kept`() throws {
        let lane = lane()
        let id = try lane.resting(Self.order(.limit, .buy, price: 99))
        lane.act { _ = $0.cancel(id, .onlyPartiallyFilled) }
        let restricted = try #require(lane.take().last)
        lane.command(.halt)
        #expect(lane.take().isEmpty, "one cancel is under way")
        lane.reply(restricted, .rejected, code: -2011)
        lane.advance(.seconds(2))
        #expect(lane.take().map(\.restriction) == [.none])
    }

    /// What is known of the old order when both halves have failed, or only its cancel.
    @Test(
        arguments: [
            (RequestOutcome.rejected, CancelHalf.refused, OrderState.new, []),
            (.rejected, .noSuchOrder, .unknown, [.query]),
            (.rejected, .untold, .unknown, [.query]),
            (.accepted, .refused, .new, []), (.accepted, .noSuchOrder, .unknown, [.query]),
        ] as [(RequestOutcome, CancelHalf, OrderState, [RequestKind])])
    func `each half of a replacement has an outcome of its own`(
        outcome: RequestOutcome, cancel: CancelHalf, state: OrderState, asked: [RequestKind]
    ) throws {
        let lane = lane()
        let old = try lane.resting(Self.order(.limit, .buy, price: 99))
        var result = Submission.denied(.tableFull)
        lane.act {
            result = $0.replace(
                old, with: Self.order(.limit, .buy, price: 98), .inAnyCase, .onlyPartiallyFilled,
                cancelsAtLimit: true)
        }
        let new = try #require(result.id)
        let request = try #require(lane.take().last)
        #expect(request.restriction == .onlyPartiallyFilled && request.cancelsAtLimit)
        lane.reply(request, outcome, code: -2010, cancel: cancel)
        #expect(try lane.order(new).state == (outcome == .accepted ? .new : .rejected))
        #expect(try lane.order(old).state == state)
        #expect(lane.take().map(\.kind) == asked)
        #expect(lane.counts.illegalTransitions == 0)
    }

    @Test func `nothing is replaced where the venue does not replace`() throws {
        let lane = lane { $0.features.remove(.cancelReplace) }
        let old = try lane.resting(Self.order(.limit, .buy, price: 99))
        var result = Submission.denied(.tableFull)
        lane.act { result = $0.replace(old, with: Self.order(.limit, .buy, price: 98)) }
        guard case .denied(let violations) = result else {
            Issue.record("replaced")
            return
        }
        #expect(violations.rules == [.terms] && lane.take().isEmpty)
        #expect(try lane.order(old).state == .new)
        #expect(lane.denials().map(\.verdict.violations.rules) == [[.terms]])
    }

    @Test func `a replacement of which both halves failed asks for the old order`() throws {
        let lane = lane()
        let old = try lane.resting(Self.order(.limit, .buy, price: 99))
        var result = Submission.denied(.tableFull)
        lane.act {
            result = $0.replace(old, with: Self.order(.limit, .buy, price: 98), .inAnyCase)
        }
        let new = try #require(result.id)
        lane.reply(try #require(lane.take().last), .rejected, code: -2010)
        #expect(try lane.order(new).state == .rejected && lane.order(old).state == .unknown)
        #expect(lane.take().map(\.kind) == [.query])
    }
}

extension TestMarket {
    /// The same instruments with everything that a venue may offer.
    static func specialInstruments() -> [Instrument] {
        instruments().map {
            var instrument = $0
            instrument.features = [
                .limit, .limitMaker, .market, .quoteQuantityMarket, .cancelReplace, .amend,
                .iceberg, .stopLoss, .stopLossLimit, .takeProfit, .takeProfitLimit, .trailingStop,
                .oneCancelsOther, .oneTriggersOther,
            ]
            instrument.maxPrice = price(1_000_000)
            instrument.maxIcebergParts = 10
            instrument.minTrailingAbove = 10
            instrument.maxTrailingAbove = 2_000
            instrument.minTrailingBelow = 10
            instrument.maxTrailingBelow = 2_000
            instrument.selfTradePreventionModes =
                SelfTradePrevention.none.bit | SelfTradePrevention.decrement.bit
            return instrument
        }
    }
}
