import MarketModel

/// What may stand against an order: the sign bit of `bits`, gathered without a branch.
private struct RiskDoubt {
    private var bits: Int64 = 0

    var isNone: Bool { bits >= 0 }

    /// Both within ±2^62, so that their difference has a sign.
    @inline(__always)
    mutating func unless(_ value: Int64, atMost bound: Int64) { bits |= bound &- value }

    /// Both within ±2^126.
    @inline(__always)
    mutating func unless(_ value: Int128, atMost bound: Int128) {
        bits |= Int64(truncatingIfNeeded: (bound &- value) &>> 64)
    }

    @inline(__always)
    mutating func when(_ condition: Bool) { bits |= condition ? -1 : 0 }

    /// Unless `distance` is at most `limit` units of 1e-4 of `base`, which is below 2^62.
    @inline(__always)
    mutating func unless(_ distance: Int64, within limit: Int64, of base: Int64) {
        unless(product(distance, 10_000), atMost: product(base, limit))
    }
}

@inline(__always)
private func product(_ left: Int64, _ right: Int64) -> Int128 {
    Notional(Price(raw: left), Quantity(raw: right)).raw
}

@inline(__always)
private func magnitude(_ value: Int64) -> Int64 { (value ^ (value &>> 63)) &- (value &>> 63) }

/// The quick judgement: most orders are plain and break no rule.
///
/// One pass that compares and never branches on the outcome, over bounds that lie together. It may
/// only ever err on the side of doubt: what it lets pass breaks no rule of
/// ``explained(_:_:)``, which RiskQuickTests holds it to.
extension RiskGate {
    /// Whether a normalised order surely breaks no rule; `false` says nothing.
    @_noLocks
    func isSurelyAllowed(
        _ intent: UnsafePointer<OrderIntent>, _ context: UnsafePointer<RiskContext>
    ) -> Bool {
        if intent.pointee.instrument.slot >= instrumentCount
            || context.pointee.strategy.slot >= strategyCount || !isOrdinary(intent, context)
        {
            return false
        }
        let here = instruments + intent.pointee.instrument.slot
        var doubt = RiskDoubt()
        judgeRange(intent, context, here, &doubt)
        judgeVenueRules(intent, context, here, &doubt)
        judgeMoment(intent, context, here, &doubt)
        judgeCounts(intent, context, here, &doubt)
        judgePosition(intent, context, here, &doubt)
        judgeMoney(intent, context, here, &doubt)
        if !doubt.isNone { return false }
        let hasTwin =
            order.duplicateWindow.count > 0 && !context.pointee.isReplacement
            && twinAge(
                intent.pointee.side, intent.pointee.instrument, intent.pointee.price,
                context.pointee.now) != nil
        return !hasTwin && isUsual(intent, here) && isOpenHour(context)
    }

    /// A limit or post-only order that may open a position, with nothing special about it.
    @inline(__always)
    private func isOrdinary(
        _ intent: UnsafePointer<OrderIntent>, _ context: UnsafePointer<RiskContext>
    ) -> Bool {
        let isLimit = intent.pointee.type == .limit || intent.pointee.type == .limitMaker
        return isLimit && !intent.pointee.isReduceOnly && !context.pointee.isDormant
            && intent.pointee.terms.isNone
    }

    /// Numbers so large or so small that the comparisons below would not hold are for the slow way.
    @inline(__always)
    private func judgeRange(
        _ intent: UnsafePointer<OrderIntent>, _ context: UnsafePointer<RiskContext>,
        _ here: UnsafeMutablePointer<InstrumentRiskState>, _ doubt: inout RiskDoubt
    ) {
        let prices =
            intent.pointee.price.raw | context.pointee.quote.bid.price.raw
            | context.pointee.quote.ask.price.raw | context.pointee.last.raw
            | context.pointee.sessionOpen.raw
        let quantities =
            intent.pointee.quantity.raw | here.pointee.openBuy.raw | here.pointee.openSell.raw
            | magnitude(context.pointee.netPosition.raw) | context.pointee.replacedBuy.raw
            | context.pointee.replacedSell.raw
        // A negative number is the largest of all here.
        let highest = UInt64(bitPattern: prices | quantities) &>> 59
        doubt.unless(Int64(bitPattern: highest), atMost: 0)
        doubt.unless(1, atMost: intent.pointee.price.raw)
        doubt.unless(1, atMost: intent.pointee.quantity.raw)
    }

