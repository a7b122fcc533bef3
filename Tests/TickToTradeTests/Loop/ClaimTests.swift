import MarketModel
import Testing
import TickToTrade

/// Orders that somebody else has placed, taken over.
@Suite("Claimed orders")
struct ClaimTests {
    private static let number = VenueOrderID(28_457_193)
    private static let id = ClientOrderID(claiming: number)

    /// What the venue reports on the order of somebody else: its id there is not one of ours.
    private func report(
        _ lane: LaneRig, _ type: ExecutionType, _ status: VenueOrderStatus, filled: Double = 0
    ) -> ExecutionReport {
        var report = lane.blank(.none, type, status)
        report.venueOrderID = Self.number
        report.side = .sell
        report.price = TestMarket.price(110)
        report.quantity = TestMarket.quantity(2)
        report.cumulativeQuantity = TestMarket.quantity(filled)
        report.cumulativeQuote = TestMarket.price(filled * 110)
        return report
    }

    /// A lane that has taken over a sale of 2 at 110, of which 0.5 were filled before.
    private func claimed(filledBefore: Double = 0.5, told: Int64 = -1) throws -> LaneRig {
        let lane = LaneRig()
        lane.command(.claim, instrument: TestMarket.btc, key: Self.number.raw, value: told)
        let query = try #require(lane.take().last)
        #expect(query.kind == .query && query.clientOrderID == Self.id)
        #expect(lane.answers().map(\.isAccepted) == [true])
        lane.reply(query, .accepted)
        lane.loop.onReport(
            report(lane, .status, .partiallyFilled, filled: filledBefore), now: lane.now)
        return lane
    }

    private func trade(_ lane: LaneRig, _ quantity: Double, total: Double, id: Int64) {
        var fill = report(lane, .trade, total == 2 ? .filled : .partiallyFilled, filled: total)
        fill.tradeID = TradeID(id)
        fill.lastPrice = TestMarket.price(110)
        fill.lastQuantity = TestMarket.quantity(quantity)
        lane.loop.onReport(fill, now: lane.now)
    }

    @Test func `what the venue says of it is what it is here`() throws {
        let lane = try claimed()
        let order = try lane.order(Self.id)
        #expect(order.side == .sell && order.price == TestMarket.price(110))
        #expect(order.quantity == TestMarket.quantity(2))
        #expect(order.filled == TestMarket.quantity(0.5), "somebody else's books have that")
        #expect(order.state == .partiallyFilled && lane.openOrderCount == 1)
        #expect(lane.counts.fills == 0 && lane.halts.isEmpty)
    }

    @Test func `its trades are booked in the net position, to no strategy`() throws {
        let lane = try claimed()
        trade(lane, 0.5, total: 1, id: 7)
        trade(lane, 0.5, total: 1, id: 7)
        trade(lane, 1, total: 2, id: 8)
        #expect(lane.counts.fills == 2 && lane.position() == .zero)
        let account = lane.state.pointee.accountSnapshot(now: lane.now)
        let net = try #require(account).positions.first { $0.strategy == .none && $0.instrument == TestMarket.btc }
        #expect(net?.position.quantity == -TestMarket.quantity(1.5))
        #expect(try lane.order(Self.id).state == .filled && lane.openOrderCount == 0)
    }

    // Found at the start with 0.2 filled, 0.5 when the venue is asked: 0.3 are missing here.
    @Test func `what it has traded since it was found is booked`() throws {
        let lane = try claimed(told: TestMarket.quantity(0.2).raw)
        #expect(lane.counts.fills == 1)
        #expect(try lane.order(Self.id).filled == TestMarket.quantity(0.5))
    }

    @Test func `the operator's commands cancel it, a lost connection does not`() throws {
        let lane = try claimed()
        lane.link(.marketStreamDown)
        #expect(lane.take().isEmpty)
        lane.link(.marketStreamUp)
        lane.command(.shutdown)
        #expect(lane.take().isEmpty && lane.answers().count == 1)
        lane.command(.halt)
        let cancel = try #require(lane.take().last)
        #expect(cancel.kind == .cancel && cancel.clientOrderID == Self.id)
        lane.reply(cancel, .accepted)
        lane.loop.onReport(report(lane, .canceled, .canceled, filled: 0.5), now: lane.now)
        #expect(lane.answers().map(\.cancelsConfirmed) == [1] && lane.openOrderCount == 0)
    }

    @Test func `one that the venue does not know ends`() throws {
        let lane = LaneRig()
        lane.command(.claim, instrument: TestMarket.btc, key: Self.number.raw, value: -1)
        lane.reply(try #require(lane.take().last), .noSuchOrder)
        #expect(lane.openOrderCount == 0 && lane.halts.isEmpty)
        lane.command(.resume)
        #expect(lane.answers().map(\.isAccepted) == [true, true], "nothing is unknown")
    }

    @Test func `without a session it is asked for when there is one`() throws {
        let lane = LaneRig()
        lane.link(.orderSessionDown)
        lane.command(.claim, instrument: TestMarket.btc, key: Self.number.raw, value: -1)
        #expect(lane.take().isEmpty)
        lane.link(.orderSessionUp)
        #expect(lane.take().map(\.clientOrderID) == [Self.id])
    }

    @Test func `what cannot be claimed`() throws {
        let lane = try claimed()
        lane.command(.claim, instrument: TestMarket.btc, key: Self.number.raw, value: -1)
        lane.command(.claim, instrument: InstrumentIndex(9), key: 5, value: -1)
        lane.command(.claim, instrument: TestMarket.btc, key: 0, value: -1)
        lane.command(.claim, instrument: TestMarket.btc, key: 1 << 40, value: -1)
        // The place in the table of an order that is open.
        let own = try lane.resting(.limit(.buy, 99, 1))
        let slot = Int64(own.sequence) + 64
        lane.command(.claim, instrument: TestMarket.btc, key: slot, value: -1)
        #expect(lane.answers().map(\.isAccepted) == [false, false, false, false, false])
    }

    @Test func `a report of another instrument with the same number is not on it`() throws {
        let lane = try claimed()
        var other = report(lane, .canceled, .canceled)
        other.instrument = TestMarket.eth
        lane.loop.onReport(other, now: lane.now)
        #expect(lane.openOrderCount == 1 && lane.counts.foreignReports == 1)
    }
}
