import MarketModel
import Testing

@testable import Emulator

@Suite("Dialect")
struct DialectTests {
    static let badRequests: [(method: String, target: String, status: Int, body: String)] = [
        (
            "GET", "depth", 400,
            #"{"code":-1102,"msg":"Mandatory parameter 'symbol' was not sent, was empty/null, or malformed."}"#
        ),
        ("GET", "depth?symbol=NOPE", 400, #"{"code":-1121,"msg":"Invalid symbol."}"#),
        (
            "GET", "klines?symbol=BTCUSDT&interval=7m", 400,
            #"{"code":-1120,"msg":"Invalid interval."}"#
        ),
        ("GET", "nothing", 404, #"{"code":-1020,"msg":"This operation is not supported."}"#),
        ("GET", "account", 401, #"{"code":-2014,"msg":"API-key format invalid."}"#),
    ]

    @Test(arguments: badRequests)
    func `refuses bad requests in the venue's words`(
        _ example: (method: String, target: String, status: Int, body: String)
    ) throws {
        let response = try DialectHarness().rest(example.method, example.target)
        #expect(response.status == example.status)
        #expect(response.text == example.body)
    }

    static let badOrders: [(query: String, body: String)] = [
        ("side=BUY", #"{"code":-1102,"msg":"Mandatory parameter 'type' was not sent, was empty/null, or malformed."}"#),
        ("side=HOLD&type=LIMIT", #"{"code":-1117,"msg":"Invalid side."}"#),
        ("side=BUY&type=ICE", #"{"code":-1116,"msg":"Invalid orderType."}"#),
        ("side=BUY&type=LIMIT&quantity=1&price=60000&timeInForce=GTX", #"{"code":-1115,"msg":"Invalid timeInForce."}"#),
        ("side=BUY&type=LIMIT&quantity=1&timeInForce=GTC", #"{"code":-1102,"msg":"Mandatory parameter 'price' was not sent, was empty/null, or malformed."}"#),
        ("side=BUY&type=MARKET", #"{"code":-1102,"msg":"Param 'quantity' or 'quoteOrderQty' must be sent, but both were empty/null!"}"#),
        ("side=BUY&type=MARKET&quantity=1&price=3", #"{"code":-1106,"msg":"Parameter 'price' sent when not required."}"#),
        ("side=BUY&type=LIMIT_MAKER&quantity=1&price=3&timeInForce=GTC", #"{"code":-1106,"msg":"Parameter 'timeInForce' sent when not required."}"#),
        ("side=BUY&type=LIMIT&quantity=0.000000001&price=60000&timeInForce=GTC", #"{"code":-1111,"msg":"Parameter 'quantity' has too much precision."}"#),
        ("side=BUY&type=LIMIT&quantity=abc&price=60000&timeInForce=GTC", #"{"code":-1100,"msg":"Illegal characters found in parameter 'quantity'; legal range is '^([0-9]{1,20})(\\.[0-9]{1,20})?$'."}"#),
        ("side=BUY&type=LIMIT&quantity=0.01&price=60000.001&timeInForce=GTC", #"{"code":-1013,"msg":"Filter failure: PRICE_FILTER"}"#),
        ("side=BUY&type=LIMIT_MAKER&quantity=0.01&price=70000", #"{"code":-2010,"msg":"Order would immediately match and take."}"#),
        ("side=BUY&type=LIMIT&quantity=90&price=61000&timeInForce=GTC", #"{"code":-2010,"msg":"Account has insufficient balance for requested action."}"#),
        ("side=BUY&type=LIMIT&quantity=0.01&price=60000&timeInForce=GTC&newClientOrderId=a%20b", #"{"code":-1100,"msg":"Illegal characters found in parameter 'newClientOrderId'; legal range is '^[a-zA-Z0-9-_]{1,36}$'."}"#),
    ]

    @Test(arguments: badOrders)
    func `refuses bad orders in the venue's words`(_ example: (query: String, body: String)) throws {
        let response = try DialectHarness().signed(
            "POST", "order", "symbol=BTCUSDT&" + example.query)
        #expect(response.status == 400)
        #expect(response.text == example.body)
    }

    @Test func `cancels and queries of unknown orders have their own codes`() throws {
        let harness = try DialectHarness()
        let cancel = harness.signed("DELETE", "order", "symbol=BTCUSDT&orderId=7")
        #expect(cancel.text == #"{"code":-2011,"msg":"Unknown order sent."}"#)
        let query = harness.signed("GET", "order", "symbol=BTCUSDT&orderId=7")
        #expect(query.text == #"{"code":-2013,"msg":"Order does not exist."}"#)
    }

    @Test(arguments: [
        (-5_001, #"{"code":-1021,"msg":"Timestamp for this request is outside of the recvWindow."}"#),
        (1_000, #"{"code":-1021,"msg":"Timestamp for this request was 1000ms ahead of the server's time."}"#),
    ])
    func `timestamps outside the window are refused`(_ offset: Int64, _ body: String) throws {
        let harness = try DialectHarness()
        let time = harness.now.milliseconds + offset
        let response = harness.rest(
            "GET", "account?timestamp=\(time)&signature=good", key: "alice")
        #expect(response.text == body)
        let accepted = harness.rest(
            "GET", "account?timestamp=\(harness.now.milliseconds + 999)&signature=good",
            key: "alice")
        #expect(accepted.status == 200)
    }

    @Test func `wrong keys and signatures are refused`() throws {
        let harness = try DialectHarness()
        let time = harness.now.milliseconds
        #expect(
            harness.rest("GET", "account?timestamp=\(time)&signature=bad", key: "alice").text
                == #"{"code":-1022,"msg":"Signature for this request is not valid."}"#)
        #expect(harness.rest("GET", "account?timestamp=\(time)&signature=good", key: "eve").status == 401)
    }

    @Test func `weights are counted, then 429 with Retry-After, then 418`() throws {
        var configuration = DialectHarness.configuration
        configuration.limits.requestWeightPerMinute = 50
        configuration.limits.banAfterViolations = 2
        let harness = try DialectHarness(configuration)
        let first = harness.rest("GET", "depth?symbol=BTCUSDT&limit=500")
        #expect(first.fields.contains { $0 == ("X-MBX-USED-WEIGHT-1M", "25") })
        _ = harness.rest("GET", "depth?symbol=BTCUSDT&limit=500")
        let limited = harness.rest("GET", "ping")
        #expect(limited.status == 429)
        #expect(limited.text.contains("-1003"))
        #expect(limited.fields.contains { $0.0 == "Retry-After" })
        _ = harness.rest("GET", "ping")
        #expect(harness.rest("GET", "ping").status == 418)
        harness.now = harness.now + .seconds(200)
        #expect(harness.rest("GET", "ping").status == 200)
    }

    @Test func `orders are limited by account and a fill gives its count back`() throws {
        var configuration = DialectHarness.configuration
        configuration.limits.ordersPerTenSeconds = 2
        let harness = try DialectHarness(configuration)
        let rest = "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=60000"
        for _ in 0..<3 {
            let filled = harness.signed(
                "POST", "order", "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.001")
            #expect(filled.status == 200)
        }
        _ = harness.signed("POST", "order", rest)
        let last = harness.signed("POST", "order", rest)
        #expect(last.fields.contains { $0 == ("X-MBX-ORDER-COUNT-10S", "2") })
        let refused = harness.signed("POST", "order", rest)
        #expect(refused.status == 429)
        #expect(
            refused.text
                == #"{"code":-1015,"msg":"Too many new orders; current limit is 2 orders per 10 SECOND."}"#)
    }

    @Test func `subscriptions are acknowledged, listed and ended`() throws {
        let harness = try DialectHarness()
        let session = harness.connect("/ws")
        harness.send(#"{"method":"SUBSCRIBE","params":["btcusdt@trade","nopeusdt@depth"],"id":1}"#, on: session)
        harness.send(#"{"method":"LIST_SUBSCRIPTIONS","id":"a"}"#, on: session)
        harness.send(#"{"method":"UNSUBSCRIBE","params":["btcusdt@trade"],"id":2}"#, on: session)
        harness.send(#"{"method":"GET_PROPERTY","params":["combined"],"id":null}"#, on: session)
        harness.send("{", on: session)
        let frames = harness.take(session)
        #expect(frames[0] == #"{"result":null,"id":1}"#)
        #expect(frames[1] == #"{"result":["btcusdt@trade","nopeusdt@depth"],"id":"a"}"#)
        #expect(frames[2] == #"{"result":null,"id":2}"#)
        #expect(frames[3] == #"{"result":false,"id":null}"#)
        #expect(frames[4].hasPrefix(#"{"code":3,"#))
        harness.send("{}", on: session)
        harness.collect()
        #expect(harness.closed[session] == 1008)
    }

    @Test func `logon opens a session, HMAC keys cannot log on`() throws {
        let harness = try DialectHarness()
        let session = harness.connect("/ws-api/v3?returnRateLimits=false")
        harness.api("session.logon", "", on: session, key: "alice")
        harness.api("session.logon", "", on: session, key: "carol")
        harness.send(#"{"id":7,"method":"userDataStream.subscribe"}"#, on: session)
        harness.send(#"{"id":7,"method":"userDataStream.subscribe"}"#, on: session)
        let place = #"{"id":8,"method":"order.place","params":{"symbol":"BTCUSDT","side":"SELL","type":"MARKET","quantity":"0.01","timestamp":\#(harness.now.milliseconds)}}"#
        harness.send(place, on: session)
        let frames = harness.take(session)
        #expect(frames[0].contains("-4056"))
        #expect(frames[1].hasPrefix(#"{"id":1,"status":200,"result":{"apiKey":"carol","#))
        #expect(frames[2] == #"{"id":7,"status":200,"result":{"subscriptionId":0}}"#)
        #expect(frames[3].contains("-2035"))
        #expect(frames[4].hasPrefix(#"{"id":8,"status":200,"result":{"symbol":"BTCUSDT","#))
        #expect(frames[4].hasSuffix("}]}}"), "no rate limits on this connection")
        #expect(frames.contains { $0.contains(#""x":"TRADE","X":"FILLED""#) })
    }

    @Test func `late acknowledgements come after their time, user events at once`() throws {
        var configuration = DialectHarness.configuration
        configuration.faults.acknowledgementDelayMicroseconds = 50_000
        let harness = try DialectHarness(configuration)
        let session = harness.connect("/ws-api/v3")
        harness.api("userDataStream.subscribe.signature", "", on: session)
        harness.api(
            "order.place", #""symbol":"BTCUSDT","side":"BUY","type":"MARKET","quantity":"0.01""#,
            on: session)
        let early = harness.take(session)
        #expect(early.contains { $0.contains("executionReport") })
        #expect(!early.contains { $0.contains(#""orderId""#) })
        harness.advance(milliseconds: 60)
        #expect(harness.take(session).contains { $0.contains(#""orderId""#) })
    }

    @Test func `times come in microseconds on request`() throws {
        let harness = try DialectHarness()
        let session = harness.connect("/ws-api/v3?timeUnit=MICROSECOND")
        harness.send(#"{"id":1,"method":"time"}"#, on: session)
        let micro = harness.now.nanoseconds / 1_000
        #expect(harness.take(session)[0].contains(#"{"serverTime":\#(micro)}"#))
    }
}
