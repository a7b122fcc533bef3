import Control
import Emulator
import Engine
import Foundation
import Journal
import MarketModel
import Telemetry
import TickToTrade
import Testing
import Venues

/// The engine against the exchange over real sockets and TLS, in one process.
@Suite("Live engine", .serialized)
struct LiveEngineTests {
    private static func agents(_ seed: UInt64) -> ExchangeConfiguration.MarketSource {
        var agents = AgentConfiguration()
        agents.seed = seed
        agents.eventsPerSecond = 4_000
        return .agents(agents)
    }

    @Test(arguments: ["uring", "direct"])
    func `trades, halts, resumes, flattens, and replays to the same orders`(
        transport: String
    ) async throws {
        let bench = try TradingBench(
            market: Self.agents(7), symbols: ["BTCUSDT"], strategies: TradingBench.maker,
            transport: transport)
        defer { bench.remove() }
        let engine = try await bench.startEngine()
        let hasTraded = await eventually {
            _ = await engine.drainEvents()
            let totals = await engine.snapshotNow().totals
            return totals.fills >= 3 && totals.ordersSent >= 20
        }
        #expect(hasTraded, "no fills over \(transport)")

        let halt = try await engine.halt(reason: "test")
        #expect(halt.state == .halted)
        #expect(halt.cancelsConfirmed == halt.cancelsSent)
        #expect(try await engine.openOrders(in: .everything, atMost: 100).isEmpty)
        let resumed = try await engine.resume()
        #expect(resumed.state == .trading)
        let before = await engine.snapshotNow().totals.ordersSent
        #expect(await eventually { await engine.snapshotNow().totals.ordersSent > before })

        let flat = try await engine.flatten(.everything)
        #expect(flat.remaining.isEmpty)
        // A commission in BTC leaves less than the smallest order, 5 USDT, which nothing can sell.
        let smallest = ExactDecimal(raw: 1, scale: 4)
        #expect(await eventually { await engine.positions().allSatisfy { $0.position < smallest } })

        await engine.stop(because: "test")
        #expect(await engine.failure == nil)
        let summary = try JournalReplay.run(directory: try bench.runDirectory())
        #expect(summary.difference == nil)
        #expect(summary.decisionsEqual >= 20)
        #expect(summary.requestsEqual >= 20)
    }

    /// One login for the connection, then requests without signatures: their bytes replay too.
    @Test func `an Ed25519 key logs the session on and every request's bytes can be made again`()
        async throws
    {
        // The venue's public documentation key (binance-spot.md, section 7).
        let text = "MC4CAQAwBQYDK2VwBCIEIIJEYWtGBrhACmb9Dvy+qa8WEf0lQOl1s4CLIAB9m89u"
        let publicKey = try RequestSigner.ed25519(key: text).publicKey
        let bench = try TradingBench(
            market: Self.agents(3), symbols: ["BTCUSDT"], strategies: TradingBench.maker,
            authentication: "ed25519", privateKey: text
        ) { $0.accounts[0].credential = .ed25519(publicKey: publicKey) }
        defer { bench.remove() }
        let engine = try await bench.startEngine()
        let hasTraded = await eventually {
            _ = await engine.drainEvents()
            return await engine.snapshotNow().totals.ordersSent >= 10
        }
        #expect(hasTraded)
        await engine.stop(because: "test")
        let summary = try JournalReplay.run(directory: try bench.runDirectory())
        #expect(summary.difference == nil)
        #expect(summary.requestsEqual >= 10)
    }

    @Test func `a dropped diff invalidates the book, and a snapshot mends it`() async throws {
        let bench = try TradingBench(
            market: Self.agents(11), symbols: ["BTCUSDT"], strategies: TradingBench.maker
        ) { $0.faults.dropDepthEvery = 20 }
        defer { bench.remove() }
        let engine = try await bench.startEngine()
        let hasResynced = await eventually {
            _ = await engine.drainEvents()
            let instrument = await engine.snapshotNow().instruments.first
            return (instrument?.resyncs ?? 0) >= 2 && instrument?.isBookValid == true
        }
        #expect(hasResynced)
        await engine.stop(because: "test")
        #expect(try JournalReplay.run(directory: try bench.runDirectory()).difference == nil)
    }

    @Test func `lost connections come back and no order is doubled`() async throws {
        let bench = try TradingBench(
            market: Self.agents(13), symbols: ["BTCUSDT"], strategies: TradingBench.maker
        ) { $0.faults.disconnectAfterMessages = 400 }
        defer { bench.remove() }
        let engine = try await bench.startEngine()
        let hasReconnected = await eventually {
            _ = await engine.drainEvents()
            let snapshot = await engine.snapshotNow()
            return snapshot.connections.reduce(0) { $0 + $1.reconnects } >= 2
                && snapshot.totals.ordersSent >= 4
        }
        #expect(hasReconnected)
        await engine.stop(because: "test")
        #expect(try JournalReplay.run(directory: try bench.runDirectory()).difference == nil)
    }

