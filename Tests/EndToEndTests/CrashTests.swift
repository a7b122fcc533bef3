import Foundation
import Testing

/// The engine killed at random moments while it trades: nothing but time is lost.
@Suite("Crashes", .serialized, .timeLimit(.minutes(10)))
struct CrashTests {
    /// `scripts/crash-test` asks for more.
    private static var kills: Int {
        ProcessInfo.processInfo.environment["CRASH_TEST_KILLS"].flatMap { Int($0) } ?? 40
    }

    @Test func `a killed engine's account goes on, equal to the exchange's`() throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        try prepare(folder)
        let exchange = try folder.exchange()
        defer { exchange.interrupt() }
        let seed = UInt64.random(in: 1...UInt64.max)
        var random = SplitMix(state: seed)
        let arguments = ["run", "--config", folder.path("demo.yaml"), "--plain"]
        var slowest = 0.0
        for kill in 1...Self.kills {
            let started = Date()
            let engine = try CommandLineProcess(folder, arguments)
            // The moment of the kill is what is tested: in a second of trading, or, every fifth
            // time, in the start itself.
            var longest: UInt64 = 300
            if random.next() % 5 > 0 {
                let isTrading = engine.line(containing: "  trading  ") != nil
                try #require(isTrading, "seed \(seed), kill \(kill): \(engine.errors)")
                slowest = max(slowest, Date().timeIntervalSince(started))
                longest = 1_000
            }
            let pause = Double(random.next() % longest) / 1_000
            _ = DispatchSemaphore(value: 0).wait(timeout: .now() + pause)
            engine.send(SIGKILL)
            _ = engine.finish()
            #expect(!engine.errors.contains("balance differs"), "seed \(seed), kill \(kill)")
            #expect(!engine.errors.contains("not ours"), "seed \(seed), kill \(kill)")
        }
        try compare(folder, seed)
        print("\(Self.kills) kills, start to the first trading line at most \(slowest) s")
    }

    @Test func `an engine whose exchange is killed goes on with it, equal to its record`() throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        try prepare(folder)
        try folder.edit("exchange.yaml") {
            $0.replacingOccurrences(of: "# directory: .apus/exchange-state ", with: "directory: state ")
        }
        var exchange = try folder.exchange()
        defer { kill(exchange.processIdentifier, SIGKILL) }
        let seed = UInt64.random(in: 1...UInt64.max)
        var random = SplitMix(state: seed)
        let engine = try CommandLineProcess(
            folder,
            ["run", "--config", folder.path("demo.yaml"), "--plain", "--report", folder.path("out")])
        for round in 1...max(Self.kills / 4, 3) {
            let isTrading = engine.line(containing: "  trading  ") != nil
            try #require(isTrading, "seed \(seed), round \(round): \(engine.errors)")
            let pause = Double(random.next() % 1_000) / 1_000
            _ = DispatchSemaphore(value: 0).wait(timeout: .now() + pause)
            kill(exchange.processIdentifier, SIGKILL)
            exchange.waitUntilExit()
            // Lines from before the kill may still be in the pipe.
            #expect(engine.line(containing: "  halted") != nil)
            exchange = try folder.exchange()
        }
        // A few lines on the books are in sequence again: a position has its mark.
        for _ in 0..<4 { #expect(engine.line(containing: "  trading  ") != nil) }
        engine.send(SIGINT)
        #expect(engine.finish() == 0, "seed \(seed): \(engine.errors.suffix(2_000))")
        try compareReport(folder, seed)
    }

    @Test func `an account is taken over by names, whatever the numbers are now`() throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        try prepare(folder)
        let exchange = try folder.exchange()
        defer { exchange.interrupt() }
        let first = try folder.apus(
            "run", "--config", folder.path("demo.yaml"), "--duration", "3s", "--report",
            folder.path("one"))
        #expect(first.status == 0, "\(first.errors)")
        let held = try position(of: "BTCUSDT", in: folder.path("one"))
        #expect(held != 0)
        try folder.edit("demo.yaml") { text in
            text.replacingOccurrences(
                of: "instruments: [BTCUSDT, ETHUSDT]", with: "instruments: [ETHUSDT, BTCUSDT]")
                .replacingOccurrences(of: "enabled: true", with: "enabled: false")
        }
        let second = try folder.apus(
            "run", "--config", folder.path("demo.yaml"), "--duration", "1s", "--report",
            folder.path("two"))
        #expect(second.status == 0, "\(second.errors)")
        #expect(second.errors.contains("account taken over"))
        // Its strategy is switched off: the position is told, and stays.
        #expect(second.errors.contains("position of a strategy that is not configured"))
        #expect(try position(of: "BTCUSDT", in: folder.path("two")) == held)
    }

    private func position(of symbol: String, in report: String) throws -> Decimal {
        let data = try Data(contentsOf: URL(fileURLWithPath: report + "/report.json"))
        let root = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let instruments = try #require(root["instruments"] as? [[String: Any]])
        return try decimal(instruments.first { $0["symbol"] as? String == symbol }?["position"])
    }

    /// Commissions in both assets, quotes that trade a lot, an account that is taken over.
    private func prepare(_ folder: WorkFolder) throws {
        try folder.edit("demo.yaml") { text in
            text.replacingOccurrences(of: "account: fresh ", with: "account: take_over ")
                .replacingOccurrences(of: "max_daily_loss: 500 USDT", with: "max_daily_loss: 50000 USDT")
                .replacingOccurrences(
                    of: "max_daily_loss: 1000 USDT", with: "max_daily_loss: 50000 USDT")
                .replacingOccurrences(of: "interval: 500ms", with: "interval: 100ms")
        }
        try folder.edit("exchange.yaml") { text in
            text.replacingOccurrences(of: "maker: 0bps", with: "maker: 2bps")
                // Starts cost weight, and no customer starts so often.
                .replacingOccurrences(of: "request_weight: 6000", with: "request_weight: 600000")
        }
    }

    /// One more run to its orderly end: its report against the exchange's own list of trades.
    private func compare(_ folder: WorkFolder, _ seed: UInt64) throws {
        let last = try folder.apus(
            "run", "--config", folder.path("demo.yaml"), "--duration", "2s", "--report",
            folder.path("out"))
        #expect(last.status == 0, "seed \(seed): \(last.errors)")
        try compareReport(folder, seed)
    }

    private func compareReport(_ folder: WorkFolder, _ seed: UInt64) throws {
        let data = try Data(contentsOf: URL(fileURLWithPath: folder.path("out/report.json")))
        let report = try #require(
            try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let instruments = try #require(report["instruments"] as? [[String: Any]])
        let account = VenueAccount(folder)
        var worth = Decimal(0)
        for instrument in instruments {
            let symbol = try #require(instrument["symbol"] as? String)
            let holding = try account.holding(of: symbol)
            let position = try decimal(instrument["position"])
            #expect(position == holding.quantity, "seed \(seed), \(symbol)")
            let mark = (try decimal(instrument["bid"]) + decimal(instrument["ask"])) / 2
            worth += holding.cash + holding.quantity * mark
            #expect(try account.openOrders(in: symbol) == 0)
            if symbol == "BTCUSDT" { #expect(holding.trades > 0) }
        }
        let profit = try #require(report["pnl"] as? [String: Any])
        // The engine values base commissions at their fill's price, to 16 digits.
        let difference = try decimal(profit["net"]) - worth
        #expect(abs(difference) < Decimal(string: "0.000001")!, "seed \(seed): \(difference)")
    }

    private func decimal(_ value: Any?) throws -> Decimal {
        try #require((value as? String).flatMap { Decimal(string: $0) })
    }
}

/// SplitMix64: a few random numbers from a printed seed.
private struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
