import MarketModel
import Wire

/// Every key of the configuration of `apus run`: the one place that parser, defaults and
/// reference derive from. A strategy's own keys come from its ``StrategyKind``.
public enum RunSchema {
    /// With the built-in strategies.
    public static let settings = settings(for: StrategyProgram.builtIn.kinds)

    /// With strategies of these kinds.
    public static func settings(for kinds: [StrategyKind]) -> [Setting] {
        head + [
            Setting(
                "strategies", .sections(strategy(kinds), count: 0...256), .optional,
                "What trades; without one the engine only listens.")
        ] + tail
    }

    private static let head = [
        Setting("run", .section(run), default: "", "What this run is called."),
        Setting("venue", .section(venue), .required, "The exchange and which of its worlds."),
        Setting(
            "credentials", .section(credentials), .optional,
            "Where keys come from; the environment (APUS_API_KEY, ...) goes first.",
            isConfidential: true),
        Setting("tls", .section(tls), default: "", "How the venue's identity is verified."),
        Setting("topology", .section(topology), default: "", "Which threads do what."),
        Setting(
            "instruments", .sections(instrument, count: 1...1000), .required,
            "What may be traded."),
    ]

    private static let tail = [
        Setting("risk", .section(RiskSchema.settings), default: "", "Pre-trade limits."),
        Setting(
            "journal", .section(journal), default: "", "The record of every input and decision."),
        Setting(
            "reconciliation", .section(reconciliation), default: "",
            "What a start does about the run before it and about the account at the venue."),
        Setting("control", .section(control), default: "", "The operator's socket."),
        Setting(
            "watchdog", .section(watchdog), default: "",
            "The process that cancels the engine's orders when the engine stands still."),
        Setting("telemetry", .section(telemetry), default: "", "Snapshots and logs."),
        Setting("timeouts", .section(timeouts), default: "", "How long things may take."),
    ]

    static let run = [
        Setting("name", .name, default: "apus", "Names the run in journal, logs and reports."),
        Setting(
            "core_dumps", .boolean, default: "false",
            "Whether a crash may leave a core file, to look for its cause: the keys are in it, too."),
    ]

    static let venue = [
        Setting("kind", .choice(["binance_spot"]), .required, "The exchange."),
        Setting(
            "environment", .choice(["emulated", "testnet", "live"]), .required,
            "Which hosts: those of `emulated`, or the venue's own, which are built in."),
        Setting(
            "live", .boolean, default: "false",
            "Must be true for the live environment, together with the flag --live."),
        Setting(
            "emulated", .section(emulated), .optional,
            "Hosts of an emulated exchange; only with environment: emulated."),
        Setting(
            "authentication", .choice(["ed25519", "hmac"]), default: "hmac",
            "ed25519: one log-on a session; hmac: every request is signed."),
        Setting(
            "receive_window", .duration(.milliseconds(1)...(.seconds(60))), default: "5s",
            "How late a request may reach the venue and still count."),
        Setting(
            "strategy_type", .integer(1_000_000...2_147_483_647), .optional,
            "Orders tell the venue's records this as their strategyType, and as their strategyId "
                + "which of `strategies` they are of, from 1 on; absent: neither, 45 bytes less."),
        Setting(
            "trades", .choice(["trade", "agg_trade"]), default: "trade",
            "Every trade, or one event for the trades of one taker at one price."),
        Setting(
            "candles", .choice(["trades", "klines"]), default: "trades",
            "Candles for strategies: built here from the trades, or the venue's kline streams."),
        Setting(
            "depth_interval", .choice(["100ms", "1000ms"]), default: "100ms",
            "How often the venue sends book changes in JSON; in SBE it has one pace of its own."),
        Setting(
            "market_encoding", .choice(["json", "sbe"]), default: "json",
            "How market data is written: text, or Simple Binary Encoding, from a host of its own. "
                + "sbe takes authentication: ed25519, trades: trade and candles: trades."),
        Setting(
            "orders_encoding", .choice(["json", "sbe"]), default: "json",
            "How answers and the account's events are written; requests are JSON always."),
        Setting(
            "rules_refresh", .duration(.seconds(60)...(.seconds(86_400))), default: "1h",
            "How often the venue's rules are read again; an instrument that is halted there, or "
                + "whose rules are not those of the start, is halted here."),
        Setting(
            "order_entry", .choice(["websocket", "rest_closes", "rest_places"]),
            default: "rest_closes",
            "While the WebSocket API is down: nothing leaves; or cancels, questions and orders that "
                + "close positions go over REST; or new orders too, whose fills are then only "
                + "asked for once a second."),
        Setting(
            "order_patience", .duration(.milliseconds(100)...(.seconds(3600))), default: "5s",
            "How long the WebSocket API is down before orders go over REST."),
    ]

    static let emulated = [
        Setting("host", .text(maximum: 253), default: "localhost", "Name in its certificate."),
        Setting(
            "port", .integer(1...65_535), default: "9443",
            "One port serves everything but market data in SBE."),
        Setting(
            "sbe_port", .integer(1...65_535), default: "9444",
            "Serves market data in SBE: listen.sbe_port of the exchange."),
    ]

