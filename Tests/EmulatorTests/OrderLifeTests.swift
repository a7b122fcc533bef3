import MarketModel
import Testing

@testable import Emulator

/// Every order type and time in force from its first report to its last (sheet section 10).
@Suite("Order lives")
struct OrderLifeTests {
    struct Life: CustomTestStringConvertible, Sendable {
        enum Step: Sendable {
            /// The public's order: it rests, or takes what there is.
            case rests(Side, String, String)
            case takes(Side, String, String)
            case cancel
        }

        let testDescription: String
        /// What the book holds before.
        var book: [Step] = []
        let type: OrderType
        let side: Side
        var life = TimeInForce.none
        var price: String?
        var stop: String?
        var quantity = "0.3"
        var quote: Int64 = 0
        var steps: [Step] = []
        /// Execution types and statuses in turn.
        let reports: [String]
        var executed = "0.3"
        var reason: ExpiryReason?

        init(
            _ name: String, _ type: OrderType, _ side: Side, _ life: TimeInForce = .none,
            price: String? = nil, stop: String? = nil, reports: [String],
            change: (inout Life) -> Void = { _ in }
        ) {
            testDescription = name
            (self.type, self.side, self.life) = (type, side, life)
            (self.price, self.stop, self.reports) = (price, stop, reports)
            change(&self)
        }
    }

    private static let filled = ["TRADE PARTIALLY_FILLED", "TRADE FILLED"]
    private static let parts: [Life.Step] = [.takes(.sell, "60000", "0.1"), .takes(.sell, "60000", "0.2")]
    private static let asks: [Life.Step] = [.rests(.sell, "61900", "0.1"), .rests(.sell, "61950", "0.2")]
    private static let bids: [Life.Step] = [.rests(.buy, "60900", "0.1"), .rests(.buy, "60800", "0.2")]

    static let lives = [
        Life("a limit order rests and is taken in parts", .limit, .buy, .gtc, price: "60000",
            reports: ["NEW NEW"] + filled) { $0.steps = parts },
        Life("a limit order is cancelled in part", .limit, .buy, .gtc, price: "60000",
            reports: ["NEW NEW", "TRADE PARTIALLY_FILLED", "CANCELED CANCELED"]) {
            $0.steps = [.takes(.sell, "60000", "0.1"), .cancel]
            $0.executed = "0.1"
        },
        Life("a limit order takes and the rest of it rests", .limit, .buy, .gtc, price: "61900",
            reports: ["NEW NEW"] + filled) {
            $0.book = [.rests(.sell, "61900", "0.1")]
            $0.steps = [.takes(.sell, "61900", "0.2")]
        },
        Life("immediate or cancel takes what there is", .limit, .buy, .ioc, price: "61900",
            reports: ["NEW NEW", "TRADE PARTIALLY_FILLED", "EXPIRED EXPIRED"]) {
            $0.book = asks
            $0.executed = "0.1"
            $0.reason = .unfilledImmediate
        },
        Life("fill or kill is filled whole", .limit, .buy, .fok, price: "61950",
            reports: ["NEW NEW"] + filled) { $0.book = asks },
        Life("fill or kill takes nothing of too little", .limit, .buy, .fok, price: "61900",
            reports: ["NEW NEW", "EXPIRED EXPIRED"]) {
            $0.book = asks
            $0.executed = "0"
            $0.reason = .unfilledFillOrKill
        },
        Life("a maker's order rests and is taken in parts", .limitMaker, .buy, price: "60000",
            reports: ["NEW NEW"] + filled) { $0.steps = parts },
        Life("a market order goes through the levels", .market, .buy, reports: ["NEW NEW"] + filled) {
            $0.book = asks
        },
        Life("a market order of an amount of money", .market, .buy, reports: ["NEW NEW", "TRADE FILLED"]) {
            $0.book = asks
            $0.quantity = "0"
            $0.quote = 619 * Money.unit
            $0.executed = "0.01"
        },
        Life("a market order finds too little", .market, .buy,
            reports: ["NEW NEW", "TRADE PARTIALLY_FILLED", "EXPIRED EXPIRED"]) {
            $0.book = [.rests(.sell, "61900", "0.1")]
            $0.executed = "0.1"
            $0.reason = .insufficientLiquidity
        },
        Life("a stop waits, wakes and sells at the market", .stopLoss, .sell, stop: "61000",
            reports: ["NEW NEW", "NEW NEW"] + filled) {
            $0.book = [.rests(.buy, "61000", "0.01")] + bids
            $0.steps = [.takes(.sell, "61000", "0.01")]
        },
        Life("a take-profit waits, wakes and sells at the market", .takeProfit, .sell, stop: "62000",
            reports: ["NEW NEW", "NEW NEW"] + filled) {
            $0.book = [.rests(.sell, "62000", "0.01")] + bids
            $0.steps = [.takes(.buy, "62000", "0.01")]
        },
        Life("a stop limit waits, wakes, rests and is taken", .stopLossLimit, .sell, .gtc,
            price: "60950", stop: "61000", reports: ["NEW NEW", "NEW NEW"] + filled) {
            $0.book = [.rests(.buy, "61000", "0.01")]
            $0.steps = [
                .takes(.sell, "61000", "0.01"), .takes(.buy, "60950", "0.1"),
                .takes(.buy, "60950", "0.2"),
            ]
        },
        Life("a take-profit limit waits, wakes, rests and is cancelled", .takeProfitLimit, .sell, .gtc,
            price: "62100", stop: "62000", reports: ["NEW NEW", "NEW NEW", "CANCELED CANCELED"]) {
            $0.book = [.rests(.sell, "62000", "0.01")]
            $0.steps = [.takes(.buy, "62000", "0.01"), .cancel]
            $0.executed = "0"
        },
        Life("a waiting stop is cancelled", .stopLoss, .sell, stop: "61000",
            reports: ["NEW NEW", "CANCELED CANCELED"]) {
            $0.steps = [.cancel]
            $0.executed = "0"
        },
    ]

