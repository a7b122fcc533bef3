import Emulator
import Engine
import Foundation
import Logging

/// An exchange on loopback and a configuration for an engine against it, in a folder of their own.
struct TradingBench {
    private(set) var exchange: ExchangeServer
    var configuration: RunConfiguration
    let folder: String
    let environment: [String: String]
    private let program: StrategyProgram

    /// Starts the exchange; `market` is what it plays, `strategies` the YAML of the engine's.
    init(
        market: ExchangeConfiguration.MarketSource, symbols: [String], strategies: String,
        transport: String = "uring", authentication: String = "hmac", privateKey: String? = nil,
        journaling: String = "records", candles: String = "trades",
        encodings: (market: String, orders: String) = ("json", "json"),
        trades: String = "trade", program: StrategyProgram = .builtIn,
        adjust: (inout ExchangeConfiguration) -> Void = { _ in }
    ) throws {
        self.program = program
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("apus-\(UUID().uuidString.prefix(8))").path
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        var own = ExchangeConfiguration()
        own.authorityPath = folder + "/ca.pem"
        own.binaryPort = encodings.market == "sbe" ? 0 : nil
        own.market = market
        own.limits.ordersPerTenSeconds = 100_000
        own.fees = FeeRates(maker: 0, taker: 40_000)
        adjust(&own)
        exchange = try ExchangeServer(configuration: own)
        try exchange.start()
        var variables = ["APUS_API_KEY": "apus-demo-key"]
        if let privateKey {
            let file = folder + "/key.pem"
            _ = FileManager.default.createFile(
                atPath: file, contents: Data(privateKey.utf8),
                attributes: [.posixPermissions: 0o600])
            variables["APUS_PRIVATE_KEY_FILE"] = file
        } else {
            variables["APUS_API_SECRET"] = "apus-demo-secret"
        }
        environment = variables
        let text = Self.yaml(
            folder: folder, exchange: exchange, encodings: encodings, symbols: symbols, strategies: strategies,
            transport: transport, authentication: authentication, journaling: journaling,
            candles: candles, trades: trades)
        let file = folder + "/run.yaml"
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        configuration = try RunConfiguration.load(
            file: file, environment: environment, allowsLive: false,
            kinds: program.kinds)
    }

    func startEngine(
        logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    ) async throws -> LiveEngine {
        try await LiveEngine.start(
            configuration, environment: environment, logger: logger, program: program)
    }

    /// Ends the exchange and starts another of the same configuration at the same port.
    mutating func restartExchange(
        adjust: (inout ExchangeConfiguration) -> Void = { _ in }
    ) throws {
        var own = exchange.configuration
        adjust(&own)
        own.port = exchange.port
        if own.binaryPort != nil { own.binaryPort = exchange.binaryPort }
        exchange.stop()
        exchange = try ExchangeServer(configuration: own)
        try exchange.start()
    }

    /// The directory of the one run that was made.
    func runDirectory() throws -> String {
        let journal = configuration.journal.directory
        let runs = try FileManager.default.contentsOfDirectory(atPath: journal)
            .filter { $0.hasPrefix("run-") }
        return journal + "/" + (runs.sorted().last ?? "")
    }

    func remove() {
        exchange.stop()
        try? FileManager.default.removeItem(atPath: folder)
    }

    static let maker = """
          - name: maker
            kind: market_maker
            instruments: [BTCUSDT]
            parameters:
              risk_aversion: 0.02
              arrival_decay: 4
              horizon: 10s
              order_size: 0.01 BTC
              max_inventory: 0.1 BTC
              min_spread: 0.2bps
              requote_ticks: 50
              refresh: 10ms
              volatility_halflife: 10s

        """

    static let breakout = """
          - name: breakout
            kind: breakout
            instruments: [BTCUSDT]
            parameters:
              lookback_days: 20
              signal_interval: 1m
              take_profit: 7%
              stop_loss: 16%
              order_notional: 500 USDT
              volume_factor: 0

        """

    private static func yaml(
        folder: String, exchange: ExchangeServer, encodings: (market: String, orders: String),
        symbols: [String], strategies: String, transport: String, authentication: String,
        journaling: String, candles: String, trades: String
    ) -> String {
        """
        run:
          name: test
        venue:
          kind: binance_spot
          environment: emulated
          emulated:
            host: localhost
            port: \(exchange.port)
            sbe_port: \(max(exchange.binaryPort, 1))
          market_encoding: \(encodings.market)
          orders_encoding: \(encodings.orders)
          authentication: \(authentication)
          candles: \(candles)
          trades: \(trades)
        tls:
          ca_file: \(folder)/ca.pem
        topology:
          lanes:
            - name: lane-0
              transport: \(transport)
              idle: spin_then_wait
              instruments: [\(symbols.joined(separator: ", "))]
        instruments:
        \(symbols.map { "  - symbol: \($0)" }.joined(separator: "\n"))
        strategies:
        \(strategies)
        risk:
          order:
            max_notional: 10000 USDT
          global:
            max_exposure: 50000 USDT
            max_daily_loss: 100000 USDT
            max_open_orders: 200
            order_rate: 10000/10s
            cancel_rate: 10000/10s
          instrument:
            max_open_orders: 20
            order_rate: 1000/s
            cancel_rate: 1000/s
            stale_data: 30s
          strategy:
            order_rate: 1000/s
        journal:
          directory: \(folder)/journal
          segment_size: 16MiB
          record: \(journaling)
        control:
          socket: \(folder)/control.sock
        """
    }
}

/// Looks again and again until `condition` holds; false when `seconds` pass first, or as many times
/// that as APUS_TEST_PATIENCE says: a sanitizer slows the engine and its exchange down.
func eventually(within seconds: Double = 30, _ condition: () async -> Bool) async -> Bool {
    let patience = ProcessInfo.processInfo.environment["APUS_TEST_PATIENCE"].flatMap(Double.init)
    let deadline = ContinuousClock.now + .seconds(seconds * (patience ?? 1))
    while ContinuousClock.now < deadline {
        if await condition() { return true }
        await Task.yield()
    }
    return false
}
