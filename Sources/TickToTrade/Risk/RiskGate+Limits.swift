import MarketModel

/// Sizes, money and rates: what is counted over more than one order.
extension RiskGate {
    @_noLocks
    func checkSizes(_ intent: OrderIntent, _ notional: Notional, _ context: RiskContext) {
        let here = instruments + intent.instrument.slot
        let quantity = intent.quantity
        exceed(.orderNotional, notional, order.maxNotional)
        let largest = here.pointee.limits.maxOrderQuantity
        if largest.raw > 0, quantity > largest {
            fail(.orderQuantity, Int128(quantity.raw), Int128(largest.raw), .quantity)
        }
        if order.maxSizeMultiple > 0, here.pointee.usualSize.isKnown {
            let bound = Int128(here.pointee.usualSize.average) * Int128(order.maxSizeMultiple)
            if Int128(quantity.raw) * 100 > bound {
                fail(.typicalSize, Int128(quantity.raw), bound / 100, .quantity)
            }
        }
        checkPosition(intent, context)
        let change = (context.isReplacement ? 0 : 1) &+ context.siblings
        atMost(
            .instrumentOpenOrders, here.pointee.openOrders &+ change,
            here.pointee.limits.maxOpenOrders)
        atMost(
            .totalOpenOrders, total.pointee.openOrders &+ change,
            total.pointee.limits.maxOpenOrders)
        // A position, or an entry order that may become one, in how many instruments?
        let bit = 1 &<< UInt64(intent.instrument.raw & 63) as UInt64
        let open = context.openPositionSet | total.pointee.enteredSet
        if open & bit == 0 {
            atMost(
                .openPositions, open.nonzeroBitCount &+ 1, total.pointee.limits.maxPositions)
            let related = open & here.pointee.limits.correlatedSet
            atMost(
                .correlation, related.nonzeroBitCount &+ 1, total.pointee.limits.maxCorrelated)
        }
        if context.strategy.slot < strategyCount { checkStrategy(intent, context, change) }
    }

    private func checkStrategy(_ intent: OrderIntent, _ context: RiskContext, _ change: Int) {
        let strategy = strategies + context.strategy.slot
        atMost(
            .strategyOpenOrders, strategy.pointee.openOrders &+ change,
            strategy.pointee.limits.maxOpenOrders)
        if strategy.pointee.limits.onePosition {
            let entries = pair(context.strategy, intent.instrument).pointee.entryOrders
            let replaced = context.isReplacement && !context.isReplacedReduceOnly ? 1 : 0
            let held = context.strategyPosition
            // What a base commission left over is too small to be sold, and no position.
            let isHeld =
                held.raw != 0 && held.magnitude >= rules[intent.instrument.slot].minQuantity
            if isHeld || entries &- replaced > 0 {
                fail(.existingPosition, Int128(held.raw), 0, .quantity)
            }
        }
    }

    /// The position as if every open order on this side filled, and this one with them (RSK-04).
    private func checkPosition(_ intent: OrderIntent, _ context: RiskContext) {
        let here = instruments + intent.instrument.slot
        let limit = here.pointee.limits.maxPosition
        let open =
            intent.side == .buy
            ? here.pointee.openBuy - context.replacedBuy
            : here.pointee.openSell - context.replacedSell
        if limit.raw > 0 {
            let signed = Int128(context.netPosition.raw) * Int128(intent.side.sign)
            let reached = signed + Int128(open.raw) + Int128(intent.quantity.raw)
            if reached > Int128(limit.raw) {
                fail(.position, reached, Int128(limit.raw), .quantity)
            }
        }
        let venue = rules + intent.instrument.slot
        if venue.pointee.maxPosition.raw > 0, intent.side == .buy, context.baseBalance >= 0 {
            let held = Int128(venue.pointee.balance.quantity(context.baseBalance))
            let reached = held + Int128(open.raw) + Int128(intent.quantity.raw)
            if reached > Int128(venue.pointee.maxPosition.raw) {
                fail(.position, reached, Int128(venue.pointee.maxPosition.raw), .quantity)
            }
        }
    }

    @_noLocks
    func checkMoney(_ intent: OrderIntent, _ notional: Notional, _ context: RiskContext) {
        let here = instruments + intent.instrument.slot
        let back = context.replacedNotional
        lose(.dailyLoss, context.dayProfit, total.pointee.limits.maxDailyLoss)
        // What brings a position closer to zero, with everything open on its side, adds nothing.
        if !isReducing(intent, context.netPosition, here.pointee.openBuy, here.pointee.openSell) {
            let gross = context.grossExposure + total.pointee.openNotional - back + notional
            exceed(.totalExposure, gross, total.pointee.limits.maxExposure)
            exceed(
                .instrumentExposure,
                context.instrumentExposure + here.pointee.openNotional - back + notional,
                here.pointee.limits.maxExposure)
            checkLeverage(gross, context)
        }
        if context.strategy.slot < strategyCount {
            let strategy = strategies + context.strategy.slot
            lose(
                .strategyDailyLoss, context.strategyDayProfit,
                strategy.pointee.limits.maxDailyLoss)
            let own = pair(context.strategy, intent.instrument)
            if !isReducing(
                intent, context.strategyPosition, own.pointee.openBuy, own.pointee.openSell)
            {
                exceed(
                    .strategyExposure,
                    context.strategyExposure + strategy.pointee.openNotional - back + notional,
                    strategy.pointee.limits.maxExposure)
            }
        }
        checkCapital(intent, notional, context)
    }

