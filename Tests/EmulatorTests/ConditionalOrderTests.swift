import MarketModel
import Testing

@testable import Emulator

/// The lives of stop, take-profit and trailing orders: they wait, wake, trade and end.
@Suite("Conditional orders")
struct ConditionalOrderTests {
    private func ticket(
        _ type: OrderType, _ side: Side, stop: String? = nil, price: String? = nil,
        delta: Int64 = 0, quantity: String = "0.1", life: TimeInForce = .gtc
    ) throws -> OrderTicket {
        var ticket = OrderTicket(side: side, type: type, timeInForce: .none)
        ticket.quantity = Quantity(raw: try parseDecimal(quantity, scale: 8))
        if let stop { ticket.stopPrice = Price(raw: try parseDecimal(stop, scale: 8)) }
        if let price {
            ticket.price = Price(raw: try parseDecimal(price, scale: 8))
            ticket.timeInForce = life
        }
        ticket.trailingDelta = delta
        return ticket
    }

    struct Trigger: CustomTestStringConvertible, Sendable {
        let type: OrderType
        let side: Side
        let stop: String
        let before: String
        let at: String
        let wrongStop: String
        var testDescription: String { "\(type) \(side)" }
    }

    /// Where each wakes, sheet section 10; the last price is 61837.63 at the start.
    static let triggers = [
        Trigger(type: .stopLoss, side: .sell, stop: "61000", before: "61000.01", at: "61000", wrongStop: "62000"),
        Trigger(type: .stopLoss, side: .buy, stop: "62000", before: "61999.99", at: "62000", wrongStop: "61000"),
        Trigger(type: .takeProfit, side: .sell, stop: "62000", before: "61999.99", at: "62000", wrongStop: "61000"),
        Trigger(type: .takeProfit, side: .buy, stop: "61000", before: "61000.01", at: "60999", wrongStop: "61837.63"),
        Trigger(type: .stopLossLimit, side: .sell, stop: "61000", before: "61000.01", at: "60000", wrongStop: "61837.63"),
        Trigger(type: .stopLossLimit, side: .buy, stop: "62000", before: "61999.99", at: "62000", wrongStop: "61837.63"),
        Trigger(type: .takeProfitLimit, side: .sell, stop: "62000", before: "61999.99", at: "62001", wrongStop: "61837.62"),
        Trigger(type: .takeProfitLimit, side: .buy, stop: "61000", before: "61000.01", at: "61000", wrongStop: "61837.64"),
    ]

    @Test(arguments: triggers)
    func `wakes at its price and not before`(_ example: Trigger) throws {
        let venue = Venue()
        let isLimit = example.type == .stopLossLimit || example.type == .takeProfitLimit
        let order = try venue.place(
            try ticket(
                example.type, example.side, stop: example.stop,
                price: isLimit ? example.stop : nil)
        ).order
        #expect(order.status == .new && !order.isWorking)
        #expect(venue.takeEvents() == ["1 NEW NEW", "1 position"])
        try venue.trade(at: example.before)
        #expect(try !venue.state(order.id).isWorking)
        try venue.trade(at: example.at)
        let awake = try venue.state(order.id)
        #expect(awake.isWorking && awake.workingTime == venue.now)
        if isLimit {
            #expect(awake.status == .new && venue.market.matcher.top != BookTop())
            #expect(venue.takeEvents() == ["1 NEW NEW"])
        } else {
            // Nothing rests on the other side: as a market order it expires.
            #expect(awake.status == .expired && awake.expiryReason == .insufficientLiquidity)
            #expect(venue.takeEvents() == ["1 NEW NEW", "1 EXPIRED EXPIRED", "1 position"])
        }
        #expect(venue.market.triggers.isEmpty)
    }

