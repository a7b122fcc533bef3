import Foundation
import Telemetry
import Testing
import Wire

/// Exchange, proxy and engine as three processes, with one account that is compared after each
/// fault.
final class ChaosRig {
    let folder: WorkFolder
    let seed: UInt64
    var random: SeededRandom
    private(set) var exchange: Process
    private let proxy: CommandLineProcess
    private(set) var engine: CommandLineProcess
    private(set) var desk: EngineDesk
    let ledger: ExchangeLedger
    /// From the end of a fault until the engine traded again.
    private(set) var recoveries: [Duration] = []
    /// Until the fate of every order was known: one that was on its way when the engine died may
    /// arrive for as long as its receive window lasts.
    private var settlings: [Duration] = []
    private var engineShell = ChaosRig.quiet

    /// Nobody reads its panel.
    static let quiet = "exec \"$0\" \"$@\" > /dev/null"
    /// In which the engine must trade again, whatever has happened.
    private static let longestRecovery = Duration.seconds(20)
    /// What the engine logs when its account is not the exchange's.
    private static let contradictions = ["balance differs", "not ours", "differs from the venue"]

    /// - Parameters:
    ///   - shell: what the engine is started by.
    ///   - edit: changes the engine's configuration.
    ///   - prepare: has the last word before the engine starts.
    init(
        seed: UInt64, shell: String = ChaosRig.quiet, edit: (String) -> String = { $0 },
        prepare: (WorkFolder) throws -> Void = { _ in }
    ) throws {
        self.seed = seed
        random = SeededRandom(seed: seed)
        folder = try WorkFolder()
        print("  seed \(seed) in \(folder.root)")
        engineShell = shell
        try folder.edit("exchange.yaml") { text in
            text.replacingOccurrences(of: "maker: 0bps", with: "maker: 2bps")
                .replacingOccurrences(of: "request_weight: 6000", with: "request_weight: 6000000")
                .replacingOccurrences(
                    of: "# directory: .apus/exchange-state ", with: "directory: state ")
        }
        exchange = try folder.exchange()
        proxy = try CommandLineProcess(
            folder,
            ["chaos", "--to", "\(folder.port)", "--commands", "--seed", "\(seed)", "--longest", "1s"],
            listens: true)
        let hello = try #require(proxy.line(containing: "chaos at"), "\(proxy.errors)")
        let port = try #require(hello.split(separator: " ")[2].split(separator: ":").last)
        let own = folder.port
        try folder.edit("demo.yaml") { text in
            edit(text.replacingOccurrences(of: "port: \(own)", with: "port: \(port)")
                .replacingOccurrences(of: "account: fresh ", with: "account: take_over ")
                .replacingOccurrences(of: "max_daily_loss: 500 USDT", with: "max_daily_loss: 90000 USDT")
                .replacingOccurrences(
                    of: "max_daily_loss: 1000 USDT", with: "max_daily_loss: 90000 USDT")
                // Orders are under way at every moment.
                .replacingOccurrences(of: "requote_ticks: 50 ", with: "requote_ticks: 2 ")
                .replacingOccurrences(of: "refresh: 50ms", with: "refresh: 5ms")
                .replacingOccurrences(of: "connect: 5s", with: "connect: 2s")
                .replacingOccurrences(of: "handshake: 5s", with: "handshake: 2s")
                .replacingOccurrences(of: "request: 3s", with: "request: 2s")
                .replacingOccurrences(of: "ping_interval: 20s", with: "ping_interval: 500ms")
                .replacingOccurrences(of: "silence: 60s", with: "silence: 2s")
                .replacingOccurrences(of: "reconnect_minimum: 250ms", with: "reconnect_minimum: 20ms")
                .replacingOccurrences(of: "reconnect_maximum: 30s", with: "reconnect_maximum: 500ms"))
        }
        // Nothing cleans up after an initializer that throws.
        let processes = (exchange, proxy)
        var isReady = false
        defer { if !isReady { Self.end(processes.0, processes.1) } }
        try prepare(folder)
        engine = try CommandLineProcess(
            folder, ["run", "--config", "demo.yaml", "--plain"], shell: shell)
        ledger = try ExchangeLedger(folder)
        do {
            desk = try Self.desk(of: engine, folder, seed)
        } catch {
            engine.send(SIGKILL)
            throw error
        }
        isReady = true
    }

    deinit {
        engine.send(SIGKILL)
        Self.end(exchange, proxy)
        folder.remove()
    }

    private static func end(_ exchange: Process, _ proxy: CommandLineProcess) {
        proxy.send(SIGKILL)
        kill(exchange.processIdentifier, SIGKILL)
    }

    // MARK: - Processes

    func restartEngine() throws {
        engine = try CommandLineProcess(
            folder, ["run", "--config", "demo.yaml", "--plain"], shell: engineShell)
        desk = try Self.desk(of: engine, folder, seed)
    }

    func killEngine() {
        engine.send(SIGKILL)
        _ = engine.status()
    }

    func killExchange() {
        kill(exchange.processIdentifier, SIGKILL)
        exchange.waitUntilExit()
    }

    func restartExchange() throws {
        exchange = try folder.exchange()
        try ledger.connectAgain()
    }

    private static func desk(
        of engine: CommandLineProcess, _ folder: WorkFolder, _ seed: UInt64
    ) throws -> EngineDesk {
        let deadline = ContinuousClock.now + longestRecovery
        while true {
            if let desk = EngineDesk(folder.path(".apus/control.sock")) { return desk }
            let mayCome = engine.isRunning && ContinuousClock.now < deadline
            try #require(mayCome, "seed \(seed): no engine: \(engine.errors.suffix(2_000))")
            sched_yield()
        }
    }

