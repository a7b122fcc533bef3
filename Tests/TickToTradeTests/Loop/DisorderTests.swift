import MarketModel
import Testing
import TickToTrade

/// The user stream loses, repeats and reorders reports; after a reading back the lane is where the
/// exchange is.
@Suite("A user stream in disorder")
struct DisorderTests {
    @Test(arguments: 0..<200)
    func `whatever happens to the stream, a reading back ends in the exchange's state`(
        seed: Int
    ) throws {
        var numbers = Numbers(seed: UInt64(seed) &* 7919 &+ 1)
        let lane = LaneRig()
        var exchange = ToyExchange()
        for round in 0..<4 {
            for _ in 0..<numbers.next(1...6) { try exchange.place(lane, &numbers) }
            for _ in 0..<numbers.next(0...12) { exchange.step(&numbers) }
            for report in exchange.damaged(&numbers) { lane.loop.onReport(report, now: lane.now) }
            lane.take()
            // The stream may end in the middle of anything.
            if numbers.next(0...1) == 1 { lane.link(.orderSessionDown) }
            exchange.readBack(lane)
            exchange.expectSame(as: lane, "seed \(seed), round \(round)")
        }
        #expect(lane.counts.illegalTransitions == 0 && lane.halts.isEmpty, "seed \(seed)")
    }
}

/// A splitmix sequence: the same numbers for the same seed.
private struct Numbers {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next(_ range: ClosedRange<Int>) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        mixed ^= mixed >> 31
        return range.lowerBound + Int(mixed % UInt64(range.count))
    }
}

/// Orders of one account as an exchange keeps them, and the reports it sends.
private struct ToyExchange {
    private struct Resting {
        var report: ExecutionReport
        var trades: [ExecutionReport] = []
        var isOpen = true
    }

    private var orders: [Resting] = []
    private var outbox: [ExecutionReport] = []
    private var executionID: Int64 = 0
    private var tradeID: Int64 = 0

    /// The lane places an order; its answer may be lost.
    mutating func place(_ lane: LaneRig, _ numbers: inout Numbers) throws {
        let side: Side = numbers.next(0...1) == 0 ? .buy : .sell
        let price = side == .buy ? 90 + Double(numbers.next(0...9)) : 101 + Double(numbers.next(0...9))
        guard case .sent(let id) = lane.submit(.limit(side, price, 1)) else { return }
        let request = try #require(lane.take().last { $0.kind == .place })
        executionID += 1
        var report = lane.blank(id, .new, .new)
        report.executionID = executionID
        report.venueOrderID = VenueOrderID(Int64(orders.count + 1))
        orders.append(Resting(report: report))
        outbox.append(report)
        if numbers.next(0...2) > 0 {
            lane.reply(request, .accepted, venueOrderID: report.venueOrderID)
        }
    }

    /// One order trades or is cancelled.
    mutating func step(_ numbers: inout Numbers) {
        let open = orders.indices.filter { orders[$0].isOpen }
        guard !open.isEmpty else { return }
        let index = open[numbers.next(0...open.count - 1)]
        executionID += 1
        var report = orders[index].report
        report.executionID = executionID
        if numbers.next(0...3) == 0 {
            report.executionType = .canceled
            report.status = .canceled
            report.tradeID = .none
            report.lastQuantity = .zero
            report.lastPrice = .zero
        } else {
            tradeID += 1
            let left = report.quantity - report.cumulativeQuantity
            let lots = left.raw / 1_000
            let lot = numbers.next(0...2) == 0 ? lots : Int64(numbers.next(1...Int(lots)))
            report.executionType = .trade
            report.tradeID = TradeID(tradeID)
            report.lastQuantity = Quantity(raw: lot * 1_000)
            report.lastPrice = report.price
            report.cumulativeQuantity += report.lastQuantity
            report.cumulativeQuote = Price(
                raw: Int64(
                    Int128(report.price.raw) * Int128(report.cumulativeQuantity.raw) / 100_000_000))
            report.status = report.cumulativeQuantity == report.quantity ? .filled : .partiallyFilled
            // A part of a thousandth in the base asset, so that a lost commission shows.
            report.commission = report.lastQuantity.raw / 1_000
            report.commissionAsset = TestMarket.btcAsset
            orders[index].trades.append(report)
        }
        orders[index].report = report
        orders[index].isOpen = report.status == .new || report.status == .partiallyFilled
        outbox.append(report)
    }

    /// What has been sent since, with losses, repetitions and displacements.
    mutating func damaged(_ numbers: inout Numbers) -> [ExecutionReport] {
        var reports: [ExecutionReport] = []
        for report in outbox {
            if numbers.next(0...4) == 0 { continue }
            reports.append(report)
            if numbers.next(0...4) == 0 { reports.append(report) }
        }
        outbox.removeAll()
        guard reports.count > 1 else { return reports }
        for _ in 0..<numbers.next(0...reports.count) {
            reports.swapAt(
                numbers.next(0...reports.count - 1), numbers.next(0...reports.count - 1))
        }
        return reports
    }

    /// A lost session and a new one: every question gets the trades, the state and its answer.
    mutating func readBack(_ lane: LaneRig) {
        lane.link(.orderSessionDown)
        lane.link(.orderSessionUp)
        for _ in 0..<20 {
            let requests = lane.take()
            if requests.isEmpty { return }
            for request in requests { answer(request, lane) }
            lane.advance(.seconds(1))
        }
    }

    private func answer(_ request: OrderRequest, _ lane: LaneRig) {
        guard request.kind == .query else { return lane.reply(request, .rejected) }
        guard let order = orders.first(where: { $0.report.clientOrderID == request.clientOrderID })
        else { return lane.reply(request, .noSuchOrder) }
        for trade in order.trades {
            var told = trade
            told.executionID = 0
            told.status = .partiallyFilled
            told.cumulativeQuantity = .zero
            lane.loop.onReport(told, now: lane.now)
        }
        var state = order.report
        state.executionType = .status
        state.executionID = 0
        lane.loop.onReport(state, now: lane.now)
        lane.reply(request, .accepted)
    }

    func expectSame(as lane: LaneRig, _ place: Comment) {
        var position: Int64 = 0
        for order in orders {
            let id = order.report.clientOrderID
            let view = lane.state.pointee.orderView(id)
            #expect(view?.filled == order.report.cumulativeQuantity, place)
            #expect(view?.state.isTerminal == !order.isOpen, place)
            if let view { #expect(view.state == expected(order.report.status), place) }
            let sign: Int64 = order.report.side == .buy ? 1 : -1
            for trade in order.trades {
                position += sign * trade.lastQuantity.raw - trade.commission
            }
        }
        #expect(lane.position().raw == position, place)
        #expect(lane.openOrderCount == orders.count { $0.isOpen }, place)
    }

    private func expected(_ status: VenueOrderStatus) -> OrderState {
        switch status {
        case .partiallyFilled: .partiallyFilled
        case .filled: .filled
        case .canceled: .canceled
        default: .new
        }
    }
}
