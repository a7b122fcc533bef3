import MarketModel
import Testing

@testable import Emulator

/// Every kind of event on an account's stream, and the streams' own life (sheet sections 9.4, 11).
@Suite("User streams")
struct UserStreamTests {
    private func subscribed(
        _ configuration: ExchangeConfiguration = DialectHarness.configuration
    ) throws -> (harness: DialectHarness, session: SessionID) {
        let harness = try DialectHarness(configuration)
        let session = harness.connect("/ws-api/v3")
        harness.api("userDataStream.subscribe.signature", "", on: session)
        _ = harness.take(session)
        return (harness, session)
    }

    private func events(_ harness: DialectHarness, _ session: SessionID) -> [JSONValue] {
        harness.take(session).compactMap(JSONValue.parse).compactMap { $0["event"] }
    }

    @Test func `a deposit, a withdrawal and an outside lock are told with the new balance`() throws {
        let (harness, session) = try subscribed()
        let time = harness.now.milliseconds
        #expect(harness.dialect.perform(
            .deposit(account: "alice", asset: "BTC", amount: 150_000_000), now: harness.now))
        #expect(harness.dialect.perform(
            .deposit(account: "alice", asset: "BTC", amount: -50_000_000), now: harness.now))
        #expect(harness.dialect.perform(
            .lockExternally(account: "alice", asset: "BTC", amount: 200_000_000),
            now: harness.now))
        let frames = harness.take(session)
        #expect(
            frames[0]
                == #"{"subscriptionId":0,"event":{"e":"balanceUpdate","E":\#(time),"a":"BTC","d":"1.50000000","T":\#(time)}}"#)
        #expect(frames[2].contains(#""d":"-0.50000000""#))
        #expect(
            frames[4]
                == #"{"subscriptionId":0,"event":{"e":"externalLockUpdate","E":\#(time),"a":"BTC","d":"2.00000000","T":\#(time)}}"#)
        #expect(frames[5].hasSuffix(#""B":[{"a":"BTC","f":"9.00000000","l":"2.00000000"}]}}"#))
        #expect(!harness.dialect.perform(
            .deposit(account: "alice", asset: "BTC", amount: -1_000_000_000_00), now: harness.now))
        #expect(!harness.dialect.perform(
            .lockExternally(account: "alice", asset: "BTC", amount: -200_000_001),
            now: harness.now))
        #expect(!harness.dialect.perform(
            .deposit(account: "nobody", asset: "BTC", amount: 1), now: harness.now))
        #expect(harness.take(session).isEmpty)
    }

    @Test func `a waiting order is not on the book, a working one has its working time`() throws {
        let (harness, session) = try subscribed()
        _ = harness.signed(
            "POST", "order",
            "symbol=BTCUSDT&side=SELL&type=STOP_LOSS_LIMIT&timeInForce=GTC&quantity=0.01"
                + "&price=60000&stopPrice=60100&trailingDelta=50&icebergQty=0.005"
                + "&strategyId=7&strategyType=1000001")
        let report = try #require(events(harness, session).first)
        #expect(report["w"] == .boolean(false) && report["W"] == nil)
        #expect(report["P"]?.string == "60100.00000000" && report["F"]?.string == "0.00500000")
        #expect(report["d"]?.integer == 50 && report["D"]?.integer == -1)
        #expect(report["j"]?.integer == 7 && report["J"]?.integer == 1_000_001)
        _ = harness.signed(
            "POST", "order",
            "symbol=BTCUSDT&side=SELL&type=LIMIT&timeInForce=GTC&quantity=0.01&price=65000")
        let working = try #require(events(harness, session).first)
        #expect(working["w"] == .boolean(true))
        #expect(working["W"]?.integer == harness.now.milliseconds)
        #expect(working["d"] == nil && working["v"] == nil && working["eR"] == nil)
    }

    /// What sheet section 10 names as reasons of an expiry, and how each comes about.
    static let expiries: [(reason: String, query: String)] = [
        ("UNFILLED_IOC_QUANTITY_EXPIRED", "side=BUY&type=LIMIT&timeInForce=IOC&quantity=0.01&price=60000"),
        ("UNFILLED_FOK_ORDER_EXPIRED", "side=BUY&type=LIMIT&timeInForce=FOK&quantity=0.01&price=60000"),
    ]

    @Test(arguments: expiries)
    func `an expiry says why, on the stream and in the answer`(
        _ example: (reason: String, query: String)
    ) throws {
        let (harness, session) = try subscribed()
        let response = harness.signed(
            "POST", "order", "symbol=BTCUSDT&newOrderRespType=RESULT&" + example.query)
        #expect(response.text.contains(#""expiryReason":"\#(example.reason)""#))
        let report = try #require(events(harness, session).first { $0["x"]?.string == "EXPIRED" })
        #expect(report["eR"]?.string == example.reason && report["X"]?.string == "EXPIRED")
    }

    @Test func `the venue may end orders itself`() throws {
        let (harness, session) = try subscribed()
        _ = harness.signed(
            "POST", "orderList/oco",
            "symbol=BTCUSDT&side=SELL&quantity=0.01&aboveType=LIMIT_MAKER&abovePrice=65000"
                + "&belowType=STOP_LOSS&belowStopPrice=60000")
        _ = harness.take(session)
        #expect(harness.dialect.perform(.expireOrders(symbol: "BTCUSDT"), now: harness.now))
        let told = events(harness, session)
        #expect(
            told.map { ($0["e"]?.string ?? "") + " " + ($0["eR"]?.string ?? "") } == [
                "executionReport EXCHANGE_CANCELED", "executionReport OCO_TRIGGER", "listStatus ",
                "outboundAccountPosition ",
            ])
    }

    @Test func `a replacement refused after the cancel is told as rejected`() throws {
        let (harness, session) = try subscribed()
        let order = "symbol=BTCUSDT&side=BUY&quantity=0.01"
        _ = harness.signed(
            "POST", "order",
            order + "&type=LIMIT&timeInForce=GTC&price=60000&newClientOrderId=a")
        _ = harness.take(session)
        let response = harness.signed(
            "POST", "order/cancelReplace",
            order + "&type=LIMIT_MAKER&price=65000&cancelReplaceMode=STOP_ON_FAILURE"
                + "&cancelOrigClientOrderId=a")
        #expect(response.status == 409)
        let rejected = try #require(
            events(harness, session).first { $0["x"]?.string == "REJECTED" })
        #expect(rejected["X"]?.string == "REJECTED")
        #expect(rejected["r"]?.string == "WOULD_MATCH_IMMEDIATELY")
    }

    @Test func `a list is told as it starts and ends`() throws {
        let (harness, session) = try subscribed()
        _ = harness.signed(
            "POST", "orderList/oco",
            "symbol=BTCUSDT&side=SELL&quantity=0.01&aboveType=LIMIT_MAKER&abovePrice=65000"
                + "&belowType=STOP_LOSS&belowStopPrice=60000&listClientOrderId=mine"
                + "&aboveClientOrderId=up&belowClientOrderId=down")
        let started = try #require(events(harness, session).first)
        #expect(started["e"]?.string == "listStatus" && started["c"]?.string == "OCO")
        #expect(started["l"]?.string == "EXEC_STARTED" && started["L"]?.string == "EXECUTING")
        #expect(started["C"]?.string == "mine" && started["g"]?.integer == 0)
        #expect(started["O"]?.elements.map { $0["c"]?.string } == ["down", "up"])
        _ = harness.signed(
            "DELETE", "orderList", "symbol=BTCUSDT&listClientOrderId=mine&newClientOrderId=bye")
        let told = events(harness, session)
        #expect(told[0]["c"]?.string == "bye" && told[0]["C"]?.string == "down")
        #expect(told[0]["g"]?.integer == 0)
        #expect(told[2]["l"]?.string == "ALL_DONE" && told[2]["L"]?.string == "ALL_DONE")
    }

    // MARK: - The streams themselves

    @Test func `unsubscribing ends the stream and says so`() throws {
        let (harness, session) = try subscribed()
        harness.send(#"{"id":1,"method":"session.subscriptions"}"#, on: session)
        harness.send(#"{"id":2,"method":"userDataStream.unsubscribe"}"#, on: session)
        harness.send(#"{"id":3,"method":"userDataStream.unsubscribe"}"#, on: session)
        let frames = harness.take(session)
        #expect(frames[0] == #"{"id":1,"status":200,"result":[{"subscriptionId":0}]}"#)
        #expect(
            frames[1]
                == #"{"subscriptionId":0,"event":{"e":"eventStreamTerminated","E":\#(harness.now.milliseconds)}}"#)
        #expect(frames[2] == #"{"id":2,"status":200,"result":{}}"#)
        #expect(frames[3].contains("-2036"))
        _ = harness.signed("POST", "order", "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.01")
        #expect(harness.take(session).isEmpty)
    }

    @Test func `logging out ends the logon's stream, not the signed ones`() throws {
        let (harness, session) = try subscribed()
        harness.api("session.logon", "", on: session, key: "carol")
        harness.send(#"{"id":7,"method":"userDataStream.subscribe"}"#, on: session)
        harness.send(#"{"id":8,"method":"session.logout"}"#, on: session)
        let frames = harness.take(session)
        #expect(frames[1] == #"{"id":7,"status":200,"result":{"subscriptionId":1}}"#)
        #expect(frames[2].hasPrefix(#"{"subscriptionId":1,"event":{"e":"eventStreamTerminated""#))
        #expect(frames[3].contains(#""userDataStream":true"#), "alice's is still there")
    }

    @Test func `a revoked key loses its session and its streams`() throws {
        let (harness, session) = try subscribed()
        harness.api("session.logon", "", on: session, key: "carol")
        _ = harness.take(session)
        #expect(harness.dialect.perform(.revoke(apiKey: "carol"), now: harness.now))
        #expect(
            harness.take(session) == [
                #"{"id":null,"status":401,"error":{"code":-2015,"msg":"Invalid API-key, IP, or permissions for action."}}"#
            ])
        #expect(harness.dialect.perform(.revoke(apiKey: "alice"), now: harness.now))
        #expect(harness.take(session)[0].contains("eventStreamTerminated"))
        #expect(harness.signed("GET", "account", "").status == 401)
        #expect(!harness.dialect.perform(.revoke(apiKey: "alice"), now: harness.now))
    }

    @Test func `the ids of streams run out`() throws {
        let (harness, session) = try subscribed()
        harness.dialect.sessions[session]?.nextUserStreamID = 65_535
        harness.api("userDataStream.subscribe.signature", "", on: session, key: "bob")
        #expect(harness.take(session)[0].contains("-2042"))
    }

    @Test(arguments: ["POST", "PUT", "DELETE"])
    func `listen keys are gone`(_ method: String) throws {
        let harness = try DialectHarness()
        #expect(harness.rest(method, "userDataStream", key: "alice").status == 404)
    }
}