    @Test(arguments: triggers)
    func `is refused when its price has been reached already`(_ example: Trigger) throws {
        let venue = Venue()
        let isLimit = example.type == .stopLossLimit || example.type == .takeProfitLimit
        #expect(throws: Rejection.wouldTrigger) {
            try venue.place(
                try ticket(
                    example.type, example.side, stop: example.wrongStop,
                    price: isLimit ? example.wrongStop : nil))
        }
        #expect(venue.takeEvents().isEmpty)
    }

    @Test func `a stop sells at the market, in parts, and pays what it locked`() throws {
        let venue = Venue()
        try venue.play(.buy, "60900", "0.04")
        try venue.play(.buy, "60800", "0.1")
        let order = try venue.place(
            try ticket(.stopLoss, .sell, stop: "61000", quantity: "0.1")
        ).order
        #expect(venue.locked(venue.alice, "BTC") == 10_000_000)
        _ = venue.takeEvents()
        try venue.play(.sell, "60900", "0.01", .ioc)
        #expect(
            venue.takeEvents() == [
                "1 NEW NEW", "1 TRADE PARTIALLY_FILLED", "1 TRADE FILLED", "1 position",
            ])
        #expect(try venue.state(order.id).cumulativeQuote == 608_300_000_000)
        #expect(venue.locked(venue.alice, "BTC") == 0)
    }

    @Test func `a stop limit rests, fills in parts and can be cancelled`() throws {
        let venue = Venue()
        let order = try venue.place(
            try ticket(.stopLossLimit, .buy, stop: "62000", price: "62010", quantity: "0.3")
        ).order
        #expect(venue.locked(venue.alice, "USDT") == 18_603 * Money.unit)
        try venue.trade(at: "62000")
        try venue.play(.sell, "62010", "0.1", .ioc)
        #expect(try venue.state(order.id).status == .partiallyFilled)
        _ = try venue.exchange.cancel(
            OrderSelector(orderID: order.id), in: venue.market, account: venue.alice,
            newClientOrderID: nil, now: venue.now)
        #expect(try venue.state(order.id).status == .canceled)
        #expect(venue.locked(venue.alice, "USDT") == 0)
    }

    @Test func `a waiting order can be cancelled and gives its lock back`() throws {
        let venue = Venue()
        let order = try venue.place(try ticket(.stopLoss, .buy, stop: "62000")).order
        #expect(venue.locked(venue.alice, "USDT") == 6_200 * Money.unit)
        _ = try venue.exchange.cancel(
            OrderSelector(orderID: order.id), in: venue.market, account: venue.alice,
            newClientOrderID: nil, now: venue.now)
        #expect(venue.locked(venue.alice, "USDT") == 0)
        #expect(venue.market.triggers.isEmpty)
        try venue.trade(at: "62500")
        #expect(try venue.state(order.id).status == .canceled)
    }

    @Test func `an immediate-or-cancel stop limit expires what it cannot get`() throws {
        let venue = Venue()
        try venue.play(.buy, "60995", "0.04")
        let order = try venue.place(
            try ticket(.stopLossLimit, .sell, stop: "61000", price: "60990", life: .ioc)
        ).order
        try venue.trade(at: "61000")
        let ended = try venue.state(order.id)
        #expect(ended.status == .expired && ended.executed == Quantity(raw: 4_000_000))
        #expect(ended.expiryReason == .unfilledImmediate)
    }

    @Test func `a stop buyer who can no longer pay is refused when it wakes`() throws {
        var configuration = Venue.configuration
        configuration.accounts[0].balances = ["USDT": 6_300 * Money.unit]
        let venue = Venue(configuration)
        let order = try venue.place(try ticket(.stopLoss, .buy, stop: "62000")).order
        try venue.play(.sell, "70000", "1")
        _ = venue.takeEvents()
        try venue.trade(at: "62000")
        let ended = try venue.state(order.id)
        #expect(ended.status == .expired && ended.expiryReason == .rejected)
        #expect(venue.locked(venue.alice, "USDT") == 0)
        #expect(venue.free(venue.alice, "USDT") == 6_300 * Money.unit)
    }

    @Test func `one trade wakes the nearest stop first, and their trades wake others`() throws {
        let venue = Venue()
        try venue.play(.buy, "60500", "0.1")
        try venue.play(.buy, "60000", "5")
        let near = try venue.place(try ticket(.stopLoss, .sell, stop: "61000")).order
        let far = try venue.place(try ticket(.stopLoss, .sell, stop: "60000")).order
        try venue.trade(at: "61000")
        // The near one sells down to 60500; nothing yet for the far one.
        #expect(try venue.state(near.id).status == .filled)
        #expect(try venue.state(far.id).isWaiting)
        let third = try venue.place(try ticket(.stopLoss, .sell, stop: "60400")).order
        try venue.play(.sell, "60000", "0.1", .ioc)
        // At 60000 both wake, the one with the higher stop first.
        let (a, b) = (try venue.state(third.id), try venue.state(far.id))
        #expect(a.status == .filled && b.status == .filled)
        let fills = try #require(venue.market.fills[venue.alice])
        #expect(fills.suffix(2).map(\.orderID) == [third.id, far.id])
    }

    // MARK: - Trailing

    @Test func `a trailing sale follows the highest price from the next trade on`() throws {
        let venue = Venue()
        let order = try venue.place(
            try ticket(.stopLossLimit, .sell, price: "39000", delta: 700)
        ).order
        #expect(try venue.state(order.id).trailingTime == .unknown)
        // Scenario E of the venue's page: 45500 × 0.93 = 42315.
        for price in ["40000", "42000", "39500", "45500", "42315.01"] {
            try venue.trade(at: price)
            #expect(try !venue.state(order.id).isWorking, "\(price)")
        }
        #expect(try venue.state(order.id).trailingTime == venue.now)
        try venue.trade(at: "42315")
        #expect(try venue.state(order.id).isWorking)
    }

    struct Path: Sendable, CustomTestStringConvertible {
        let type: OrderType
        let side: Side
        let stop: String
        let delta: Int64
        let limit: String
        let quiet: [String]
        let last: String
        var testDescription: String { "\(type) \(side)" }
    }

    /// Scenarios A to D of the venue's page on trailing stops.
    static let paths = [
        Path(type: .stopLossLimit, side: .buy, stop: "44000", delta: 500, limit: "45000", quiet: ["37000", "44000", "46000", "42000", "44099.99"], last: "44100"),
        Path(type: .stopLossLimit, side: .sell, stop: "39000", delta: 1_000, limit: "38000", quiet: ["41500", "39000", "37000", "41000", "36900.01"], last: "36900"),
        Path(type: .takeProfitLimit, side: .buy, stop: "38000", delta: 850, limit: "38500", quiet: ["42000", "38000", "37000", "39000", "38000", "40144.99"], last: "40145"),
        Path(type: .takeProfitLimit, side: .sell, stop: "42000", delta: 750, limit: "41000", quiet: ["41500", "39000", "42000", "45000", "44000", "46500", "43012.51"], last: "43012.5"),
    ]

    @Test(arguments: paths)
    func `with a stop price it begins to follow there`(_ path: Path) throws {
        var configuration = Venue.configuration
        configuration.symbols[0].startPrice = Price(raw: 40_000 * Money.unit)
        let venue = Venue(configuration)
        let order = try venue.place(
            try ticket(path.type, path.side, stop: path.stop, price: path.limit, delta: path.delta)
        ).order
        for price in path.quiet {
            try venue.trade(at: price)
            #expect(try !venue.state(order.id).isWorking, "\(price)")
        }
        try venue.trade(at: path.last)
        #expect(try venue.state(order.id).isWorking)
    }
}

