import Engine
import Foundation
import MarketModel
import Telemetry
import Testing
import Wire

@Suite("Run configuration")
struct RunConfigurationTests {
    @Test func `the smallest file gets every default`() throws {
        let configuration = try ConfigurationFixture.run(ConfigurationFixture.smallest)
        #expect(configuration.name == "apus")
        #expect(configuration.mode == .emulated)
        #expect(configuration.venue.environment.hosts.rest == VenueEndpoint(host: "localhost", port: 9443))
        #expect(configuration.venue.authentication == .hmac)
        #expect(configuration.venue.receiveWindow == .seconds(5))
        #expect(configuration.venue.depthInterval == .milliseconds(100))
        #expect(configuration.credentials == CredentialSource())
        #expect(configuration.authorityFile == "/etc/ssl/certs/ca-certificates.crt")
        #expect(configuration.recordLayer == .preferred)
        #expect(configuration.strategies.isEmpty)
        #expect(configuration.controlSocket == ".apus/control.sock")
        #expect(configuration.watchdog.heartbeat == ".apus/control.heartbeat")
        #expect(configuration.watchdog.patience == .seconds(3))
        #expect(configuration.telemetry.interval == .milliseconds(500))
        #expect(configuration.telemetry.logFile == nil)
        #expect(configuration.telemetry.logLevel == "info")
        let lane = try #require(configuration.lanes.first)
        #expect(lane.instruments == ["BTCUSDT"])
        #expect(lane.core == nil)
        #expect(lane.transport == .uring)
        #expect(lane.idle == .spinThenWait(spinning: .microseconds(50)))
    }

    @Test(arguments: TLSRecordLayer.allCases)
    func `the record layer is the one that the file names`(layer: TLSRecordLayer) throws {
        let text = ConfigurationFixture.smallest + "\ntls:\n  record_layer: \(layer)\n"
        #expect(try ConfigurationFixture.run(text).recordLayer == layer)
    }

    @Test func `limits, journal and timeouts have their defaults`() throws {
        let configuration = try ConfigurationFixture.run(ConfigurationFixture.smallest)
        let risk = configuration.risk
        #expect(risk.order.maxNotional.description == "10000 USDT")
        #expect(risk.order.priceBand.raw == 5_000_000)
        #expect(risk.order.fatFinger.raw == 1_000_000)
        #expect(risk.order.duplicateWindow == .zero)
        #expect(risk.order.tradingHours == nil)
        #expect(!risk.order.requiresProtection && !risk.strategy.onePosition)
        #expect(risk.instrument.maxMove.raw == 0)
        #expect(risk.instrument.maxOpenOrders == 20)
        #expect(risk.instrument.orderRate == RateAllowance(count: 50, window: .seconds(1)))
        #expect(risk.instrument.staleData == .seconds(5))
        #expect(risk.global.maxExposure.description == "50000 USDT")
        #expect(risk.global.maxLeverage == ExactDecimal(1))
        #expect(risk.global.maxDailyLoss.description == "1000 USDT")
        #expect(risk.global.cancelRate == RateAllowance(count: 300, window: .seconds(10)))
        #expect(risk.strategy.maxExposure == nil)
        #expect(configuration.journal.segmentBytes == 32 << 20)
        #expect(configuration.journal.syncInterval == .milliseconds(100))
        #expect(configuration.journal.record == .records)
        #expect(configuration.journal.retentionAge == Nanoseconds(30 * Nanoseconds.day.count))
        #expect(configuration.timeouts.request == .seconds(3))
        #expect(configuration.timeouts.silence == .seconds(60))
        #expect(configuration.timeouts.connectionAge == .seconds(23 * 3_600))
        #expect(configuration.timeouts.reconnectMinimum == .milliseconds(250))
    }

    @Test func `an instrument's limits replace single ones`() throws {
        let text =
            ConfigurationFixture.smallest
            + "\n    limits: {max_position: 0.5 BTC, order_rate: 5/s}\n"
            + "risk:\n  instrument: {max_open_orders: 7, order_rate: 9/s}"
        let configuration = try ConfigurationFixture.run(text)
        let limits = configuration.instruments[0].limits
        #expect(limits.maxPosition?.description == "0.5 BTC")
        #expect(limits.maxOpenOrders == 7)
        #expect(limits.orderRate.count == 5)
        #expect(configuration.risk.instrument.orderRate.count == 9)
    }

