import Control
import MarketModel
import Telemetry
import TickToTrade

/// The limits as the lane holds them, for people: names, units, ranges, values.
struct LimitBook {
    /// A limit of one slot: an instrument, a strategy, or 0.
    struct Address: Hashable {
        var key: RiskLimitKey
        var slot: Int
    }

    private var values: [Address: Int64] = [:]
    private let quote: String

    /// `halted` are the symbols that the start itself has halted.
    init(_ plan: TradingPlan, halted: [String] = []) {
        quote = plan.instruments[0].quoteAssetName.text
        for key in RiskLimitKey.allCases {
            for slot in 0..<Self.slotCount(key, plan) {
                values[Address(key: key, slot: slot)] = plan.configuration.limits.value(
                    of: key, slot: slot)
            }
        }
        for (slot, instrument) in plan.instruments.enumerated()
        where halted.contains(instrument.symbol.text) {
            values[Address(key: .instrumentHalted, slot: slot)] = 1
        }
    }

    /// What can be set. A limit whose 0 means "unlimited" takes the word `off` for it, so that a
    /// zero typed by somebody who means "nothing" does not switch the check off.
    func descriptions(_ plan: TradingPlan) -> [ValueDescription] {
        RiskLimitKey.allCases.map { key in
            let scale = Self.decimals(key)
            let canBeOff = Self.canBeOff(key)
            return ValueDescription(
                key: key.name, unit: unit(key, 0, plan),
                minimum: canBeOff ? ExactDecimal(raw: 1, scale: scale) : .zero,
                maximum: ExactDecimal(raw: Int128(key.range.upperBound), scale: scale),
                decimals: scale, canBeOff: canBeOff,
                scopes: LimitScope(rawValue: key.scope).map { [$0] } ?? [], summary: key.path)
        }
    }

    private static func canBeOff(_ key: RiskLimitKey) -> Bool {
        switch key.unit {
        case .flag, .minutes: false
        default: true
        }
    }

    func settings(_ plan: TradingPlan) -> [LimitSetting] {
        RiskLimitKey.allCases.flatMap { key in
            (0..<Self.slotCount(key, plan)).map { slot in setting(key, slot, plan) }
        }
    }

    /// The slots a change means: one instrument or strategy by name, or all of the scope.
    func slots(of change: LimitChange, _ plan: TradingPlan) throws(ControlFailure) -> [Int] {
        switch change.scope {
        case .order, .global: return [0]
        case .instrument:
            let all = plan.instruments.indices.filter {
                change.name == nil || plan.instruments[$0].symbol.text == change.name
            }
            if all.isEmpty { throw .refused("there is no instrument \(change.name ?? "")") }
            return all
        case .strategy:
            let all = plan.strategyNames.indices.filter {
                change.name == nil || plan.strategyNames[$0] == change.name
            }
            if all.isEmpty { throw .refused("there is no strategy \(change.name ?? "")") }
            return all
        }
    }

    /// The value as the lane counts it; refused when it has more digits or is out of range.
    func raw(
        _ value: ExactDecimal, _ key: RiskLimitKey, _ plan: TradingPlan, _ slot: Int?
    ) throws(ControlFailure) -> Int64 {
        guard let raw = value.raw64(atScale: Self.decimals(key)), key.range.contains(raw) else {
            let top = ExactDecimal(raw: Int128(key.range.upperBound), scale: Self.decimals(key))
            throw .refused("\(key.path) takes 0 to \(top) \(unit(key, slot ?? 0, plan))")
        }
        return raw
    }

    /// Remembers a limit that the lane has taken; returns it with the value before.
    mutating func store(
        _ key: RiskLimitKey, _ slot: Int, _ raw: Int64, _ change: LimitChange, _ plan: TradingPlan
    ) -> LimitSetting {
        let before = setting(key, slot, plan).value
        values[Address(key: key, slot: slot)] = raw
        var setting = setting(key, slot, plan)
        setting.previous = before
        return setting
    }

    /// Remembers that an instrument was halted, or goes on, without its limit having been set.
    mutating func noteHalt(_ slot: Int, _ isHalted: Bool) {
        values[Address(key: .instrumentHalted, slot: slot)] = isHalted ? 1 : 0
    }

