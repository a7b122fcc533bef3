import Foundation
import MarketModel
import Testing
import Wire

@testable import Emulator

/// What clients see of an exchange that was killed and started again.
@Suite("Restart of the exchange")
struct RestartTests {
    private static var configuration: ExchangeConfiguration {
        var configuration = DialectHarness.configuration
        var agents = AgentConfiguration()
        agents.levels = 100
        agents.eventsPerSecond = 500
        configuration.market = .agents(agents)
        return configuration
    }

    /// Signed queries whose answers must be the same before and after.
    private static let queries = [
        ("openOrders", ""), ("openOrders", "symbol=BTCUSDT"), ("allOrders", "symbol=BTCUSDT"),
        ("myTrades", "symbol=BTCUSDT"), ("account", ""), ("openOrderList", ""),
        ("allOrderList", ""), ("myPreventedMatches", "symbol=BTCUSDT&orderId=1"),
        ("order", "symbol=BTCUSDT&origClientOrderId=resting"),
        ("order", "symbol=BTCUSDT&origClientOrderId=bought"),
        ("order", "symbol=BTCUSDT&origClientOrderId=stop"),
    ]

    private func answers(_ harness: DialectHarness) -> [String] {
        Self.queries.map { path, query in
            let response = harness.signed("GET", path, query)
            return "\(path) \(response.status) \(response.text)"
        }
    }

    private func place(_ harness: DialectHarness, _ more: String) -> JSONValue? {
        let response = harness.signed("POST", "order", "symbol=BTCUSDT&" + more)
        #expect(response.status == 200, "\(more): \(response.text)")
        return JSONValue.parse(response.text)
    }

    /// An account with an order of each kind, some minutes into its day.
    private func busy() throws -> DialectHarness {
        let harness = try DialectHarness(Self.configuration)
        harness.dialect.exchange.startNotingChanges()
        harness.advance(milliseconds: 60_000)
        _ = place(harness, "side=BUY&type=MARKET&quantity=0.3&newClientOrderId=bought")
        _ = place(
            harness,
            "side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=60000&icebergQty=0.004"
                + "&newClientOrderId=resting&strategyId=7")
        _ = place(
            harness,
            "side=SELL&type=STOP_LOSS&quantity=0.02&trailingDelta=100&newClientOrderId=stop")
        let list = harness.signed(
            "POST", "orderList/oco",
            "symbol=BTCUSDT&side=SELL&quantity=0.01&aboveType=LIMIT_MAKER&abovePrice=70000"
                + "&belowType=STOP_LOSS&belowStopPrice=50000&listClientOrderId=pair")
        #expect(list.status == 200, "\(list.text)")
        harness.advance(milliseconds: 30_000)
        return harness
    }

    private func restarted(_ harness: DialectHarness) throws -> DialectHarness {
        let records = harness.dialect.exchange.takeState()
        return try DialectHarness(Self.configuration, records: records, now: harness.now)
    }

