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
        normalize(&order)
        return order
    }

    /// The same in place: a copy of an order just made waits for the stores that made it.
    @_noLocks
    func normalize(_ order: inout OrderIntent) {
        if order.instrument.slot >= instrumentCount { return }
        let venue = rules + order.instrument.slot
        let isMarket = order.type == .market
        if order.quantity.raw > 0, order.quantity.raw <= Self.largestRaw {
            let quantity =
                isMarket
                ? venue.pointee.marketLot.floor(order.quantity.raw)
                : venue.pointee.lot.floor(order.quantity.raw)
            order.quantity = Quantity(raw: quantity)
        }
        if !order.terms.isNone { normalizeTerms(&order) }
        if !order.type.isPriced {
            order.price = .zero
            order.timeInForce = .none
        } else if order.price.raw > 0, order.price.raw <= Self.largestRaw {
            let price =
                order.side == .buy
                ? venue.pointee.tick.floor(order.price.raw)
                : venue.pointee.tick.ceiling(order.price.raw)
            order.price = Price(raw: price)
        }
        if order.type == .limitMaker { order.timeInForce = .none }
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
