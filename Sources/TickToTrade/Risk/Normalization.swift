import MarketModel

extension RiskGate {
    /// The order as the venue will take it: quantity down to the lot, price away from risk to the
    /// tick (a buy down, a sell up), a stop price towards the market, so that it wakes no later than
    /// asked, all other terms copied (BUG-057, BUG-058, BUG-059).
    ///
    /// What makes no sense (a negative price, an unknown instrument) is left as it is for
    /// ``violations(of:_:)`` to refuse.
    @_noLocks
    func normalized(_ intent: OrderIntent) -> OrderIntent {
        var order = intent
        if intent.instrument.slot >= instrumentCount { return order }
        let venue = rules + intent.instrument.slot
        let isMarket = intent.type == .market
        if intent.quantity.raw > 0, intent.quantity.raw <= Self.largestRaw {
            let quantity =
                isMarket
                ? venue.pointee.marketLot.floor(intent.quantity.raw)
                : venue.pointee.lot.floor(intent.quantity.raw)
            order.quantity = Quantity(raw: quantity)
        }
        if !intent.terms.isNone { normalizeTerms(&order) }
        if !intent.type.isPriced {
            order.price = .zero
            order.timeInForce = .none
        } else if intent.price.raw > 0, intent.price.raw <= Self.largestRaw {
            let price =
                intent.side == .buy
                ? venue.pointee.tick.floor(intent.price.raw)
                : venue.pointee.tick.ceiling(intent.price.raw)
            order.price = Price(raw: price)
        }
        if intent.type == .limitMaker { order.timeInForce = .none }
        return order
    }

    private func normalizeTerms(_ order: inout OrderIntent) {
        let venue = rules + order.instrument.slot
        let stop = order.terms.stopPrice.raw
        if stop > 0, stop <= Self.largestRaw {
            let nearest =
                order.type.waitsAbove(order.side)
                ? venue.pointee.tick.floor(stop) : venue.pointee.tick.ceiling(stop)
            order.terms.stopPrice = Price(raw: nearest)
        }
        let shown = order.terms.icebergQuantity.raw
        if shown > 0, shown <= Self.largestRaw {
            order.terms.icebergQuantity = Quantity(raw: venue.pointee.lot.floor(shown))
        }
    }
}
