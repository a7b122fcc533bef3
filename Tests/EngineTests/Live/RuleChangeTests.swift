import Codec
import Control
import Emulator
import Foundation
import Logging
import MarketModel
import Telemetry
import Testing
import TickToTrade

@testable import Engine

/// The venue halts an instrument, changes its filters or delists it while the engine runs.
@Suite("Changed rules", .serialized)
struct RuleChangeTests {
    private static let rules = """
        {"symbols":[{"symbol":"BTCUSDT","status":"TRADING","baseAsset":"BTC","quoteAsset":"USDT",\
        "baseAssetPrecision":8,"quoteAssetPrecision":8,"orderTypes":["LIMIT"],"filters":[\
        {"filterType":"PRICE_FILTER","minPrice":"0.01","maxPrice":"1000000.00","tickSize":"0.01"},\
        {"filterType":"LOT_SIZE","minQty":"0.00001","maxQty":"9000.0","stepSize":"0.00001"}]}]}
        """

    @Test(arguments: [
        ("\"TRADING\"", "\"TRADING\"", [String]()),
        ("\"TRADING\"", "\"HALT\"", ["status trading, now halted"]),
        ("\"tickSize\":\"0.01\"", "\"tickSize\":\"0.10\"", ["tick size 0.01, now 0.1"]),
        (
            "\"minQty\":\"0.00001\"", "\"minQty\":\"0.00100\"",
            ["smallest quantity 0.00001, now 0.001"]
        ),
        ("[\"LIMIT\"]", "[\"LIMIT\",\"MARKET\"]", ["other rules"]),
    ])
    func `what has changed is said in words`(part: String, now: String, words: [String]) throws {
        let known = try info(Self.rules).instruments
        let told = try info(Self.rules.replacingOccurrences(of: part, with: now))
        let change = RuleChanges.find(known, told)["BTCUSDT"]
        let found = change?.words ?? []
        #expect(found.count == words.count, "\(found)")
        #expect(zip(found, words).allSatisfy { $0 == $1 }, "\(found)")
        #expect(change?.halt == (words.isEmpty ? nil : now == "\"HALT\"" ? .venueHalted : .rulesChanged))
    }

    @Test func `what is not listed any more, or cannot be read, counts as changed`() throws {
        let known = try info(Self.rules).instruments
        let gone = RuleChanges.find(known, nil, gone: ["BTCUSDT"])
        #expect(gone == ["BTCUSDT": RuleChange(halt: .delisted, words: ["delisted"])])
        let broken = try info(Self.rules.replacingOccurrences(of: "\"0.01\",\"max", with: "\"x\",\"max"))
        #expect(RuleChanges.find(known, broken)["BTCUSDT"]?.words.count == 1)
    }

    @Test func `an instrument whose filters change at the venue is halted and told`() async throws {
        var agents = AgentConfiguration()
        agents.seed = 31
        var bench = try TradingBench(
            market: .agents(agents), symbols: ["BTCUSDT"], strategies: TradingBench.maker)
        defer { bench.remove() }
        let lines = LogLines()
        var configuration = bench.configuration
        configuration.venue.rulesRefresh = .milliseconds(100)
        let engine = try await LiveEngine.start(
            configuration, environment: bench.environment,
            logger: Logger(label: "test") { _ in lines })
        let hasTraded = await eventually {
            _ = await engine.drainEvents()
            return await engine.snapshotNow().totals.ordersSent >= 4
        }
        #expect(hasTraded)
        #expect(await isHalted(engine) == false)
        try bench.restartExchange { own in
            for slot in own.symbols.indices { own.symbols[slot].minNotional *= 2 }
        }
        #expect(await eventually { await isHalted(engine) })
        let told = lines.first("the venue has changed an instrument, it is halted")
        #expect(told?["instrument"] == "BTCUSDT")
        let changes = told?["changes"]?.description ?? ""
        #expect(changes.contains("smallest notional 5"), "\(changes)")
        await engine.stop(because: "test")
        #expect(try JournalReplay.run(directory: try bench.runDirectory()).difference == nil)
    }

    @Test func `an instrument that the venue stops rests until the venue goes on`() async throws {
        var agents = AgentConfiguration()
        agents.seed = 37
        let bench = try TradingBench(
            market: .agents(agents), symbols: ["BTCUSDT"], strategies: TradingBench.maker)
        defer { bench.remove() }
        let lines = LogLines()
        var configuration = bench.configuration
        configuration.venue.rulesRefresh = .milliseconds(100)
        let engine = try await LiveEngine.start(
            configuration, environment: bench.environment,
            logger: Logger(label: "test") { _ in lines })
        #expect(await hasSent(engine, 4))
        bench.exchange.perform(.setStatus(symbol: "BTCUSDT", .halt))
        #expect(await eventually { await isHalted(engine) })
        _ = await engine.drainEvents()
        #expect(lines.first("instrument halted")?["detail"] == "the venue has halted it")
        bench.exchange.perform(.setStatus(symbol: "BTCUSDT", .trading))
        #expect(await eventually { await isHalted(engine) == false })
        let before = await engine.snapshotNow().totals.ordersSent
        #expect(await hasSent(engine, before + 4), "the strategy quotes again")
        await engine.stop(because: "test")
        #expect(await engine.unsettled.isEmpty)
        #expect(try JournalReplay.run(directory: try bench.runDirectory()).difference == nil)
    }

    // EXCHANGE_MAX_NUM_ORDERS
    @Test func `the account's limit of open orders is kept here, also one that is new`() async throws {
        var agents = AgentConfiguration()
        agents.seed = 33
        var bench = try TradingBench(
            market: .agents(agents), symbols: ["BTCUSDT"], strategies: TradingBench.maker,
            adjust: { $0.filters.maxOrders = 50 })
        defer { bench.remove() }
        var configuration = bench.configuration
        configuration.venue.rulesRefresh = .milliseconds(100)
        let lines = LogLines()
        let engine = try await LiveEngine.start(
            configuration, environment: bench.environment,
            logger: Logger(label: "test") { _ in lines })
        #expect(lines.first("venue") == nil, "no filter is left to the venue")
        #expect(await hasSent(engine, 4))
        #expect(await denials(engine) == 0)
        try bench.restartExchange { $0.filters.maxOrders = 1 }
        #expect(await eventually { await denials(engine) > 0 })
        await engine.stop(because: "test")
        #expect(try JournalReplay.run(directory: try bench.runDirectory()).difference == nil)
    }

    private func denials(_ engine: LiveEngine) async -> Int64 {
        _ = await engine.drainEvents()
        return await engine.snapshotNow().totals.denied
            .first { $0.reason == RiskRule.venueOpenOrders.name }?.count ?? 0
    }

    private func hasSent(_ engine: LiveEngine, _ count: Int64) async -> Bool {
        await eventually {
            _ = await engine.drainEvents()
            return await engine.snapshotNow().totals.ordersSent >= count
        }
    }

    private func isHalted(_ engine: LiveEngine) async -> Bool {
        await engine.limits().contains { setting in
            setting.scope == .instrument && setting.limit == "halted"
                && setting.value == ExactDecimal(1)
        }
    }

    private func info(_ text: String) throws -> BinanceSpotExchangeInfo {
        let bytes = Array(text.utf8) + [UInt8](repeating: 0, count: 64)
        return try bytes.withUnsafeBufferPointer { buffer in
            try BinanceSpotExchangeInfo(
                try #require(buffer.baseAddress), text.utf8.count,
                wanted: [try #require(ShortName("BTCUSDT"))])
        }
    }
}
