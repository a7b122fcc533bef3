import Foundation
import MarketModel
import Testing

/// The dead-man's switch with real processes: engine, exchange and watchdog.
@Suite("Watchdog", .serialized, .timeLimit(.minutes(3)))
struct WatchdogTests {
    @Test func `a stopped engine's orders are cancelled, and it goes on when it is back`() throws {
        try withEngine { folder, engine, client in
            let watchdog = try CommandLineProcess(
                folder, ["watchdog", "--config", "demo.yaml"],
                environment: ["APUS_WATCHDOG_PATIENCE": "1s"])
            defer { watchdog.send(SIGKILL) }
            try wait(for: watchdog, "the engine runs")
            try place("somebody-else", client)
            try wait(for: "the engine has quotes") { try quotes(client) > 1 }

            engine.send(SIGSTOP)
            let stopped = ContinuousClock.now
            try wait(for: "its orders are cancelled") { try quotes(client) == 0 }
            let elapsed = ContinuousClock.now - stopped
            print("orders cancelled \(elapsed) after SIGSTOP, patience 1 s")
            // Patience and a second.
            #expect(elapsed < .seconds(2))
            try wait(for: watchdog, "no order of the engine is open")
            #expect(try open(client).contains("somebody-else"), "orders of others stay")
            let stillStopped = try folder.apus("watchdog", "--config", "demo.yaml", "--once")
            #expect(stillStopped.status == 1, "\(stillStopped.errors)")

            engine.send(SIGCONT)
            try wait(for: watchdog, "the engine is back")
            try wait(for: "the engine quotes again") { try quotes(client) > 0 }
            let alive = try folder.apus("watchdog", "--config", "demo.yaml", "--once")
            #expect(alive.status == 0, "\(alive.errors)")

            engine.send(SIGINT)
            #expect(engine.finish() == 0, "\(engine.errors)")
            try wait(for: watchdog, "the engine has ended in order")
            watchdog.send(SIGTERM)
            #expect(watchdog.finish() == 0, "\(watchdog.errors)")
            #expect(watchdog.errors.contains("\"message\":\"orders cancelled\""))
            #expect(!watchdog.errors.contains("may still be open"), "\(watchdog.errors)")
            try replay(folder)
        }
    }

    @Test func `a killed engine's orders are cancelled by a script's single look`() throws {
        try withEngine { folder, engine, client in
            try wait(for: "the engine has quotes") { try quotes(client) > 1 }
            engine.send(SIGKILL)
            _ = engine.finish()
            #expect(try quotes(client) > 0)
            let found = try folder.apus("watchdog", "--config", "demo.yaml", "--once")
            #expect(found.status == 1, "\(found.errors)")
            #expect(found.errors.contains("none of its orders is open any more"))
            #expect(try quotes(client) == 0)
        }
    }

    @Test func `what keeps it from watching is said with its exit code`() throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        let exchange = try folder.exchange()
        let early = try folder.apus("watchdog", "--config", "demo.yaml", "--once")
        #expect(early.status == 66)
        #expect(early.errors.contains(".apus/control.heartbeat: no engine has left"))
        exchange.interrupt()
        exchange.waitUntilExit()
        let alone = try folder.apus("watchdog", "--config", "demo.yaml", "--once")
        #expect(alone.status == 69, "\(alone.errors)")
    }

    // MARK: - Parts

    /// An engine that trades, and a customer of the same account.
    private func withEngine(
        _ body: (WorkFolder, CommandLineProcess, VenueClient) throws -> Void
    ) throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        // Quotes that rest, and that nobody takes meanwhile.
        try folder.edit("demo.yaml") { text in
            text.replacingOccurrences(of: "min_spread: 0.2bps", with: "min_spread: 100bps")
                .replacingOccurrences(of: "requote_ticks: 50 ", with: "requote_ticks: 5000 ")
        }
        // The test asks often.
        try folder.edit("exchange.yaml") { text in
            text.replacingOccurrences(of: "request_weight: 6000", with: "request_weight: 6000000")
        }
        let exchange = try folder.exchange()
        defer {
            kill(exchange.processIdentifier, SIGKILL)
            exchange.waitUntilExit()
        }
        let engine = try CommandLineProcess(
            folder, ["run", "--config", "demo.yaml", "--plain"],
            environment: ["APUS_WATCHDOG_PATIENCE": "1s"])
        defer {
            engine.send(SIGCONT)
            engine.send(SIGKILL)
        }
        _ = try #require(engine.line(containing: "  trading  "), "\(engine.errors)")
        let client = try VenueClient(folder)
        // One that is certain to be there when the engine has stopped: its quotes may be between a
        // cancel and the next order just then, or be filled before anybody looks.
        try place(ClientOrderID(epoch: 7, lane: 0, sequence: 7).text, client)
        try body(folder, engine, client)
    }

    /// Client order ids of all open orders in the instrument that the demo quotes.
    private func open(_ client: VenueClient) throws -> [String] {
        let answer = try #require(try client.request("GET", "openOrders", "symbol=BTCUSDT"))
        try #require(answer.status == 200, "\(answer.body)")
        return answer.objects.compactMap { $0["clientOrderId"] as? String }
    }

    private func quotes(_ client: VenueClient) throws -> Int {
        try open(client).count { $0.hasPrefix("ap-") }
    }

    private func place(_ id: String, _ client: VenueClient) throws {
        let order = "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.001"
            + "&price=55000&newClientOrderId=\(id)"
        let answer = try #require(try client.request("POST", "order", order))
        try #require(answer.status == 200, "\(answer.body)")
    }

    private func wait(
        for what: String, output: @autoclosure () -> String = "", _ isSo: () throws -> Bool
    ) throws {
        let deadline = ContinuousClock.now + .seconds(20)
        while try !isSo() {
            let isInTime = ContinuousClock.now < deadline
            try #require(isInTime, "not within 20 s: \(what)\n\(output())")
            sched_yield()
        }
    }

    private func wait(for process: CommandLineProcess, _ words: String) throws {
        try wait(for: words, output: process.errors) { process.errors.contains(words) }
    }

    private func replay(_ folder: WorkFolder) throws {
        let replay = try folder.apus("journal", "replay", folder.path(".apus/journal"))
        #expect(replay.status == 0, "\(replay.errors)")
        #expect(replay.output.contains("the replay gave the same orders"))
    }
}
