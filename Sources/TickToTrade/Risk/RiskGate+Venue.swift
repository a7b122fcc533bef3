import MarketModel

/// The venue's rules: they hold for every order, also for one that only reduces.
extension RiskGate {
    @_noLocks
    func checkVenueRules(_ intent: OrderIntent, _ worst: Price, _ context: RiskContext) {
        let venue = rules + intent.instrument.slot
        if !venue.pointee.isTrading { fail(.notTrading, 1, 0, .none) }
        if !venue.pointee.offers(intent.type) { fail(.orderType, 1, 0, .none) }
        if !intent.type.isPriced {
            checkUnpriced(intent, worst, venue)
            if intent.type == .market { return }
        } else {
            checkLimitPrice(intent, venue, context)
            checkQuantity(
                intent, venue.pointee.lot, venue.pointee.minQuantity, venue.pointee.maxQuantity)
            checkNotional(
                Notional(intent.price, intent.quantity), venue.pointee.minNotional,
                venue.pointee.maxNotional)
        }
        let here = instruments + intent.instrument.slot
        let more = Int64(context.siblings) &+ (context.isReplacement ? 0 : 1)
        atMost(Int64(here.pointee.openOrders) &+ more, venue.pointee.maxOpenOrders)
        atMost(Int64(total.pointee.openOrders) &+ more, total.pointee.account.orders)
    }

    /// Open orders against a limit of the venue's, which is 0 where there is none.
    @_noLocks
    func atMost(_ count: Int64, _ limit: Int64) {
        if limit > 0, count > limit { fail(.venueOpenOrders, Int128(count), Int128(limit), .count) }
    }

    /// At the market's price, at once or when a price is reached: the bounds of market orders hold
    /// for the first kind only.
    private func checkUnpriced(
        _ intent: OrderIntent, _ worst: Price, _ venue: UnsafeMutablePointer<VenueRules>
    ) {
        if intent.type == .market {
            checkQuantity(
                intent, venue.pointee.marketLot, venue.pointee.marketMinQuantity,
                venue.pointee.marketMaxQuantity)
        } else {
            checkQuantity(
                intent, venue.pointee.lot, venue.pointee.minQuantity, venue.pointee.maxQuantity)
        }
        if worst.raw == 0 { return }
        checkNotional(
            Notional(worst, intent.quantity), venue.pointee.marketMinNotional,
            venue.pointee.marketMaxNotional)
    }

    private func checkLimitPrice(
        _ intent: OrderIntent, _ venue: UnsafeMutablePointer<VenueRules>, _ context: RiskContext
    ) {
        let price = intent.price
        if !venue.pointee.tick.holds(price.raw) {
            fail(.price, Int128(price.raw), Int128(venue.pointee.tick.step), .price)
        } else if price < venue.pointee.minPrice {
            fail(.price, Int128(price.raw), Int128(venue.pointee.minPrice.raw), .price)
        } else if price > venue.pointee.maxPrice {
            fail(.price, Int128(price.raw), Int128(venue.pointee.maxPrice.raw), .price)
        }
        checkBand(intent, venue, context)
    }

    /// From whatever the venue measures, the price must lie within its band (``AveragePrice``).
    private func checkBand(
        _ intent: OrderIntent, _ venue: UnsafeMutablePointer<VenueRules>, _ context: RiskContext
    ) {
        let side = intent.side == .buy ? 0 : 1
        let up = venue.pointee.bandUp[side]
        let down = venue.pointee.bandDown[side]
        let low = context.averageLow
        let high = context.averageHigh
        if low.raw <= 0 { return }
        let scaled = intent.price.raw.multipliedFullWidth(by: 10_000)
        if up > 0, Self.exceeds(scaled, low.raw.multipliedFullWidth(by: up)) {
            fail(.venueBand, ratio(intent.price, low), Int128(up), .basisPoints)
        }
        if down > 0, Self.exceeds(high.raw.multipliedFullWidth(by: down), scaled) {
            fail(.venueBand, ratio(intent.price, high), Int128(down), .basisPoints)
        }
    }

    private func ratio(_ price: Price, _ base: Price) -> Int128 {
        Int128(price.raw) * 10_000 / Int128(base.raw)
    }

    private static func exceeds(
        _ left: (high: Int64, low: UInt64), _ right: (high: Int64, low: UInt64)
    ) -> Bool {
        left.high > right.high || left.high == right.high && left.low > right.low
    }

    @_noLocks
    func checkQuantity(
        _ intent: OrderIntent, _ lot: StepGrid, _ least: Quantity, _ most: Quantity
    ) {
        let quantity = intent.quantity
        if !lot.holds(quantity.raw) {
            fail(.quantity, Int128(quantity.raw), Int128(lot.step), .quantity)
        } else if quantity < least {
            fail(.quantity, Int128(quantity.raw), Int128(least.raw), .quantity)
        } else if quantity > most {
            fail(.quantity, Int128(quantity.raw), Int128(most.raw), .quantity)
        }
    }

    @_noLocks
    func checkNotional(_ notional: Notional, _ least: Notional, _ most: Notional) {
        if notional < least { fail(.notional, notional.raw, least.raw, .money) }
        if notional > most { fail(.notional, notional.raw, most.raw, .money) }
    }

    /// Together with the other reduce-only orders it may not exceed the position: the strategy's
    /// own, or the net one for an operator's order.
    @_noLocks
    func checkReduction(_ intent: OrderIntent, _ context: RiskContext) {
        let isOwned = context.strategy.slot < strategyCount
        let open =
            isOwned
            ? pair(context.strategy, intent.instrument).pointee.reducing
            : instruments[intent.instrument.slot].reducing
        let back =
            context.isReplacedReduceOnly
            ? (intent.side == .buy ? context.replacedBuy : context.replacedSell) : .zero
        let already = (intent.side == .buy ? open.buy : open.sell) - back
        let position = isOwned ? context.strategyPosition : context.netPosition
        let available = intent.side == .sell ? position.raw : 0 &- position.raw
        let wanted = already + intent.quantity
        if wanted.raw > available {
            fail(.reduceOnly, Int128(wanted.raw), Int128(available), .quantity)
        }
    }
}
