import MarketModel

/// What open orders hold, from their sending to their end.
extension RiskGate {
    /// Reserves for an order that is about to be sent.
    @_noLocks
    mutating func reserve(_ order: UnsafeMutablePointer<Order>, at worst: Price) {
        let notional = Notional(worst, order.pointee.quantity)
        order.pointee.reservedQuote = notional
        order.pointee.reservedBase = order.pointee.quantity
        openOrders &+= 1
        move(order, notional, order.pointee.quantity)
        if order.pointee.strategy.slot < strategyCount {
            (strategies + order.pointee.strategy.slot).pointee.openOrders &+= 1
        }
    }

    /// Gives back the part that has been filled.
    @_noLocks
    mutating func fill(_ order: UnsafeMutablePointer<Order>, _ quantity: Quantity) {
        let held = order.pointee.reservedBase
        if held.raw <= 0 { return }
        let part = quantity < held ? quantity : held
        let money =
            part == held
            ? order.pointee.reservedQuote
            : Notional(raw: order.pointee.reservedQuote.raw / Int128(held.raw) * Int128(part.raw))
        order.pointee.reservedQuote -= money
        order.pointee.reservedBase -= part
        move(order, -money, -part)
    }

    /// Gives back the rest of an order that has ended.
    @_noLocks
    mutating func release(_ order: UnsafeMutablePointer<Order>) {
        move(order, -order.pointee.reservedQuote, -order.pointee.reservedBase)
        order.pointee.reservedQuote = .zero
        order.pointee.reservedBase = .zero
        openOrders &-= 1
        if order.pointee.strategy.slot < strategyCount {
            (strategies + order.pointee.strategy.slot).pointee.openOrders &-= 1
        }
    }

    private mutating func move(
        _ order: UnsafeMutablePointer<Order>, _ money: Notional, _ quantity: Quantity
    ) {
        let here = instruments + order.pointee.instrument.slot
        reservedNotional += money
        here.pointee.openNotional += money
        if order.pointee.side == .buy {
            reservedBuyNotional += money
            here.pointee.openBuy += quantity
        } else {
            here.pointee.openSell += quantity
        }
        if order.pointee.strategy.slot < strategyCount {
            (strategies + order.pointee.strategy.slot).pointee.openNotional += money
        }
    }

    // MARK: - Counting

    /// Counts a sent order for rates and the duplicate rule.
    @_noLocks
    mutating func countOrder(_ intent: OrderIntent, _ strategy: StrategyIndex, _ now: Timestamp) {
        let here = instruments + intent.instrument.slot
        here.pointee.orderRate.count(here.pointee.limits.orderRate, at: now)
        orderRate.count(global.orderRate, at: now)
        if strategy.slot < strategyCount {
            let own = strategies + strategy.slot
            own.pointee.orderRate.count(own.pointee.limits.orderRate, at: now)
        }
        if intent.side == .buy {
            here.pointee.lastBuyPrice = intent.price
            here.pointee.lastBuyTime = now
        } else {
            here.pointee.lastSellPrice = intent.price
            here.pointee.lastSellTime = now
        }
    }

    /// Cancels are counted, never refused.
    @_noLocks
    mutating func countCancel(_ instrument: InstrumentIndex, _ now: Timestamp) {
        let here = instruments + instrument.slot
        here.pointee.cancelRate.count(here.pointee.limits.cancelRate, at: now)
        cancelRate.count(global.cancelRate, at: now)
    }

    /// Whether one more voluntary cancel stays within the cancel rates; a strategy that requotes
    /// too fast keeps its quote, an operator's or a halt's cancel goes out regardless.
    @_noLocks
    func allowsRequote(_ instrument: InstrumentIndex, _ now: Timestamp) -> Bool {
        let here = instruments + instrument.slot
        return here.pointee.cancelRate.allows(here.pointee.limits.cancelRate, at: now)
            && cancelRate.allows(global.cancelRate, at: now)
    }

    @_noLocks
    mutating func countDenial(_ violations: RiskViolations) {
        var bits = violations.rawValue
        while bits != 0 {
            denials[bits.trailingZeroBitCount] &+= 1
            bits &= bits &- 1
        }
    }

    // MARK: - Limits at run time

    /// Sets a limit; `false` when the index is unknown or the value out of range (negative).
    @_noLocks
    mutating func set(
        _ key: Int64, instrument: InstrumentIndex, strategy: StrategyIndex, to value: Int64
    ) -> Bool {
        if value < 0 { return false }
        if key < 10 { return setOrderLimit(key, value) }
        if key < 20 { return setInstrumentLimit(key, instrument, value) }
        if key < 30 { return setStrategyLimit(key, strategy, value) }
        return setGlobalLimit(key, value)
    }

    private mutating func setOrderLimit(_ key: Int64, _ value: Int64) -> Bool {
        switch key {
        case 1: order.maxNotional = value
        case 2: order.priceBand = value
        case 3: order.fatFinger = value
        case 4: order.duplicateWindow = Nanoseconds(value)
        default: return false
        }
        return true
    }

    private mutating func setInstrumentLimit(
        _ key: Int64, _ instrument: InstrumentIndex, _ value: Int64
    ) -> Bool {
        if instrument.slot >= instrumentCount { return false }
        let here = instruments + instrument.slot
        switch key {
        case 10: here.pointee.limits.maxOrderQuantity = Quantity(raw: value)
        case 11: here.pointee.limits.maxPosition = Quantity(raw: value)
        case 12: here.pointee.limits.maxExposure = value
        case 13: here.pointee.limits.maxOpenOrders = value
        case 14: here.pointee.limits.staleData = Nanoseconds(value)
        default: return false
        }
        return true
    }

    private mutating func setStrategyLimit(
        _ key: Int64, _ strategy: StrategyIndex, _ value: Int64
    ) -> Bool {
        if strategy.slot >= strategyCount { return false }
        let own = strategies + strategy.slot
        switch key {
        case 20: own.pointee.limits.maxExposure = value
        case 21: own.pointee.limits.maxOpenOrders = value
        case 22: own.pointee.limits.maxDailyLoss = value
        default: return false
        }
        return true
    }

    private mutating func setGlobalLimit(_ key: Int64, _ value: Int64) -> Bool {
        switch key {
        case 30: global.maxExposure = value
        case 31: global.maxPositions = value
        case 32: global.maxOpenOrders = value
        case 33: global.maxLeverage = value
        case 34: global.maxDailyLoss = value
        default: return false
        }
        return true
    }
}
