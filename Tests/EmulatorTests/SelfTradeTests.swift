import MarketModel
import Testing

@testable import Emulator

/// The scenarios of the venue's page on self-trade prevention, and what is told about them.
@Suite("Self-trade prevention")
struct SelfTradeTests {
    struct Scenario: CustomTestStringConvertible, Sendable {
        let mode: SelfTradePreventionMode
        let resting: [(price: String, quantity: String)]
        let taker: (price: String, quantity: String)
        /// States of the resting orders, then of the arriving one.
        let states: [OrderStatus]
        /// In hundred-millionths, in the same order.
        let prevented: [Int64]
        var testDescription: String { "\(mode)" }
    }

    static let three = [("61202", "0.12"), ("61201", "0.13"), ("61200", "0.81")]

    static let scenarios = [
        Scenario(mode: .none, resting: [("61200", "0.1")], taker: ("61200", "0.1"), states: [.filled, .filled], prevented: [0, 0]),
        Scenario(mode: .expireMaker, resting: three, taker: ("61200", "0.3"), states: [.expiredInMatch, .expiredInMatch, .expiredInMatch, .new], prevented: [12_000_000, 13_000_000, 81_000_000, 0]),
        Scenario(mode: .expireTaker, resting: three, taker: ("61200", "0.3"), states: [.new, .new, .new, .expiredInMatch], prevented: [0, 0, 0, 30_000_000]),
        Scenario(mode: .expireBoth, resting: [("61200", "0.1")], taker: ("61200", "0.3"), states: [.expiredInMatch, .expiredInMatch], prevented: [10_000_000, 30_000_000]),
        Scenario(mode: .decrement, resting: [("61200", "0.6")], taker: ("61200", "0.2"), states: [.new, .expiredInMatch], prevented: [20_000_000, 20_000_000]),
        Scenario(mode: .decrement, resting: [("61200", "0.2")], taker: ("61200", "0.6"), states: [.expiredInMatch, .new], prevented: [20_000_000, 20_000_000]),
        Scenario(mode: .decrement, resting: [("61200", "0.2")], taker: ("61200", "0.2"), states: [.expiredInMatch, .expiredInMatch], prevented: [20_000_000, 20_000_000]),
        Scenario(mode: .transfer, resting: [("61200", "0.6")], taker: ("61200", "0.2"), states: [.new, .expiredInMatch], prevented: [20_000_000, 20_000_000]),
    ]

    @Test(arguments: scenarios)
    func `the taker's mode decides`(_ scenario: Scenario) throws {
        let venue = Venue()
        var ids: [Int64] = []
        for (price, quantity) in scenario.resting {
            ids.append(try venue.place(try Venue.limit(.buy, price, quantity)).order.id)
        }
        let taker = try venue.place(
            try Venue.limit(
                .sell, scenario.taker.price, scenario.taker.quantity, prevention: scenario.mode))
        ids.append(taker.order.id)
        #expect(try ids.map { try venue.state($0).status } == scenario.states)
        #expect(try ids.map { try venue.state($0).prevented.raw } == scenario.prevented)
        #expect(venue.market.prevented.count == taker.prevented.count)
        // What stays open stays locked, nothing else.
        let open = try ids.map { try venue.state($0) }.filter(\.isOpen)
        let sold = open.filter { $0.ticket.side == .sell }.reduce(0) { $0 + $1.remaining.raw }
        let spent = open.filter { $0.ticket.side == .buy }.reduce(0) {
            $0 + (Money.quoteRoundedUp($1.ticket.price, $1.remaining) ?? 0)
        }
        #expect(venue.locked(venue.alice, "BTC") == sold)
        #expect(venue.locked(venue.alice, "USDT") == spent)
    }

    @Test func `a market order that meets only its own orders expires for want of others`() throws {
        let venue = Venue()
        try venue.place(try Venue.limit(.buy, "61200", "0.1"))
        var ticket = OrderTicket(side: .sell, type: .market, timeInForce: .none)
        ticket.quantity = Quantity(raw: 10_000_000)
        ticket.selfTradePrevention = .expireMaker
        let placed = try venue.place(ticket)
        #expect(placed.order.status == .expired)
        #expect(placed.order.expiryReason == .insufficientLiquidity)
        #expect(placed.prevented.map(\.makerPrevented) == [Quantity(raw: 10_000_000)])
    }

