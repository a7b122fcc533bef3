import MarketModel

/// Special terms: triggers, trailing stops, icebergs, quote amounts, self-trade prevention.
///
/// Rare orders: kept away from the path of plain ones.
extension RiskGate {
    /// Whether the terms make an order at all: those that the type takes and no others.
    @_noLocks
    func hasSoundTerms(_ intent: OrderIntent, _ worst: Price) -> Bool {
        let terms = intent.terms
        if terms.stopPrice.raw < 0 || terms.stopPrice.raw > Self.largestRaw { return false }
        if terms.icebergQuantity.raw < 0 || terms.icebergQuantity > intent.quantity { return false }
        if terms.quoteQuantity.raw < 0 || terms.quoteQuantity.raw > Self.largestRaw { return false }
        if terms.quoteQuantity.raw > 0, intent.type != .market { return false }
        let waits = terms.stopPrice.raw > 0 || terms.trailingDelta > 0
        if intent.type.isConditional != waits { return false }
        if intent.type.isPriced { return intent.price.raw > 0 }
        return intent.isReduceOnly || worst.raw > 0
    }

    /// The venue's rules for what is asked (binance-spot.md, sections 8.1, 10 and 12).
    @_noLocks
    func checkTerms(_ intent: OrderIntent, _ context: RiskContext) {
        let venue = rules + intent.instrument.slot
        let terms = intent.terms
        if terms.quoteQuantity.raw > 0, !venue.pointee.offersQuoteQuantity { missing() }
        let mode = terms.selfTradePrevention
        if mode != .venueDefault, venue.pointee.selfTradePreventionModes & mode.bit == 0 {
            missing()
        }
        if terms.icebergQuantity.raw > 0 { checkIceberg(intent, venue, context) }
        if intent.type.isConditional { checkTrigger(intent, venue, context) }
    }

    private func missing() { fail(.terms, 1, 0, .none) }

    private func checkIceberg(
        _ intent: OrderIntent, _ venue: UnsafeMutablePointer<VenueRules>, _ context: RiskContext
    ) {
        if !venue.pointee.offersIceberg { missing() }
        let shown = intent.terms.icebergQuantity
        let isGood = intent.timeInForce == .gtc || intent.type == .limitMaker
        if !intent.type.isPriced || !isGood {
            fail(.iceberg, 1, 0, .none)
        }
        if !venue.pointee.lot.holds(shown.raw) {
            fail(.iceberg, Int128(shown.raw), Int128(venue.pointee.lot.step), .quantity)
        } else if shown < venue.pointee.minQuantity {
            fail(.iceberg, Int128(shown.raw), Int128(venue.pointee.minQuantity.raw), .quantity)
        }
        let parts = (intent.quantity.raw &+ shown.raw &- 1) / shown.raw
        if venue.pointee.maxIcebergParts > 0, parts > venue.pointee.maxIcebergParts {
            fail(.iceberg, Int128(parts), Int128(venue.pointee.maxIcebergParts), .count)
        }
        let more: Int64 = context.isReplacement ? 0 : 1
        let here = instruments + intent.instrument.slot
        atMost(Int64(here.pointee.icebergOrders) &+ more, venue.pointee.maxIcebergOrders)
        atMost(specialOrders().icebergs &+ more, total.pointee.account.icebergOrders)
    }

    private func checkTrigger(
        _ intent: OrderIntent, _ venue: UnsafeMutablePointer<VenueRules>, _ context: RiskContext
    ) {
        let stop = intent.terms.stopPrice
        let isAbove = intent.type.waitsAbove(intent.side)
        if stop.raw > 0 {
            if !venue.pointee.tick.holds(stop.raw) {
                fail(.price, Int128(stop.raw), Int128(venue.pointee.tick.step), .price)
            } else if stop < venue.pointee.minPrice {
                fail(.price, Int128(stop.raw), Int128(venue.pointee.minPrice.raw), .price)
            } else if stop > venue.pointee.maxPrice {
                fail(.price, Int128(stop.raw), Int128(venue.pointee.maxPrice.raw), .price)
            }
            // One that waits for another order meets the market when that one is filled.
            let last = context.last
            if !context.isDormant, last.raw > 0, isAbove ? stop <= last : stop >= last {
                fail(.trigger, Int128(stop.raw), Int128(last.raw), .price)
            }
        }
        let delta = intent.terms.trailingDelta
        if delta > 0 {
            let side = isAbove ? 0 : 1
            if !venue.pointee.offersTrailing { missing() }
            if delta < venue.pointee.minTrailing[side] {
                fail(
                    .trigger, Int128(delta), Int128(venue.pointee.minTrailing[side]), .basisPoints)
            } else if delta > venue.pointee.maxTrailing[side] {
                fail(
                    .trigger, Int128(delta), Int128(venue.pointee.maxTrailing[side]), .basisPoints)
            }
        }
        let more: Int64 = context.isReplacement ? 0 : 1
        let here = instruments + intent.instrument.slot
        atMost(Int64(here.pointee.conditionalOrders) &+ more, venue.pointee.maxConditionalOrders)
        atMost(specialOrders().conditional &+ more, total.pointee.account.conditionalOrders)
    }