    @Test func `every answer about orders, trades and money is as before`() throws {
        let before = try busy()
        let expected = answers(before)
        #expect(expected.allSatisfy { $0.contains(" 200 ") }, "\(expected)")
        let after = try restarted(before)
        for (answer, known) in zip(answers(after), expected) { #expect(answer == known) }
    }

    @Test func `orders rest again at their prices and trade, new ones get new numbers`() throws {
        let before = try busy()
        let after = try restarted(before)
        // Shown in the book: only the iceberg's tip.
        let depth = after.rest("GET", "depth?symbol=BTCUSDT&limit=5000").text
        #expect(depth.contains(#"["60000.00000000","0.00400000"]"#), "\(depth.suffix(300))")
        let session = after.connect("/ws-api/v3")
        after.api("userDataStream.subscribe.signature", "", on: session)
        _ = after.take(session)

        let market = after.dialect.exchange.markets[0]
        let old = before.dialect.exchange.markets[0]
        let known = old.orders.all(of: AccountIndex(1)).map(\.id)
        let next = place(after, "side=BUY&type=MARKET&quantity=0.001")
        let number = try #require(next?["orderId"]?.integer)
        #expect(number > (known.max() ?? .max))
        #expect(market.numbers.trade > old.numbers.trade)
        #expect(market.numbers.update > old.numbers.update)
        // The public sells down to the resting order and through the trailing stop.
        _ = after.signed("DELETE", "orderList", "symbol=BTCUSDT&listClientOrderId=pair")
        after.dialect.exchange.markets[0].sell(down: "59999", on: after)
        let frames = after.take(session)
        #expect(frames.contains { $0.contains(#""c":"resting""#) && $0.contains(#""X":"FILLED""#) })
        #expect(frames.contains { $0.contains(#""c":"stop""#) && $0.contains(#""x":"TRADE""#) })
    }

    @Test func `the market goes on near its last price, beside what rests`() throws {
        let before = try busy()
        let after = try restarted(before)
        let last = before.dialect.exchange.markets[0].lastPrice
        let top = after.dialect.exchange.markets[0].matcher.top
        #expect(after.dialect.exchange.markets[0].lastPrice == last)
        #expect(abs((top.bidPrice - last).raw) < last.raw / 1_000)
        #expect(abs((top.askPrice - last).raw) < last.raw / 1_000)
        #expect(top.bidPrice < top.askPrice)
        // Coming back takes nothing from anyone.
        #expect(after.dialect.exchange.markets[0].tape.trades.count == 0)
        #expect(after.advance(milliseconds: 5_000) > 1_000)
    }

    @Test(.enabled(if: SharedFiles.hasCaptures))
    func `a replayed market begins anew, with the orders that were open`() throws {
        var configuration = Self.configuration
        var replay = ReplayConfiguration(files: [SharedFiles.path(SharedFiles.captures[0])])
        replay.snapshotPatienceMilliseconds = 0
        configuration.market = .replay(replay)
        let before = try DialectHarness(configuration)
        before.dialect.exchange.startNotingChanges()
        before.beginReplay()
        _ = place(before, "side=BUY&type=MARKET&quantity=0.01&newClientOrderId=bought")
        _ = place(
            before,
            "side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=50000"
                + "&newClientOrderId=resting")
        let records = before.dialect.exchange.takeState()
        let after = try DialectHarness(configuration, records: records, now: before.now)
        after.beginReplay()
        for path in ["openOrders", "account"] {
            #expect(after.signed("GET", path, "").text == before.signed("GET", path, "").text)
        }
        let first = try #require(before.dialect.exchange.markets[0].fills[AccountIndex(1)]?[0])
        _ = place(after, "side=SELL&type=MARKET&quantity=0.01")
        let fills = try #require(after.dialect.exchange.markets[0].fills[AccountIndex(1)])
        #expect(fills.suffix(1)[0].tradeID > first.tradeID)
    }

    @Test func `a server goes on after another, alone in its directory`() throws {
        let folder = StateFolder()
        var configuration = ExchangeServerTests.configuration(.direct)
        configuration.state.directory = folder.path
        let first = try ExchangeServer(configuration: configuration)
        try first.start()
        let rest = try LoopbackClient(.http, port: first.port, authority: first.authorityPath)
        let buy = try rest.signed("POST", "order", [
            "symbol=BTCUSDT", "side=BUY", "type=MARKET", "quantity=0.01000",
            "newClientOrderId=bought",
        ])
        #expect(buy.status == 200, "\(buy.body)")
        let resting = try rest.signed("POST", "order", [
            "symbol=BTCUSDT", "side=BUY", "type=LIMIT", "timeInForce=GTC", "quantity=0.01000",
            "price=50000.00", "newClientOrderId=resting",
        ])
        #expect(resting.status == 200, "\(resting.body)")
        let known = try rest.signed("GET", "myTrades", ["symbol=BTCUSDT"]).body

        let second = try ExchangeServer(configuration: configuration)
        #expect(throws: ExchangeFailure.state(.inUse(directory: folder.path))) {
            try second.start()
        }
        first.stop()
        #expect(first.failure == nil)

        let third = try ExchangeServer(configuration: configuration)
        try third.start()
        defer { third.stop() }
        #expect(third.statistics.ordersRestored == 1)
        #expect(third.statistics.stateBytesDiscarded == 0)
        let again = try LoopbackClient(.http, port: third.port, authority: third.authorityPath)
        #expect(try again.signed("GET", "myTrades", ["symbol=BTCUSDT"]).body == known)
        let order = try again.signed(
            "GET", "order", ["symbol=BTCUSDT", "origClientOrderId=resting"])
        #expect(order.body.contains(#""status":"NEW""#))
    }
}

extension DialectHarness {
    /// A client comes for the recorded book, and the recorded market goes on.
    fileprivate func beginReplay() {
        _ = connect("/stream?streams=btcusdt@depth@100ms/btcusdt@trade")
        advance(milliseconds: 2_000)
        #expect(rest("GET", "depth?symbol=BTCUSDT&limit=1000").status == 200)
        advance(milliseconds: 2_000)
    }
}

extension SymbolMarket {
    /// The public bids below a price and sells everything down to it.
    fileprivate func sell(down price: String, on harness: DialectHarness) {
        let limit = Price(raw: (try? parseDecimal(price, scale: 8)) ?? 0)
        let lots = Quantity(raw: 1_000_000_000_000)
        for (side, price, life) in [
            (Side.buy, limit - instrument.tickSize, TimeInForce.gtc), (.sell, limit, .ioc),
        ] {
            _ = matcher.place(
                IncomingOrder(
                    id: makeOrderID(), account: .market, side: side, type: .limit,
                    timeInForce: life, price: price, quantity: lots))
        }
        let exchange = harness.dialect.exchange
        record(fills: matcher.log.fills, now: harness.now, into: &exchange.publicEvents)
        exchange.settleMarketFills(of: self, now: harness.now)
        harness.dialect.publishEvents(now: harness.now)
    }
}

extension LoopbackClient {
    /// A request of the demo account.
    func signed(
        _ method: String, _ path: String, _ parameters: [String]
    ) throws -> (status: Int, body: String) {
        let query = (parameters + ["timestamp=\(milliseconds)"]).joined(separator: "&")
        let signature = SignatureVerifier().hexadecimalHMAC("apus-demo-secret", Array(query.utf8))
        return try request(
            method, "/api/v3/\(path)?\(query)&signature=\(signature)", key: "apus-demo-key")
    }
}
