import Control
import Emulator
import Engine
import Foundation
import Telemetry
import Testing

/// Strategies of another module on the live engine over real sockets, through what is public.
@Suite("Own strategies", .serialized)
struct OwnStrategyTests {
    static let roundTrip = """
          - name: trips
            kind: round_trip
            instruments: [BTCUSDT]
            parameters: {order_size: 0.01 BTC}

        """

    @Test(arguments: ["uring", "direct"])
    func `an own strategy trades, and its journal replays to the same orders`(
        transport: String
    ) async throws {
        let bench = try OwnBench(strategies: Self.roundTrip, transport: transport)
        defer { bench.remove() }
        let engine = try await bench.start(.own)
        let hasTraded = await eventually {
            _ = await engine.drainEvents()
            return await engine.snapshotNow().totals.fills >= 6
        }
        #expect(hasTraded, "no fills over \(transport)")
        #expect(await engine.snapshotNow().strategies.map(\.kind) == ["round_trip"])
        await engine.stop(because: "test")
        #expect(await engine.failure == nil)
        let summary = try bench.replay(.own)
        #expect(summary.difference == nil)
        #expect(summary.decisionsEqual >= 6)
        // The same strategies in another set are the same run.
        #expect(try bench.replay(.bare).difference == nil)
        #expect(throws: ConfigurationFailure.self) { try bench.replay(.builtIn) }
    }

    @Test func `a strategy that owns indicators trades on them, and replays`() async throws {
        let bench = try OwnBench(
            strategies: """
                  - name: crosses
                    kind: cross_over
                    instruments: [BTCUSDT]
                    parameters: {order_size: 0.01 BTC}

                """)
        defer { bench.remove() }
        let engine = try await bench.start(.averages)
        let hasTraded = await eventually {
            _ = await engine.drainEvents()
            return await engine.snapshotNow().totals.fills >= 4
        }
        #expect(hasTraded)
        await engine.stop(because: "test")
        #expect(try bench.replay(.averages).difference == nil)
    }

    @Test func `strategies that read the lane's indicators trade on them at once, and replay`()
        async throws
    {
        let bench = try OwnBench(
            strategies: """
                  - name: first
                    kind: trend_follower
                    instruments: [BTCUSDT]
                    parameters: {order_size: 0.01 BTC, minutes: 60}
                  - name: second
                    kind: trend_follower
                    instruments: [BTCUSDT]
                    parameters: {order_size: 0.02 BTC, minutes: 60}

                """)
        defer { bench.remove() }
        let engine = try await bench.start(.trend)
        let hasTraded = await eventually {
            _ = await engine.drainEvents()
            return await engine.snapshotNow().totals.fills >= 4
        }
        #expect(hasTraded, "an hour of history has come first")
        await engine.stop(because: "test")
        let summary = try bench.replay(.trend)
        #expect(summary.difference == nil)
        #expect(summary.decisionsEqual >= 4)
    }

