import MarketModel
import Testing

@testable import Emulator

@Suite("Amendments")
struct AmendmentTests {
    private let order =
        "symbol=BTCUSDT&side=SELL&type=LIMIT&timeInForce=GTC&quantity=0.1&price=65000"
        + "&newClientOrderId=mine"

    private func amend(_ harness: DialectHarness, _ rest: String) -> RESTResponse {
        harness.signed("PUT", "order/amend/keepPriority", "symbol=BTCUSDT&" + rest)
    }

    static let refused: [(rest: String, body: String)] = [
        ("origClientOrderId=mine&newQty=0.2", #"{"code":-2038,"msg":"Order amend (quantity increase) is not supported."}"#),
        ("origClientOrderId=mine&newQty=0.1", #"{"code":-2038,"msg":"The requested action would change no state; rejecting."}"#),
        ("origClientOrderId=other&newQty=0.05", #"{"code":-2038,"msg":"Unknown order sent."}"#),
        ("origClientOrderId=mine&newQty=0.000001", #"{"code":-1013,"msg":"Filter failure: LOT_SIZE"}"#),
        ("origClientOrderId=mine&newQty=0.00001", #"{"code":-1013,"msg":"Filter failure: NOTIONAL"}"#),
        ("origClientOrderId=mine", #"{"code":-1102,"msg":"Mandatory parameter 'newQty' was not sent, was empty/null, or malformed."}"#),
        ("newQty=0.05", #"{"code":-1102,"msg":"Param 'origClientOrderId' or 'orderId' must be sent, but both were empty/null!"}"#),
    ]

    @Test(arguments: refused)
    func `refuses these in the venue's words`(_ example: (rest: String, body: String)) throws {
        let harness = try DialectHarness()
        _ = harness.signed("POST", "order", order)
        #expect(amend(harness, example.rest).text == example.body)
    }

    @Test func `keeps the order's number and turn, renames it and unlocks the difference`() throws {
        let venue = Venue()
        let first = try venue.place(try Venue.limit(.sell, "62000", "0.1", id: "a")).order
        try venue.play(.sell, "62000", "1")
        let amended = try venue.exchange.amend(
            OrderSelector(orderID: first.id), to: Quantity(raw: 4_000_000), newClientOrderID: "b",
            in: venue.market, account: venue.alice, now: venue.now)
        #expect(amended.order.id == first.id && amended.order.clientOrderID == "b")
        #expect(venue.locked(venue.alice, "BTC") == 4_000_000)
        try venue.play(.buy, "62000", "0.04", .ioc)
        #expect(try venue.state(first.id).status == .filled, "it was first and still is")
        #expect(venue.market.orders.find(venue.alice, clientOrderID: "a") == nil)
        #expect(venue.market.orders.find(venue.alice, clientOrderID: "b")?.id == first.id)
    }

    @Test func `an order may be amended ten times, and every time is remembered`() throws {
        let harness = try DialectHarness()
        _ = harness.signed("POST", "order", order)
        for step in 1...10 {
            let response = amend(harness, "orderId=\(try id(harness))&newQty=0.0\(99 - step)")
            #expect(response.status == 200, "\(response.text)")
        }
        #expect(
            amend(harness, "orderId=\(try id(harness))&newQty=0.05").text
                == #"{"code":-2038,"msg":"Filter failure: MAX_NUM_ORDER_AMENDS"}"#)
        let history = harness.signed(
            "GET", "order/amendments", "symbol=BTCUSDT&orderId=\(try id(harness))&limit=4")
        let parsed = try #require(JSONValue.parse(history.text))
        #expect(parsed.elements.count == 4)
        #expect(
            parsed.elements[0].keys() == [
                "symbol", "orderId", "executionId", "origClientOrderId", "newClientOrderId",
                "origQty", "newQty", "time",
            ])
        #expect(parsed.elements[0]["origClientOrderId"]?.string == "mine")
        #expect(parsed.elements[1]["origQty"] == parsed.elements[0]["newQty"])
    }

    private func id(_ harness: DialectHarness) throws -> Int64 {
        let open = try #require(
            JSONValue.parse(harness.signed("GET", "openOrders", "symbol=BTCUSDT").text))
        return try #require(open.elements.first?["orderId"]?.integer)
    }

    @Test func `an amendment to what is already filled ends the order and costs no weight`() throws {
        let venue = Venue()
        let order = try venue.place(try Venue.limit(.sell, "62000", "0.1")).order
        try venue.play(.buy, "62000", "0.06", .ioc)
        _ = venue.takeEvents()
        let amended = try venue.exchange.amend(
            OrderSelector(orderID: order.id), to: Quantity(raw: 5_000_000), newClientOrderID: nil,
            in: venue.market, account: venue.alice, now: venue.now)
        #expect(amended.hasExpired && amended.order.status == .expired)
        #expect(
            venue.takeEvents()
                == ["1 REPLACED PARTIALLY_FILLED", "1 EXPIRED EXPIRED", "1 position"])
        #expect(venue.locked(venue.alice, "BTC") == 0)
        #expect(venue.market.matcher.top.askQuantity == .zero)
    }

    @Test func `weight is charged unless the order expires`() throws {
        let harness = try DialectHarness()
        _ = harness.signed("POST", "order", order)
        let response = amend(harness, "origClientOrderId=mine&newQty=0.05")
        #expect(response.fields.contains { $0 == ("X-MBX-USED-WEIGHT-1M", "4") })
    }

    @Test func `the stream says REPLACED with the old id`() throws {
        let harness = try DialectHarness()
        let session = harness.connect("/ws-api/v3")
        harness.api("userDataStream.subscribe.signature", "", on: session)
        _ = harness.signed("POST", "order", order)
        _ = harness.take(session)
        harness.api(
            "order.amend.keepPriority",
            #""symbol":"BTCUSDT","origClientOrderId":"mine","newQty":"0.05","#
                + #""newClientOrderId":"yours""#, on: session)
        let frames = harness.take(session).compactMap(JSONValue.parse)
        let report = try #require(frames.compactMap { $0["event"] }.first)
        #expect(report["x"]?.string == "REPLACED" && report["X"]?.string == "NEW")
        #expect(report["c"]?.string == "yours" && report["C"]?.string == "mine")
        #expect(report["q"]?.string == "0.05000000")
        let answer = try #require(frames.first { $0["result"] != nil }?["result"])
        #expect(answer["executionId"] == report["I"])
        #expect(answer["amendedOrder"]?["origClientOrderId"]?.string == "mine")
    }

    @Test func `client and venue ids must belong together`() throws {
        let harness = try DialectHarness()
        _ = harness.signed("POST", "order", order)
        let mismatch =
            #"{"code":-2039,"msg":"Client order ID is not correct for this order ID."}"#
        let query = "symbol=BTCUSDT&orderId=\(try id(harness))&origClientOrderId=other"
        #expect(harness.signed("DELETE", "order", query).text == mismatch)
        #expect(harness.signed("GET", "order", query).text == mismatch)
    }
}
