import MarketModel

/// What open orders hold, from their sending to their end: reserved when sent, given back as they
/// fill (the position takes over) and when they end.
extension RiskGate {
    /// Reserves for an order that is about to be sent; `worst` is ``worstPrice(_:_:)``.
    @_noLocks
    func reserve(_ order: UnsafeMutablePointer<Order>, at worst: Price) {
        hold(order, at: worst)
        admit(order)
    }

    /// Counts an order among the open ones; what it may spend is held by another of its list.
    @_noLocks
    func admit(_ order: UnsafeMutablePointer<Order>) { count(order, 1) }

    /// Reserves what an order that has been counted may still spend.
    @_noLocks
    func hold(_ order: UnsafeMutablePointer<Order>, at worst: Price) {
        let notional = Notional(worst, order.pointee.remaining)
        order.pointee.reservedQuote = notional
        order.pointee.reservedBase = order.pointee.remaining
        move(order, notional, order.pointee.remaining)
    }

    /// Goes on with what an order has reserved in another table.
    func resume(_ order: UnsafeMutablePointer<Order>) {
        move(order, order.pointee.reservedQuote, order.pointee.reservedBase)
        count(order, 1)
    }

    /// Gives back the part that has been filled.
    @_noLocks
    func fill(_ order: UnsafeMutablePointer<Order>, _ quantity: Quantity) {
        let held = order.pointee.reservedBase
        if held.raw <= 0 || quantity.raw <= 0 { return }
        let part = quantity < held ? quantity : held
        // Exact: what is reserved is a price times what is held.
        let money =
            part == held
            ? order.pointee.reservedQuote
            : Notional(raw: order.pointee.reservedQuote.raw / Int128(held.raw) * Int128(part.raw))
        order.pointee.reservedQuote -= money
        order.pointee.reservedBase -= part
        move(order, -money, -part)
    }

    /// Gives back the rest of an order that has ended; once for every ``reserve(_:at:)``.
    @_noLocks
    func release(_ order: UnsafeMutablePointer<Order>) {
        move(order, -order.pointee.reservedQuote, -order.pointee.reservedBase)
        order.pointee.reservedQuote = .zero
        order.pointee.reservedBase = .zero
        count(order, -1)
    }

    private func move(
        _ order: UnsafeMutablePointer<Order>, _ money: Notional, _ quantity: Quantity
    ) {
        let here = instruments + order.pointee.instrument.slot
        let isBuy = order.pointee.side == .buy
        let isReducing = order.pointee.isReduceOnly
        total.pointee.openNotional += money
        here.pointee.openNotional += money
        if isBuy {
            total.pointee.openBuyNotional += money
            here.pointee.openBuy += quantity
            if isReducing { here.pointee.reducing.buy += quantity }
        } else {
            here.pointee.openSell += quantity
            if isReducing { here.pointee.reducing.sell += quantity }
        }
        if order.pointee.strategy.slot >= strategyCount { return }
        (strategies + order.pointee.strategy.slot).pointee.openNotional += money
        let own = pair(order.pointee.strategy, order.pointee.instrument)
        if isBuy {
            own.pointee.openBuy += quantity
            if isReducing { own.pointee.reducing.buy += quantity }
        } else {
            own.pointee.openSell += quantity
            if isReducing { own.pointee.reducing.sell += quantity }
        }
    }

    private func count(_ order: UnsafeMutablePointer<Order>, _ change: Int) {
        let here = instruments + order.pointee.instrument.slot
        here.pointee.openOrders &+= change
        if order.pointee.type.isConditional { here.pointee.conditionalOrders &+= change }
        if order.pointee.terms.icebergQuantity.raw > 0 { here.pointee.icebergOrders &+= change }
        if order.pointee.contingency != .none, order.pointee.leg == 0 {
            here.pointee.orderLists &+= change
        }
        total.pointee.openOrders &+= change
        if !order.pointee.isReduceOnly {
            here.pointee.entryOrders &+= change
            let bit = 1 &<< UInt64(order.pointee.instrument.raw & 63) as UInt64
            if here.pointee.entryOrders > 0 {
                total.pointee.enteredSet |= bit
            } else {
                total.pointee.enteredSet &= ~bit
            }
        }
        if order.pointee.strategy.slot >= strategyCount { return }
        (strategies + order.pointee.strategy.slot).pointee.openOrders &+= change
        if !order.pointee.isReduceOnly {
            pair(order.pointee.strategy, order.pointee.instrument).pointee.entryOrders &+= change
        }
    }

    // MARK: - Counting

    /// Counts a sent order for rates, the duplicate rule and the usual size.
    @_noLocks
    func countOrder(
        _ intent: UnsafePointer<OrderIntent>, _ strategy: StrategyIndex, _ now: Timestamp
    ) {
        let here = instruments + intent.pointee.instrument.slot
        here.pointee.orderRate.add(here.pointee.limits.orderRate, at: now)
        total.pointee.orderRate.add(total.pointee.limits.orderRate, at: now)
        if strategy.slot < strategyCount {
            let own = strategies + strategy.slot
            own.pointee.orderRate.add(own.pointee.limits.orderRate, at: now)
        }
        here.pointee.usualSize.add(intent.pointee.quantity)
        recent(intent.pointee.side, intent.pointee.instrument)
            .pointee.add(intent.pointee.keyPrice, at: now)
    }

    /// Cancels are counted, never refused.
    @_noLocks
    func countCancel(_ instrument: InstrumentIndex, _ now: Timestamp) {
        let here = instruments + instrument.slot
        here.pointee.cancelRate.add(here.pointee.limits.cancelRate, at: now)
        total.pointee.cancelRate.add(total.pointee.limits.cancelRate, at: now)
    }

    /// Whether one more voluntary cancel stays within the cancel rates; a strategy that requotes
    /// too fast keeps its quote, an operator's or a halt's cancel goes out regardless.
    @_noLocks
    func allowsRequote(_ instrument: InstrumentIndex, _ now: Timestamp) -> Bool {
        if instrument.slot >= instrumentCount { return false }
        let here = instruments + instrument.slot
        return here.pointee.cancelRate.allows(here.pointee.limits.cancelRate, at: now)
            && total.pointee.cancelRate.allows(total.pointee.limits.cancelRate, at: now)
    }

    @_noLocks
    func countDenial(_ violations: RiskViolations) {
        var bits = violations.rawValue
        while bits != 0 {
            denials[bits.trailingZeroBitCount] &+= 1
            bits &= bits &- 1
        }
    }
}
