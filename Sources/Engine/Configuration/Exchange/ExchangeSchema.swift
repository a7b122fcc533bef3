import MarketModel

/// Every key of the configuration of `apus exchange`.
public enum ExchangeSchema {
    public static let settings: [Setting] = [
        Setting("listen", .section(listen), default: "", "Where clients connect."),
        Setting("tls", .section(tls), default: "", "The certificate chain made at start."),
        Setting(
            "seed", .integer(0...Int64.max), default: "1",
            "Same seed, same market; drives every random choice."),
        Setting(
            "symbols", .sections(symbol, count: 1...1000), .optional,
            "What is traded; absent: ten liquid pairs against USDT."),
        Setting(
            "accounts", .sections(account, count: 1...1000), .optional,
            "Who may trade; absent: one account 'demo' with 1000000 USDT and 10 BTC."),
        Setting("fees", .section(fees), default: "", "Commission of a fill."),
        Setting(
            "self_trade_prevention",
            .choice(["none", "expire_taker", "expire_maker", "expire_both"]),
            default: "expire_maker", "For orders that name no mode."),
        Setting(
            "source", .choice(["agents", "replay"]), default: "agents",
            "Where public orders and trades come from."),
        Setting("agents", .section(agents), default: "", "Seeded traders; for source: agents."),
        Setting("replay", .section(replay), .optional, "A capture; for source: replay."),
        Setting("limits", .section(limits), default: "", "The venue's rate limits."),
        Setting("streams", .section(streams), default: "", "Streams and connections."),
        Setting("state", .section(state), default: "", "What outlives the exchange."),
        Setting("faults", .section(faults), default: "", "Misbehaviour on purpose; 0: never."),
        Setting("telemetry", .section(RunSchema.lookAndLog), default: "", "Snapshots and logs."),
    ]

    static let listen = [
        Setting("address", .text(maximum: 64), default: "127.0.0.1", "Address to listen on."),
        Setting("port", .integer(0...65_535), default: "9443", "0: any free port."),
        Setting(
            "sbe_port", .integer(0...65_535), .optional,
            "Serves market data in Simple Binary Encoding to holders of an Ed25519 key; 0: any "
                + "free port; absent: none."),
        Setting(
            "ready_file", .path, .optional,
            "Receives one line host:port once clients are accepted."),
        Setting("core", .integer(0...1023), .optional, "Core to pin the thread to."),
        Setting(
            "transport", .choice(["uring", "direct"]), default: "uring", "How sockets are driven."),
    ]

    static let tls = [
        Setting(
            "ca_file", .path, default: ".apus/ca.pem",
            "Where the authority's certificate is written for clients."),
        Setting(
            "host_names", .list(.text(maximum: 253), count: 1...32), .optional,
            "Names in the certificate; absent: localhost and 127.0.0.1."),
    ]

    static let symbol = [
        Setting("symbol", .symbol, .required, "Such as BTCUSDT."),
        Setting("base", .symbol, .required, "Base asset."),
        Setting("quote", .symbol, .required, "Quote asset."),
        Setting("tick", .decimal(0...1_000_000), .required, "Smallest price step; above 0."),
        Setting("lot", .decimal(0...1_000_000), .required, "Smallest quantity step; above 0."),
        Setting(
            "start_price", .decimal(0...1_000_000), .required, "Where the market starts; above 0."),
        Setting(
            "typical_quantity", .decimal(0...1_000_000), .required,
            "Of one public order, in the base asset; above 0."),
        Setting(
            "daily_volatility", .percent(0...500), default: "3%",
            "Standard deviation of the fair value over a day."),
        Setting(
            "rally", .percent(0...1_000), default: "0%",
            "How far the market starts above its past: something for a breakout strategy."),
        Setting(
            "activity", .decimal(0...1_000_000), default: "1",
            "Share of the events, relative to other symbols; above 0."),
        Setting(
            "min_notional", .decimal(0...1_000_000), default: "5", "In the quote asset; 0: none."),
        Setting(
            "max_open_orders", .integer(1...100_000), default: "200", "Of one account."),
        Setting(
            "cancel_replace", .boolean, default: "true",
            "Takes requests that cancel an order and place another."),
    ]