    @inline(__always)
    private func judgeVenueRules(
        _ intent: UnsafePointer<OrderIntent>, _ context: UnsafePointer<RiskContext>,
        _ here: UnsafeMutablePointer<InstrumentRiskState>, _ doubt: inout RiskDoubt
    ) {
        let price = intent.pointee.price.raw
        let quantity = intent.pointee.quantity.raw
        let side = intent.pointee.side == .buy ? 0 : 1
        let isOffered =
            intent.pointee.type == .limit
            ? here.pointee.bounds.takesLimit : here.pointee.bounds.takesLimitMaker
        doubt.when(!isOffered)
        doubt.when(!here.pointee.bounds.tick.holds(price))
        doubt.when(!here.pointee.bounds.lot.holds(quantity))
        doubt.unless(here.pointee.bounds.minPrice, atMost: price)
        doubt.unless(price, atMost: here.pointee.bounds.maxPrice)
        doubt.unless(here.pointee.bounds.minQuantity, atMost: quantity)
        doubt.unless(quantity, atMost: here.pointee.bounds.maxQuantity)
        doubt.unless(here.pointee.bounds.minNotional, atMost: product(price, quantity))
        // Without a trade there is nothing to measure from: an order is no distance from itself.
        let isKnown = context.pointee.averageLow.raw > 0
        let low = isKnown ? context.pointee.averageLow.raw : price
        let high = isKnown ? context.pointee.averageHigh.raw : price
        let scaled = product(price, 10_000)
        doubt.unless(scaled, atMost: product(low, here.pointee.bounds.bandUp[side]))
        doubt.unless(product(high, here.pointee.bounds.bandDown[side]), atMost: scaled)
    }

    /// Halts, data, protection, and the price against book, own orders and last trade.
    @inline(__always)
    private func judgeMoment(
        _ intent: UnsafePointer<OrderIntent>, _ context: UnsafePointer<RiskContext>,
        _ here: UnsafeMutablePointer<InstrumentRiskState>, _ doubt: inout RiskDoubt
    ) {
        let price = intent.pointee.price.raw
        let isBuy = intent.pointee.side == .buy
        let age = (context.pointee.now - context.pointee.lastDataTime).count
        doubt.when(context.pointee.isHalted)
        doubt.when(!context.pointee.quote.isValid)
        doubt.when(UInt64(bitPattern: age) > UInt64(bitPattern: here.pointee.bounds.staleData))
        doubt.when(
            order.requiresProtection && !intent.pointee.hasProtection
                && intent.pointee.type != .limitMaker)
        let last = context.pointee.last.raw > 0 ? context.pointee.last.raw : price
        let open = context.pointee.sessionOpen.raw > 0 ? context.pointee.sessionOpen.raw : last
        doubt.unless(magnitude(last &- open), within: here.pointee.bounds.maxMove, of: open)
        let bounds = total.pointee.bounds
        let opposite =
            isBuy ? context.pointee.quote.ask.price.raw : context.pointee.quote.bid.price.raw
        let through = isBuy ? price &- opposite : opposite &- price
        doubt.unless(magnitude(through), within: bounds.priceBand, of: opposite)
        doubt.unless(magnitude(price &- last), within: bounds.priceBand, of: last)
        doubt.unless(through, within: bounds.fatFinger, of: opposite)
        // No order of ours: an ask above all prices, a bid below them.
        let ownAsk = UInt64(bitPattern: context.pointee.ownBestAsk.raw &- 1)
        doubt.when(
            isBuy ? UInt64(bitPattern: price) > ownAsk : price <= context.pointee.ownBestBid.raw)
    }

    @inline(__always)
    private func judgeCounts(
        _ intent: UnsafePointer<OrderIntent>, _ context: UnsafePointer<RiskContext>,
        _ here: UnsafeMutablePointer<InstrumentRiskState>, _ doubt: inout RiskDoubt
    ) {
        let own = strategies + context.pointee.strategy.slot
        let siblings = Int64(context.pointee.siblings)
        let change = siblings &+ (context.pointee.isReplacement ? 0 : 1)
        doubt.unless(
            Int64(here.pointee.openOrders) &+ change, atMost: here.pointee.bounds.maxOpenOrders)
        doubt.unless(
            Int64(own.pointee.openOrders) &+ change, atMost: own.pointee.bounds.maxOpenOrders)
        doubt.unless(
            Int64(total.pointee.openOrders) &+ change, atMost: total.pointee.bounds.maxOpenOrders)
        // Events that may have to be forgotten count here.
        doubt.unless(
            here.pointee.orderRate.most &+ siblings, atMost: here.pointee.bounds.orderCount &- 1)
        doubt.unless(
            own.pointee.orderRate.most &+ siblings, atMost: own.pointee.bounds.orderCount &- 1)
        doubt.unless(
            total.pointee.orderRate.most &+ siblings, atMost: total.pointee.bounds.orderCount &- 1)
    }

