import MarketModel

/// Limits at run time, by the numbers of ``RiskLimitKey``.
extension RiskGate {
    /// Sets a limit; `false` when the key or an index is unknown or the value out of range.
    @_noLocks
    mutating func set(
        _ key: Int64, instrument: InstrumentIndex, strategy: StrategyIndex, to value: Int64
    ) -> Bool {
        if value < 0 || value > 1 << 60 { return false }
        let isSet =
            key < 10
            ? setOrderLimit(key, value)
            : key < 20
                ? setInstrumentLimit(key, instrument, value)
                : key < 30
                    ? setStrategyLimit(key, strategy, value) : setGlobalLimit(key, value)
        if isSet { drawBounds() }
        return isSet
    }

    /// Sets one of the venue's limits of the whole account (``AccountOrderLimits/numbered``).
    @_noLocks
    func setAccountLimit(_ key: Int64, _ value: Int64) -> Bool {
        if !total.pointee.account.set(key, to: value) { return false }
        drawBounds()
        return true
    }

    /// The number of ``RiskLimitKey/instrumentHalted``.
    static var haltedKey: Int64 { @_noLocks get { 18 } }

    private mutating func setOrderLimit(_ key: Int64, _ value: Int64) -> Bool {
        switch key {
        case 1: order.maxNotional = value
        case 2 where value <= 1_000_000: order.priceBand = value
        case 3 where value <= 1_000_000: order.fatFinger = value
        case 4: order.duplicateWindow = Nanoseconds(value)
        case 5 where value <= 1_000_000: order.duplicateTicks = value
        case 6 where value <= 1_000_000: order.maxSizeMultiple = value
        case 7 where value <= 1: order.requiresProtection = value == 1
        case 8 where value <= 1439: order.hoursStart = value
        case 9 where value <= 1439: order.hoursEnd = value
        default: return false
        }
        return true
    }

    private func setInstrumentLimit(
        _ key: Int64, _ instrument: InstrumentIndex, _ value: Int64
    ) -> Bool {
        if instrument.slot >= instrumentCount { return false }
        let here = instruments + instrument.slot
        switch key {
        case 10: here.pointee.limits.maxOrderQuantity = Quantity(raw: value)
        case 11: here.pointee.limits.maxPosition = Quantity(raw: value)
        case 12: here.pointee.limits.maxExposure = value
        case 13 where value <= 1_000_000: here.pointee.limits.maxOpenOrders = value
        case 14: here.pointee.limits.staleData = Nanoseconds(value)
        case 15 where value <= 1_000_000: here.pointee.limits.maxMove = value
        case 16 where value <= 1_000_000: here.pointee.limits.orderRate.count = value
        case 17 where value <= 1_000_000: here.pointee.limits.cancelRate.count = value
        case Self.haltedKey where value <= 1: here.pointee.limits.isHalted = value == 1
        default: return false
        }
        return true
    }

    private func setStrategyLimit(
        _ key: Int64, _ strategy: StrategyIndex, _ value: Int64
    ) -> Bool {
        if strategy.slot >= strategyCount { return false }
        let own = strategies + strategy.slot
        switch key {
        case 20: own.pointee.limits.maxExposure = value
        case 21 where value <= 1_000_000: own.pointee.limits.maxOpenOrders = value
        case 22: own.pointee.limits.maxDailyLoss = value
        case 23 where value <= 1_000_000: own.pointee.limits.orderRate.count = value
        case 24 where value <= 1: own.pointee.limits.onePosition = value == 1
        default: return false
        }
        return true
    }

    private func setGlobalLimit(_ key: Int64, _ value: Int64) -> Bool {
        switch key {
        case 30: total.pointee.limits.maxExposure = value
        case 31 where value <= 1_000_000: total.pointee.limits.maxPositions = value
        case 32 where value <= 1_000_000: total.pointee.limits.maxOpenOrders = value
        case 33 where value <= 1_000_000: total.pointee.limits.maxLeverage = value
        case 34: total.pointee.limits.maxDailyLoss = value
        case 35 where value <= 1_000_000: total.pointee.limits.orderRate.count = value
        case 36 where value <= 1_000_000: total.pointee.limits.cancelRate.count = value
        case 37 where value <= 1_000_000: total.pointee.limits.maxCorrelated = value
        default: return false
        }
        return true
    }

    /// A limit's present value; `nil` when an index is unknown.
    func value(
        of key: RiskLimitKey, instrument: InstrumentIndex = .none, strategy: StrategyIndex = .none
    ) -> Int64? {
        switch key.scope {
        case "order": return orderLimit(key)
        case "instrument":
            if instrument.slot >= instrumentCount { return nil }
            return Self.value(of: key, in: instruments[instrument.slot].limits)
        case "strategy":
            if strategy.slot >= strategyCount { return nil }
            return Self.value(of: key, in: strategies[strategy.slot].limits)
        default: return Self.value(of: key, in: total.pointee.limits)
        }
    }

    private func orderLimit(_ key: RiskLimitKey) -> Int64? {
        switch key {
        case .orderMaxNotional: order.maxNotional
        case .orderPriceBand: order.priceBand
        case .orderFatFinger: order.fatFinger
        case .orderDuplicateWindow: order.duplicateWindow.count
        case .orderDuplicateTicks: order.duplicateTicks
        case .orderMaxSizeMultiple: order.maxSizeMultiple
        case .orderRequiresProtection: order.requiresProtection ? 1 : 0
        case .orderHoursStart: order.hoursStart
        case .orderHoursEnd: order.hoursEnd
        default: nil
        }
    }

    private static func value(of key: RiskLimitKey, in limits: InstrumentRiskLimits) -> Int64? {
        switch key {
        case .instrumentMaxOrderQuantity: limits.maxOrderQuantity.raw
        case .instrumentMaxPosition: limits.maxPosition.raw
        case .instrumentMaxExposure: limits.maxExposure
        case .instrumentMaxOpenOrders: limits.maxOpenOrders
        case .instrumentStaleData: limits.staleData.count
        case .instrumentMaxMove: limits.maxMove
        case .instrumentOrderRate: limits.orderRate.count
        case .instrumentCancelRate: limits.cancelRate.count
        case .instrumentHalted: limits.isHalted ? 1 : 0
        default: nil
        }
    }

    private static func value(of key: RiskLimitKey, in limits: StrategyRiskLimits) -> Int64? {
        switch key {
        case .strategyMaxExposure: limits.maxExposure
        case .strategyMaxOpenOrders: limits.maxOpenOrders
        case .strategyMaxDailyLoss: limits.maxDailyLoss
        case .strategyOrderRate: limits.orderRate.count
        case .strategyOnePosition: limits.onePosition ? 1 : 0
        default: nil
        }
    }

    private static func value(of key: RiskLimitKey, in limits: GlobalRiskLimits) -> Int64? {
        switch key {
        case .globalMaxExposure: limits.maxExposure
        case .globalMaxPositions: limits.maxPositions
        case .globalMaxCorrelated: limits.maxCorrelated
        case .globalMaxOpenOrders: limits.maxOpenOrders
        case .globalMaxLeverage: limits.maxLeverage
        case .globalMaxDailyLoss: limits.maxDailyLoss
        case .globalOrderRate: limits.orderRate.count
        case .globalCancelRate: limits.cancelRate.count
        default: nil
        }
    }
}
