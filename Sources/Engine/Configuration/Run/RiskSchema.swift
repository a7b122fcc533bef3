import MarketModel

/// The pre-trade limits by what they are counted over. A limit that is absent is not checked.
public enum RiskSchema {
    public static let settings: [Setting] = [
        Setting("order", .section(order), default: "", "Limits of a single order."),
        Setting("instrument", .section(instrument), default: "", "Limits of each instrument."),
        Setting("strategy", .section(strategy), default: "", "Limits of each strategy."),
        Setting("global", .section(global), default: "", "Limits of the whole engine."),
    ]

    /// The same keys without defaults: for sections that replace single limits of a wider one.
    static func overrides(of settings: [Setting]) -> [Setting] {
        settings.map { Setting($0.key, $0.kind, .optional, $0.summary) }
    }

    private static let money: ClosedRange<Int64> = 0...1_000_000_000
    private static let seconds = Nanoseconds.zero...Nanoseconds.seconds(3600)

    static let order = [
        Setting(
            "max_notional", .amount(money), default: "10000 USDT",
            "Price times quantity of one order."),
        Setting(
            "price_band", .basisPoints(0...10_000), default: "500bps",
            "Distance of a price from the opposite best and the last trade; 0bps: not checked."),
        Setting(
            "fat_finger", .basisPoints(0...10_000), default: "100bps",
            "How far a limit price may reach through the opposite best; 0bps: not checked."),
        Setting(
            "duplicate_window", .duration(seconds), default: "0s",
            "An order of the same side and price within it is a duplicate, and so is any behind 64 "
                + "of that side; 0s: not checked."),
        Setting(
            "duplicate_ticks", .integer(0...10_000), default: "0",
            "Prices so many ticks apart count as the same for duplicate_window."),
        Setting(
            "requires_protection", .boolean, default: "false",
            "Entries only from strategies that manage a stop and a target."),
        Setting(
            "trading_hours", .hours, .optional,
            "UTC, such as 08:00-20:00; absent: always. May pass midnight."),
    ]

    static let instrument = [
        Setting(
            "max_order_quantity", .amount(money), .optional,
            "Quantity of one order, in the base asset."),
        Setting(
            "max_position", .amount(money), .optional,
            "Position either way with open orders filled, in the base asset."),
        Setting(
            "max_exposure", .amount(money), .optional,
            "Worth of the position with open orders filled, in the quote asset."),
        Setting(
            "max_open_orders", .integer(1...100_000), default: "20", "Open orders."),
        Setting("order_rate", .rate(1...100_000), default: "50/s", "New orders."),
        Setting("cancel_rate", .rate(1...100_000), default: "100/s", "Cancels."),
        Setting(
            "stale_data", .duration(.milliseconds(1)...(.seconds(3600))), default: "5s",
            "Without market data for so long nothing new is sent."),
        Setting(
            "max_move", .basisPoints(0...100_000), default: "0bps",
            "Distance of the last trade from the session's first; 0bps: not checked."),
    ]

    static let strategy = [
        Setting(
            "max_exposure", .amount(money), .optional,
            "Worth of its positions with open orders filled."),
        Setting("max_open_orders", .integer(1...100_000), .optional, "Open orders."),
        Setting(
            "max_daily_loss", .amount(money), .optional,
            "Realised, unrealised and fees of the UTC day; reached: it may only reduce."),
        Setting("order_rate", .rate(1...100_000), .optional, "New orders."),
        Setting(
            "one_position", .boolean, default: "false",
            "No entry while it has a position or an entry order."),
    ]

    static let global = [
        Setting(
            "max_exposure", .amount(money), default: "50000 USDT",
            "Worth of all positions with open orders filled."),
        Setting("max_positions", .integer(1...100_000), .optional, "Instruments not flat."),
        Setting("max_open_orders", .integer(1...100_000), default: "200", "Open orders."),
        Setting(
            "max_leverage", .multiple(0...100), default: "1x", "Exposure over equity."),
        Setting(
            "max_daily_loss", .amount(money), default: "1000 USDT",
            "Realised, unrealised and fees of the UTC day; reached: trading halts."),
        Setting("order_rate", .rate(1...100_000), default: "100/10s", "New orders."),
        Setting("cancel_rate", .rate(1...100_000), default: "300/10s", "Cancels."),
    ]
}