@Suite("Icebergs")
struct IcebergTests {
    @Test func `the book shows one part, the account sells the whole`() throws {
        let venue = Venue()
        var ticket = try Venue.limit(.sell, "62000", "1")
        ticket.icebergQuantity = Quantity(raw: 30_000_000)
        let order = try venue.place(ticket).order
        #expect(venue.locked(venue.alice, "BTC") == Money.unit)
        #expect(venue.market.matcher.top.askQuantity == Quantity(raw: 30_000_000))
        try venue.play(.buy, "62000", "0.5", .ioc)
        #expect(try venue.state(order.id).executed == Quantity(raw: 50_000_000))
        #expect(venue.market.matcher.top.askQuantity == Quantity(raw: 10_000_000))
        try venue.play(.buy, "62000", "0.5", .ioc)
        #expect(try venue.state(order.id).status == .filled)
        #expect(venue.locked(venue.alice, "BTC") == 0)
    }

    @Test func `an amendment takes from what is hidden first`() throws {
        let venue = Venue()
        var ticket = try Venue.limit(.sell, "62000", "1")
        ticket.icebergQuantity = Quantity(raw: 30_000_000)
        let order = try venue.place(ticket).order
        func amend(_ quantity: Int64) throws {
            _ = try venue.exchange.amend(
                OrderSelector(orderID: order.id), to: Quantity(raw: quantity),
                newClientOrderID: nil, in: venue.market, account: venue.alice, now: venue.now)
        }
        try amend(40_000_000)
        #expect(venue.market.matcher.top.askQuantity == Quantity(raw: 30_000_000))
        try amend(20_000_000)
        #expect(venue.market.matcher.top.askQuantity == Quantity(raw: 20_000_000))
        #expect(venue.locked(venue.alice, "BTC") == 20_000_000)
    }
}