    private func isReducing(
        _ intent: OrderIntent, _ position: Quantity, _ openBuy: Quantity, _ openSell: Quantity
    ) -> Bool {
        // Each below 2^62: the sum of three may not fit 63 bits, so compare by difference.
        intent.side == .buy
            ? position.raw < 0 && openBuy.raw &+ intent.quantity.raw <= 0 &- position.raw
            : position.raw > 0 && openSell.raw &+ intent.quantity.raw <= position.raw
    }

    /// Spot: quote money for buys with the dearest fee, the base asset for sells (RSK-12).
    private func checkCapital(
        _ intent: OrderIntent, _ notional: Notional, _ context: RiskContext
    ) {
        if context.quoteBalance < 0 || context.baseBalance < 0 {
            // Not told yet what there is: nothing may be spent.
            fail(.capital, -1, 0, .none)
            return
        }
        let venue = rules + intent.instrument.slot
        if intent.side == .sell {
            let open = instruments[intent.instrument.slot].openSell - context.replacedSell
            let wanted = Int128(open.raw) + Int128(intent.quantity.raw)
            let held = Int128(venue.pointee.balance.quantity(context.baseBalance))
            if wanted > held { fail(.capital, wanted, held, .quantity) }
            return
        }
        let held = money(context.quoteBalance)
        let back = context.replacedBuy.raw > 0 ? context.replacedNotional.raw : 0
        let wanted = total.pointee.openBuyNotional.raw - back + notional.raw
        // Below `held` the products stay within 2^96 × 2^27.
        let rate = Int128(venue.pointee.worstFee)
        if wanted > held || wanted * (100_000_000 + rate) > held * 100_000_000 {
            fail(.capital, wanted + wanted / 100_000_000 * rate, held, .money)
        }
    }

    /// Exposure over equity in hundredths (RSK-07); without known equity nothing is allowed.
    private func checkLeverage(_ gross: Notional, _ context: RiskContext) {
        let limit = total.pointee.limits.maxLeverage
        if limit <= 0 { return }
        let equity = context.equity.raw > 0 ? context.equity.raw : 0
        // Divided by 2^20 on both sides where the products would leave 128 bits.
        let isLarge = gross.raw >> 100 != 0 || equity >> 100 != 0
        let left = isLarge ? (gross.raw >> 20) * 100 : gross.raw * 100
        let right = isLarge ? (equity >> 20) * Int128(limit) : equity * Int128(limit)
        if left > right {
            let reached = equity == 0 ? 0 : gross.raw / (equity / 100 + 1)
            fail(.leverage, reached, Int128(limit), .hundredths)
        }
    }

    @_noLocks
    func checkRates(_ intent: OrderIntent, _ context: RiskContext) {
        let here = instruments + intent.instrument.slot
        let now = context.now
        let more = Int64(context.siblings)
        if !here.pointee.orderRate.allows(here.pointee.limits.orderRate, at: now, behind: more) {
            failRate(.instrumentOrderRate, here.pointee.limits.orderRate)
        }
        if !total.pointee.orderRate.allows(total.pointee.limits.orderRate, at: now, behind: more) {
            failRate(.totalOrderRate, total.pointee.limits.orderRate)
        }
        if context.strategy.slot < strategyCount {
            let own = strategies + context.strategy.slot
            if !own.pointee.orderRate.allows(own.pointee.limits.orderRate, at: now, behind: more) {
                failRate(.strategyOrderRate, own.pointee.limits.orderRate)
            }
        }
        let window = order.duplicateWindow.count
        if window > 0, !context.isReplacement,
            let age = twinAge(intent.side, intent.instrument, intent.keyPrice, context.now)
        {
            fail(.duplicate, Int128(age), Int128(window), .nanoseconds)
        }
    }

    /// Age of the newest order within the window of the duplicate rule that is nearly the same.
    @inline(__always) @_noLocks
    func twinAge(
        _ side: Side, _ instrument: InstrumentIndex, _ price: Price, _ now: Timestamp
    ) -> Int64? {
        let reach = rules[instrument.slot].tick.step
            .multipliedReportingOverflow(by: order.duplicateTicks)
        return recent(side, instrument).pointee.age(
            of: price, within: reach.overflow ? Self.largestRaw : reach.partialValue,
            since: now.nanoseconds &- order.duplicateWindow.count, now)
    }

    @inline(__always)
    private func exceed(_ rule: RiskRule, _ value: Notional, _ limit: Int64) {
        if limit <= 0 { return }
        let bound = money(limit)
        if value.raw > bound { fail(rule, value.raw, bound, .money) }
    }

    @inline(__always)
    private func lose(_ rule: RiskRule, _ profit: Notional, _ limit: Int64) {
        if limit <= 0 { return }
        let bound = 0 - money(limit)
        if profit.raw <= bound { fail(rule, profit.raw, bound, .money) }
    }

    @inline(__always)
    private func atMost(_ rule: RiskRule, _ count: Int, _ limit: Int64) {
        if limit > 0, count > limit { fail(rule, Int128(count), Int128(limit), .count) }
    }

    /// Money in 1e-8 of the quote asset at the notional scale: one 64-bit multiplication.
    @inline(__always) @_noLocks
    func money(_ amount: Int64) -> Int128 {
        Notional(Price(raw: amount), Quantity(raw: Int64(truncatingIfNeeded: moneyUnit))).raw
    }

    private func failRate(_ rule: RiskRule, _ limit: RateLimit) {
        fail(rule, Int128(limit.count) + 1, Int128(limit.count), .count)
    }
}