    @Test(arguments: lives)
    func `is told report by report, and gives back what it does not need`(_ life: Life) throws {
        let venue = Venue()
        for step in life.book { try play(step, venue, nil) }
        var ticket = OrderTicket(side: life.side, type: life.type, timeInForce: life.life)
        ticket.quantity = Quantity(raw: try parseDecimal(life.quantity, scale: 8))
        if let price = life.price { ticket.price = Price(raw: try parseDecimal(price, scale: 8)) }
        if let stop = life.stop { ticket.stopPrice = Price(raw: try parseDecimal(stop, scale: 8)) }
        ticket.quoteQuantity = life.quote
        let order = try venue.place(ticket).order
        for step in life.steps { try play(step, venue, order.id) }
        let reports = venue.takeEvents().filter { !$0.hasSuffix("position") }
            .map { String($0.dropFirst(2)) }
        #expect(reports == life.reports)
        let end = try venue.state(order.id)
        #expect(end.executed == Quantity(raw: try parseDecimal(life.executed, scale: 8)))
        #expect(end.expiryReason == life.reason)
        for asset in ["BTC", "USDT"] { #expect(venue.locked(venue.alice, asset) == 0) }
    }

    @Test func `a maker's order that would take is refused, its test does not meet the book`() throws {
        let harness = try DialectHarness()
        let order = "symbol=BTCUSDT&side=BUY&type=LIMIT_MAKER&quantity=0.01&price=65000"
        #expect(
            harness.signed("POST", "order", order).text
                == #"{"code":-2010,"msg":"Order would immediately match and take."}"#)
        #expect(harness.signed("POST", "order/test", order).text == "{}")
    }

    /// `order/test` checks the same, but does not go to the matching engine.
    @Test(arguments: OrderParameterTests.refused)
    func `a test order is refused as the order itself`(_ example: OrderParameterTests.Case) throws {
        let harness = try DialectHarness()
        let query = "symbol=BTCUSDT&" + example.query
        let test = harness.signed("POST", "order/test", query)
        let order = harness.signed("POST", "order", query)
        let isOfMatching = example.message == "Order would trigger immediately."
        #expect(test.text == (isOfMatching ? "{}" : order.text))
        #expect(order.status == 400)
    }

    @Test func `a test order opens nothing, locks nothing and counts as none`() throws {
        let harness = try DialectHarness()
        let session = harness.connect("/ws-api/v3")
        harness.api("userDataStream.subscribe.signature", "", on: session)
        _ = harness.take(session)
        let before = harness.signed("GET", "account", "").text
        let query = "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=60000"
        let response = harness.signed("POST", "order/test", query)
        #expect(response.text == "{}")
        #expect(harness.signed("GET", "openOrders", "symbol=BTCUSDT").text == "[]")
        #expect(harness.signed("GET", "account", "").text == before)
        let counts = harness.signed("GET", "rateLimit/order", "")
        #expect(counts.text.contains(#""count":0"#) && !counts.text.contains(#""count":1"#))
        #expect(harness.take(session).isEmpty)
    }

    private func play(_ step: Life.Step, _ venue: Venue, _ order: Int64?) throws {
        switch step {
        case .rests(let side, let price, let quantity): try venue.play(side, price, quantity)
        case .takes(let side, let price, let quantity):
            try venue.play(side, price, quantity, .ioc)
        case .cancel:
            let id = try #require(order)
            _ = try venue.exchange.cancel(
                OrderSelector(orderID: id), in: venue.market, account: venue.alice,
                newClientOrderID: nil, now: venue.now)
        }
    }
}
