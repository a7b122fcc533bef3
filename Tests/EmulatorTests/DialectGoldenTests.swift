import MarketModel
import Testing

@testable import Emulator

/// Answers and events have the documented fields in the documented order.
@Suite("Dialect against documented frames", .enabled(if: SharedFiles.hasFrames))
struct DialectGoldenTests {
    /// Fields that depend on the order, and optional ones.
    static let conditional: Set<String> = [
        "stopPrice", "trailingDelta", "trailingTime", "icebergQty", "strategyId", "strategyType",
        "preventedMatchId", "preventedQuantity", "v", "rateLimits",
    ]

    private func parsed(_ text: String) throws -> JSONValue {
        try #require(JSONValue.parse(text))
    }

    private func expectSameKeys(
        _ ours: JSONValue, _ documented: JSONValue, without left: Set<String> = conditional
    ) {
        #expect(ours.keys(without: left) == documented.keys(without: left))
    }

    @Test func `new orders answer ACK, RESULT and FULL as documented`() throws {
        let documented = try SharedFiles.frames("rest_order_new_doc")
        for (index, type) in ["ACK", "RESULT", "FULL"].enumerated() {
            let harness = try DialectHarness()
            let response = harness.signed(
                "POST", "order",
                "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.01&newOrderRespType=\(type)")
            #expect(response.status == 200)
            expectSameKeys(try parsed(response.text), documented[index])
        }
    }