    static let account = [
        Setting("name", .name, .required, "Names the account."),
        Setting(
            "credentials_file", .path, .required,
            "Read when it exists (0600), else made with a new HMAC key."),
        Setting(
            "balances", .list(.amount(0...20_000_000_000), count: 1...1000), .required,
            "Free balances at start."),
    ]

    static let fees = [
        Setting("maker", .basisPoints(0...10_000), default: "10bps", "Of the received amount."),
        Setting("taker", .basisPoints(0...10_000), default: "10bps", "Of the received amount."),
    ]

    static let agents = [
        Setting(
            "events", .rate(0...10_000_000), default: "2000/s",
            "Public order events over all symbols."),
        Setting(
            "levels", .integer(1...5000), default: "500", "Price levels a side at the start."),
        Setting(
            "taker_share", .percent(0...100), default: "12%", "Events that take liquidity."),
        Setting(
            "informed_share", .percent(0...100), default: "35%",
            "Taking events that follow the fair value or momentum."),
        Setting(
            "mean_reversion", .decimal(0...10), default: "0",
            "Pull of the price to its mean, per second; 0: a random walk."),
    ]

    static let replay = [
        Setting(
            "files", .list(.path, count: 1...10_000), .required,
            "Captures in the order to play, gzip or plain."),
        Setting(
            "speed", .multiple(0...1_000_000), default: "1x",
            "Recorded time is divided by it; above 0."),
        Setting(
            "unthrottled", .boolean, default: "false",
            "As fast as subscribers read, whatever the speed."),
        Setting(
            "at_end", .choice(["close_streams", "stop", "keep_serving"]),
            default: "close_streams", "When the capture is played."),
        Setting(
            "snapshot_patience", .duration(.zero...(.seconds(3600))), default: "10s",
            "How long play waits for a client to ask for the recorded snapshot."),
    ]

    static let limits = [
        Setting(
            "request_weight", .integer(1...10_000_000), default: "6000",
            "Per minute and client address."),
        Setting(
            "orders_per_ten_seconds", .integer(1...10_000_000), default: "100", "Per account."),
        Setting("orders_per_day", .integer(1...100_000_000), default: "200000", "Per account."),
        Setting(
            "ban_after", .integer(1...1_000_000), default: "10",
            "Requests after a 429 within a minute that lead to a 418."),
        Setting(
            "ban_time", .duration(.seconds(1)...(.seconds(86_400))), default: "120s",
            "Length of a ban."),
        Setting(
            "stream_messages", .integer(1...1_000_000), default: "5",
            "Messages a second from one stream client."),
    ]

    static let streams = [
        Setting(
            "depth_interval", .duration(.milliseconds(1)...(.seconds(10))), default: "100ms",
            "Of the fast diff and partial depth streams."),
        Setting(
            "ping_interval", .duration(.seconds(1)...(.seconds(3600))), default: "20s",
            "Time between pings."),
        Setting(
            "pong_timeout", .duration(.seconds(1)...(.seconds(3600))), default: "60s",
            "A client without a pong for so long is closed."),
        Setting(
            "lifetime", .duration(.seconds(1)...(.seconds(7 * 86_400))), default: "24h",
            "A connection is closed after it."),
        Setting(
            "send_queue", .size(64 << 10...1 << 30), default: "8MiB",
            "A client with more unsent is dropped."),
        Setting("max_connections", .integer(1...4096), default: "64", "Clients at a time."),
    ]

    static let state = [
        Setting(
            "directory", .path, .optional,
            "Keeps balances, orders and trades through a crash; absent: in memory only."),
        Setting(
            "sync", .boolean, default: "false",
            "Answers wait for the disk too: survives the machine's failure, not only the process's."),
    ]

    static let faults = [
        Setting(
            "disconnect_after_messages", .integer(0...1_000_000_000), default: "0",
            "Drops each market stream after so many."),
        Setting(
            "drop_depth_every", .integer(0...1_000_000_000), default: "0",
            "Leaves out every n-th diff, which is a gap."),
        Setting(
            "acknowledgement_delay", .duration(.zero...(.seconds(60))), default: "0s",
            "Holds answers to order requests back."),
    ]
}
