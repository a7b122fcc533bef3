import Engine
import MarketModel
import Telemetry
import Testing

@Suite("Exchange configuration")
struct ExchangeConfigurationTests {
    private func problems(_ text: String) -> [String] {
        do throws(ConfigurationFailure) {
            _ = try ExchangeFileConfiguration.parse(text, file: "x.yaml")
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    @Test func `an empty file is a working exchange`() throws {
        let configuration = try ExchangeFileConfiguration.parse("", file: "x.yaml")
        #expect(configuration.address == "127.0.0.1")
        #expect(configuration.port == 9443)
        #expect(configuration.hostNames == ["localhost", "127.0.0.1"])
        #expect(configuration.authorityFile == ".apus/ca.pem")
        #expect(configuration.seed == 1)
        #expect(configuration.symbols.isEmpty)
        #expect(configuration.accounts == [ExchangeFileConfiguration.demoAccount])
        #expect(configuration.takerFee.raw == 100_000)
        #expect(configuration.selfTradePrevention == .expireMaker)
        #expect(configuration.limits.ordersPerTenSeconds == 100)
        #expect(configuration.streams.sendQueueBytes == 8 << 20)
        #expect(configuration.faults.acknowledgementDelay == .zero)
        guard case .agents(let agents) = configuration.source else {
            Issue.record("not agents")
            return
        }
        #expect(agents.events == RateAllowance(count: 2000, window: .seconds(1)))
        #expect(agents.takerShare.raw == 12_000_000)
    }

    @Test func `a symbol takes replacements unless the file says that it does not`() throws {
        let symbol = """
            symbol: BTCUSDT, base: BTC, quote: USDT, tick: 0.01, lot: 0.00001, start_price: 60000,
            typical_quantity: 0.05
            """
        for (more, takes) in [("", true), (", cancel_replace: false", false)] {
            let configuration = try ExchangeFileConfiguration.parse(
                "symbols:\n  - {\(symbol)\(more)}", file: "x.yaml")
            #expect(configuration.symbols.map(\.takesCancelReplace) == [takes])
        }
    }

    @Test func `a replay is read with its pace`() throws {
        let text = "source: replay\nreplay: {files: [a.gz, b.gz], speed: 2.5x, at_end: stop}"
        let configuration = try ExchangeFileConfiguration.parse(text, file: "x.yaml")
        guard case .replay(let replay) = configuration.source else {
            Issue.record("not a replay")
            return
        }
        #expect(replay.files == ["a.gz", "b.gz"])
        #expect(replay.speed == ExactDecimal("2.5"))
        #expect(replay.atEnd == .stop)
        #expect(replay.snapshotPatience == .seconds(10))
        let fast = text.replacing("speed: 2.5x", with: "unthrottled: true")
        guard case .replay(let unthrottled) = try ExchangeFileConfiguration.parse(
            fast, file: "x.yaml"
        ).source else { return }
        #expect(unthrottled.speed == nil)
    }

    @Test func `the state is kept where the file says, and nowhere by default`() throws {
        let absent = try ExchangeFileConfiguration.parse("", file: "x.yaml").state
        #expect(absent == .init(directory: nil, isSynchronous: false))
        let text = "state: {directory: here, sync: true}"
        let kept = try ExchangeFileConfiguration.parse(text, file: "x.yaml").state
        #expect(kept == .init(directory: "here", isSynchronous: true))
        #expect(problems("state: {sync: 1s}").count == 1)
    }

    static let symbol =
        "symbols:\n  - {symbol: AUSDT, base: A, quote: USDT, tick: 0.1, lot: 1, "
        + "start_price: 10, typical_quantity: 1}\n"

    @Test func `combinations that cannot work are refused`() {
        #expect(problems("source: replay") == ["x.yaml:1: source: 'replay' needs the mapping replay"])
        #expect(problems(Self.symbol).isEmpty)
        #expect(
            problems(Self.symbol.replacing("tick: 0.1", with: "tick: 0")) == [
                "x.yaml:2: symbols[0].tick: must be above 0"
            ])
        #expect(
            problems(Self.symbol.replacing("start_price: 10", with: "start_price: 10.05")) == [
                "x.yaml:2: symbols[0].start_price: must be a multiple of tick"
            ])
        let twice = Self.symbol + String(Self.symbol.dropFirst("symbols:\n".count))
        #expect(problems(twice) == ["x.yaml:3: symbols[1].symbol: 'AUSDT' is given twice"])
        #expect(
            problems("replay: {files: [a], speed: 0x}") == [
                "x.yaml:1: replay.speed: must be above 0x"
            ])
        #expect(problems("agents: {events: 20}").first?.contains("the unit is missing") == true)
        #expect(problems("seed: -1").first?.contains("out of range") == true)
    }

    @Test func `the environment overrides single values`() throws {
        let configuration = try ExchangeFileConfiguration.parse(
            "listen: {port: 1}", file: "x.yaml",
            environment: ["APUS_LISTEN_PORT": "0", "APUS_SEED": "7"])
        #expect(configuration.port == 0)
        #expect(configuration.seed == 7)
        #expect(configuration.appliedVariables == ["APUS_LISTEN_PORT", "APUS_SEED"])
    }
}
