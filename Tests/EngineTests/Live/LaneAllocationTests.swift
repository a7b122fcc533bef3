import CAllocationCount
import Emulator
import Engine
import Telemetry
import Testing

/// Design law 4, confirmed at run time: a trading lane leaves the allocator alone.
@Suite("Lane allocations", .serialized)
struct LaneAllocationTests {
    @Test(arguments: ["uring", "direct"])
    func `a warm lane trades without touching the allocator`(transport: String) async throws {
        guard allocation_count_of_thread("") >= 0 else {
            print("skipped: a sanitizer owns the allocator")
            return
        }
        var agents = AgentConfiguration()
        agents.seed = 5
        agents.eventsPerSecond = 8_000
        let bench = try TradingBench(
            market: .agents(agents), symbols: ["BTCUSDT"],
            strategies: TradingBench.maker + TradingBench.breakout, transport: transport)
        defer { bench.remove() }
        let engine = try await bench.startEngine()
        #expect(await hasSent(engine, more: 200), "the lane does not trade")

        // The venue's clock, read over REST every ten seconds, is the slow half's and may allocate:
        // one reading spoils two windows at most. Every other window must be clean.
        let start = await sample(engine)
        var last = start
        var spoiled: [Int64] = []
        var windows = 0
        while last.orders < start.orders + 500, windows < 10_000 {
            #expect(await hasSent(engine, more: 5))
            let next = await sample(engine)
            windows += 1
            if next.allocatorCalls != last.allocatorCalls {
                spoiled.append(next.allocatorCalls - last.allocatorCalls)
            }
            last = next
        }
        print(
            "lane over \(transport): \(last.messages - start.messages) messages,",
            "\(windows - spoiled.count) of \(windows) windows clean, others \(spoiled)")
        #expect(start.allocatorCalls > 0)
        #expect(last.messages - start.messages > 1_000)
        #expect(spoiled.count <= 2 * Int(last.readings - start.readings + 1))
        #expect(spoiled.count < windows / 2)
        await engine.stop(because: "test")
    }

    private struct Sample {
        var allocatorCalls, orders, messages, readings: Int64
    }

    private func sample(_ engine: LiveEngine) async -> Sample {
        let snapshot = await engine.snapshotNow()
        return Sample(
            allocatorCalls: allocation_count_of_thread("lane-"),
            orders: snapshot.totals.ordersSent, messages: snapshot.totals.marketMessages,
            readings: snapshot.connections.first { $0.name == "rest" }?.messages ?? 0)
    }

    private func hasSent(_ engine: LiveEngine, more count: Int64) async -> Bool {
        let start = await engine.snapshotNow().totals.ordersSent
        return await eventually(within: 60) {
            _ = await engine.drainEvents()
            return await engine.snapshotNow().totals.ordersSent >= start + count
        }
    }
}
