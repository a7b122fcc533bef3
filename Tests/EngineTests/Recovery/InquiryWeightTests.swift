import Codec
import Machine
import MarketModel
import Testing
import Venues

@testable import Emulator
@testable import Engine

/// What a start asks the venue, in request weight.
struct InquiryWeightTests {
    @Test(arguments: [
        ("GET", "time", ""), ("GET", "exchangeInfo", "symbols=%5B%22BTCUSDT%22%5D"),
        ("GET", "klines", "symbol=BTCUSDT&interval=1m&limit=5"),
        ("GET", "aggTrades", "symbol=BTCUSDT&fromId=1&limit=1000"),
        ("GET", "historicalTrades", "symbol=BTCUSDT&fromId=1&limit=1000"),
        ("GET", "ticker/price", "symbol=BNBUSDT"), ("GET", "ticker/bookTicker", "symbols=%5B%5D"),
        ("GET", "account", "omitZeroBalances=true"), ("GET", "openOrders", "symbol=BTCUSDT"),
        ("GET", "openOrders", "timestamp=1"), ("GET", "order", "symbol=BTCUSDT&orderId=1"),
        ("DELETE", "order", "symbol=BTCUSDT&orderId=1"), ("POST", "order", "symbol=BTCUSDT"),
        ("POST", "order/test", "symbol=BTCUSDT"),
        ("POST", "order/test", "symbol=BTCUSDT&computeCommissionRates=true"), ("DELETE", "openOrders", "symbol=BTCUSDT"),
        ("GET", "myTrades", "symbol=BTCUSDT&fromId=1"),
        ("GET", "myTrades", "symbol=BTCUSDT&orderId=1"),
        ("GET", "depth", "symbol=BTCUSDT"), ("GET", "depth", "symbol=BTCUSDT&limit=100"),
        ("GET", "depth", "symbol=BTCUSDT&limit=101"), ("GET", "depth", "symbol=BTCUSDT&limit=501"),
        ("GET", "depth", "symbol=BTCUSDT&limit=1001"), ("GET", "rateLimit/order", ""),
        ("GET", "account/commission", "symbol=BTCUSDT"), ("GET", "ticker/24hr", ""),
        ("GET", "ticker/24hr", "symbol=BTCUSDT"),
        ("GET", "ticker/24hr", "type=MINI&symbols=%5B%22BTCUSDT%22,%22ETHUSDT%22%5D"),
    ])
    func `a request weighs here what it weighs at the exchange`(
        method: String, path: String, query: String
    ) throws {
        let target = "/api/v3/\(path)" + (query.isEmpty ? "" : "?\(query)")
        let operation = try #require(Operation(method: method, path: "/api/v3/\(path)"))
        let weight = operation.weight(Parameters(query: query))
        #expect(RequestWeight.of(method, target) == Int64(weight))
    }

    @Test(arguments: [1, 13, 14, 50])
    func `open orders are asked for in the cheaper way, and those of other symbols left out`(
        count: Int
    ) throws {
        let desk = try DialectDesk(symbols: count + 1)
        for symbol in desk.symbols {
            let order = "symbol=\(symbol)&side=BUY&type=LIMIT&timeInForce=GTC&price=30000&quantity=0.01"
            #expect(desk.askElsewhere("POST", "/api/v3/order?\(order)").status == 200)
        }
        var inquiry = try desk.inquiry()
        // The last symbol is not the engine's.
        let facts = try inquiry.ask(symbols: Array(desk.symbols.dropLast()))
        let directory = facts.directory()
        defer { directory.deallocate() }
        let before = desk.usedWeight
        let orders = try inquiry.openOrders(of: facts.instruments, directory, facts.clockOffset)
        #expect(desk.usedWeight - before == min(6 * count, 80))
        #expect(orders.map(\.instrument.slot).sorted() == Array(0..<count))
    }

    @Test func `what would go beyond the limit's share waits for the next minute`() throws {
        var limits = RateLimitConfiguration()
        limits.requestWeightPerMinute = 500
        limits.banAfterViolations = 1
        let desk = try DialectDesk(symbols: 1, limits: limits)
        var inquiry = try desk.inquiry()
        let facts = try inquiry.ask(symbols: desk.symbols)
        let directory = facts.directory()
        defer { directory.deallocate() }
        for _ in 0..<60 { _ = try inquiry.balances(directory, facts.clockOffset) }
        // Sixty times 20 in shares of 400.
        #expect(desk.pauses.count == 3)
        #expect(desk.dialect.limiter.refusalCount == 0)

        // Cancels have the rest for themselves, and somebody else's use counts too.
        while desk.usedWeight < 440 { desk.askElsewhere("GET", "/api/v3/account?a=1") }
        let waited = desk.pauses.count
        _ = try? inquiry.body("/api/v3/time")
        #expect(desk.pauses.count == waited, "nobody has told yet")
        inquiry.urgency = .cancel
        _ = try inquiry.body("/api/v3/time")
        #expect(desk.pauses.count == waited)
        inquiry.urgency = .query
        _ = try inquiry.body("/api/v3/time")
        #expect(desk.pauses.count == waited + 1)
        #expect(desk.dialect.limiter.refusalCount == 0)
    }

    @Test func `where nobody may wait, the venue has the last word`() throws {
        var limits = RateLimitConfiguration()
        limits.requestWeightPerMinute = 500
        let desk = try DialectDesk(symbols: 1, limits: limits)
        var inquiry = try desk.inquiry()
        let facts = try inquiry.ask(symbols: desk.symbols)
        let directory = facts.directory()
        defer { directory.deallocate() }
        inquiry.longestPause = 0
        var refusal: StartFailure?
        for _ in 0..<30 where refusal == nil {
            do throws(StartFailure) {
                _ = try inquiry.balances(directory, facts.clockOffset)
            } catch {
                refusal = error
            }
        }
        guard case .refused(_, 429, _, _)? = refusal else {
            Issue.record("not refused: \(String(describing: refusal))")
            return
        }
        #expect(desk.pauses.isEmpty)
    }
}
