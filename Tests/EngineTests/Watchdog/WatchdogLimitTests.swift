import Emulator
import Foundation
import Logging
import MarketModel
import Testing

@testable import Engine

/// A watchdog at work is a client like any other: rate limits hold for it too.
@Suite("Watchdog and rate limits", .serialized)
struct WatchdogLimitTests {
    @Test func `after a 429 it asks nothing until the venue's time is over`() async throws {
        let bench = try TradingBench(
            market: .agents(AgentConfiguration()), symbols: ["BTCUSDT"],
            strategies: TradingBench.maker
        ) {
            // Facts take 42, a pass over the orders 8: the second one is too much.
            $0.limits.requestWeightPerMinute = 55
            $0.limits.banAfterViolations = 1
        }
        defer { bench.remove() }
        var configuration = bench.configuration
        configuration.watchdog.patience = .milliseconds(100)
        try Heartbeat(path: configuration.watchdog.heartbeat).beat(Timestamp(nanoseconds: 1))
        let lines = LogLines()
        var watchdog = try Watchdog(
            configuration, environment: bench.environment,
            logger: Logger(label: "test") { _ in lines })
        var lastLook = ContinuousClock.now
        let isRefused = await eventually {
            lastLook = .now
            _ = watchdog.look()
            return watchdog.failure != nil
        }
        #expect(isRefused)
        guard case .refused(_, 429, _, _) = watchdog.failure else {
            Issue.record("not refused for its rate: \(String(describing: watchdog.failure))")
            return
        }
        let wait = lines.first("orders may still be open, next attempt follows")?["wait_ms"]
        let milliseconds = wait.flatMap { Int("\($0)") } ?? 0
        #expect((900...60_000).contains(milliseconds))
        // Passes follow each other after a second: three more would have. Unless the venue's minute ends
        // before: then it may ask again.
        let requests = bench.exchange.statistics.restRequests
        let ends = lastLook + .milliseconds(min(milliseconds, 3_000))
        while ContinuousClock.now < ends {
            guard case .silent(isSettled: false) = watchdog.look() else {
                Issue.record("settled without having looked")
                break
            }
            await Task.yield()
        }
        let statistics = bench.exchange.statistics
        #expect(statistics.restRequests == requests)
        #expect(statistics.rateLimitRefusals == 1)
        #expect(statistics.bans == 0)
    }
}
