import Control
import Emulator
import Engine
import Logging
import MarketModel
import Telemetry
import Testing

/// The WebSocket API of the exchange goes away and comes back, while streams and REST go on.
@Suite("Orders over REST, live", .serialized)
struct OrderFallbackLiveTests {
    @Test func `entries are cancelled over REST, and trading goes on when the API is back`()
        async throws
    {
        let bench = try bench()
        defer { bench.remove() }
        let lines = LogLines()
        let engine = try await start(bench, lines, .closingOverREST)
        #expect(await hasSent(engine, 10))
        bench.exchange.perform(.serveAPI(false))
        let isSafe = await eventually {
            let snapshot = await engine.snapshotNow()
            return snapshot.state == .halted && snapshot.reason == "orders over REST only"
                && snapshot.totals.unknown == 0
                && snapshot.instruments.allSatisfy { $0.openOrders == 0 }
        }
        #expect(isSafe, "every order is explained")
        #expect(await refusesToResume(engine))
        bench.exchange.perform(.serveAPI(true))
        let before = await engine.snapshotNow().totals.ordersSent
        #expect(await hasSent(engine, before + 10))
        #expect(lines.first("orders take another way") != nil)
        try await end(engine, bench)
    }

    @Test func `a position is flattened over REST`() async throws {
        let bench = try bench()
        defer { bench.remove() }
        let engine = try await start(bench, LogLines(), .closingOverREST)
        // A maker's position comes and goes: until one is there when the API goes.
        var isHeld = false
        for _ in 0..<20 where !isHeld {
            let holds = await eventually(within: 20) {
                _ = await engine.drainEvents()
                return await engine.snapshotNow().instruments[0].averageEntry != nil
            }
            #expect(holds)
            bench.exchange.perform(.serveAPI(false))
            let isRerouted = await eventually {
                let snapshot = await engine.snapshotNow()
                return snapshot.reason == "orders over REST only" && snapshot.totals.unknown == 0
                    && snapshot.instruments[0].openOrders == 0
            }
            #expect(isRerouted)
            isHeld = await engine.snapshotNow().instruments[0].averageEntry != nil
            if isHeld { break }
            bench.exchange.perform(.serveAPI(true))
            #expect(await eventually { await engine.snapshotNow().state == .trading })
        }
        #expect(isHeld)
        let outcome = try await engine.flatten(.init())
        #expect(outcome.closingOrdersSent == 1 && outcome.remaining.isEmpty)
        try await end(engine, bench)
    }

    @Test func `with rest_places the strategy goes on over REST, and every fill is its own`()
        async throws
    {
        let bench = try bench()
        defer { bench.remove() }
        let engine = try await start(bench, LogLines(), .everythingOverREST)
        #expect(await hasSent(engine, 10))
        bench.exchange.perform(.serveAPI(false))
        #expect(
            await eventually {
                _ = await engine.drainEvents()
                return await engine.snapshotNow().state != .trading
            })
        #expect(await eventually { await engine.snapshotNow().state == .trading })
        let before = await engine.snapshotNow().totals
        #expect(await hasSent(engine, before.ordersSent + 10))
        bench.exchange.perform(.serveAPI(true))
        #expect(
            await eventually {
                _ = await engine.drainEvents()
                let orders = await engine.snapshotNow().connections.first { $0.name == "orders" }
                return orders?.state == .open
            })
        #expect(await hasSent(engine, await engine.snapshotNow().totals.ordersSent + 10))
        try await end(engine, bench)
    }

    // MARK: - Parts

    private func bench() throws -> TradingBench {
        var agents = AgentConfiguration()
        agents.seed = 41
        agents.eventsPerSecond = 2_000
        return try TradingBench(
            market: .agents(agents), symbols: ["BTCUSDT"], strategies: TradingBench.maker)
    }

    private func start(
        _ bench: TradingBench, _ lines: LogLines, _ entry: VenueConfiguration.OrderEntry
    ) async throws -> LiveEngine {
        var configuration = bench.configuration
        configuration.venue.orderEntry = entry
        configuration.venue.orderPatience = .milliseconds(200)
        configuration.timeouts.reconnectMaximum = .milliseconds(300)
        configuration.reconciliation.auditInterval = .milliseconds(200)
        return try await LiveEngine.start(
            configuration, environment: bench.environment,
            logger: Logger(label: "test") { _ in lines })
    }

    private func hasSent(_ engine: LiveEngine, _ count: Int64) async -> Bool {
        await eventually {
            _ = await engine.drainEvents()
            return await engine.snapshotNow().totals.ordersSent >= count
        }
    }

    private func refusesToResume(_ engine: LiveEngine) async -> Bool {
        do {
            _ = try await engine.resume()
            return false
        } catch {
            return true
        }
    }

    /// Nothing open, nothing that the exchange says otherwise, and the same again from the journal.
    private func end(_ engine: LiveEngine, _ bench: TradingBench) async throws {
        let audits = await engine.snapshotNow().audits.completed
        #expect(
            await eventually { await engine.snapshotNow().audits.completed >= audits + 2 },
            "the account is compared")
        #expect(await engine.snapshotNow().audits.differences == 0)
        await engine.stop(because: "test")
        #expect(await engine.unsettled.isEmpty)
        #expect(await engine.snapshotNow().totals.unknown == 0)
        let replay = try JournalReplay.run(directory: try bench.runDirectory())
        #expect(replay.difference == nil)
    }
}
