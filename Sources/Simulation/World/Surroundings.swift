import Emulator
import Engine
import Foundation
import Journal
import MarketModel
import TickToTrade

/// What a simulated world is made from: the exchange's configuration and the engine's.
struct Surroundings {
    static let account = "demo"
    static let apiKey = "apus-demo-key"
    static let symbols = ["BTCUSDT", "ETHUSDT"]
    static let assets = ["BTC", "ETH", "USDT"]
    /// How the engine talks to the venue.
    struct Access {
        /// Every fourth seed logs its session on with an Ed25519 key, the others sign each request.
        let logsOn: Bool
        /// Every second of those reads market data in SBE.
        let marketData: SimulationPlan.MarketData

        init(_ plan: SimulationPlan, seed: UInt64) {
            marketData = plan.marketData ?? (seed % 8 == 3 ? .sbe : .json)
            logsOn = marketData == .sbe || seed % 4 == 3
        }
    }

    /// Ports of the exchange, the second for market data in SBE.
    static let ports: [UInt16] = [1, 2]

    /// The key of nothing but simulated exchanges, as its PEM file has it, and its public half.
    private static let privateKey = """
        -----BEGIN PRIVATE KEY-----
        MC4CAQAwBQYDK2VwBCIEIC1UWdOSMc7IvjJROOW/TQLVJ9iGjjXEy/GmDbGG3ZdE
        -----END PRIVATE KEY-----

        """
    private static let publicKey: [UInt8] = [
        0x30, 0xa6, 0x9e, 0xa5, 0x7c, 0x98, 0xb4, 0xb7, 0xcf, 0x8c, 0x21, 0x70, 0xb8, 0xa9, 0x02, 0x81,
        0xda, 0x18, 0x50, 0x85, 0x66, 0xc2, 0x66, 0xcd, 0xb4, 0x17, 0x40, 0x23, 0x68, 0x36, 0xa7, 0xd4,
    ]

    /// What the engine is started with; a key is written to a file of `folder`.
    static func environment(logsOn: Bool, folder: String) throws -> [String: String] {
        if !logsOn { return ["APUS_API_KEY": apiKey, "APUS_API_SECRET": "apus-demo-secret"] }
        let file = folder + "/key.pem"
        let isWritten = FileManager.default.createFile(
            atPath: file, contents: Data(privateKey.utf8), attributes: [.posixPermissions: 0o600])
        guard isWritten else { throw SimulationFailure.setUp("\(file) cannot be written") }
        return ["APUS_API_KEY": apiKey, "APUS_PRIVATE_KEY_FILE": file]
    }

    /// Milliseconds between the announcement that a server ends and its end in which an engine must
    /// have moved over; the venue gives minutes.
    static let ampleNotice: ClosedRange<Int64> = 4_000...15_000

    /// Limits that the engine is configured with and an independent check enforces.
    static let maximumNotional: Int64 = 5_000
    static let maximumOpenOrders = 60
    static let maximumInstrumentOrders = 30
    /// Limits in force at the start, as the configuration below and its reference say, in the units
    /// of commands; what is not here is off.
    static let limits: [RiskLimitKey: Int64] = [
        .orderMaxNotional: maximumNotional * 100_000_000, .orderPriceBand: 500, .orderFatFinger: 100,
        .globalMaxExposure: 100_000 * 100_000_000, .globalMaxDailyLoss: 900_000 * 100_000_000,
        .globalMaxOpenOrders: Int64(maximumOpenOrders), .globalMaxLeverage: 100,
        .globalOrderRate: 90, .globalCancelRate: 900,
        .instrumentMaxOpenOrders: Int64(maximumInstrumentOrders), .instrumentOrderRate: 1_000,
        .instrumentCancelRate: 1_000, .instrumentStaleData: 5_000_000_000, .strategyOrderRate: 1_000,
    ]
    /// What rates are counted over.
    static let windows: [RiskLimitKey: Nanoseconds] = [
        .globalOrderRate: .seconds(10), .globalCancelRate: .seconds(10),
        .instrumentOrderRate: .seconds(1), .instrumentCancelRate: .seconds(1),
        .strategyOrderRate: .seconds(1),
    ]
    /// Values that an operator may set and that bind here; what is absent nothing can reach: the
    /// configuration names no instruments that move together.
    static let binding: [(key: RiskLimitKey, values: ClosedRange<Int64>)] = [
        (.orderMaxNotional, 2_000_000_000...50_000_000_000), (.orderPriceBand, 1...50),
        (.orderFatFinger, 1...20), (.orderDuplicateWindow, 20_000_000...5_000_000_000),
        (.orderDuplicateTicks, 1...300), (.orderMaxSizeMultiple, 50...200),
        (.orderRequiresProtection, 1...1), (.orderHoursStart, 1...1_438),
        (.orderHoursEnd, 1...1_439), (.instrumentMaxOrderQuantity, 100_000...900_000),
        (.instrumentMaxPosition, 100_000...5_000_000),
        (.instrumentMaxExposure, 10_000_000_000...200_000_000_000),
        (.instrumentMaxOpenOrders, 1...6), (.instrumentStaleData, 1_000_000...50_000_000),
        (.instrumentMaxMove, 1...20), (.instrumentOrderRate, 1...10),
        (.instrumentCancelRate, 1...10), (.instrumentHalted, 1...1),
        (.strategyMaxExposure, 10_000_000_000...200_000_000_000), (.strategyMaxOpenOrders, 1...6),
        (.strategyMaxDailyLoss, 1...100_000_000), (.strategyOrderRate, 1...10),
        (.strategyOnePosition, 1...1), (.globalMaxExposure, 10_000_000_000...400_000_000_000),
        (.globalMaxPositions, 1...1), (.globalMaxOpenOrders, 1...8), (.globalMaxLeverage, 1...2),
        (.globalMaxDailyLoss, 1...100_000_000), (.globalOrderRate, 1...40),
        (.globalCancelRate, 1...100),
    ]