    @Test func `cancels, queries and open orders answer as documented`() throws {
        let harness = try DialectHarness()
        _ = harness.signed(
            "POST", "order",
            "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=60000"
                + "&newClientOrderId=mine")
        let query = harness.signed("GET", "order", "symbol=BTCUSDT&origClientOrderId=mine")
        expectSameKeys(try parsed(query.text), try SharedFiles.frames("rest_order_query_doc")[0])
        let open = harness.signed("GET", "openOrders", "symbol=BTCUSDT")
        let documented = try SharedFiles.frames("rest_openOrders_doc")[0]
        #expect(
            Set(try parsed(open.text).keys(without: Self.conditional))
                == Set(documented.keys(without: Self.conditional)))
        let cancel = harness.signed("DELETE", "order", "symbol=BTCUSDT&origClientOrderId=mine")
        expectSameKeys(try parsed(cancel.text), try SharedFiles.frames("rest_order_cancel_doc")[0])
    }

    @Test func `cancel-replace answers its four outcomes as documented`() throws {
        let documented = try SharedFiles.frames("rest_order_cancelReplace_doc")
        let order = "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01"
        let harness = try DialectHarness()
        func replace(_ rest: String) -> RESTResponse {
            harness.signed("POST", "order/cancelReplace", order + rest)
        }
        _ = harness.signed("POST", "order", order + "&price=60000&newClientOrderId=a")
        let both = replace(
            "&price=60001&cancelReplaceMode=STOP_ON_FAILURE&cancelOrigClientOrderId=a"
                + "&newClientOrderId=b")
        #expect(both.status == 200)
        // The documented sample puts `fills` before the prevention mode here, after it elsewhere.
        expectSameKeys(
            try parsed(both.text), documented[0],
            without: Self.conditional.union(["fills", "selfTradePreventionMode"]))
        let none = replace(
            "&price=60001&cancelReplaceMode=STOP_ON_FAILURE&cancelOrigClientOrderId=a")
        #expect(none.status == 400)
        #expect(none.text.hasPrefix(#"{"code":-2022,"msg":"Order cancel-replace failed.","data":"#))
        expectSameKeys(try parsed(none.text), documented[1])
        let placedOnly = replace(
            "&price=60002&cancelReplaceMode=ALLOW_FAILURE&cancelOrigClientOrderId=a"
                + "&newOrderRespType=ACK")
        #expect(placedOnly.status == 409)
        expectSameKeys(try parsed(placedOnly.text), documented[3])
    }

    /// A pair, a triggered order and a triggered pair, as REST requests.
    static let lists: [(path: String, query: String, file: String)] = [
        (
            "oco",
            "side=SELL&quantity=0.01&aboveType=LIMIT_MAKER&abovePrice=65000"
                + "&belowType=STOP_LOSS_LIMIT&belowPrice=59000&belowStopPrice=59000"
                + "&belowTimeInForce=GTC&belowIcebergQty=0.005", "rest_orderList_oco_doc"
        ),
        (
            "oto",
            "workingType=LIMIT&workingSide=SELL&workingPrice=65000&workingQuantity=0.01"
                + "&workingTimeInForce=GTC&pendingType=MARKET&pendingSide=BUY"
                + "&pendingQuantity=0.01", "rest_orderList_oto_doc"
        ),
        (
            "otoco",
            "workingType=LIMIT&workingSide=SELL&workingPrice=65000&workingQuantity=0.01"
                + "&workingTimeInForce=GTC&pendingSide=BUY&pendingQuantity=0.01"
                + "&pendingAboveType=STOP_LOSS_LIMIT&pendingAbovePrice=66000"
                + "&pendingAboveStopPrice=66000&pendingAboveTimeInForce=IOC"
                + "&pendingBelowType=LIMIT_MAKER&pendingBelowPrice=60000",
            "rest_orderList_otoco_doc"
        ),
    ]

    /// Every order report's fields, in order.
    private func reports(_ list: JSONValue) -> [[String]] {
        list["orderReports"]?.elements.map { $0.keys() } ?? []
    }

    @Test(arguments: lists)
    func `order lists are placed, queried and cancelled as documented`(
        _ example: (path: String, query: String, file: String)
    ) throws {
        let harness = try DialectHarness()
        let placed = try parsed(
            harness.signed(
                "POST", "orderList/" + example.path, "symbol=BTCUSDT&" + example.query).text)
        let documented = try SharedFiles.frames(example.file)[0]
        #expect(placed.keys(without: ["orderReports"]) == documented.keys(without: ["orderReports"]))
        #expect(reports(placed) == reports(documented))
        for field in ["contingencyType", "listStatusType", "listOrderStatus"] {
            #expect(placed[field] == documented[field])
        }
        let types = { (list: JSONValue) in
            list["orderReports"]?.elements.map { [$0["type"], $0["status"], $0["timeInForce"]] }
        }
        #expect(types(placed) == types(documented))

        let id = try #require(placed["orderListId"]?.integer)
        let query = try parsed(harness.signed("GET", "orderList", "orderListId=\(id)").text)
        #expect(query.keys() == placed.keys(without: ["orderReports"]))
        #expect(harness.signed("GET", "openOrderList", "").text.contains(#""orderListId":\#(id)"#))
        let canceled = try parsed(
            harness.signed("DELETE", "orderList", "symbol=BTCUSDT&orderListId=\(id)").text)
        let end = try SharedFiles.frames("rest_orderList_cancel_doc")[0]
        #expect(canceled.keys(without: ["orderReports"]) == end.keys(without: ["orderReports"]))
        #expect(
            canceled["orderReports"]?.elements.first?.keys(without: Self.conditional)
                == end["orderReports"]?.elements.first?.keys(without: Self.conditional))
        #expect(canceled["listOrderStatus"]?.string == "ALL_DONE")
        #expect(harness.signed("GET", "openOrderList", "").text == "[]")
        #expect(harness.signed("GET", "allOrderList", "").text.contains("ALL_DONE"))
    }

    @Test func `amendments answer as documented, alone and in a list`() throws {
        let documented = try SharedFiles.frames("rest_order_amend_doc")
        let harness = try DialectHarness()
        _ = harness.signed(
            "POST", "order",
            "symbol=BTCUSDT&side=SELL&type=LIMIT&timeInForce=GTC&quantity=0.1&price=65000"
                + "&newClientOrderId=a")
        let alone = harness.signed(
            "PUT", "order/amend/keepPriority", "symbol=BTCUSDT&origClientOrderId=a&newQty=0.05")
        #expect(try parsed(alone.text).keys() == documented[0].keys())
        _ = harness.signed(
            "POST", "orderList/oto",
            "symbol=BTCUSDT&" + Self.lists[1].query + "&pendingClientOrderId=b")
        let inList = harness.signed(
            "PUT", "order/amend/keepPriority", "symbol=BTCUSDT&origClientOrderId=b&newQty=0.005")
        #expect(try parsed(inList.text).keys() == documented[1].keys())
    }

    @Test func `other user events have every documented key in order`() throws {
        let harness = try DialectHarness()
        let session = harness.connect("/ws-api/v3")
        harness.api("userDataStream.subscribe.signature", "", on: session)
        _ = harness.take(session)
        _ = harness.signed("POST", "orderList/oco", "symbol=BTCUSDT&" + Self.lists[0].query)
        harness.dialect.perform(
            .deposit(account: "alice", asset: "BTC", amount: 1), now: harness.now)
        harness.dialect.perform(
            .lockExternally(account: "alice", asset: "BTC", amount: 1), now: harness.now)
        harness.send(#"{"id":2,"method":"userDataStream.unsubscribe"}"#, on: session)
        let frames = try harness.take(session).map(parsed)
        for kind in [
            "listStatus", "balanceUpdate", "externalLockUpdate", "eventStreamTerminated",
        ] {
            let ours = try #require(frames.first { $0["event"]?["e"]?.string == kind })
            expectSameKeys(ours, try SharedFiles.frames("user_\(kind)_doc")[0])
        }
    }

    @Test func `accounts, trades, fees and limits answer as documented`() throws {
        let harness = try DialectHarness()
        _ = harness.signed(
            "POST", "order", "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.01")
        for (path, query, file) in [
            ("account", "", "rest_account_doc"),
            ("myTrades", "symbol=BTCUSDT", "rest_myTrades_doc"),
            ("account/commission", "symbol=BTCUSDT", "rest_commission_doc"),
            ("rateLimit/order", "", "rest_rateLimitOrder_doc"),
        ] {
            let response = harness.signed("GET", path, query)
            expectSameKeys(try parsed(response.text), try SharedFiles.frames(file)[0])
        }
    }

    @Test func `public answers are as documented`() throws {
        let harness = try DialectHarness()
        _ = harness.signed(
            "POST", "order", "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.01")
        for (target, file) in [
            ("depth?symbol=BTCUSDT", "rest_depth_doc"),
            ("trades?symbol=BTCUSDT", "rest_trades_doc"),
            ("aggTrades?symbol=BTCUSDT", "rest_aggTrades_doc"),
            ("ticker/bookTicker?symbol=BTCUSDT", "rest_bookTicker_doc"),
        ] {
            let response = harness.rest("GET", target)
            #expect(response.status == 200, "\(target)")
            expectSameKeys(try parsed(response.text), try SharedFiles.frames(file)[0])
        }
        let rows = try parsed(harness.rest("GET", "klines?symbol=BTCUSDT&interval=1d").text)
        let documented = try SharedFiles.frames("rest_klines_doc")[0]
        #expect(rows.elements[0].elements.count == documented.elements[0].elements.count)
    }

    @Test func `exchangeInfo describes symbols as documented`() throws {
        let harness = try DialectHarness()
        let info = try parsed(harness.rest("GET", "exchangeInfo?symbol=BTCUSDT").text)
        let documented = try SharedFiles.frames("rest_exchangeInfo_doc")[0]
        let empty: Set = ["filters", "permissions", "rateLimits", "sors"]
        expectSameKeys(info, documented, without: empty)
    }

    @Test func `user events have every documented key in order`() throws {
        let harness = try DialectHarness()
        let session = harness.connect("/ws-api/v3")
        harness.api("userDataStream.subscribe.signature", "", on: session)
        harness.api(
            "order.place",
            #""symbol":"BTCUSDT","side":"BUY","type":"LIMIT","timeInForce":"GTC","#
                + #""quantity":"0.01","price":"60000.00""#, on: session)
        let frames = try harness.take(session).map(parsed)
        expectSameKeys(
            frames[0], try SharedFiles.frames("wsapi_userDataStream_subscribe_signature_doc")[1])
        expectSameKeys(frames[2], try SharedFiles.frames("user_executionReport_doc")[0])
        expectSameKeys(frames[3], try SharedFiles.frames("user_outboundAccountPosition_doc")[0])
    }

    @Test func `WebSocket API answers are as documented, with rate limits`() throws {
        let harness = try DialectHarness()
        let session = harness.connect("/ws-api/v3")
        harness.api(
            "order.place",
            #""symbol":"BTCUSDT","side":"SELL","type":"LIMIT","timeInForce":"GTC","#
                + #""quantity":"0.01","price":"70000.00","newOrderRespType":"ACK","#
                + #""newClientOrderId":"x""#, on: session)
        harness.api("account.status", "", on: session)
        harness.api("order.cancel", #""symbol":"BTCUSDT","origClientOrderId":"x""#, on: session)
        let frames = try harness.take(session).map(parsed)
        let optional = Self.conditional.subtracting(["rateLimits"])
        expectSameKeys(
            frames[0], try SharedFiles.frames("wsapi_order_place_doc")[1], without: optional)
        #expect(
            Set(frames[1].keys(without: Self.conditional))
                == Set(try SharedFiles.frames("wsapi_account_status_doc")[1].keys(
                    without: Self.conditional)))
        expectSameKeys(
            frames[2], try SharedFiles.frames("wsapi_order_cancel_doc")[1], without: optional)
    }

    @Test func `stream payloads have the documented keys in order`() throws {
        var configuration = DialectHarness.configuration
        configuration.market = .agents(AgentConfiguration())
        let harness = try DialectHarness(configuration)
        for (stream, file) in [
            ("btcusdt@trade", "trade_doc"), ("btcusdt@aggTrade", "aggTrade_doc"),
            ("btcusdt@bookTicker", "bookTicker_doc"), ("btcusdt@kline_1m", "kline_doc"),
            ("btcusdt@depth", "depthDiff_doc"), ("btcusdt@depth5", "depthPartial_doc"),
        ] {
            let session = harness.connect("/ws/" + stream)
            harness.advance(milliseconds: 2_500)
            let first = try #require(harness.take(session).first, "\(stream) is silent")
            expectSameKeys(try parsed(first), try SharedFiles.frames(file)[0])
        }
    }
}
