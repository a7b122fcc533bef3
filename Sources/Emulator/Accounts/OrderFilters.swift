import MarketModel

/// The venue's order filters (sheet section 12), checked in the venue's order.
struct OrderFilters {
    let instrument: Instrument

    /// Refuses an order that breaks a filter.
    ///
    /// - Parameters:
    ///   - reference: average price for the percent band and for market orders' notional.
    ///   - openOrders: the account's open orders on this symbol.
    func check(
        _ ticket: OrderTicket, reference: Price, openOrders: Int
    ) throws(Rejection) {
        if ticket.type != .market {
            try checkPrice(ticket.price, side: ticket.side, reference: reference)
        }
        if ticket.quoteQuantity == 0 {
            try checkQuantity(ticket.quantity, isMarket: ticket.type == .market)
        }
        try checkNotional(ticket, reference: reference)
        if openOrders >= Int(instrument.maxOpenOrders) { throw .filter("MAX_NUM_ORDERS") }
    }

    private func checkPrice(_ price: Price, side: Side, reference: Price) throws(Rejection) {
        guard price > .zero else { throw .invalidPrice }
        if price < instrument.minPrice || price > instrument.maxPrice
            || price.raw % instrument.tickSize.raw != 0
        {
            throw .filter("PRICE_FILTER")
        }
        let up = side == .buy ? instrument.bidMultiplierUp : instrument.askMultiplierUp
        let down = side == .buy ? instrument.bidMultiplierDown : instrument.askMultiplierDown
        guard reference > .zero else { return }
        let scaled = Int128(price.raw) * 10_000
        if up > 0, scaled > Int128(reference.raw) * Int128(up) {
            throw .filter("PERCENT_PRICE_BY_SIDE")
        }
        if down > 0, scaled < Int128(reference.raw) * Int128(down) {
            throw .filter("PERCENT_PRICE_BY_SIDE")
        }
    }

    private func checkQuantity(_ quantity: Quantity, isMarket: Bool) throws(Rejection) {
        guard quantity > .zero else { throw .invalidQuantity }
        if quantity < instrument.minQuantity || quantity > instrument.maxQuantity
            || quantity.raw % instrument.lotSize.raw != 0
        {
            throw .filter("LOT_SIZE")
        }
        if isMarket, instrument.marketMaxQuantity > .zero,
            quantity > instrument.marketMaxQuantity
        {
            throw .filter("MARKET_LOT_SIZE")
        }
    }

    private func checkNotional(_ ticket: OrderTicket, reference: Price) throws(Rejection) {
        let value: Notional
        if ticket.quoteQuantity > 0 {
            value = Notional(raw: Int128(ticket.quoteQuantity) * Int128(Money.unit))
        } else {
            value = Notional(ticket.type == .market ? reference : ticket.price, ticket.quantity)
        }
        let isMarket = ticket.type == .market
        let appliesMinimum = !isMarket || instrument.minNotionalAppliesToMarket
        let appliesMaximum = !isMarket || instrument.maxNotionalAppliesToMarket
        if appliesMinimum, value < instrument.minNotional { throw .filter("NOTIONAL") }
        if appliesMaximum, instrument.maxNotional > .zero, value > instrument.maxNotional {
            throw .filter("NOTIONAL")
        }
    }
}
