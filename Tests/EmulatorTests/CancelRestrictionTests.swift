import MarketModel
import Testing

@testable import Emulator

/// `cancelRestrictions` of cancels and replacements (sheet section 8.2), over both APIs.
@Suite("Cancel restrictions")
struct CancelRestrictionTests {
    private let harness: DialectHarness
    private let session: SessionID

    init() throws {
        harness = try DialectHarness()
        session = harness.connect("/ws-api/v3")
        // One order untouched, one traded in part.
        let market = harness.dialect.exchange.markets[0]
        let top = market.matcher.top
        place("new", price: top.askPrice + Price(raw: 100 * Money.unit))
        place("part", price: top.askPrice - Price(raw: market.configuration.tickSize.raw))
        let bought = harness.signed(
            "POST", "order", "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.01", key: "bob")
        #expect(bought.status == 200, "\(bought.text)")
        #expect(status(of: "part") == "PARTIALLY_FILLED" && status(of: "new") == "NEW")
    }

    private func place(_ id: String, price: Price) {
        let answer = harness.signed(
            "POST", "order",
            "symbol=BTCUSDT&side=SELL&type=LIMIT&timeInForce=GTC&quantity=0.1"
                + "&price=\(formatDecimal(price.raw, scale: 8))&newClientOrderId=\(id)")
        #expect(answer.status == 200, "\(answer.text)")
    }

    private func status(of id: String) -> String? {
        let answer = harness.signed("GET", "order", "symbol=BTCUSDT&origClientOrderId=\(id)")
        return JSONValue.parse(answer.text)?["status"]?.string
    }

    private static let refused =
        #"{"code":-2011,"msg":"Order was not canceled due to cancel restrictions."}"#

    @Test(arguments: [
        ("new", "ONLY_NEW", true), ("new", "ONLY_PARTIALLY_FILLED", false),
        ("part", "ONLY_NEW", false), ("part", "ONLY_PARTIALLY_FILLED", true),
    ])
    func `only an order in that state is cancelled`(
        id: String, restriction: String, isCanceled: Bool
    ) {
        let before = status(of: id)
        let answer = harness.signed(
            "DELETE", "order",
            "symbol=BTCUSDT&origClientOrderId=\(id)&cancelRestrictions=\(restriction)")
        #expect(answer.status == (isCanceled ? 200 : 400))
        if !isCanceled { #expect(answer.text == Self.refused) }
        #expect(status(of: id) == (isCanceled ? "CANCELED" : before))
    }

    @Test(arguments: ["", "only_new", "ONLY_FILLED", "NEW", "0"])
    func `other words are refused and nothing happens`(_ word: String) throws {
        // An empty one was not sent.
        let isSent = !word.isEmpty
        let invalid = #"{"code":-1145,"msg":"Invalid cancelRestrictions"}"#
        let replacement = "symbol=BTCUSDT&side=SELL&type=LIMIT&timeInForce=GTC&quantity=0.1"
            + "&price=70000&cancelReplaceMode=STOP_ON_FAILURE&cancelOrigClientOrderId=new"
            + "&newClientOrderId=next&cancelRestrictions=\(word)"
        let replaced = harness.signed("POST", "order/cancelReplace", replacement)
        #expect(replaced.status == (isSent ? 400 : 200), "\(replaced.text)")
        if isSent { #expect(replaced.text == invalid) }
        #expect(status(of: "new") == (isSent ? "NEW" : "CANCELED"))
        #expect(status(of: "next") == (isSent ? nil : "NEW"))

        harness.api(
            "order.cancel",
            #""symbol":"BTCUSDT","origClientOrderId":"part","cancelRestrictions":"\#(word)""#,
            on: session)
        let answer = try #require(harness.take(session).last.flatMap { JSONValue.parse($0) })
        #expect(answer["status"]?.integer == (isSent ? 400 : 200))
        #expect(answer["error"] == (isSent ? JSONValue.parse(invalid) : nil))
        #expect(status(of: "part") == (isSent ? "PARTIALLY_FILLED" : "CANCELED"))
    }
}