    @Test func `an exchange that restarts is found again, and trading goes on`() async throws {
        var bench = try TradingBench(
            market: Self.agents(19), symbols: ["BTCUSDT"], strategies: TradingBench.maker)
        defer { bench.remove() }
        let engine = try await bench.startEngine()
        #expect(await hasSent(engine, 10))
        try bench.restartExchange()
        let isBack = await eventually {
            _ = await engine.drainEvents()
            let snapshot = await engine.snapshotNow()
            return snapshot.state == .trading
                && snapshot.connections.allSatisfy { $0.reconnects >= 1 && $0.state == .open }
        }
        #expect(isBack, "the engine does not come back")
        let before = await engine.snapshotNow().totals.ordersSent
        #expect(await hasSent(engine, before + 10))
        await engine.stop(because: "test")
        #expect(try JournalReplay.run(directory: try bench.runDirectory()).difference == nil)
    }

    private func hasSent(_ engine: LiveEngine, _ count: Int64) async -> Bool {
        await eventually {
            _ = await engine.drainEvents()
            return await engine.snapshotNow().totals.ordersSent >= count
        }
    }

    /// The main job on real input: two recorded days, as fast as the engine takes them.
    @Test(arguments: ["trades", "klines"])
    func `takes two recorded days without a gap, its book equal to the tickers`(
        candles: String
    ) async throws {
        let data = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("shared/data/ws")
        let files = ["20240808", "20240809"].map {
            data.appendingPathComponent("binance_spot_btcusdt_\($0).jsonl.gz").path
        }
        guard files.allSatisfy(FileManager.default.fileExists(atPath:)) else {
            print("skipped: the recorded captures are not beside this checkout")
            return
        }
        var replay = ReplayConfiguration(files: files)
        replay.pace = .unthrottled
        let bench = try TradingBench(
            market: .replay(replay), symbols: ["BTCUSDT"],
            strategies: TradingBench.maker + TradingBench.breakout, candles: candles
        ) {
            // The seeded past lies below the recorded market: a breakout to trade.
            let own = $0.symbols.firstIndex { $0.symbol == "BTCUSDT" } ?? 0
            $0.symbols[own].rally = 1
        }
        defer { bench.remove() }
        let engine = try await bench.startEngine()
        // The exchange ends the streams after the last frame: the engine then reconnects.
        let isOver = await eventually(within: 120) {
            _ = await engine.drainEvents()
            let market = await engine.snapshotNow().connections.first { $0.name == "market" }
            return (market?.reconnects ?? 0) >= 1
        }
        #expect(isOver)
        let snapshot = await engine.snapshotNow()
        #expect(snapshot.totals.marketMessages > 99_000)
        #expect(snapshot.instruments.first?.resyncs == 0)
        await engine.stop(because: "test")
        // Every order explained: none unknown, none open, each with its one end.
        let totals = await engine.snapshotNow().totals
        print("orders \(totals.ordersSent), fills \(totals.fills), denied \(totals.denied)")
        #expect(totals.ordersSent >= 20)
        #expect(totals.unknown == 0)
        #expect(await engine.snapshotNow().instruments.allSatisfy { $0.openOrders == 0 })

        let directory = try bench.runDirectory()
        let summary = try JournalReplay.run(directory: directory)
        #expect(summary.difference == nil)
        #expect(try Self.strategies(in: directory) == [0, 1], "both strategies trade")
        let venueCandles = try Self.candlesAfterStart(in: directory)
        #expect(candles == "klines" ? venueCandles >= 8 : venueCandles == 0)
        let agreement = try Self.compareBookWithTickers(directory)
        // The capture itself lacks two ticker messages (its golden file says so).
        #expect(agreement.compared > 6_000)
        #expect(agreement.different <= 2)
    }

    /// Numbers of the strategies that decided orders.
    private static func strategies(in directory: String) throws -> Set<UInt16> {
        var found: Set<UInt16> = []
        var reader = try JournalReader(directory: directory)
        while let record = try reader.next() {
            guard let request = record.payload(as: OrderRequest.self), record.type == .decision
            else { continue }
            found.insert(request.strategy.raw)
        }
        return found
    }

    /// Candles that the venue has told while the run traded.
    private static func candlesAfterStart(in directory: String) throws -> Int {
        var hasStarted = false
        var count = 0
        var reader = try JournalReader(directory: directory)
        while let record = try reader.next() {
            if record.type == .started { hasStarted = true }
            if hasStarted, record.type == .candle { count += 1 }
        }
        return count
    }

    /// After each diff the best levels must be those of the newest ticker that it contains.
    private static func compareBookWithTickers(
        _ directory: String
    ) throws -> (compared: Int, different: Int) {
        var book = OrderBook(instrument: InstrumentIndex(0))
        var tops: [TopOfBook] = []
        var compared = 0
        var different = 0
        var reader = try JournalReader(directory: directory)
        while let record = try reader.next() {
            if record.type == .topOfBook, let top = record.payload(as: TopOfBook.self) {
                tops.append(top)
            }
            guard record.type == .depth, let header = record.payload(as: DepthHeader.self),
                let levels = record.levels?.baseAddress
            else { continue }
            book.apply(header, levels)
            guard !header.isSnapshot,
                let top = tops.last(where: { $0.updateID <= header.lastUpdateID })
            else { continue }
            tops.removeAll { $0.updateID < top.updateID }
            compared += 1
            let isEqual =
                book.bestBid == BookLevel(price: top.bidPrice, quantity: top.bidQuantity)
                && book.bestAsk == BookLevel(price: top.askPrice, quantity: top.askQuantity)
            if !isEqual { different += 1 }
        }
        return (compared, different)
    }
}
