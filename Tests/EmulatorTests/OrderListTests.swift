import MarketModel
import Testing

@testable import Emulator

/// The lives of OCO, OTO and OTOCO lists.
@Suite("Order lists")
struct OrderListTests {
    private static func ticket(
        _ type: OrderType, _ side: Side, _ price: String? = nil, stop: String? = nil,
        quantity: String = "0.1", life: TimeInForce = .gtc
    ) throws -> OrderTicket {
        var ticket = OrderTicket(side: side, type: type, timeInForce: .none)
        ticket.quantity = Quantity(raw: try parseDecimal(quantity, scale: 8))
        if let price { ticket.price = Price(raw: try parseDecimal(price, scale: 8)) }
        if let stop { ticket.stopPrice = Price(raw: try parseDecimal(stop, scale: 8)) }
        if ticket.workingType == .limit { ticket.timeInForce = life }
        return ticket
    }

    /// Sell 0.1 BTC at 63000, or at the market below 61000; the last price is 61837.63.
    private static func exits() throws -> (stop: OrderTicket, target: OrderTicket) {
        (
            try ticket(.stopLoss, .sell, stop: "61000"),
            try ticket(.limitMaker, .sell, "63000")
        )
    }

    private func place(_ shape: OrderListTicket.Shape, in venue: Venue) throws -> PlacedList {
        try venue.exchange.place(
            OrderListTicket(clientOrderID: nil, shape: shape), in: venue.market,
            account: venue.alice, now: venue.now)
    }

    private func pair(in venue: Venue) throws -> PlacedList {
        let exits = try Self.exits()
        return try place(.oco(stop: exits.stop, target: exits.target), in: venue)
    }

    private func states(_ list: PlacedList, _ venue: Venue) throws -> [OrderStatus] {
        try list.list.orders.map { try venue.state($0).status }
    }