    @inline(__always)
    private func judgePosition(
        _ intent: UnsafePointer<OrderIntent>, _ context: UnsafePointer<RiskContext>,
        _ here: UnsafeMutablePointer<InstrumentRiskState>, _ doubt: inout RiskDoubt
    ) {
        let isBuy = intent.pointee.side == .buy
        let net = context.pointee.netPosition.raw
        let open =
            isBuy
            ? here.pointee.openBuy.raw &- context.pointee.replacedBuy.raw
            : here.pointee.openSell.raw &- context.pointee.replacedSell.raw
        let after = open &+ intent.pointee.quantity.raw
        doubt.unless((isBuy ? net : 0 &- net) &+ after, atMost: here.pointee.bounds.maxPosition)
        let base = rules[intent.pointee.instrument.slot].balance
            .quantity(context.pointee.baseBalance)
        // Twice what one side may hold is out of the reach of every bound.
        let held = Swift.min(base, 1 &<< 60)
        doubt.unless(0, atMost: context.pointee.baseBalance)
        doubt.unless(isBuy ? held &+ after : 0, atMost: here.pointee.bounds.venuePosition)
        // A sale is of what is there (RSK-12).
        doubt.unless(isBuy ? 0 : after, atMost: held)
        let bit = 1 &<< UInt64(intent.pointee.instrument.raw & 63) as UInt64
        let positions = context.pointee.openPositionSet | total.pointee.enteredSet
        doubt.unless(
            Int64((positions | bit).nonzeroBitCount), atMost: total.pointee.bounds.maxPositions)
        let related = positions & here.pointee.bounds.correlatedSet
        doubt.unless(
            Int64(related.nonzeroBitCount) &+ 1, atMost: total.pointee.bounds.maxCorrelated)
        if strategies[context.pointee.strategy.slot].bounds.hasOnePosition {
            let entries = pair(context.pointee.strategy, intent.pointee.instrument)
                .pointee.entryOrders
            doubt.when(context.pointee.strategyPosition.raw != 0 || entries > 0)
        }
    }

    @inline(__always)
    private func judgeMoney(
        _ intent: UnsafePointer<OrderIntent>, _ context: UnsafePointer<RiskContext>,
        _ here: UnsafeMutablePointer<InstrumentRiskState>, _ doubt: inout RiskDoubt
    ) {
        let isBuy = intent.pointee.side == .buy
        let price = intent.pointee.price.raw
        let bid = context.pointee.quote.bid.price.raw
        let own = strategies + context.pointee.strategy.slot
        let notional = product(
            isBuy || price > bid ? price : bid, intent.pointee.quantity.raw)
        let added = notional &- context.pointee.replacedNotional.raw
        let gross = context.pointee.grossExposure.raw &+ total.pointee.openNotional.raw &+ added
        let instrument =
            context.pointee.instrumentExposure.raw &+ here.pointee.openNotional.raw &+ added
        let strategy =
            context.pointee.strategyExposure.raw &+ own.pointee.openNotional.raw &+ added
        doubt.unless(notional, atMost: here.pointee.bounds.maxNotional)
        doubt.unless(gross, atMost: total.pointee.bounds.maxExposure)
        doubt.unless(instrument, atMost: here.pointee.bounds.maxExposure)
        doubt.unless(strategy, atMost: own.pointee.bounds.maxExposure)
        doubt.unless(total.pointee.bounds.leastProfit &+ 1, atMost: context.pointee.dayProfit.raw)
        doubt.unless(
            own.pointee.bounds.leastProfit &+ 1, atMost: context.pointee.strategyDayProfit.raw)
        let leverage = total.pointee.bounds.maxLeverage
        if leverage > 0 {
            let equity = context.pointee.equity.raw
            // Above 2^90 the products might leave 128 bits; a negative sum is above it.
            doubt.when(UInt64(truncatingIfNeeded: (gross | equity) &>> 90) != 0)
            doubt.unless(gross &* 100, atMost: equity &* Int128(leverage))
        }
        let back = context.pointee.replacedBuy.raw > 0 ? context.pointee.replacedNotional.raw : 0
        let spent = total.pointee.openBuyNotional.raw &- back &+ notional
        let money = money(context.pointee.quoteBalance)
        doubt.unless(0, atMost: context.pointee.quoteBalance)
        doubt.when(isBuy && UInt64(truncatingIfNeeded: (spent | money) &>> 90) != 0)
        doubt.unless(
            isBuy ? spent &* Int128(here.pointee.bounds.costOfBuying) : 0,
            atMost: money &* 100_000_000)
    }

    @inline(__always)
    private func isUsual(
        _ intent: UnsafePointer<OrderIntent>, _ here: UnsafeMutablePointer<InstrumentRiskState>
    ) -> Bool {
        if order.maxSizeMultiple <= 0 || !here.pointee.usualSize.isKnown { return true }
        return product(intent.pointee.quantity.raw, 100)
            <= product(here.pointee.usualSize.average, order.maxSizeMultiple)
    }

    @inline(__always)
    private func isOpenHour(_ context: UnsafePointer<RiskContext>) -> Bool {
        order.hoursStart == order.hoursEnd || isWithinHours(context.pointee.now)
    }
}