    @Test func `strategies get the parameters of their kind`() throws {
        let text =
            ConfigurationFixture.smallest + "\n"
            + """
            strategies:
              - name: m
                kind: market_maker
                instruments: [BTCUSDT]
                parameters: {order_size: 0.01 BTC, max_inventory: 0.1 BTC, min_spread: 0.5bps}
              - name: b
                kind: breakout
                enabled: false
                instruments: [BTCUSDT]
                parameters: {order_notional: 100 USDT, volume_factor: 1.5}
                limits: {max_daily_loss: 10 USDT, one_position: true}
            """
        let strategies = try ConfigurationFixture.run(text).strategies
        #expect(strategies.map(\.kind) == ["market_maker", "breakout"])
        let maker = strategies[0].parameters
        #expect(maker.amount("order_size").value.raw64(atScale: 8) == 1_000_000)
        #expect(maker.proportion("min_spread").raw == 5_000)
        #expect(maker.decimal("risk_aversion") == ExactDecimal("0.1"))
        #expect(maker.integer("requote_ticks") == 2)
        #expect(maker.duration("refresh") == .milliseconds(50))
        let breakout = strategies[1].parameters
        #expect(breakout.integer("lookback_days") == 20)
        #expect(breakout.proportion("take_profit").raw == 7_000_000)
        #expect(breakout.proportion("stop_loss").raw == 16_000_000)
        #expect(breakout.decimal("volume_factor") == ExactDecimal("1.5"))
        #expect(breakout.optionalAmount("min_daily_volume") == nil)
        #expect(breakout.text("signal_interval") == "1h")
        #expect(!strategies[1].isEnabled)
        #expect(strategies[1].limits.onePosition && !strategies[0].limits.onePosition)
        #expect(strategies[1].limits.maxDailyLoss?.description == "10 USDT")
    }

    @Test(arguments: ["demo.yaml", "testnet.yaml"])
    func `the examples are valid and show every key`(_ name: String) throws {
        let text = try ConfigurationFixture.example(name)
        let configuration = try RunConfiguration.parse(text, file: name)
        #expect(configuration.mode == (name == "demo.yaml" ? .emulated : .testnet))
        #expect(configuration.strategies.count == 2)
        expectKeys(RunSchema.settings, in: text, name)
    }

    @Test func `the exchange's example is valid and shows every key`() throws {
        let text = try ConfigurationFixture.example("exchange.yaml")
        let configuration = try ExchangeFileConfiguration.parse(text, file: "exchange.yaml")
        #expect(configuration.symbols.map(\.symbol) == ["BTCUSDT", "ETHUSDT"])
        #expect(configuration.symbols[0].tick == Price(raw: 1_000_000))
        #expect(configuration.makerFee.raw == 0)
        expectKeys(ExchangeSchema.settings, in: text, "exchange.yaml")
    }

    private func expectKeys(_ settings: [Setting], in text: String, _ name: String) {
        for path in ConfigurationReference.paths(settings) {
            let key = path.split(separator: ".").last.map(String.init) ?? path
            let isShown = text.contains(key + ":")
            #expect(isShown, "\(name) does not show \(path)")
        }
    }

    // MARK: - Live

    static let live = ConfigurationFixture.smallest.replacing("emulated", with: "live")

    @Test func `live needs the file's word and the flag`() throws {
        // BUG-011
        let message =
            "t.yaml:3: venue.environment: live trades real money and needs both 'live: true' in "
            + "the file and the flag --live; missing: "
        #expect(ConfigurationFixture.problems(Self.live) == [message + "live: true and --live"])
        #expect(
            ConfigurationFixture.problems(Self.live, allowsLive: true) == [message + "live: true"])
        let said = Self.live.replacing("  kind", with: "  live: true\n  kind")
        #expect(
            ConfigurationFixture.problems(said) == [
                message.replacing(":3:", with: ":4:") + "--live"
            ])
        let configuration = try ConfigurationFixture.run(said, allowsLive: true)
        #expect(configuration.mode == .live)
        #expect(configuration.venue.environment.hosts.rest.host == "api.binance.com")
    }

    @Test func `the flag alone does not make anything live`() {
        #expect(
            ConfigurationFixture.problems(ConfigurationFixture.smallest, allowsLive: true) == [
                "command line: --live: given, but venue.environment is emulated"
            ])
        let text = ConfigurationFixture.smallest.replacing("  kind", with: "  live: true\n  kind")
        #expect(
            ConfigurationFixture.problems(text) == [
                "t.yaml:2: venue.live: is true, but environment is emulated; accepted: false"
            ])
    }

    @Test func `no environment reaches the hosts of another`() throws {
        // BUG-011
        let testnet = BinanceSpotTestnetHosts()
        for endpoint in [testnet.rest, testnet.streams, testnet.webSocketAPI] {
            #expect(endpoint.host.hasSuffix("testnet.binance.vision"))
        }
        for host in ["api.binance.com", "API.Binance.COM.", "testnet.binance.vision", "binance.com"] {
            #expect(EmulatedHosts(host: host, port: 443, binaryPort: 444) == nil)
        }
        #expect(EmulatedHosts(host: "notbinance.com", port: 443, binaryPort: 444) != nil)
    }
}
