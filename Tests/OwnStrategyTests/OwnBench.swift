import Emulator
import Engine
import Foundation
import Logging

/// An exchange on loopback and an engine's configuration, in a folder of their own.
struct OwnBench {
    let exchange: ExchangeServer
    let folder: String
    private let text: String
    private let environment = [
        "APUS_API_KEY": "apus-demo-key", "APUS_API_SECRET": "apus-demo-secret",
    ]

    /// `strategies` is the YAML below `strategies:`; the exchange plays seeded agents.
    init(strategies: String, symbols: [String] = ["BTCUSDT"], transport: String = "uring") throws {
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("apus-\(UUID().uuidString.prefix(8))").path
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        var own = ExchangeConfiguration()
        own.authorityPath = folder + "/ca.pem"
        var agents = AgentConfiguration()
        agents.seed = 21
        agents.eventsPerSecond = 4_000
        own.market = .agents(agents)
        own.limits.ordersPerTenSeconds = 100_000
        own.accounts[0].balances["ETH"] = 100 * 100_000_000
        exchange = try ExchangeServer(configuration: own)
        try exchange.start()
        text = Self.yaml(folder, exchange.port, symbols, transport) + strategies
    }

    func configuration(_ program: StrategyProgram) throws -> RunConfiguration {
        let file = folder + "/run.yaml"
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        return try RunConfiguration.load(
            file: file, environment: environment, allowsLive: false, kinds: program.kinds)
    }

    func start(_ program: StrategyProgram) async throws -> LiveEngine {
        try await LiveEngine.start(
            configuration(program), environment: environment,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, program: program)
    }

    /// The journal of the one run that was made.
    func replay(_ program: StrategyProgram) throws -> ReplaySummary {
        let runs = try FileManager.default.contentsOfDirectory(atPath: folder + "/journal")
        let run = runs.first { $0.hasPrefix("run-") } ?? ""
        return try JournalReplay.run(directory: "\(folder)/journal/\(run)", program: program)
    }

    func remove() {
        exchange.stop()
        try? FileManager.default.removeItem(atPath: folder)
    }

    private static func yaml(
        _ folder: String, _ port: UInt16, _ symbols: [String], _ transport: String
    ) -> String {
        """
        venue:
          kind: binance_spot
          environment: emulated
          emulated: {host: localhost, port: \(port)}
        tls: {ca_file: \(folder)/ca.pem}
        topology:
          lanes:
            - name: lane-0
              transport: \(transport)
              instruments: [\(symbols.joined(separator: ", "))]
        instruments: [\(symbols.map { "{symbol: \($0)}" }.joined(separator: ", "))]
        risk:
          global: {max_open_orders: 200, order_rate: 10000/10s}
          instrument: {order_rate: 1000/s, stale_data: 30s}
          strategy: {order_rate: 1000/s}
        journal: {directory: \(folder)/journal, segment_size: 16MiB}
        control: {socket: \(folder)/control.sock}
        strategies:

        """
    }
}

/// Looks again and again until `condition` holds; false when `seconds` pass first.
func eventually(within seconds: Double = 30, _ condition: () async -> Bool) async -> Bool {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < deadline {
        if await condition() { return true }
        await Task.yield()
    }
    return false
}
