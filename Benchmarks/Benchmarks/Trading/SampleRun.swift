import Emulator
import Engine
import Foundation
import MarketModel
import TickToTrade
import Venues

/// An exchange and an engine's configuration for it: what the benchmarks of the whole way run.
struct SampleRun {
    /// Where certificates, keys and journals lie.
    let directory: String
    /// Ticks for each answer, and its orders.
    var every: Int
    var orders = 1
    var transport = "direct"
    var send = "call"
    var core: Int?
    var priority: Int?

    /// What a lane has room for, all but a few: a stall of the host leaves many unanswered.
    private let openOrders = 4_000

    /// The venue's public documentation key (Ed25519, PKCS#8), which signs the logon.
    private static let privateKey =
        "MC4CAQAwBQYDK2VwBCIEIIJEYWtGBrhACmb9Dvy+qa8WEf0lQOl1s4CLIAB9m89u"

    init(directory: String, every: Int) {
        self.directory = directory
        self.every = every
    }

    /// One symbol whose own market is far above the ticks, so that no order of ours meets one.
    func exchange() throws -> ExchangeConfiguration {
        var configuration = ExchangeConfiguration()
        var agents = AgentConfiguration()
        agents.eventsPerSecond = 500
        agents.levels = 100
        configuration.market = .agents(agents)
        configuration.symbols = [
            SymbolConfiguration(
                symbol: SampleMarket.symbol, baseAsset: "BTC", quoteAsset: "USDT",
                tickSize: Price(raw: SampleMarket.cent), lotSize: Quantity(raw: 1_000),
                startPrice: Price(raw: 100_000 * 100 * SampleMarket.cent),
                typicalQuantity: Quantity(raw: 1_000_000))
        ]
        configuration.accounts[0].credential = .ed25519(
            publicKey: try RequestSigner.ed25519(key: Self.privateKey).publicKey)
        configuration.limits.ordersPerTenSeconds = 10_000_000
        configuration.limits.ordersPerDay = 1_000_000_000
        return configuration
    }

    /// The engine's side; `port` is the exchange's.
    func configuration(port: UInt16) throws -> (RunConfiguration, environment: [String: String]) {
        let key = directory + "/key.pem"
        _ = FileManager.default.createFile(
            atPath: key, contents: Data(Self.privateKey.utf8),
            attributes: [.posixPermissions: 0o600])
        let environment = ["APUS_API_KEY": "apus-demo-key", "APUS_PRIVATE_KEY_FILE": key]
        let configuration = try RunConfiguration.parse(
            yaml(port), file: "benchmark", environment: environment,
            kinds: [StrategyKind(TickAnswerer.self)])
        return (configuration, environment)
    }

    private func yaml(_ port: UInt16) -> String {
        """
        run:
          name: benchmark
        venue:
          kind: binance_spot
          environment: emulated
          emulated:
            host: localhost
            port: \(port)
          authentication: ed25519
        tls:
          ca_file: \(directory)/certificates/authority.pem
        topology:
          lanes:
            - name: lane-0
              transport: \(transport)
              send: \(send)
              idle: spin
              \(core.map { "core: \($0)" } ?? "")
              \(priority.map { "real_time_priority: \($0)" } ?? "")
              instruments: [\(SampleMarket.symbol)]
        instruments:
          - symbol: \(SampleMarket.symbol)
        strategies:
          - name: answerer
            kind: tick_answerer
            instruments: [\(SampleMarket.symbol)]
            parameters:
              every: \(every)
              orders: \(orders)
              order_size: 0.001 BTC
        risk:
          order:
            max_notional: 100000 USDT
            price_band: 9000bps
            fat_finger: 500bps
            requires_protection: true
          global:
            max_exposure: 1000000 USDT
            max_daily_loss: 1000000 USDT
            max_open_orders: \(openOrders)
            order_rate: 100000/s
            cancel_rate: 100000/s
          instrument:
            max_position: 100 BTC
            max_open_orders: \(openOrders)
            order_rate: 100000/s
            cancel_rate: 100000/s
            stale_data: 60s
            max_move: 9000bps
          strategy:
            max_exposure: 1000000 USDT
            max_open_orders: \(openOrders)
            max_daily_loss: 1000000 USDT
            order_rate: 100000/s
        journal:
          directory: \(directory)/journal
        control:
          socket: \(directory)/control.sock
        """
    }
}