    /// What is open over all instruments and counted apart.
    private func specialOrders() -> (conditional: Int64, icebergs: Int64, lists: Int64) {
        var open: (conditional: Int64, icebergs: Int64, lists: Int64) = (0, 0, 0)
        var slot = 0
        while slot < instrumentCount {
            let here = instruments + slot
            open.conditional &+= Int64(here.pointee.conditionalOrders)
            open.icebergs &+= Int64(here.pointee.icebergOrders)
            open.lists &+= Int64(here.pointee.orderLists)
            slot &+= 1
        }
        return open
    }

    // MARK: - Lists

    /// What the venue's rules say of a list as such, with the numbers in ``verdict``.
    @_noLocks
    func listViolations(_ list: OrderList) -> RiskViolations {
        findings.pointee.clear()
        let slot = list.first.instrument.slot
        if slot >= instrumentCount || !list.isWellFormed {
            fail(.malformed, 1, 0, .none)
            return RiskViolations(rawValue: findings.pointee.violations)
        }
        let venue = rules + slot
        switch list.contingency {
        case .none: break
        case .oneCancelsOther:
            if !venue.pointee.offersPairs { missing() }
        case .oneTriggersOther:
            if !venue.pointee.offersTriggers { missing() }
        case .oneTriggersPair:
            if !venue.pointee.offersTriggers || !venue.pointee.offersPairs { missing() }
        }
        atMost(Int64(instruments[slot].orderLists) &+ 1, venue.pointee.maxOrderLists)
        atMost(specialOrders().lists &+ 1, total.pointee.account.orderLists)
        return RiskViolations(rawValue: findings.pointee.violations)
    }

    // MARK: - Amendments

    /// Whether an order may shrink to `quantity`, in whole lots, without losing its turn.
    @_noLocks
    func violations(
        amending order: UnsafeMutablePointer<Order>, to quantity: Quantity
    ) -> RiskViolations {
        findings.pointee.clear()
        let venue = rules + order.pointee.instrument.slot
        if !venue.pointee.offersAmend { missing() }
        let times = Int64(order.pointee.amendments) &+ 1
        if venue.pointee.maxAmendments > 0, times > venue.pointee.maxAmendments {
            fail(.terms, Int128(times), Int128(venue.pointee.maxAmendments), .count)
        }
        if quantity >= order.pointee.quantity {
            fail(.quantity, Int128(quantity.raw), Int128(order.pointee.quantity.raw), .quantity)
        } else if quantity <= order.pointee.filled {
            fail(.quantity, Int128(quantity.raw), Int128(order.pointee.filled.raw), .quantity)
        } else if quantity < venue.pointee.minQuantity {
            fail(
                .quantity, Int128(quantity.raw), Int128(venue.pointee.minQuantity.raw), .quantity)
        }
        if order.pointee.type.isPriced, quantity.raw > 0 {
            checkNotional(
                Notional(order.pointee.price, quantity), venue.pointee.minNotional,
                venue.pointee.maxNotional)
        }
        return RiskViolations(rawValue: findings.pointee.violations)
    }
}

extension OrderIntent {
    /// Nothing special is asked for and nothing waited for: the way of almost every order.
    var isPlain: Bool {
        @_noLocks get { !type.isConditional && terms.isNone }
    }

    /// What tells two orders apart: the limit, or the price that wakes the order.
    var keyPrice: Price {
        @_noLocks get { price.raw > 0 ? price : terms.stopPrice }
    }
}
