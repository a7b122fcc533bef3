import Engine
import Synchronization
import Telemetry
import Testing
import TickToTrade

/// Every type of order through the whole engine: intent, risk, encoder, sockets, the exchange's
/// matching, reports, order state, position, journal.
@Suite("Order types on the live engine", .serialized)
struct OrderParadeTests {
    @Test func `every type of order lives its life, and the journal replays to the same orders`()
        async throws
    {
        OrderParade.ends.withLock { $0 = [:] }
        let bench = try OwnBench(
            strategies: """
                  - name: parade
                    kind: order_parade
                    instruments: [BTCUSDT]

                """)
        defer { bench.remove() }
        let engine = try await bench.start(.parade)
        let isOver = await eventually(within: 60) {
            _ = await engine.drainEvents()
            return OrderParade.ends.withLock { $0.count } == OrderParade.Step.allCases.count
        }
        let ends = OrderParade.ends.withLock { $0 }
        let missing = OrderParade.Step.allCases.filter { ends[$0] == nil }
        let denial = OrderParade.denial.withLock { $0 } ?? "nothing"
        #expect(isOver, "not over: \(missing); denied: \(denial)")

        let single: [OrderParade.Step: OrderState] = [
            .quoteAmount: .filled, .stopLoss: .filled, .stopLossLimit: .filled,
            .takeProfit: .filled, .takeProfitLimit: .filled, .trailingStop: .canceled,
            .iceberg: .filled, .amendment: .canceled, .selfTradePrevention: .canceled,
            .closing: .filled,
        ]
        for (step, state) in single { #expect(ends[step] == [state], "\(step)") }
        #expect(ends[.replacement] == [.canceled, .canceled])
        #expect(ends[.trigger] == [.filled, .filled])
        // One of a pair trades, the other ends without.
        #expect(Set(ends[.pair] ?? []) == [.filled, .expired])
        #expect(ends[.bracket]?.first == .filled)
        #expect(Set(ends[.bracket]?.dropFirst() ?? []) == [.filled, .expired])

        let totals = await engine.snapshotNow().totals
        #expect(totals.unknown == 0)
        // Nothing but prices that the market had passed on the way.
        for reason in totals.rejected {
            #expect(
                reason.reason.contains("trigger immediately")
                    || reason.reason.contains("relationship"),
                "\(reason)")
        }
        await engine.stop(because: "test")
        #expect(await engine.failure == nil)
        let summary = try bench.replay(.parade)
        #expect(summary.difference == nil)
        #expect(summary.requestsEqual >= OrderParade.Step.allCases.count)
    }
}
