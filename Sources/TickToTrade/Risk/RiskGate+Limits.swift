import MarketModel

/// One instrument's limits and what its open orders hold.
struct InstrumentRiskState: BitwiseCopyable {
    var limits: InstrumentRiskLimits
    var openBuy = Quantity.zero
    var openSell = Quantity.zero
    var openNotional = Notional.zero
    var lastBuyPrice = Price.zero
    var lastBuyTime = Timestamp.unknown
    var lastSellPrice = Price.zero
    var lastSellTime = Timestamp.unknown
    var orderRate = RateMeter()
    var cancelRate = RateMeter()

    init(limits: InstrumentRiskLimits) { self.limits = limits }
}

/// One strategy's limits and what its open orders hold.
struct StrategyRiskState: BitwiseCopyable {
    var limits: StrategyRiskLimits
    var openNotional = Notional.zero
    var openOrders = 0
    var orderRate = RateMeter()

    init(limits: StrategyRiskLimits) { self.limits = limits }
}

/// Sizes, money and rates: what is counted over more than one order.
extension RiskGate {
    @_noLocks
    func checkSizes(
        _ intent: OrderIntent, _ notional: Notional, _ context: RiskContext,
        _ verdict: inout RiskVerdict
    ) {
        let here = instruments + intent.instrument.slot
        let limits = here.pointee.limits
        exceed(.orderNotional, notional, order.maxNotional, &verdict)
        if limits.maxOrderQuantity.raw > 0, intent.quantity > limits.maxOrderQuantity {
            verdict.fail(
                .orderQuantity, Int128(intent.quantity.raw), Int128(limits.maxOrderQuantity.raw))
        }
        if limits.maxPosition.raw > 0 {
            // As if every open order on this side filled, and this one with them.
            let open =
                intent.side == .buy
                ? Int128(here.pointee.openBuy.raw) - Int128(context.replacedBuy.raw)
                : Int128(here.pointee.openSell.raw) - Int128(context.replacedSell.raw)
            let signed = Int128(context.netPosition.raw) * Int128(intent.side.sign)
            let reached = signed + open + Int128(intent.quantity.raw)
            if reached > Int128(limits.maxPosition.raw) {
                verdict.fail(.position, reached, Int128(limits.maxPosition.raw))
            }
        }
        let change = context.isReplacement ? 0 : 1
        atMost(.instrumentOpenOrders, context.openOrdersHere + change, limits.maxOpenOrders, &verdict)
        atMost(.totalOpenOrders, openOrders + change, global.maxOpenOrders, &verdict)
        let venue = Int64(rules[intent.instrument.slot].maxOpenOrders)
        atMost(.venueOpenOrders, context.openOrdersHere + change, venue, &verdict)
        if context.netPosition.raw == 0 {
            atMost(.openPositions, context.openPositions + 1, global.maxPositions, &verdict)
        }
        if context.strategy.slot < strategyCount {
            let strategy = strategies + context.strategy.slot
            let own = strategy.pointee.limits
            atMost(
                .strategyOpenOrders, strategy.pointee.openOrders + change, own.maxOpenOrders,
                &verdict)
            if own.onePosition,
                context.strategyPosition.raw != 0 || strategy.pointee.openOrders + change > 1
            {
                verdict.fail(.existingPosition, Int128(context.strategyPosition.raw), 0)
            }
        }
    }

    @_noLocks
    func checkMoney(
        _ intent: OrderIntent, _ notional: Notional, _ context: RiskContext,
        _ verdict: inout RiskVerdict
    ) {
        let here = instruments + intent.instrument.slot
        let back = context.replacedNotional
        let total = context.grossExposure + reservedNotional - back + notional
        exceed(.totalExposure, total, global.maxExposure, &verdict)
        exceed(
            .instrumentExposure,
            context.instrumentExposure + here.pointee.openNotional - back + notional,
            here.pointee.limits.maxExposure, &verdict)
        if context.strategy.slot < strategyCount {
            let strategy = strategies + context.strategy.slot
            exceed(
                .strategyExposure,
                context.strategyExposure + strategy.pointee.openNotional - back + notional,
                strategy.pointee.limits.maxExposure, &verdict)
            lose(
                .strategyDailyLoss, context.strategyDayProfit,
                strategy.pointee.limits.maxDailyLoss, &verdict)
        }
        lose(.dailyLoss, context.dayProfit, global.maxDailyLoss, &verdict)
        checkCapital(intent, notional, total, context, &verdict)
    }

