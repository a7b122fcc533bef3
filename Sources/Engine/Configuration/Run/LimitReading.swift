import Telemetry

/// Limits from their sections; an override section holds only the keys it replaces.
extension RiskConfiguration {
    init(_ section: SettingSection) {
        order = OrderLimits(section.section("order"))
        instrument = InstrumentLimits(section.section("instrument"))
        strategy = StrategyLimits(section.section("strategy"))
        global = GlobalLimits(section.section("global"))
    }
}

extension OrderLimits {
    init(_ section: SettingSection) {
        maxNotional = section.amount("max_notional")
        priceBand = section.proportion("price_band")
        fatFinger = section.proportion("fat_finger")
        duplicateWindow = section.duration("duplicate_window")
        duplicateTicks = section.integer("duplicate_ticks")
        requiresProtection = section.boolean("requires_protection")
        tradingHours = section.optionalHours("trading_hours")
    }
}

extension InstrumentLimits {
    init(_ section: SettingSection) {
        maxOrderQuantity = section.optionalAmount("max_order_quantity")
        maxPosition = section.optionalAmount("max_position")
        maxExposure = section.optionalAmount("max_exposure")
        maxOpenOrders = Int(section.integer("max_open_orders"))
        orderRate = section.rate("order_rate")
        cancelRate = section.rate("cancel_rate")
        staleData = section.duration("stale_data")
        maxMove = section.proportion("max_move")
    }

    /// These limits with those of `section` put over them.
    func replaced(by section: SettingSection?) -> InstrumentLimits {
        guard let section else { return self }
        var limits = self
        limits.maxOrderQuantity = section.optionalAmount("max_order_quantity") ?? maxOrderQuantity
        limits.maxPosition = section.optionalAmount("max_position") ?? maxPosition
        limits.maxExposure = section.optionalAmount("max_exposure") ?? maxExposure
        limits.maxOpenOrders = 
            section.optionalInteger("max_open_orders").map { Int($0) } ?? maxOpenOrders
        if section.has("order_rate") { limits.orderRate = section.rate("order_rate") }
        if section.has("cancel_rate") { limits.cancelRate = section.rate("cancel_rate") }
        if section.has("stale_data") { limits.staleData = section.duration("stale_data") }
        if section.has("max_move") { limits.maxMove = section.proportion("max_move") }
        return limits
    }
}

extension StrategyLimits {
    init(_ section: SettingSection) {
        maxExposure = section.optionalAmount("max_exposure")
        maxOpenOrders = section.optionalInteger("max_open_orders").map { Int($0) }
        maxDailyLoss = section.optionalAmount("max_daily_loss")
        orderRate = section.has("order_rate") ? section.rate("order_rate") : nil
        onePosition = section.boolean("one_position")
    }

    /// These limits with those of `section` put over them.
    func replaced(by section: SettingSection?) -> StrategyLimits {
        guard let section else { return self }
        var limits = self
        limits.maxExposure = section.optionalAmount("max_exposure") ?? maxExposure
        limits.maxOpenOrders = 
            section.optionalInteger("max_open_orders").map { Int($0) } ?? maxOpenOrders
        limits.maxDailyLoss = section.optionalAmount("max_daily_loss") ?? maxDailyLoss
        if section.has("order_rate") { limits.orderRate = section.rate("order_rate") }
        if section.has("one_position") { limits.onePosition = section.boolean("one_position") }
        return limits
    }
}

extension GlobalLimits {
    init(_ section: SettingSection) {
        maxExposure = section.amount("max_exposure")
        maxPositions = section.optionalInteger("max_positions").map { Int($0) }
        maxOpenOrders = Int(section.integer("max_open_orders"))
        maxLeverage = section.decimal("max_leverage")
        maxDailyLoss = section.amount("max_daily_loss")
        orderRate = section.rate("order_rate")
        cancelRate = section.rate("cancel_rate")
    }
}

/// Limits that must not be zero: to the lane zero would mean "not checked", which nobody who
/// writes `max_daily_loss: 0 USDT` intends.
enum LimitChecks {
    static func problems(in root: SettingSection) -> [ConfigurationProblem] {
        let risk = root.section("risk")
        let sections =
            ["order", "instrument", "strategy", "global"].map { risk.section($0) }
            + (root.sections("instruments") + root.sections("strategies")).compactMap {
                $0.optionalSection("limits")
            }
        return sections.flatMap { section in
            section.values.keys.sorted().compactMap { key -> ConfigurationProblem? in
                let isZero =
                    switch section.scalar(key) {
                    case .amount(let amount)?: amount.raw == 0
                    case .decimal(let multiple)?: multiple.raw == 0
                    default: false
                    }
                return isZero ? section.problem(key, "must be above 0") : nil
            }
        }
    }
}
