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
        // The limit's minute must not end within the test.
        let isEarly = await eventually { Date().timeIntervalSince1970.truncatingRemainder(dividingBy: 60) < 20 }
        #expect(isEarly)
        var configuration = bench.configuration
        configuration.watchdog.patience = .milliseconds(100)
        try Heartbeat(path: configuration.watchdog.heartbeat).beat(Timestamp(nanoseconds: 1))
        let lines = LogLines()
        var watchdog = try Watchdog(
            configuration, environment: bench.environment,
            logger: Logger(label: "test") { _ in lines })
        let isRefused = await eventually {
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
        #expect((1_000...60_000).contains(milliseconds))
        // Passes follow each other after a second: three more would have.
        let requests = bench.exchange.statistics.restRequests
        let ends = ContinuousClock.now + .seconds(3)
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
