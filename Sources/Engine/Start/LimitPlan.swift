import MarketModel
import Telemetry
import TickToTrade

/// The limits of the file as the core counts them: money and sizes as raw numbers, exactly or not
/// at all. What does not fit its instrument is refused with its place in the file.
struct LimitPlan {
    private let run: RunConfiguration
    private let risk: SettingSection
    private let instruments: [Instrument]

    init(_ run: RunConfiguration, _ instruments: [Instrument]) {
        self.run = run
        self.instruments = instruments
        risk = run.source.section("risk")
    }

    func limits(of strategies: [PlannedStrategy]) throws(ConfigurationFailure) -> RiskLimits {
        var limits = RiskLimits(instruments: instruments.count, strategies: strategies.count)
        limits.order = try order(limits.order)
        for (position, configured) in run.instruments.enumerated() {
            guard let instrument = instruments.first(where: { $0.symbol.text == configured.symbol })
            else { continue }
            let own = run.source.sections("instruments")[position].optionalSection("limits")
            limits.instruments[instrument.index.slot] = try self.limits(
                configured.limits, instrument, Places(own, risk.section("instrument")))
        }
        for (slot, strategy) in strategies.enumerated() {
            let own = run.source.sections("strategies")
                .first { $0.text("name") == strategy.settings.name }?.optionalSection("limits")
            limits.strategies[slot] = try self.limits(
                strategy.limits, Places(own, risk.section("strategy")), limits.strategies[slot])
        }
        limits.global = try global(limits.global)
        return limits
    }

    private func order(_ standard: OrderRiskLimits) throws(ConfigurationFailure) -> OrderRiskLimits {
        var limits = standard
        let order = run.risk.order
        limits.maxNotional = try quote(
            order.maxNotional, "max_notional", Places(nil, risk.section("order")))
        limits.priceBand = order.priceBand.raw / 10_000
        limits.fatFinger = order.fatFinger.raw / 10_000
        limits.duplicateWindow = order.duplicateWindow
        limits.duplicateTicks = order.duplicateTicks
        limits.requiresProtection = order.requiresProtection
        if let hours = order.tradingHours {
            limits.hoursStart = Int64(hours.startMinute)
            limits.hoursEnd = Int64(hours.endMinute)
        }
        return limits
    }

    private func limits(
        _ own: InstrumentLimits, _ instrument: Instrument, _ places: Places
    ) throws(ConfigurationFailure) -> InstrumentRiskLimits {
        var limits = InstrumentRiskLimits()
        if let amount = own.maxOrderQuantity {
            limits.maxOrderQuantity = try base(amount, instrument, "max_order_quantity", places)
        }
        if let amount = own.maxPosition {
            limits.maxPosition = try base(amount, instrument, "max_position", places)
        }
        limits.maxExposure = try quote(own.maxExposure, "max_exposure", places)
        limits.maxOpenOrders = Int64(own.maxOpenOrders)
        limits.orderRate = Self.rate(own.orderRate)
        limits.cancelRate = Self.rate(own.cancelRate)
        limits.staleData = own.staleData
        limits.maxMove = own.maxMove.raw / 10_000
        return limits
    }

    private func limits(
        _ own: StrategyLimits, _ places: Places, _ standard: StrategyRiskLimits
    ) throws(ConfigurationFailure) -> StrategyRiskLimits {
        var limits = standard
        limits.maxExposure = try quote(own.maxExposure, "max_exposure", places)
        limits.maxOpenOrders = Int64(own.maxOpenOrders ?? 0)
        limits.maxDailyLoss = try quote(own.maxDailyLoss, "max_daily_loss", places)
        limits.orderRate = Self.rate(own.orderRate)
        limits.onePosition = own.onePosition
        return limits
    }

    private func global(
        _ standard: GlobalRiskLimits
    ) throws(ConfigurationFailure) -> GlobalRiskLimits {
        var limits = standard
        let global = run.risk.global
        let places = Places(nil, risk.section("global"))
        limits.maxExposure = try quote(global.maxExposure, "max_exposure", places)
        limits.maxPositions = Int64(global.maxPositions ?? 0)
        limits.maxOpenOrders = Int64(global.maxOpenOrders)
        limits.maxLeverage = global.maxLeverage.raw64(atScale: 2) ?? 0
        limits.maxDailyLoss = try quote(global.maxDailyLoss, "max_daily_loss", places)
        limits.orderRate = Self.rate(global.orderRate)
        limits.cancelRate = Self.rate(global.cancelRate)
        return limits
    }

    private static func rate(_ allowance: RateAllowance?) -> RateLimit {
        guard let allowance else { return .unlimited }
        return RateLimit(count: Int64(allowance.count), window: allowance.window)
    }

    // MARK: - Amounts

    /// Where a limit may stand: in its own section, or in the wider one that it replaces.
    private struct Places {
        let own: SettingSection?
        let wide: SettingSection

        init(_ own: SettingSection?, _ wide: SettingSection) {
            self.own = own
            self.wide = wide
        }

        func failure(_ key: String, _ message: String) -> ConfigurationFailure {
            let section = own.flatMap { $0.has(key) ? $0 : nil } ?? wide
            return ConfigurationFailure([section.problem(key, message)])
        }
    }

    /// Money in units of 1e-8 of the quote asset, which all instruments share; 0 for no limit.
    private func quote(
        _ amount: DecimalAmount?, _ key: String, _ places: Places
    ) throws(ConfigurationFailure) -> Int64 {
        guard let amount else { return 0 }
        let asset = instruments[0].quoteAssetName.text
        return try raw(amount, asset, "the quote asset", scale: 8, key, places)
    }

    private func base(
        _ amount: DecimalAmount, _ instrument: Instrument, _ key: String, _ places: Places
    ) throws(ConfigurationFailure) -> Quantity {
        Quantity(
            raw: try raw(
                amount, instrument.baseAssetName.text,
                "the base asset of \(instrument.symbol.text)",
                scale: Int(instrument.quantityScale), key, places))
    }

    private func raw(
        _ amount: DecimalAmount, _ asset: String, _ role: String, scale: Int, _ key: String,
        _ places: Places
    ) throws(ConfigurationFailure) -> Int64 {
        guard amount.asset == asset else {
            throw places.failure(
                key, "found '\(amount)', accepted: an amount of \(asset), \(role)")
        }
        guard let raw = amount.value.raw64(atScale: scale) else {
            throw places.failure(
                key, "found '\(amount)', accepted: at most \(scale) digits after the point, as "
                    + "the venue has them for \(asset), and less than 2^63 of them")
        }
        return raw
    }
}
