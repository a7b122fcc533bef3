import MarketModel
import Testing

@testable import Emulator

/// Weights, order counts, connections and bans (sheet section 3.3).
@Suite("Rate limits")
struct RateLimitTests {
    private let account = AccountIndex(1)
    private let minute = Timestamp(milliseconds: 1_723_161_240_000)

    private func limiter(_ change: (inout RateLimitConfiguration) -> Void) -> RateLimiter {
        var limits = RateLimitConfiguration()
        change(&limits)
        return RateLimiter(limits: limits)
    }

    private func rejection(_ body: () throws(Rejection) -> Void) -> Rejection? {
        do throws(Rejection) {
            try body()
            return nil
        } catch {
            return error
        }
    }

    /// Documented weights, sheet sections 6 and 8.
    static let weights: [(method: String, path: String, query: String, weight: Int)] = [
        ("GET", "ping", "", 1), ("GET", "time", "", 1), ("GET", "exchangeInfo", "", 20),
        ("GET", "depth", "symbol=BTCUSDT&limit=100", 5),
        ("GET", "depth", "symbol=BTCUSDT&limit=500", 25),
        ("GET", "depth", "symbol=BTCUSDT&limit=1000", 50),
        ("GET", "depth", "symbol=BTCUSDT&limit=5000", 250),
        ("GET", "trades", "symbol=BTCUSDT", 25), ("GET", "aggTrades", "symbol=BTCUSDT", 4),
        ("GET", "klines", "symbol=BTCUSDT&interval=1m", 2),
        ("GET", "avgPrice", "symbol=BTCUSDT", 2),
        ("GET", "ticker/price", "symbol=BTCUSDT", 2), ("GET", "ticker/price", "", 4),
        ("GET", "ticker/bookTicker", "", 4), ("GET", "historicalTrades", "symbol=BTCUSDT", 25),
        ("GET", "uiKlines", "symbol=BTCUSDT&interval=1m", 2), ("GET", "ticker/24hr", "", 80),
        ("GET", "ticker/24hr", "symbol=BTCUSDT", 2), ("GET", "ticker", "symbol=BTCUSDT", 4),
        ("GET", "ticker/tradingDay", "symbols=%5B%22BTCUSDT%22%5D", 4),
        ("POST", "order/test", "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.01", 1),
        ("GET", "openOrders", "symbol=BTCUSDT", 6), ("GET", "openOrders", "", 80),
        ("GET", "allOrders", "symbol=BTCUSDT", 20), ("GET", "account", "", 20),
        ("GET", "myTrades", "symbol=BTCUSDT", 20),
        ("GET", "myTrades", "symbol=BTCUSDT&orderId=1", 5),
        ("GET", "rateLimit/order", "", 40), ("GET", "account/commission", "symbol=BTCUSDT", 20),
        ("GET", "myPreventedMatches", "symbol=BTCUSDT&preventedMatchId=1", 2),
        ("GET", "myPreventedMatches", "symbol=BTCUSDT&orderId=1", 20),
        ("GET", "myAllocations", "symbol=BTCUSDT", 20), ("GET", "myFilters", "symbol=BTCUSDT", 40),
        ("GET", "openOrderList", "", 6), ("GET", "allOrderList", "", 20),
        // Orders that go through cost nothing, those that fail what is documented.
        ("POST", "order", "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.01", 0),
        ("POST", "order", "symbol=BTCUSDT&side=BUY&type=MARKET", 1),
        ("DELETE", "order", "symbol=BTCUSDT&orderId=1", 1),
        ("GET", "order", "symbol=BTCUSDT&orderId=1", 4),
        ("PUT", "order/amend/keepPriority", "symbol=BTCUSDT&orderId=1&newQty=1", 4),
        ("DELETE", "orderList", "symbol=BTCUSDT&orderListId=1", 1),
        ("GET", "orderList", "orderListId=1", 4),
    ]