    @Test func `an indicator that cannot be made is refused before anything trades`() async throws {
        let bench = try OwnBench(
            strategies: """
                  - name: endless
                    kind: trend_follower
                    instruments: [BTCUSDT]
                    parameters: {order_size: 0.01 BTC, minutes: 100001}

                """)
        defer { bench.remove() }
        do {
            let engine = try await bench.start(.trend)
            await engine.stop(because: "test")
            Issue.record("it was started")
        } catch let failure as StartFailure {
            #expect(
                "\(failure)".contains(
                    "indicator 2 of strategy endless: period is 100001.0, accepted: 1.0 to 100000.0"),
                "\(failure)")
        }
    }

    @Test func `a strategy that looks at the market's context trades on it, and replays`()
        async throws
    {
        let bench = try OwnBench(
            strategies: """
                  - name: value
                    kind: value_trader
                    instruments: [BTCUSDT]
                    parameters: {order_size: 0.01 BTC}

                """)
        defer { bench.remove() }
        let engine = try await bench.start(.value)
        let hasTraded = await eventually {
            _ = await engine.drainEvents()
            return await engine.snapshotNow().totals.fills >= 4
        }
        #expect(hasTraded)
        await engine.stop(because: "test")
        let summary = try bench.replay(.value)
        #expect(summary.difference == nil)
        #expect(summary.decisionsEqual >= 4)
    }

    @Test func `it runs beside a built-in one, in the slots of its own kind`() async throws {
        let bench = try OwnBench(
            strategies: Self.roundTrip + """
                  - name: maker
                    kind: market_maker
                    instruments: [ETHUSDT]
                    parameters: {order_size: 0.1 ETH, max_inventory: 1 ETH, refresh: 10ms}

                """, symbols: ["BTCUSDT", "ETHUSDT"])
        defer { bench.remove() }
        let engine = try await bench.start(.own)
        #expect(await engine.snapshotNow().strategies.map(\.name) == ["maker", "trips"])
        for name in ["maker", "trips"] {
            let hasOrdered = await eventually {
                _ = await engine.drainEvents()
                let scope = OrderScope(instrument: nil, strategy: name)
                if name == "maker" {
                    return (try? await engine.openOrders(in: scope, atMost: 9))?.isEmpty == false
                }
                return await engine.snapshotNow().totals.fills >= 2
            }
            #expect(hasOrdered, "\(name) does not trade")
        }
        await engine.stop(because: "test")
        #expect(try bench.replay(.own).difference == nil)
    }

    @Test func `operators see and change its parameters in their units`() async throws {
        let bench = try OwnBench(strategies: Self.roundTrip)
        defer { bench.remove() }
        let engine = try await bench.start(.bare)
        let known = try #require(await engine.vocabulary().parameters["trips"])
        #expect(known.map(\.key) == ["order_size", "pause"])
        #expect(known.map(\.decimals) == [8, 9])
        #expect(
            await engine.parameters(of: "trips").map { "\($0.key) \($0.value) \($0.unit)" }
                == ["order_size 0.01000000 base", "pause 0.005000000 s"])
        let pause = try #require(ExactDecimal("0.25"))
        let changed = try await engine.setParameters(
            [ParameterChange(key: "pause", value: pause)], of: "trips")
        #expect(changed.last?.value == pause)
        for wrong in ["61", "-1", "0.0000000001"] {
            let value = try #require(ExactDecimal(wrong))
            await #expect(throws: ControlFailure.self) {
                try await engine.setParameters(
                    [ParameterChange(key: "pause", value: value)], of: "trips")
            }
        }
        await engine.stop(because: "test")
        #expect(try bench.replay(.bare).difference == nil)
    }

    @Test func `one strategy over all of its instruments acts on each of them`() async throws {
        let bench = try OwnBench(
            strategies: """
                  - name: basket
                    kind: basket_buyer
                    instruments: [BTCUSDT, ETHUSDT]
                    parameters: {order_worth: 500 USDT}
                """, symbols: ["BTCUSDT", "ETHUSDT"])
        defer { bench.remove() }
        let engine = try await bench.start(.own)
        let holdsBoth = await eventually {
            _ = await engine.drainEvents()
            return await engine.positions().allSatisfy { $0.position.raw > 0 }
        }
        #expect(holdsBoth)
        #expect(await engine.snapshotNow().strategies.map(\.name) == ["basket"])
        await engine.stop(because: "test")
        #expect(try bench.replay(.own).difference == nil)
    }

    @Test func `what only the venue can refuse is refused with its place in the file`()
        async throws
    {
        let tiny = Self.roundTrip.replacingOccurrences(of: "0.01 BTC", with: "0.00000001 BTC")
        let foreign = Self.roundTrip.replacingOccurrences(of: "0.01 BTC", with: "1 ETH")
        for (text, message) in [
            (tiny, "order_size: is below the venue's smallest quantity"),
            (foreign, "order_size: found ETH, accepted: an amount of BTC"),
        ] {
            let bench = try OwnBench(strategies: text)
            defer { bench.remove() }
            let failure = await #expect(throws: ConfigurationFailure.self) {
                _ = try await bench.start(.own)
            }
            let problem = try #require(failure?.problems.first)
            #expect(problem.description.contains("run.yaml:"))
            #expect(problem.description.hasSuffix("strategies[0].parameters." + message))
        }
    }
}