    static let credentials = [
        Setting(
            "file", .path, .optional,
            "A YAML file only its owner can read (0600) with api_key and api_secret or "
                + "private_key_file.")
    ]

    static let tls = [
        Setting(
            "ca_file", .path, default: "/etc/ssl/certs/ca-certificates.crt",
            "Certificates trusted to sign the venue's; PEM. With lists of revoked certificates in "
                + "it every issuer of the venue's chain must have one there."),
        Setting(
            "record_layer", .choice(TLSRecordLayer.allCases.map(\.rawValue)), .optional,
            "Who protects records behind OpenSSL's handshake; absent: apus, on a processor "
                + "without AES instructions openssl. kernel: Linux seals what is sent (module tls), "
                + "apus opens what is received."),
    ]

    static let topology = [
        Setting(
            "lanes", .sections(lane, count: 1...64), .optional,
            "Trading threads; without any, one lane takes every instrument.")
    ]

    static let lane = [
        Setting("name", .name, .required, "Names the thread."),
        Setting(
            "core", .integer(0...1023), .optional, "Core to pin the thread to; absent: any core."),
        Setting(
            "real_time_priority", .integer(1...99), .optional,
            "SCHED_FIFO priority, used if permitted; absent: ordinary scheduling."),
        Setting(
            "transport", .choice(["uring", "direct"]), default: "uring",
            "io_uring for many connections, non-blocking calls for one hot one."),
        Setting(
            "send", .choice(LaneSend.allCases.map(\.rawValue)), default: "call",
            "With transport: uring, how the orders of a decision leave, together either way: by a "
                + "send of their own, or through the ring, which keeps one send under way at a "
                + "time. transport: direct always calls."),
        Setting(
            "receive_timestamps", .choice(ReceiveTimestamps.allCases.map(\.rawValue)),
            default: "off",
            "Measure kernelToRead: how long received bytes lay in the kernel, from the stamp of the "
                + "kernel (software) or of an interface that makes one (hardware; its clock must be "
                + "kept on the system's, else the kernel's stamp counts). Each receive costs a "
                + "recvmsg and a clock reading. Only with transport: direct: the ring's multishot "
                + "receive delivers bytes without stamps, and the one that has stamps would put a "
                + "header before the bytes of each."),
        Setting(
            "idle", .choice(["spin", "spin_then_wait"]), default: "spin_then_wait",
            "What the thread does when there is nothing to do."),
        Setting(
            "spin_time", .duration(.zero...(.seconds(1))), default: "50us",
            "For spin_then_wait: how long to spin before waiting."),
        Setting(
            "keep_warm", .duration(.microseconds(1)...(.seconds(1))), .optional,
            "While idle, how often the lane runs a decision on made-up data, so that the next real "
                + "one finds its code in the caches; nothing comes of it. Book, indicators, "
                + "strategy and journal are left out: it would change them. Absent: never."),
        Setting("lock_memory", .boolean, default: "true", "Keep pages resident, if permitted."),
        Setting("huge_pages", .boolean, default: "true", "Use 2 MiB pages, if there are any."),
        Setting(
            "relief_backlog", .size(64 << 10...1 << 30), default: "4MiB",
            "Market data kept while a new connection takes over; full: it takes over at once."),
        Setting(
            "instruments", .list(.symbol, count: 1...1000), .required,
            "Symbols this lane trades; a symbol lives on one lane."),
    ]

    static let instrument = [
        Setting("symbol", .symbol, .required, "As the venue names it, such as BTCUSDT."),
        Setting(
            "limits", .section(RiskSchema.overrides(of: RiskSchema.instrument)), .optional,
            "Limits of this instrument that replace those of risk.instrument."),
    ]

    static func strategy(_ kinds: [StrategyKind]) -> [Setting] {
        let single = kinds.filter { $0.scope == .one }.map(\.name).joined(separator: ", ")
        let remark = single.isEmpty ? "." : "; exactly one for \(single)."
        return [
            Setting("name", .name, .required, "Names the strategy in orders, logs and commands."),
            Setting("kind", .choice(kinds.map(\.name)), .required, "Which strategy."),
            Setting(
                "instruments", .list(.symbol, count: 1...1000), .required,
                "Symbols it trades" + remark),
            Setting("enabled", .boolean, default: "true", "Whether it starts with the engine."),
            Setting(
                "parameters",
                .dependent(
                    on: "kind",
                    Dictionary(uniqueKeysWithValues: kinds.map { ($0.name, $0.settings) })),
                default: "", "Depend on the kind."),
            Setting(
                "limits", .section(RiskSchema.overrides(of: RiskSchema.strategy)), .optional,
                "Limits of this strategy that replace those of risk.strategy."),
        ]
    }