    @Test func `a pair locks once and says that it started`() throws {
        let venue = Venue()
        let placed = try pair(in: venue)
        #expect(placed.orders.map(\.order.status) == [.new, .new])
        #expect(placed.orders.map(\.order.isWorking) == [false, true])
        #expect(venue.locked(venue.alice, "BTC") == 10_000_000)
        #expect(
            venue.takeEvents() == ["1 list EXEC_STARTED", "1 NEW NEW", "1 NEW NEW", "1 position"])
    }

    @Test func `the limit's first fill expires the stop, its last one ends the list`() throws {
        let venue = Venue()
        let placed = try pair(in: venue)
        _ = venue.takeEvents()
        try venue.play(.buy, "63000", "0.04", .ioc)
        #expect(
            venue.takeEvents() == [
                "1 EXPIRED EXPIRED", "1 TRADE PARTIALLY_FILLED", "1 position",
            ])
        #expect(try states(placed, venue) == [.expired, .partiallyFilled])
        #expect(try venue.state(placed.list.orders[0]).expiryReason == .pairTriggered)
        #expect(venue.locked(venue.alice, "BTC") == 6_000_000)
        try venue.play(.buy, "63000", "0.06", .ioc)
        #expect(
            venue.takeEvents() == ["1 TRADE FILLED", "1 list ALL_DONE", "1 position"])
        #expect(venue.exchange.lists.open(of: venue.alice).isEmpty)
    }

    @Test func `the stop's price expires the limit and puts the stop to work`() throws {
        let venue = Venue()
        try venue.play(.buy, "60990", "1")
        let placed = try pair(in: venue)
        _ = venue.takeEvents()
        try venue.play(.sell, "60990", "0.01", .ioc)
        #expect(
            venue.takeEvents() == [
                "1 EXPIRED EXPIRED", "1 NEW NEW", "1 TRADE FILLED", "1 list ALL_DONE",
                "1 position",
            ])
        #expect(try states(placed, venue) == [.filled, .expired])
        #expect(venue.locked(venue.alice, "BTC") == 0)
    }

    @Test func `cancelling one order cancels its list`() throws {
        let venue = Venue()
        let placed = try pair(in: venue)
        _ = venue.takeEvents()
        let ended = try venue.exchange.cancel(
            OrderSelector(orderID: placed.list.orders[1]), in: venue.market, account: venue.alice,
            newClientOrderID: "bye", now: venue.now)
        guard case .list(let canceled) = ended else {
            Issue.record("a list's order cancels the list")
            return
        }
        #expect(canceled.orders.map(\.cancelClientOrderID) == ["bye", "bye"])
        #expect(
            venue.takeEvents() == [
                "1 CANCELED CANCELED", "1 CANCELED CANCELED", "1 list ALL_DONE", "1 position",
            ])
        #expect(venue.locked(venue.alice, "BTC") == 0)
        #expect(throws: Rejection.unknownOrder) {
            try venue.exchange.cancelList(
                OrderSelector(orderID: placed.list.id), in: venue.market, account: venue.alice,
                newClientOrderID: nil, now: venue.now)
        }
    }

    @Test func `a pair of stops, both waiting, buys on either side`() throws {
        let venue = Venue()
        let placed = try place(
            .oco(
                stop: try Self.ticket(.stopLossLimit, .buy, "63000", stop: "62900"),
                target: try Self.ticket(.takeProfitLimit, .buy, "60000", stop: "60100")),
            in: venue)
        // The dearer of the two is locked.
        #expect(venue.locked(venue.alice, "USDT") == 6_300 * Money.unit)
        try venue.trade(at: "60100")
        #expect(try states(placed, venue) == [.expired, .new])
        #expect(venue.locked(venue.alice, "USDT") == 6_000 * Money.unit)
    }

    @Test func `self-trade prevention of one order ends the pair`() throws {
        let venue = Venue()
        let placed = try pair(in: venue)
        try venue.place(try Venue.limit(.buy, "63000", "0.1", prevention: .expireMaker))
        #expect(try states(placed, venue) == [.expired, .expiredInMatch])
        #expect(venue.exchange.lists.open(of: venue.alice).isEmpty)
        #expect(venue.locked(venue.alice, "BTC") == 0)
    }

    // MARK: - One triggers the other

    @Test func `pending orders wait until the working one is filled whole`() throws {
        let venue = Venue()
        let placed = try place(
            .oto(
                working: try Self.ticket(.limit, .buy, "61000"),
                pending: try Self.ticket(.limit, .sell, "64000")), in: venue)
        #expect(placed.orders.map(\.order.status) == [.new, .pendingNew])
        // Both are locked from the start.
        #expect(venue.locked(venue.alice, "USDT") == 6_100 * Money.unit)
        #expect(venue.locked(venue.alice, "BTC") == 10_000_000)
        #expect(
            venue.takeEvents() == [
                "1 list EXEC_STARTED", "1 NEW PENDING_NEW", "1 NEW NEW", "1 position",
            ])
        try venue.play(.sell, "61000", "0.04", .ioc)
        #expect(try states(placed, venue) == [.partiallyFilled, .pendingNew])
        _ = venue.takeEvents()
        try venue.play(.sell, "61000", "0.06", .ioc)
        #expect(try states(placed, venue) == [.filled, .new])
        #expect(
            venue.takeEvents() == [
                "1 TRADE FILLED", "1 list EXEC_STARTED", "1 NEW NEW", "1 position",
            ])
        try venue.play(.buy, "64000", "0.1", .ioc)
        #expect(
            venue.takeEvents() == ["1 TRADE FILLED", "1 list ALL_DONE", "1 position"])
    }

    @Test func `filled at once, the answer still shows the pending order as pending`() throws {
        let venue = Venue()
        try venue.play(.sell, "61000", "1")
        let placed = try place(
            .oto(
                working: try Self.ticket(.limit, .buy, "61000"),
                pending: try Self.ticket(.market, .sell)), in: venue)
        #expect(placed.orders.map(\.order.status) == [.filled, .pendingNew])
        #expect(try states(placed, venue)[1] == .expired, "nobody buys")
        #expect(venue.exchange.lists.open(of: venue.alice).isEmpty)
    }

    @Test func `a working order that ends unfilled takes the pending ones with it`() throws {
        let venue = Venue()
        let exits = try Self.exits()
        let placed = try place(
            .otoco(
                working: try Self.ticket(.limit, .buy, "61000", life: .ioc), stop: exits.stop,
                target: exits.target), in: venue)
        #expect(try states(placed, venue) == [.expired, .expired, .expired])
        #expect(try venue.state(placed.list.orders[1]).expiryReason == .workingOrderExpired)
        #expect(venue.locked(venue.alice, "BTC") == 0)
        #expect(venue.takeEvents().last(where: { $0.contains("list") }) == "1 list ALL_DONE")
    }

    @Test func `cancelling a working order cancels the pending ones`() throws {
        let venue = Venue()
        let placed = try place(
            .oto(
                working: try Self.ticket(.limit, .buy, "61000"),
                pending: try Self.ticket(.limit, .sell, "64000")), in: venue)
        _ = try venue.exchange.cancelAll(
            in: venue.market, account: venue.alice, now: venue.now)
        #expect(try states(placed, venue) == [.canceled, .canceled])
        #expect(venue.locked(venue.alice, "BTC") == 0)
    }

    @Test func `a filled entry is guarded by its pair`() throws {
        let venue = Venue()
        let exits = try Self.exits()
        let placed = try place(
            .otoco(
                working: try Self.ticket(.limitMaker, .buy, "61500"), stop: exits.stop,
                target: exits.target), in: venue)
        #expect(placed.list.contingency == .oto)
        #expect(venue.locked(venue.alice, "BTC") == 10_000_000)
        try venue.play(.sell, "61500", "0.1", .ioc)
        #expect(try states(placed, venue) == [.filled, .new, .new])
        try venue.play(.buy, "63000", "0.1", .ioc)
        #expect(try states(placed, venue) == [.filled, .expired, .filled])
        #expect(venue.locked(venue.alice, "BTC") == 0)
    }

    @Test func `a pair whose prices no longer fit is refused when its turn comes`() throws {
        let venue = Venue()
        let exits = try Self.exits()
        let placed = try place(
            .otoco(
                working: try Self.ticket(.limit, .buy, "60500"), stop: exits.stop,
                target: exits.target), in: venue)
        // The entry fills below the stop.
        try venue.play(.sell, "60500", "0.1", .ioc)
        #expect(try states(placed, venue) == [.filled, .expired, .expired])
        #expect(try venue.state(placed.list.orders[1]).expiryReason == .rejected)
        #expect(try venue.state(placed.list.orders[2]).expiryReason == .pairTriggered)
        #expect(venue.locked(venue.alice, "BTC") == 0)
    }

    // MARK: - Refusals

    @Test func `prices must lie around the last one`() throws {
        let venue = Venue()
        let low = try Self.ticket(.limitMaker, .sell, "61000")
        let high = try Self.ticket(.stopLoss, .sell, stop: "62000")
        let exits = try Self.exits()
        for (stop, target) in [(exits.stop, low), (high, exits.target)] {
            #expect(throws: Rejection.badPairPrices) {
                try place(.oco(stop: stop, target: target), in: venue)
            }
        }
    }

    @Test func `everything a list needs must be there`() throws {
        var configuration = Venue.configuration
        configuration.accounts[0].balances = ["USDT": 7_000 * Money.unit, "BTC": 5_000_000]
        let venue = Venue(configuration)
        #expect(throws: Rejection.insufficientBalance) { try pair(in: venue) }
        #expect(throws: Rejection.insufficientBalance) {
            try place(
                .oto(
                    working: try Self.ticket(.limit, .buy, "61000", quantity: "0.06"),
                    pending: try Self.ticket(.limit, .buy, "61000", quantity: "0.06")), in: venue)
        }
        #expect(venue.takeEvents().isEmpty && venue.locked(venue.alice, "USDT") == 0)
    }

    @Test func `lists and their orders count in the filters`() throws {
        var configuration = Venue.configuration
        configuration.symbols[0].filters.maxOrderLists = 1
        let venue = Venue(configuration)
        _ = try pair(in: venue)
        #expect(throws: Rejection.filter("MAX_NUM_ORDER_LISTS")) { try pair(in: venue) }
        configuration.symbols[0].filters.maxOrderLists = 20
        configuration.symbols[0].maxOpenOrders = 3
        let small = Venue(configuration)
        _ = try pair(in: small)
        #expect(throws: Rejection.filter("MAX_NUM_ORDERS")) { try pair(in: small) }
    }

    // MARK: - Amendments

    @Test func `amending one of a pair makes both smaller`() throws {
        let venue = Venue()
        let placed = try pair(in: venue)
        _ = venue.takeEvents()
        let amended = try venue.exchange.amend(
            OrderSelector(orderID: placed.list.orders[0]), to: Quantity(raw: 4_000_000),
            newClientOrderID: nil, in: venue.market, account: venue.alice, now: venue.now)
        #expect(amended.list != nil)
        #expect(
            try placed.list.orders.map { try venue.state($0).quantity.raw }
                == [4_000_000, 4_000_000])
        #expect(venue.locked(venue.alice, "BTC") == 4_000_000)
        #expect(
            venue.takeEvents() == [
                "1 REPLACED NEW", "1 REPLACED NEW", "1 list UPDATED", "1 position",
            ])
    }
}