    private func checkCapital(
        _ intent: OrderIntent, _ notional: Notional, _ total: Notional, _ context: RiskContext,
        _ verdict: inout RiskVerdict
    ) {
        if context.quoteBalance < 0 || context.baseBalance < 0 {
            // Not told yet what there is: nothing may be spent (fails closed).
            verdict.fail(.capital, -1, 0)
            return
        }
        let quote = Int128(context.quoteBalance) * moneyUnit
        if intent.side == .buy {
            let held = reservedBuyNotional - (context.replacedBuy.raw > 0 ? context.replacedNotional : .zero)
            let wanted = (held + notional).raw
            let fee = wanted / 100_000_000 * Int128(rules[intent.instrument.slot].takerFee)
            if wanted + fee > quote { verdict.fail(.capital, wanted + fee, quote) }
        } else {
            let held = Int128(instruments[intent.instrument.slot].openSell.raw)
                - Int128(context.replacedSell.raw)
            let wanted = held + Int128(intent.quantity.raw)
            if wanted > Int128(context.baseBalance) {
                verdict.fail(.capital, wanted, Int128(context.baseBalance))
            }
        }
        if global.maxLeverage > 0 {
            // Equity: the quote balance and this instrument's base at its mark.
            let base = Notional(context.last, Quantity(raw: context.baseBalance)).raw
            let allowed = (quote + base) / 100 * Int128(global.maxLeverage)
            if total.raw > allowed { verdict.fail(.leverage, total.raw, allowed) }
        }
    }

    @_noLocks
    func checkRates(
        _ intent: OrderIntent, _ context: RiskContext, _ verdict: inout RiskVerdict
    ) {
        let here = instruments + intent.instrument.slot
        rate(.instrumentOrderRate, here.pointee.orderRate, here.pointee.limits.orderRate, context, &verdict)
        rate(.totalOrderRate, orderRate, global.orderRate, context, &verdict)
        if context.strategy.slot < strategyCount {
            let strategy = strategies + context.strategy.slot
            rate(
                .strategyOrderRate, strategy.pointee.orderRate, strategy.pointee.limits.orderRate,
                context, &verdict)
        }
        if order.duplicateWindow.count > 0, !context.isReplacement {
            let isBuy = intent.side == .buy
            let price = isBuy ? here.pointee.lastBuyPrice : here.pointee.lastSellPrice
            let time = isBuy ? here.pointee.lastBuyTime : here.pointee.lastSellTime
            let age = (context.now - time).count
            let reach = rules[intent.instrument.slot].tickSize.raw &* order.duplicateTicks
            let distance = Int128(intent.price.raw) - Int128(price.raw)
            if time != .unknown, age < order.duplicateWindow.count, distance <= Int128(reach),
                distance >= Int128(0 &- reach)
            {
                verdict.fail(.duplicate, Int128(age), Int128(order.duplicateWindow.count))
            }
        }
    }

    private func exceed(
        _ rule: RiskRule, _ value: Notional, _ limit: Int64, _ verdict: inout RiskVerdict
    ) {
        let bound = Int128(limit) * moneyUnit
        if limit > 0, value.raw > bound { verdict.fail(rule, value.raw, bound) }
    }

    private func lose(
        _ rule: RiskRule, _ profit: Notional, _ limit: Int64, _ verdict: inout RiskVerdict
    ) {
        let bound = 0 - Int128(limit) * moneyUnit
        if limit > 0, profit.raw <= bound { verdict.fail(rule, profit.raw, bound) }
    }

    private func atMost(
        _ rule: RiskRule, _ count: Int, _ limit: Int64, _ verdict: inout RiskVerdict
    ) {
        if limit > 0, count > limit { verdict.fail(rule, Int128(count), Int128(limit)) }
    }

    private func rate(
        _ rule: RiskRule, _ meter: RateMeter, _ limit: RateLimit, _ context: RiskContext,
        _ verdict: inout RiskVerdict
    ) {
        if !meter.allows(limit, at: context.now) {
            verdict.fail(rule, Int128(limit.count) + 1, Int128(limit.count))
        }
    }
}