    @Test func `a decremented order that then trades ends as filled`() throws {
        let venue = Venue()
        try venue.play(.buy, "61200", "0.1")
        try venue.place(try Venue.limit(.buy, "61201", "0.2"))
        let placed = try venue.place(
            try Venue.limit(.sell, "61200", "0.3", prevention: .decrement))
        #expect(placed.order.status == .filled)
        #expect(placed.order.executed == Quantity(raw: 10_000_000))
        #expect(placed.order.prevented == Quantity(raw: 20_000_000))
        #expect(venue.locked(venue.alice, "BTC") == 0)
    }

    @Test func `both orders' reports name each other and what did not trade`() throws {
        let harness = try DialectHarness()
        let session = harness.connect("/ws-api/v3")
        harness.api("userDataStream.subscribe.signature", "", on: session)
        let order = "symbol=BTCUSDT&type=LIMIT&timeInForce=GTC&price=61837.63"
        let maker = try #require(
            JSONValue.parse(
                harness.signed("POST", "order", order + "&side=BUY&quantity=0.6").text))
        _ = harness.take(session)
        let response = harness.signed(
            "POST", "order",
            order + "&side=SELL&quantity=0.2&selfTradePreventionMode=DECREMENT")
        let taker = try #require(JSONValue.parse(response.text))
        #expect(taker["status"]?.string == "EXPIRED_IN_MATCH")
        #expect(taker["preventedQuantity"]?.string == "0.20000000")
        let match = try #require(taker["preventedMatches"]?.elements.first)
        #expect(match["makerOrderId"] == maker["orderId"])

        let events = harness.take(session).compactMap(JSONValue.parse).compactMap { $0["event"] }
        let prevented = events.filter { $0["x"]?.string == "TRADE_PREVENTION" }
        #expect(prevented.map { $0["X"]?.string } == ["NEW", "EXPIRED_IN_MATCH"])
        #expect(prevented[0]["U"] == taker["orderId"] && prevented[1]["U"] == maker["orderId"])
        for report in prevented {
            #expect(report["A"]?.string == "0.20000000" && report["B"]?.string == "0.20000000")
            #expect(report["v"] == match["preventedMatchId"])
            #expect(report["pl"]?.string == "0.20000000")
            #expect(report["pL"]?.string == "61837.63000000")
            #expect(report["pY"]?.string == "12367.52600000")
            #expect(report["Cs"]?.string == "BTCUSDT")
        }
        let id = try #require(maker["orderId"]?.integer)
        let records = harness.signed("GET", "myPreventedMatches", "symbol=BTCUSDT&orderId=\(id)")
        let record = try #require(JSONValue.parse(records.text)?.elements.first)
        #expect(
            record.keys() == [
                "symbol", "preventedMatchId", "takerOrderId", "makerSymbol", "makerOrderId",
                "tradeGroupId", "selfTradePreventionMode", "price", "takerPreventedQuantity",
                "makerPreventedQuantity", "transactTime",
            ])
        let query = "symbol=BTCUSDT&preventedMatchId=0"
        #expect(harness.signed("GET", "myPreventedMatches", query).text == records.text)
    }

    @Test func `a symbol takes only its own modes, and defaults to one of them`() throws {
        var configuration = DialectHarness.configuration
        configuration.symbols[0].selfTradePreventionModes = [.none, .expireTaker]
        let harness = try DialectHarness(configuration)
        let order = "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=60000"
        #expect(
            harness.signed("POST", "order", order + "&selfTradePreventionMode=EXPIRE_MAKER").text
                == #"{"code":-1013,"msg":"This symbol does not allow the specified self-trade prevention mode."}"#)
        let usual = harness.signed("POST", "order", order)
        #expect(usual.text.contains(#""selfTradePreventionMode":"NONE""#))
    }
}