    /// Small segments with the same share of a reserve as large ones: they fill up within seconds.
    static func journal(_ plan: SimulationPlan, _ disk: SimulatedDisk) -> JournalOptions {
        var options = JournalOptions(
            segmentBytes: (plan.segment ?? 128) << 10, syncInterval: .milliseconds(100), preparedSegments: 1)
        options.reserveBytes = 24 << 10
        options.disk = disk.calls
        return options
    }

    /// Start of a simulated run: two seconds before midnight UTC, so that the day rolls during it.
    static let start: Int64 = (1_790_000_000 / 86_400 + 1) * 86_400_000_000_000 - 2_000_000_000

    static func exchange(
        _ plan: SimulationPlan, seed: UInt64, logsOn: Bool
    ) -> ExchangeConfiguration {
        var exchange = ExchangeConfiguration()
        exchange.port = ports[0]
        exchange.binaryPort = ports[1]
        exchange.symbols = exchange.symbols.filter { symbols.contains($0.symbol) }
        var agents = AgentConfiguration()
        agents.seed = seed
        agents.eventsPerSecond = plan.marketEvents
        agents.levels = plan.levels ?? 60
        exchange.market = .agents(agents)
        exchange.accounts[0].balances["ETH"] = 100 * 100_000_000
        if logsOn { exchange.accounts[0].credential = .ed25519(publicKey: publicKey) }
        return exchange
    }

    /// Written to a file of `folder`, since the engine journals the file that it was started with.
    static func configuration(
        _ plan: SimulationPlan, seed: UInt64, access: Access, folder: String,
        environment: [String: String]
    ) throws -> RunConfiguration {
        let file = folder + "/run.yaml"
        try yaml(plan, seed, access).write(toFile: file, atomically: false, encoding: .utf8)
        return try RunConfiguration.load(
            file: file, environment: environment, allowsLive: false,
            kinds: SimulatedStrategies.kinds)
    }

    /// Its paths are never opened: the same text, and the same journal, on every machine.
    private static func yaml(_ plan: SimulationPlan, _ seed: UInt64, _ access: Access) -> String {
        """
        venue:
          kind: binance_spot
          environment: emulated
          authentication: \(access.logsOn ? "ed25519" : "hmac")
          emulated: {host: 127.0.0.1, port: \(ports[0]), sbe_port: \(ports[1])}
          market_encoding: \(access.marketData.rawValue)
          order_entry: \(seed % 2 == 0 ? "rest_closes" : "rest_places")
          order_patience: 200ms
        topology:
          lanes:
            - {name: lane-0, instruments: [\(symbols.joined(separator: ", "))]}
        instruments: [\(symbols.map { "{symbol: \($0)}" }.joined(separator: ", "))]
        strategies:
          - name: maker
            kind: market_maker
            instruments: [BTCUSDT]
            parameters:
              risk_aversion: 0.02
              arrival_decay: 4
              order_size: 0.01 BTC
              max_inventory: 0.1 BTC
              min_spread: 0.2bps
              requote_ticks: 50
              refresh: 20ms
          - name: random
            kind: random_trader
            instruments: [\(symbols.joined(separator: ", "))]
            parameters: {seed: \(seed >> 1), pause: 60ms}
        risk:
          order: {max_notional: \(maximumNotional) USDT}
          global:
            max_exposure: 100000 USDT
            max_daily_loss: 900000 USDT
            max_open_orders: \(maximumOpenOrders)
            order_rate: 90/10s
            cancel_rate: 900/10s
          instrument:
            max_open_orders: \(maximumInstrumentOrders)
            order_rate: 1000/s
            cancel_rate: 1000/s
            stale_data: 5s
          strategy: {order_rate: 1000/s}
        timeouts:
          connect: 500ms
          handshake: 1s
          request: \(Int(((plan.patience ?? 1) * 1_000).rounded()))ms
          ping_interval: 500ms
          silence: 1500ms
          stream_silence: 3s
          reconnect_minimum: 50ms
          reconnect_maximum: 1s
          shutdown: 2s
        journal: {directory: /simulation/journal, segment_size: 4MiB}
        control: {socket: /simulation/control.sock}
        """
    }
}
