import MarketModel
import Telemetry

extension StrategyConfiguration {
    init(_ section: SettingSection, standard: StrategyLimits) {
        name = section.text("name")
        instruments = section.texts("instruments")
        isEnabled = section.boolean("enabled")
        let parameters = section.section("parameters")
        self.parameters =
            section.text("kind") == "market_maker"
            ? .marketMaker(MarketMakerParameters(parameters))
            : .breakout(BreakoutParameters(parameters))
        limits = standard.replaced(by: section.optionalSection("limits"))
    }

    /// What a range of one value cannot say.
    func problems(in section: SettingSection) -> [ConfigurationProblem] {
        let parameters = section.section("parameters")
        switch self.parameters {
        case .marketMaker(let values):
            let own = values.problems(in: parameters)
            guard instruments.count > 1 else { return own }
            return own + [
                section.problem(
                    "instruments",
                    "found \(instruments.count), accepted: one; a market maker quotes one "
                        + "instrument, give each its own strategy")
            ]
        case .breakout(let values): return values.problems(in: parameters)
        }
    }
}

extension MarketMakerParameters {
    init(_ section: SettingSection) {
        riskAversion = section.decimal("risk_aversion")
        arrivalDecay = section.decimal("arrival_decay")
        horizon = section.duration("horizon")
        orderSize = section.amount("order_size")
        maxInventory = section.amount("max_inventory")
        minSpread = section.proportion("min_spread")
        requoteTicks = section.integer("requote_ticks")
        refresh = section.duration("refresh")
        volatilityHalfLife = section.duration("volatility_halflife")
    }

    func problems(in section: SettingSection) -> [ConfigurationProblem] {
        var found: [ConfigurationProblem] = []
        for (key, value) in [("risk_aversion", riskAversion), ("arrival_decay", arrivalDecay)]
        where value.raw == 0 {
            found.append(section.problem(key, "must be above 0"))
        }
        if orderSize.raw == 0 { found.append(section.problem("order_size", "must be above 0")) }
        if maxInventory.asset != orderSize.asset {
            found.append(
                section.problem(
                    "max_inventory",
                    "found \(maxInventory.asset), accepted: the asset of order_size, "
                        + orderSize.asset))
        } else if maxInventory.value < orderSize.value {
            found.append(
                section.problem(
                    "max_inventory", "found '\(maxInventory)', accepted: at least order_size, "
                        + "'\(orderSize)'"))
        }
        return found
    }
}

extension BreakoutParameters {
    init(_ section: SettingSection) {
        lookbackDays = Int(section.integer("lookback_days"))
        signalInterval = Self.length(of: section.text("signal_interval"))
        takeProfit = section.proportion("take_profit")
        stopLoss = section.proportion("stop_loss")
        orderNotional = section.amount("order_notional")
        minDailyVolume = section.optionalAmount("min_daily_volume")
        volumeFactor = section.decimal("volume_factor")
    }

    private static func length(of interval: String) -> Nanoseconds {
        switch interval {
        case "1m": .seconds(60)
        case "5m": .seconds(300)
        case "15m": .seconds(900)
        case "4h": .seconds(14_400)
        default: .seconds(3600)
        }
    }

    func problems(in section: SettingSection) -> [ConfigurationProblem] {
        var found: [ConfigurationProblem] = []
        if takeProfit.raw == 0 { found.append(section.problem("take_profit", "must be above 0%")) }
        if stopLoss.raw == 0 || stopLoss >= .one {
            found.append(section.problem("stop_loss", "must be above 0% and below 100%"))
        }
        if orderNotional.raw == 0 {
            found.append(section.problem("order_notional", "must be above 0"))
        }
        if let volume = minDailyVolume, volume.asset != orderNotional.asset {
            found.append(
                section.problem(
                    "min_daily_volume",
                    "found \(volume.asset), accepted: the asset of order_notional, "
                        + orderNotional.asset))
        }
        return found
    }
}
