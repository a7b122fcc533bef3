import Emulator
import Engine
import Foundation
import Logging
import MarketModel
import Telemetry
import Testing

/// A strategy that wants far more than the venue allows, for longer than the venue's windows are.
@Suite("Storms", .serialized)
struct StormTests {
    /// Three ten-second windows: in each of them the strategy wants hundreds of orders and sends
    /// what the limit leaves. The exchange counts what goes beyond, and bans at the second time.
    @Test func `a storm of orders stays within the venue's limits, window after window`()
        async throws
    {
        var agents = AgentConfiguration()
        agents.seed = 5
        agents.eventsPerSecond = 4_000
        let bench = try TradingBench(
            market: .agents(agents), symbols: ["BTCUSDT"],
            strategies: TradingBench.maker.replacingOccurrences(
                of: "requote_ticks: 50", with: "requote_ticks: 1")
        ) {
            $0.limits.ordersPerTenSeconds = 40
            $0.limits.requestWeightPerMinute = 400
            $0.limits.banAfterViolations = 1
        }
        defer { bench.remove() }
        let engine = try await bench.startEngine()
        var last = Figures()
        for window in 1...3 {
            let ends = ContinuousClock.now + .seconds(10)
            var now = last
            let isOver = await eventually {
                _ = await engine.drainEvents()
                now = Figures(await engine.snapshotNow())
                return ContinuousClock.now >= ends && now.left > last.left
            }
            #expect(isOver, "nothing is sent in window \(window)")
            #expect(now.heldBack - last.heldBack > 100, "no storm in window \(window)")
            last = now
        }
        let budget = await engine.snapshotNow().budgets.first { $0.name == "orders" }
        #expect(budget?.limit == 40)
        // Its cancels still go through, and the venue has not had to refuse anything.
        await engine.stop(because: "test")
        #expect(await engine.unsettled.isEmpty)
        let refused = await engine.snapshotNow().totals.rejected.map(\.reason)
        #expect(!refused.contains { $0.contains("Too m") }, "\(refused)")
        let statistics = bench.exchange.statistics
        #expect(statistics.rateLimitRefusals == 0)
        #expect(statistics.bans == 0)
        #expect(try JournalReplay.run(directory: try bench.runDirectory()).difference == nil)
    }

    /// Every third diff is lost: each loss asks for a snapshot, far more than the minute allows.
    @Test func `a storm of snapshots waits for the venue's next minute`() async throws {
        var agents = AgentConfiguration()
        agents.seed = 6
        agents.eventsPerSecond = 4_000
        let bench = try TradingBench(
            market: .agents(agents), symbols: ["BTCUSDT"], strategies: TradingBench.maker
        ) {
            $0.limits.requestWeightPerMinute = 500
            $0.limits.banAfterViolations = 1
            $0.faults.dropDepthEvery = 3
        }
        defer { bench.remove() }
        let engine = try await bench.startEngine()
        var waitingSince = ContinuousClock.now
        let waits = await eventually {
            _ = await engine.drainEvents()
            let snapshot = await engine.snapshotNow()
            // A book that is mended at once is not waiting for the budget.
            if snapshot.instruments.first?.isBookValid == true { waitingSince = .now }
            return ContinuousClock.now - waitingSince > .seconds(2)
        }
        #expect(waits)
        let weight = await engine.snapshotNow().budgets.first { $0.name == "request weight" }
        // What market data may use of it, less than another snapshot's 50, and the clock's questions.
        #expect((251...310).contains(weight?.used ?? 0), "\(weight?.used ?? 0)")
        await engine.stop(because: "test")
        #expect(bench.exchange.statistics.rateLimitRefusals == 0)
        #expect(bench.exchange.statistics.bans == 0)
    }

    /// The exchange drops every connection after a few messages, and the engine comes back within
    /// milliseconds: until the next attempt would be one too many.
    @Test func `a storm of reconnects waits before the venue bans the address`() async throws {
        var agents = AgentConfiguration()
        agents.seed = 7
        agents.eventsPerSecond = 4_000
        let bench = try TradingBench(
            market: .agents(agents), symbols: ["BTCUSDT"], strategies: TradingBench.maker
        ) {
            $0.limits.banAfterViolations = 1
            $0.faults.disconnectAfterMessages = 4
        }
        defer { bench.remove() }
        var configuration = bench.configuration
        configuration.timeouts.reconnectMinimum = .milliseconds(1)
        configuration.timeouts.reconnectMaximum = .milliseconds(2)
        let lines = LogLines()
        let engine = try await LiveEngine.start(
            configuration, environment: bench.environment,
            logger: Logger(label: "test") { _ in lines })
        func attempts(_ name: String) async -> Int64 {
            await engine.snapshotNow().connections.first { $0.name == name }?.reconnects ?? 0
        }
        let isHeld = await eventually(within: 90) {
            _ = await engine.drainEvents()
            return lines.all("connection attempts nearly used up, waiting")
                .contains { $0["connection"] == "market" }
        }
        #expect(isHeld)
        // The last attempt of before may still be counted.
        var used = await attempts("market")
        var since = ContinuousClock.now
        _ = await eventually {
            let now = await attempts("market")
            if now != used { (used, since) = (now, .now) }
            return ContinuousClock.now - since > .milliseconds(500)
        }
        // The order connection has the room that the market's storm has left.
        #expect(used > 100 && used < 240)
        let later = ContinuousClock.now + .seconds(2)
        _ = await eventually { ContinuousClock.now >= later }
        #expect(await attempts("market") == used, "it waits")
        await engine.stop(because: "test")
        #expect(bench.exchange.statistics.rateLimitRefusals == 0)
        #expect(bench.exchange.statistics.bans == 0)
    }

    private struct Figures {
        /// Orders that the budget has let go.
        var left: Int64 = 0
        var heldBack: Int64 = 0

        init() {}

        init(_ snapshot: EngineSnapshot) {
            heldBack = snapshot.totals.denied.first { $0.reason == "rate_limit" }?.count ?? 0
            left = snapshot.totals.ordersSent - heldBack
        }
    }
}