    private func setting(_ key: RiskLimitKey, _ slot: Int, _ plan: TradingPlan) -> LimitSetting {
        let raw = values[Address(key: key, slot: slot)] ?? 0
        let scope = LimitScope(rawValue: key.scope) ?? .global
        let name: String? =
            switch scope {
            case .instrument: plan.instruments[slot].symbol.text
            case .strategy: plan.strategyNames[slot]
            default: nil
            }
        return LimitSetting(
            scope: scope, name: name, limit: key.name,
            value: raw == 0 && Self.canBeOff(key)
                ? nil : ExactDecimal(raw: Int128(raw), scale: Self.decimals(key)),
            unit: unit(key, slot, plan))
    }

    private static func slotCount(_ key: RiskLimitKey, _ plan: TradingPlan) -> Int {
        switch key.scope {
        case "instrument": plan.instruments.count
        case "strategy": plan.strategyNames.count
        default: 1
        }
    }

    private static func decimals(_ key: RiskLimitKey) -> Int {
        switch key.unit {
        case .quoteMoney, .baseQuantity: 8
        case .hundredths: 2
        case .nanoseconds: 9
        default: 0
        }
    }

    private func unit(_ key: RiskLimitKey, _ slot: Int, _ plan: TradingPlan) -> String {
        switch key.unit {
        case .quoteMoney: quote
        case .baseQuantity: "base"
        case .basisPoints: "bps"
        case .nanoseconds: "s"
        case .hundredths: "x"
        case .minutes: "min"
        case .countPerWindow:
            "per \(FigureText.duration(plan.configuration.limits.window(of: key, slot: slot).count))"
        case .count, .flag: ""
        }
    }
}

extension RiskLimits {
    /// The configured value of a limit; 0: off.
    func value(of key: RiskLimitKey, slot: Int) -> Int64 {
        switch key {
        case .orderMaxNotional: order.maxNotional
        case .orderPriceBand: order.priceBand
        case .orderFatFinger: order.fatFinger
        case .orderDuplicateWindow: order.duplicateWindow.count
        case .orderDuplicateTicks: order.duplicateTicks
        case .orderMaxSizeMultiple: order.maxSizeMultiple
        case .instrumentMaxOrderQuantity: instruments[slot].maxOrderQuantity.raw
        case .instrumentMaxPosition: instruments[slot].maxPosition.raw
        case .instrumentMaxExposure: instruments[slot].maxExposure
        case .instrumentMaxOpenOrders: instruments[slot].maxOpenOrders
        case .instrumentStaleData: instruments[slot].staleData.count
        case .instrumentMaxMove: instruments[slot].maxMove
        case .strategyMaxExposure: strategies[slot].maxExposure
        case .strategyMaxOpenOrders: strategies[slot].maxOpenOrders
        case .strategyMaxDailyLoss: strategies[slot].maxDailyLoss
        case .globalMaxExposure: global.maxExposure
        case .globalMaxPositions: global.maxPositions
        case .globalMaxOpenOrders: global.maxOpenOrders
        case .globalMaxLeverage: global.maxLeverage
        case .globalMaxDailyLoss: global.maxDailyLoss
        case .globalMaxCorrelated: global.maxCorrelated
        case .orderRequiresProtection: order.requiresProtection ? 1 : 0
        case .orderHoursStart: order.hoursStart
        case .orderHoursEnd: order.hoursEnd
        case .instrumentHalted: instruments[slot].isHalted ? 1 : 0
        case .strategyOnePosition: strategies[slot].onePosition ? 1 : 0
        case .instrumentOrderRate, .instrumentCancelRate, .strategyOrderRate, .globalOrderRate,
            .globalCancelRate:
            rate(of: key, slot: slot).count
        }
    }

    /// The window that a rate is counted over.
    func window(of key: RiskLimitKey, slot: Int) -> Nanoseconds {
        rate(of: key, slot: slot).window
    }

    private func rate(of key: RiskLimitKey, slot: Int) -> RateLimit {
        switch key {
        case .instrumentOrderRate: instruments[slot].orderRate
        case .instrumentCancelRate: instruments[slot].cancelRate
        case .strategyOrderRate: strategies[slot].orderRate
        case .globalOrderRate: global.orderRate
        case .globalCancelRate: global.cancelRate
        default: .unlimited
        }
    }
}
