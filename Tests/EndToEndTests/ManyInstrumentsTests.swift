import Control
import Foundation
import Telemetry
import Testing

/// Fifty instruments and more on one lane, with a market maker on each, over real sockets.
///
/// `scripts/instruments-test COUNT` asks for other numbers and prints the lane's figures.
@Suite("Many instruments", .serialized, .timeLimit(.minutes(3)))
struct ManyInstrumentsTests {
    private static var count: Int {
        ProcessInfo.processInfo.environment["INSTRUMENTS_TEST_COUNT"].flatMap { Int($0) } ?? 50
    }

    @Test func `every book is in sequence and every maker trades, within the venue's limits`()
        throws
    {
        let trading = ScaledTrading(instruments: Self.count)
        try run(trading) { folder, engine, client in
            let started = ContinuousClock.now
            var snapshot = try next(&client) { $0.instruments.allSatisfy(\.isBookValid) }
            let synced = ContinuousClock.now - started
            #expect(snapshot.instruments.map(\.symbol) == trading.symbols)
            snapshot = try next(&client) { snapshot in
                snapshot.instruments.allSatisfy { $0.openOrders > 0 }
                    && snapshot.totals.fills >= Int64(trading.instruments)
            }
            // Another ten seconds of quotes for the figures.
            let figures = snapshot.totals.ordersSent + 100 * Int64(trading.instruments)
            snapshot = try next(&client) { $0.totals.ordersSent >= figures }
            #expect(snapshot.instruments.allSatisfy { $0.resyncs == 0 })
            #expect(snapshot.totals.denied.allSatisfy { $0.reason != "rate_limit" })
            let weight = try #require(snapshot.budgets.first { $0.name == "request weight" })
            #expect(weight.used < weight.limit)
            print(
                "\(trading.instruments) instruments: all books valid after \(synced), "
                    + "\(engine.peakMemory >> 20) MiB resident at most, "
                    + "\(snapshot.totals.ordersSent) orders, "
                    + "weight \(weight.used) of \(weight.limit)")
            for stage in snapshot.latencies
            where ["book", "strategy", "tickToOrder", "frameToDone"].contains(stage.stage) {
                print("  \(stage.stage) p50 \(stage.p50) ns, p99 \(stage.p99) ns, \(stage.count)")
            }
            let status = try folder.apus("status", "--socket", folder.path(".apus/control.sock"))
            #expect(trading.symbols.allSatisfy(status.output.contains))
        }
    }

    /// Killed and started again, twice within a minute: the account is taken over each time, with
    /// two open orders an instrument, and nothing waits for request weight.
    @Test func `two restarts within a minute trade at once`() throws {
        var trading = ScaledTrading(instruments: Self.count)
        trading.account = "take_over"
        let folder = try WorkFolder()
        defer { folder.remove() }
        try trading.write(to: folder)
        let exchange = try CommandLineProcess(
            folder, ["exchange", "--config", folder.path("exchange.yaml")])
        defer { exchange.send(SIGKILL) }
        _ = try #require(exchange.line(containing: "exchange ready"), "\(exchange.errors)")
        for start in 0...2 {
            let began = ContinuousClock.now
            let engine = try CommandLineProcess(
                folder, ["run", "--config", "scaled.yaml", "--plain"])
            defer { engine.send(SIGKILL) }
            _ = try #require(engine.line(containing: "  trading  "), "\(engine.errors)")
            var client = try ControlClient(path: folder.path(".apus/control.sock"))
            _ = try client.call("subscribe", ["interval_milliseconds": .integer(100)])
            _ = try next(&client) { $0.instruments.allSatisfy(\.isBookValid) }
            let synced = ContinuousClock.now - began
            let snapshot = try next(&client) { $0.instruments.allSatisfy { $0.openOrders > 0 } }
            let weight = try #require(snapshot.budgets.first { $0.name == "request weight" })
            print(
                "start \(start): all books valid \(synced) after the process's start, all quoted "
                    + "after \(ContinuousClock.now - began), weight \(weight.used) of "
                    + "\(weight.limit)")
            #expect(synced < .seconds(10))
            engine.send(SIGKILL)
            _ = engine.finish()
            #expect(!engine.errors.contains("waiting for the next minute"), "\(engine.errors)")
            #expect(!engine.errors.contains("balance differs"), "\(engine.errors)")
            #expect(engine.errors.contains("account taken over") == (start > 0))
        }
        exchange.send(SIGTERM)
        #expect(exchange.finish() == 0, "\(exchange.errors)")
        #expect(!exchange.output.contains("beyond a rate limit"), "\(exchange.output)")
    }

    /// A lost connection costs every book its sequence: as many snapshots as instruments at once.
    @Test func `all books come back after a lost connection, at the venue's pace`() throws {
        var trading = ScaledTrading(instruments: Self.count)
        trading.disconnectsAfter = 500 + 300 * trading.instruments
        try run(trading) { _, _, client in
            _ = try next(&client) { $0.instruments.allSatisfy(\.isBookValid) }
            _ = try next(&client) { !$0.instruments.contains(where: \.isBookValid) }
            let lost = ContinuousClock.now
            let snapshot = try next(&client) { $0.instruments.allSatisfy(\.isBookValid) }
            print("\(trading.instruments) books valid again after \(ContinuousClock.now - lost)")
            let market = try #require(snapshot.connections.first { $0.name == "market" })
            #expect(market.reconnects >= 1)
        }
    }

    // MARK: - Parts

    /// An exchange and an engine that trades, to their orderly ends; the exchange's own count of
    /// what went beyond its limits is nothing.
    private func run(
        _ trading: ScaledTrading,
        _ body: (WorkFolder, CommandLineProcess, inout ControlClient) throws -> Void
    ) throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        try trading.write(to: folder)
        let exchange = try CommandLineProcess(
            folder, ["exchange", "--config", folder.path("exchange.yaml")])
        defer { exchange.send(SIGKILL) }
        _ = try #require(exchange.line(containing: "exchange ready"), "\(exchange.errors)")
        let engine = try CommandLineProcess(
            folder,
            ["run", "--config", "scaled.yaml", "--plain", "--report", folder.path("out")])
        defer { engine.send(SIGKILL) }
        _ = try #require(engine.line(containing: "  trading  "), "\(engine.errors)")
        var client = try ControlClient(path: folder.path(".apus/control.sock"))
        _ = try client.call("subscribe", ["interval_milliseconds": .integer(100)])
        try body(folder, engine, &client)
        engine.send(SIGINT)
        #expect(engine.finish() == 0, "\(engine.errors.suffix(2_000))")
        #expect(!engine.errors.contains("\"level\":\"error\""), "\(engine.errors.suffix(2_000))")
        exchange.send(SIGTERM)
        #expect(exchange.finish() == 0, "\(exchange.errors)")
        #expect(!exchange.output.contains("beyond a rate limit"), "\(exchange.output)")
        #expect(!exchange.output.contains("slow consumers"), "\(exchange.output)")
    }

    /// The first snapshot that is as wanted.
    private func next(
        _ client: inout ControlClient, where isWanted: (EngineSnapshot) -> Bool
    ) throws -> EngineSnapshot {
        let deadline = ContinuousClock.now + .seconds(60)
        while true {
            let snapshot = try client.nextSnapshot(timeoutMilliseconds: 10_000)
            if isWanted(snapshot) { return snapshot }
            let invalid = snapshot.instruments.count { !$0.isBookValid }
            let isInTime = ContinuousClock.now < deadline
            try #require(isInTime, "\(invalid) books invalid, \(snapshot.totals)")
        }
    }
}