    // MARK: - Faults

    /// Tells the proxy; answers how many connections it has chosen.
    @discardableResult
    func strike(_ fault: String, everywhere: Bool) throws -> Int {
        let answer = try #require(proxy.answer(to: "strike \(fault)" + (everywhere ? " all" : "")))
        return try #require(answer.split(separator: " ").last.flatMap { Int($0) }, "\(answer)")
    }

    func calm() throws { try #require(proxy.answer(to: "calm") == "calm") }

    func report() -> String { proxy.answer(to: "report") ?? "" }

    /// Lets trading go on for a moment that the seed chooses.
    func trade(upTo milliseconds: UInt64) {
        pause(milliseconds: Double(random.next() % (milliseconds * 1_000)) / 1_000)
    }

    /// The length of a fault: time in which nothing is waited for.
    func pause(milliseconds: Double) {
        _ = DispatchSemaphore(value: 0).wait(timeout: .now() + milliseconds / 1_000)
    }

    // MARK: - What must hold

    /// After a fault: the engine trades again by itself, and its account is the exchange's.
    func expectWhole(_ place: String) throws {
        let began = ContinuousClock.now
        try wait("\(place): it trades", \.isTrading)
        recoveries.append(ContinuousClock.now - began)
        try wait("\(place): it knows every order's fate", \.isWhole)
        settlings.append(ContinuousClock.now - began)
        try compare(place)
    }

    /// Halts, compares, resumes, and waits until it quotes again.
    func compare(_ place: String) throws {
        // A session that was about to fall may fall now: then all of it once more.
        try wait("\(place): it is quiet") { _ in
            _ = try desk.halt()
            let halted = try desk.status()
            return halted.isWhole && halted.openOrders == 0
        }
        try ledger.update()
        try wait("\(place): positions") { status in
            try ledger.update()
            return ExchangeLedger.symbols.allSatisfy {
                status.position(of: $0) == ledger.holdings[$0]?.quantity
            }
        }
        let open = try ledger.openOrders()
        #expect(open.isEmpty, "\(describe(place)): \(open)")
        try ledger.expectBalances("\(describe(place))")
        let found = engine.errors.split(separator: "\n").filter { line in
            Self.contradictions.contains { line.contains($0) }
        }
        #expect(found.isEmpty, "\(describe(place)): \(found.prefix(3))")
        try wait("\(place): it resumes") { _ in try desk.resume() }
        let sent = try desk.status().totals.ordersSent
        try wait("\(place): it quotes") { $0.totals.ordersSent > sent }
    }

    func wait(_ what: String, _ isSo: (EngineSnapshot) throws -> Bool) throws {
        let deadline = ContinuousClock.now + Self.longestRecovery
        while true {
            let status = try desk.status()
            if try isSo(status) { return }
            let isInTime = ContinuousClock.now < deadline
            try #require(
                isInTime,
                """
                \(describe(what)); \(status.state) \(status.reason ?? ""), \
                \(status.connections.map { "\($0.name) \($0.state)" }), open \(status.openOrders), \
                unknown \(status.totals.unknown), books \(status.instruments.map(\.isBookValid)), \
                positions \(status.instruments.map { "\($0.symbol) \($0.position)" }) \
                \(ledger.holdings); \(engine.errors.suffix(3_000))
                """)
        }
    }

    /// At the end: every order of the exchange's was journaled, and none twice.
    func expectNothingDoubled() throws {
        // First: trading goes on meanwhile.
        let orders = try ledger.allOrders()
        var journaled: Set<String> = []
        let runs = folder.path(".apus/journal")
        for run in try FileManager.default.contentsOfDirectory(atPath: runs)
        where run.hasPrefix("run-") {
            let export = try folder.apus("journal", "export", runs + "/" + run, "--table", "orders")
            #expect(export.status == 0 || export.status == 66, "seed \(seed): \(export.errors)")
            for line in export.output.split(separator: "\n").dropFirst() {
                journaled.insert(String(line.split(separator: ",", omittingEmptySubsequences: false)[4]))
            }
        }
        #expect(Set(orders).count == orders.count, "seed \(seed): an order was placed twice")
        let unknown = Set(orders).subtracting(journaled)
        #expect(unknown.isEmpty, "seed \(seed): never journaled: \(unknown.prefix(5))")
        #expect(!orders.isEmpty)
        print(
            "  \(orders.count) orders, \(ledger.holdings.values.reduce(0) { $0 + $1.trades }) trades, "
                + "each once and journaled before")
    }

    /// An orderly end; one line of what there was.
    func end(_ words: String) throws {
        try expectNothingDoubled()
        engine.send(SIGINT)
        #expect(engine.finish() == 0, "seed \(seed): \(engine.errors.suffix(2_000))")
        print(
            "  \(words); trading again after \(Self.text(recoveries)), every order's fate known "
                + "after \(Self.text(settlings))")
        print("  " + report())
    }

    private static func text(_ times: [Duration]) -> String {
        let sorted = times.sorted()
        guard let longest = sorted.last else { return "no time" }
        return "\(sorted[sorted.count / 2]) (median) and \(longest) (most)"
    }

    private func describe(_ place: String) -> String { "seed \(seed), \(place)" }
}

extension EngineSnapshot {
    /// It trades by itself, with the connections and books that it needs.
    var isTrading: Bool { state == .trading && isConnected }
}