    @Test(arguments: weights)
    func `every request has its documented weight`(
        _ example: (method: String, path: String, query: String, weight: Int)
    ) throws {
        let harness = try DialectHarness()
        let response = harness.signed(example.method, example.path, example.query)
        #expect(
            response.fields.contains { $0 == ("X-MBX-USED-WEIGHT-1M", String(example.weight)) },
            "\(response.fields)")
    }

    @Test func `windows are aligned to the clock`() {
        var limiter = limiter { $0.requestWeightPerMinute = 10 }
        let late = minute + .milliseconds(59_999)
        #expect(rejection { () throws(Rejection) in
            try limiter.charge(10, client: 1, now: late)
        } == nil)
        let refused = rejection { () throws(Rejection) in
            try limiter.charge(1, client: 1, now: late)
        }
        #expect(refused?.status == 429)
        #expect(refused?.retryAfter == (minute + .seconds(60)).milliseconds)
        #expect(rejection { () throws(Rejection) in
            try limiter.charge(1, client: 1, now: minute + .seconds(60))
        } == nil)
    }

    @Test func `every ban is twice as long as the one before, up to three days`() {
        var limiter = limiter {
            $0.requestWeightPerMinute = 1
            $0.banAfterViolations = 1
        }
        var now = minute
        var lengths: [Int64] = []
        for _ in 0..<14 {
            while true {
                let refused = rejection { () throws(Rejection) in
                    try limiter.charge(1, client: 1, now: now)
                }
                guard let refused, refused.status == 418 else { continue }
                lengths.append((refused.retryAfter - now.milliseconds) / 1_000)
                now = Timestamp(milliseconds: refused.retryAfter)
                break
            }
        }
        #expect(lengths.prefix(4) == [120, 240, 480, 960])
        #expect(lengths.suffix(2) == [259_200, 259_200])
    }

    @Test func `a banned client is refused everywhere until its time`() throws {
        var configuration = DialectHarness.configuration
        configuration.limits.requestWeightPerMinute = 10
        configuration.limits.banAfterViolations = 1
        let harness = try DialectHarness(configuration)
        let session = harness.connect("/ws-api/v3")
        while harness.rest("GET", "ping").status != 418 {}
        harness.send(#"{"id":"x","method":"ping"}"#, on: session)
        let answer = try #require(harness.take(session).first.flatMap(JSONValue.parse))
        #expect(answer["status"]?.integer == 418)
        #expect(answer["error"]?["code"]?.integer == -1003)
        #expect(harness.dialect.limiter.banCount == 1)
        // Two requests beyond the limit, and the one of the banned client.
        #expect(harness.dialect.limiter.refusalCount == 3)
        let until = try #require(answer["error"]?["data"]?["retryAfter"]?.integer)
        #expect(answer["error"]?["data"]?["serverTime"]?.integer == harness.now.milliseconds)
        #expect(
            answer["error"]?["msg"]?.string
                == "Way too much request weight used; IP banned until \(until). "
                + "Please use WebSocket Streams for live updates to avoid bans.")
        let refused = harness.dialect.upgrade(
            harness.dialect.open(client: 0, now: harness.now), target: "/ws-api/v3",
            now: harness.now)
        #expect(refused?.status == 418)
        #expect(refused?.fields.contains { $0.0 == "Retry-After" } == true)
        harness.now = Timestamp(milliseconds: until)
        #expect(harness.rest("GET", "ping").status == 200)
    }

    @Test func `raw requests are limited too`() {
        var limiter = limiter { $0.rawRequestsPerFiveMinutes = 3 }
        for _ in 0..<3 {
            #expect(rejection { () throws(Rejection) in
                try limiter.charge(0, client: 1, now: minute)
            } == nil)
        }
        #expect(rejection { () throws(Rejection) in
            try limiter.charge(0, client: 1, now: minute)
        }?.status == 429)
    }

    @Test func `connection attempts are limited by client`() throws {
        var configuration = DialectHarness.configuration
        configuration.limits.connectionsPerFiveMinutes = 2
        let harness = try DialectHarness(configuration)
        func connect(_ client: Int) -> Int? {
            harness.dialect.upgrade(
                harness.dialect.open(client: client, now: harness.now), target: "/ws",
                now: harness.now)?.status
        }
        #expect([connect(1), connect(1), connect(1), connect(2)] == [nil, nil, 429, nil])
        harness.now = harness.now + .seconds(300)
        #expect(connect(1) == nil)
    }

    @Test func `pongs count as messages, and who floods often is banned`() throws {
        var configuration = DialectHarness.configuration
        configuration.limits.banAfterViolations = 2
        let harness = try DialectHarness(configuration)
        for _ in 0..<3 {
            let session = harness.connect("/ws")
            for _ in 0..<6 { harness.dialect.receivePong(on: session, now: harness.now) }
            harness.collect()
            #expect(harness.closed[session] == 1008)
        }
        #expect(harness.rest("GET", "ping").status == 418)
    }

    // MARK: - Orders

    /// The examples of the venue's page on unfilled orders.
    @Test func `lists count for each of their orders`() throws {
        let harness = try DialectHarness()
        let pair =
            "symbol=BTCUSDT&side=SELL&quantity=0.01&aboveType=LIMIT_MAKER&abovePrice=65000"
            + "&belowType=STOP_LOSS&belowStopPrice=60000"
        let response = harness.signed("POST", "orderList/oco", pair)
        #expect(response.fields.contains { $0 == ("X-MBX-ORDER-COUNT-10S", "2") })
        let session = harness.connect("/ws-api/v3")
        harness.api("account.rateLimits.orders", "", on: session)
        let answer = try #require(harness.take(session).first.flatMap(JSONValue.parse))
        #expect(answer["result"]?.elements.map { $0["count"]?.integer } == [2, 2])
    }

    @Test func `a taker's first fill gives one back, a maker's several`() {
        var limiter = limiter { _ in }
        limiter.countOrders(6, of: account, now: minute)
        limiter.returnOrder(account, wasResting: false, now: minute)
        #expect(limiter.orderCounts(account, now: minute) == (5, 5))
        limiter.returnOrder(account, wasResting: true, now: minute)
        limiter.returnOrder(account, wasResting: true, now: minute)
        #expect(limiter.orderCounts(account, now: minute) == (0, 0))
        limiter.countOrders(1, of: account, now: minute)
        #expect(limiter.orderCounts(account, now: minute + .seconds(10)) == (0, 1))
    }

    @Test func `cancels do not give an order back`() throws {
        let harness = try DialectHarness()
        let order = "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=60000"
        _ = harness.signed("POST", "order", order)
        _ = harness.signed("DELETE", "openOrders", "symbol=BTCUSDT")
        let response = harness.signed("POST", "order", order)
        #expect(response.fields.contains { $0 == ("X-MBX-ORDER-COUNT-1D", "2") })
    }

    static let replacements: [(mode: String, limit: String, exists: Bool, status: Int, code: Int)] = [
        ("STOP_ON_FAILURE", "DO_NOTHING", true, 429, -1015),
        ("STOP_ON_FAILURE", "CANCEL_ONLY", true, 429, -2021),
        ("STOP_ON_FAILURE", "CANCEL_ONLY", false, 429, -2022),
        ("ALLOW_FAILURE", "CANCEL_ONLY", true, 409, -2021),
        ("ALLOW_FAILURE", "CANCEL_ONLY", false, 400, -2022),
    ]

    @Test(arguments: replacements)
    func `over the order limit a cancel-replace does what it was told`(
        _ example: (mode: String, limit: String, exists: Bool, status: Int, code: Int)
    ) throws {
        var configuration = DialectHarness.configuration
        configuration.limits.ordersPerTenSeconds = 1
        let harness = try DialectHarness(configuration)
        let order = "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=60000"
        _ = harness.signed("POST", "order", order + "&newClientOrderId=a")
        let response = harness.signed(
            "POST", "order/cancelReplace",
            order + "&cancelReplaceMode=\(example.mode)"
                + "&orderRateLimitExceededMode=\(example.limit)"
                + "&cancelOrigClientOrderId=\(example.exists ? "a" : "b")")
        #expect(response.status == example.status)
        #expect(response.text.hasPrefix(#"{"code":\#(example.code),"#), "\(response.text)")
        let open = harness.signed("GET", "openOrders", "symbol=BTCUSDT").text
        let isCanceled = example.exists && example.limit == "CANCEL_ONLY"
        #expect(open.contains(#""clientOrderId":"a""#) == !isCanceled)
    }
}
