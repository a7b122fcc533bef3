import Control
import Emulator
import Machine
import Telemetry
import Testing

@testable import Engine
@testable import Journal

/// What an engine does that can write no record any more.
@Suite("A journal that takes nothing", .serialized)
struct JournalLossTests {
    private static let market: ExchangeConfiguration.MarketSource = {
        var agents = AgentConfiguration()
        agents.seed = 21
        agents.eventsPerSecond = 2_000
        return .agents(agents)
    }()

    // Design law 9: cancels always pass, and a loss of the journal leads to a halt.
    @Test func `entries are cancelled at once; after a resume it halts again`() async throws {
        let bench = try TradingBench(
            market: Self.market, symbols: ["BTCUSDT"], strategies: TradingBench.maker)
        defer { bench.remove() }
        let engine = try await bench.startEngine()
        let quotes = await eventually { await engine.snapshotNow().totals.ordersSent >= 10 }
        #expect(quotes)
        let journal = await engine.log
        for _ in 0..<2 {
            let rests = await eventually { !engine.openOrders.isEmpty }
            #expect(rests, "it quotes")
            journal.counters.closing.store(JournalClosing.failed)
            let halted = await eventually { await !engine.isTrading }
            #expect(halted)
            let cause = await engine.snapshotNow().reason ?? ""
            #expect(cause.contains("journal full"), "\(cause)")
            let ended = await eventually { engine.openOrders.isEmpty }
            #expect(ended, "still open: \(engine.openOrders)")
            journal.counters.closing.store(JournalClosing.open)
            let resumed = try await engine.resume()
            #expect(resumed.state == .trading)
        }
        await engine.stop(because: "test")
    }
}
