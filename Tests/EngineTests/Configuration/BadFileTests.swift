import Engine
import Foundation
import Testing

/// Bad files and the exact messages they get: file, line, key, what was found, what is accepted.
@Suite("Bad configuration files")
struct BadFileTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let text: String
        let message: String
        var testDescription: String { name }

        /// Lines put below the smallest valid configuration, so the first of them is line 6.
        init(_ name: String, below text: String, _ message: String) {
            self.init(name, ConfigurationFixture.smallest + "\n" + text, message)
        }
        init(_ name: String, _ text: String, _ message: String) {
            self.name = name
            self.text = text
            self.message = message
        }
    }

    static let cases = [
        Case("unknown key", below: "jurnal:\n  directory: x", "t.yaml:6: jurnal: unknown key, did you mean 'journal'?"),
        Case(
            "unknown key, nothing close", below: "control:\n  port: 1",
            "t.yaml:7: control.port: unknown key, accepted: socket"),
        Case(
            "duplicate key", below: "control:\n  socket: a\n  socket: b",
            "t.yaml:8: control.socket: given twice; the first is on line 7"),
        Case(
            "duplicate key in a list",
            below: "  - symbol: ETHUSDT\n    limits:\n      # the second\n      max_move: 1bps\n\n"
                + "      max_move: 2bps",
            "t.yaml:11: instruments[1].limits.max_move: given twice; the first is on line 9"),
        Case(
            "duplicate key beside a list's dash",
            below: "strategies:\n- name: a\n  kind: breakout\n- name: b\n  name: c",
            "t.yaml:10: strategies[1].name: given twice; the first is on line 9"),
        Case(
            "a text where an integer is wanted", below: "risk:\n  instrument:\n    "
                + "max_open_orders: \"20\"",
            "t.yaml:8: risk.instrument.max_open_orders: found the text '20', accepted: an integer "
                + "1...100000, without quotes"),
        Case(
            "control characters", below: "telemetry:\n  log_level: \"\\e[31minfo\"",
            "t.yaml:7: telemetry.log_level: found '\\u{1B}[31minfo', accepted: trace, debug, info, "
                + "notice, warning, error, critical"),
        Case(
            "more inventory than the instrument may hold",
            below: "    limits: {max_position: 0.5 BTC}\nstrategies:\n  - name: a\n    kind: "
                + "market_maker\n    instruments: [BTCUSDT]\n    parameters: {order_size: 1 BTC, "
                + "max_inventory: 5 BTC}",
            "t.yaml:11: strategies[0].parameters.max_inventory: found '5 BTC', accepted: at most "
                + "max_position of BTCUSDT, '0.5 BTC'"),
        Case(
            "orders that no limit lets through",
            below: "    limits: {max_order_quantity: 0.5 BTC}\nstrategies:\n  - name: a\n    kind: "
                + "market_maker\n    instruments: [BTCUSDT]\n    parameters: {order_size: 1 BTC, "
                + "max_inventory: 5 BTC}",
            "t.yaml:11: strategies[0].parameters.order_size: found '1 BTC', accepted: at most "
                + "max_order_quantity of BTCUSDT, '0.5 BTC'"),
        Case(
            "no unit", below: "timeouts:\n  connect: 5",
            "t.yaml:7: timeouts.connect: found '5', the unit is missing, accepted: a duration "
                + "10ms...5m with its unit (ns, us, ms, s, m, h, d)"),
        Case(
            "wrong unit", below: "timeouts:\n  connect: 5 minutes",
            "t.yaml:7: timeouts.connect: found '5 minutes', ' minutes' is not a unit here, "
                + "accepted: a duration 10ms...5m with its unit (ns, us, ms, s, m, h, d)"),
        Case(
            "out of range", below: "timeouts:\n  connect: 2h",
            "t.yaml:7: timeouts.connect: found '2h', which is out of range, accepted: a duration "
                + "10ms...5m with its unit (ns, us, ms, s, m, h, d)"),
        Case(
            "size in decimal units", below: "journal:\n  segment_size: 64MB",
            "t.yaml:7: journal.segment_size: found '64MB', 'MB' is not a unit here, accepted: a "
                + "size 1MiB...4GiB with its unit (B, KiB, MiB, GiB, TiB)"),
        Case(
            "rate without window", below: "risk:\n  global:\n    order_rate: 50",
            "t.yaml:8: risk.global.order_rate: found '50', the unit is missing, accepted: a rate "
                + "1/s...100000/s, such as 50/s or 100/10s"),
        Case(
            "money without asset", below: "risk:\n  global:\n    max_exposure: 1000",
            "t.yaml:8: risk.global.max_exposure: found '1000', the asset is missing, accepted: an "
                + "amount 0...1000000000 with its asset, such as '1000 USDT'"),
        Case(
            "money in another asset", below: "risk:\n  global:\n    max_daily_loss: 1 BTC",
            "t.yaml:8: risk.global.max_daily_loss: found BTC, accepted: the asset of "
                + "risk.global.max_exposure, USDT"),
        Case(
            "basis points in per cent", below: "risk:\n  order:\n    price_band: 5%",
            "t.yaml:8: risk.order.price_band: found '5%', accepted: 0bps...10000bps with the unit "
                + "bps"),
        Case(
            "a scalar for a mapping", below: "journal: here",
            "t.yaml:6: journal: found 'here', accepted: a mapping"),
        Case(
            "no value", below: "journal:\n  directory:",
            "t.yaml:7: journal.directory: has no value, accepted: a path"),
        Case(
            "YAML's other booleans", below: "topology:\n  lanes:\n    - name: a\n      "
                + "lock_memory: yes\n      instruments: [BTCUSDT]",
            "t.yaml:9: topology.lanes[0].lock_memory: found 'yes', accepted: true, false"),
        Case(
            "stamps where receives carry none", below: "topology:\n  lanes:\n    - name: a\n      "
                + "receive_timestamps: software\n      instruments: [BTCUSDT]",
            "t.yaml:9: topology.lanes[0].receive_timestamps: is software, but transport is uring; "
                + "accepted: off, or transport: direct"),
        Case(
            "slip in a choice", below: "telemetry:\n  log_level: warn",
            "t.yaml:7: telemetry.log_level: found 'warn', accepted: trace, debug, info, notice, "
                + "warning, error, critical"),
        Case(
            "secret in the main file", below: "credentials:\n  api_secret: hunter2",
            "t.yaml:7: credentials.api_secret: secrets do not belong in this file; accepted: "
                + "credentials.file, or the environment: APUS_API_KEY, APUS_API_SECRET, "
                + "APUS_PRIVATE_KEY_FILE"),
        Case(
            "a secret where a mapping belongs", below: "credentials: hunter2",
            "t.yaml:6: credentials: found a value, accepted: a mapping"),
        Case(
            "missing key", "venue:\n  kind: binance_spot\ninstruments: [{symbol: BTCUSDT}]",
            "t.yaml:1: venue.environment: missing, accepted: emulated, testnet, live"),
        Case(
            "the venue's own host for an emulation",
            "venue:\n  kind: binance_spot\n  environment: emulated\n  emulated:\n    host: "
                + "stream.BINANCE.com\ninstruments: [{symbol: BTCUSDT}]",
            "t.yaml:5: venue.emulated.host: 'stream.BINANCE.com' belongs to the venue; accepted: "
                + "the host of an emulated exchange"),
        Case(
            "hosts for the testnet",
            "venue:\n  kind: binance_spot\n  environment: testnet\n  emulated:\n    host: "
                + "localhost\ninstruments: [{symbol: BTCUSDT}]",
            "t.yaml:4: venue.emulated: hosts of the environment testnet are built in; accepted: "
                + "only with environment: emulated"),
        Case(
            "market maker on two instruments",
            below: "  - symbol: ETHUSDT\nstrategies:\n  - name: a\n    kind: market_maker\n    "
                + "instruments: [BTCUSDT, ETHUSDT]\n    parameters: {order_size: 1 BTC, "
                + "max_inventory: 1 BTC}",
            "t.yaml:10: strategies[0].instruments: found 2, accepted: one; a market_maker trades "
                + "one instrument, give each its own strategy"),
        Case(
            "parameter of another kind",
            below: "strategies:\n  - name: a\n    kind: breakout\n    instruments: [BTCUSDT]\n    "
                + "parameters:\n      order_notional: 10 USDT\n      requote_ticks: 3",
            "t.yaml:12: strategies[0].parameters.requote_ticks: unknown key, accepted: "
                + "lookback_days, signal_interval, take_profit, stop_loss, order_notional, min_daily_volume, "
                + "volume_factor"),
        Case(
            "inventory below one order",
            below: "strategies:\n  - name: a\n    kind: market_maker\n    instruments: [BTCUSDT]\n"
                + "    parameters: {order_size: 2 BTC, max_inventory: 1 BTC}",
            "t.yaml:10: strategies[0].parameters.max_inventory: found '1 BTC', accepted: at least "
                + "order_size, '2 BTC'"),
        Case(
            "a share of a basis point",
            below: "strategies:\n  - name: a\n    kind: breakout\n    instruments: [BTCUSDT]\n    "
                + "parameters:\n      order_notional: 10 USDT\n      take_profit: 7.001%",
            "t.yaml:12: strategies[0].parameters.take_profit: must be whole basis points, two "
                + "digits after the point at most"),
        Case(
            "a factor that would lose digits",
            below: "strategies:\n  - name: a\n    kind: breakout\n    instruments: [BTCUSDT]\n    "
                + "parameters:\n      order_notional: 10 USDT\n      volume_factor: 1.50001",
            "t.yaml:12: strategies[0].parameters.volume_factor: has more than 4 digits after the "
                + "point"),
        Case(
            "unknown instrument",
            below: "strategies:\n  - name: a\n    kind: breakout\n    instruments: [BTCUSD]\n    "
                + "parameters: {order_notional: 10 USDT}",
            "t.yaml:9: strategies[0].instruments: 'BTCUSD' is not in instruments, did you mean "
                + "'BTCUSDT'?"),
        Case(
            "instrument on no lane",
            below: "  - symbol: ETHUSDT\ntopology:\n  lanes:\n    - name: a\n      instruments: "
                + "[BTCUSDT]",
            "t.yaml:8: topology.lanes: no lane has the instrument 'ETHUSDT'"),
        Case(
            "a limit of zero, which would switch it off",
            below: "risk:\n  global:\n    max_daily_loss: 0 USDT",
            "t.yaml:8: risk.global.max_daily_loss: must be above 0"),
        Case(
            "hours that are none", below: "risk:\n  order:\n    trading_hours: 8-20",
            "t.yaml:8: risk.order.trading_hours: found '8-20', accepted: hours of the UTC day, "
                + "such as 08:00-20:00"),
        Case(
            "silence shorter than the pings", below: "timeouts:\n  silence: 10s",
            "t.yaml:7: timeouts.silence: must be longer than ping_interval"),
        Case(
            "too precise an amount", below: "risk:\n  order:\n    max_notional: 1.123456789 USDT",
            "t.yaml:8: risk.order.max_notional: found '1.123456789 USDT', it has more than 8 "
                + "digits after the point, accepted: an amount 0...1000000000 with its asset, such "
                + "as '1000 USDT'"),
    ]

    @Test(arguments: cases)
    func `a bad file is refused with its line and what is accepted`(_ one: Case) {
        #expect(ConfigurationFixture.problems(one.text) == [one.message])
    }

    @Test func `every problem is reported at once, in the order of the lines`() {
        let text =
            ConfigurationFixture.smallest
            + "\ntimeouts:\n  connect: 5\n  hanshake: 1s\njournal:\n  sync: always"
        let problems = ConfigurationFixture.problems(text)
        #expect(problems.count == 3)
        #expect(problems[0].hasPrefix("t.yaml:7: timeouts.connect: "))
        #expect(problems[1].hasPrefix("t.yaml:8: timeouts.hanshake: unknown key, did you mean"))
        #expect(problems[2].hasPrefix("t.yaml:10: journal.sync: "))
    }

    @Test func `what is not YAML is refused with its line`() {
        let problems = ConfigurationFixture.problems("venue:\n  kind: [binance_spot\nx: 1\n")
        #expect(problems.count == 1)
        #expect(problems.first?.contains("is not YAML") == true)
    }

    @Test func `nesting without end is told in the file's terms`() {
        let text = ConfigurationFixture.smallest + "\nrun: " + String(repeating: "[", count: 2000)
        #expect(
            ConfigurationFixture.problems(text) == [
                "t.yaml:6: is nested more deeply than any setting"
            ])
    }

    @Test func `an empty file misses what is required`() {
        #expect(
            ConfigurationFixture.problems("# nothing\n") == [
                "t.yaml:1: venue: missing, accepted: a mapping",
                "t.yaml:1: instruments: missing, accepted: a list of 1 to 1000 mappings",
            ])
    }

    @Test func `a second document is refused`() {
        let problems = ConfigurationFixture.problems(
            ConfigurationFixture.smallest + "\n---\nrun: {name: b}\n")
        #expect(problems == ["t.yaml:7: a second document, accepted: one"])
    }

    @Test func `a file that is not there is named`() {
        #expect(throws: ConfigurationFailure.self) {
            try RunConfiguration.load(file: "/nowhere.yaml", environment: [:], allowsLive: false)
        }
        #expect(ConfigurationFailure.exitCode == 78)
    }

    @Test func `a directory is no file`() {
        let place = FileManager.default.temporaryDirectory.path
        #expect(
            throws: ConfigurationFailure([
                ConfigurationProblem(
                    .file(place, line: 0), "", "is a directory, accepted: a YAML file")
            ])
        ) {
            try RunConfiguration.load(file: place, environment: [:], allowsLive: false)
        }
    }

    @Test func `distances count swaps of neighbours once`() {
        #expect(ConfigurationFixture.problems("veneu:\n  kind: a").first?.contains("'venue'") == true)
    }
}