    static let journal = [
        Setting("directory", .path, default: "journal", "Where segments are written."),
        Setting(
            "segment_size", .size(1 << 20...4 << 30), default: "32MiB",
            "Size of one segment file."),
        Setting(
            "sync", .choice(["none", "interval"]), default: "interval",
            "none: the kernel decides when bytes reach the disk; interval: every sync_interval."),
        Setting(
            "sync_interval", .duration(.milliseconds(1)...(.seconds(60))), default: "100ms",
            "For sync: interval."),
        Setting(
            "record", .choice(["records", "frames"]), default: "records",
            "frames also keeps the venue's messages as they came (apus journal export)."),
        Setting(
            "retention_size", .size(1 << 20...1 << 50), default: "16GiB",
            "Closed segments beyond this are removed, oldest first."),
        Setting(
            "retention_age", .duration(.seconds(60)...(.seconds(10 * 365 * 86_400))),
            default: "30d", "Closed segments older than this are removed."),
    ]

    static let reconciliation = [
        Setting(
            "account", .choice(["take_over", "fresh"]), default: "take_over",
            "take_over: positions, profit and the day's loss go on from the newest run of this "
                + "account in the journal's directory; fresh: they begin at zero."),
        Setting(
            "foreign_orders", .choice(["ignore", "cancel", "claim"]), default: "ignore",
            "Open orders that no run of this engine has made: leave them, cancel those that are open "
                + "at the start, or take over every one, at the start and later, as `apus claim` "
                + "does."),
        Setting(
            "on_difference", .choice(["halt_instrument", "accept"]), default: "halt_instrument",
            "When a base balance differs from the journal's and no trade explains it: halt the "
                + "instrument until an operator has looked, or trade on. The same for what an "
                + "audit finds."),
        Setting(
            "audit_interval", .duration(.zero...(.seconds(86_400))), default: "60s",
            "How often orders, positions and balances are compared with the venue while the engine "
                + "runs, as far as the request weight allows; 0s: never."),
    ]

    static let control = [
        Setting(
            "socket", .path, default: ".apus/control.sock",
            "Unix socket of mode 0600; at most 107 bytes.")
    ]

    static let watchdog = [
        Setting(
            "heartbeat", .path, .optional,
            "File that the lane marks at every turn, best on a file system in memory; absent: "
                + "control.socket with .heartbeat for .sock."),
        Setting(
            "patience", .duration(.milliseconds(200)...(.seconds(300))), default: "3s",
            "A heartbeat that stands still this long is an alarm (apus watchdog)."),
    ]

    static let telemetry = lookAndLog + [
        Setting(
            "context_log", .duration(.zero...(.seconds(86_400))), default: "0s",
            "How often the market contexts of strategies go to the log, at level info; 0s: never.")
    ]

    /// The exchange's, too.
    static let lookAndLog = [
        Setting(
            "interval", .duration(.milliseconds(100)...(.seconds(60))), default: "500ms",
            "Time between two looks at the panel's figures."),
        Setting("log_file", .path, .optional, "JSON lines; absent: standard error."),
        Setting(
            "log_level",
            .choice(["trace", "debug", "info", "notice", "warning", "error", "critical"]),
            default: "info", "Lines below it are not written."),
    ]

    static let timeouts = [
        Setting(
            "connect", .duration(.milliseconds(10)...(.seconds(300))), default: "5s",
            "TCP connection."),
        Setting(
            "handshake", .duration(.milliseconds(10)...(.seconds(300))), default: "5s",
            "TLS and WebSocket handshake."),
        Setting(
            "request", .duration(.milliseconds(10)...(.seconds(300))), default: "3s",
            "After it an order's outcome is unknown and queried."),
        Setting(
            "ping_interval", .duration(.milliseconds(100)...(.seconds(3600))), default: "20s",
            "Time between our own pings."),
        Setting(
            "silence", .duration(.milliseconds(100)...(.seconds(3600))), default: "60s",
            "A connection this long without a byte, or a market connection this long without a "
                + "stream's message, is replaced; above ping_interval."),
        Setting(
            "stream_silence", .duration(.zero...(.seconds(3600))), default: "60s",
            "A market stream of one instrument this long without a message has its connection "
                + "replaced while the others speak on; doubles for a stream that stays silent; 0 "
                + "watches none."),
        Setting(
            "connection_age", .duration(.seconds(60)...(.seconds(85_800))), default: "23h",
            "A connection this old is replaced, since the venue ends it after 24 h: market data "
                + "and orders by a second one before the first is closed."),
        Setting(
            "reconnect_minimum", .duration(.milliseconds(1)...(.seconds(3600))),
            default: "250ms", "First back-off; doubles each time, with jitter."),
        Setting(
            "reconnect_maximum", .duration(.milliseconds(1)...(.seconds(3600))), default: "30s",
            "Longest back-off; not below reconnect_minimum."),
        Setting(
            "shutdown", .duration(.milliseconds(10)...(.seconds(300))), default: "5s",
            "How long stopping waits for cancels to be confirmed; after a crash until no order of the "
                + "earlier run can arrive any more."),
    ]
}
