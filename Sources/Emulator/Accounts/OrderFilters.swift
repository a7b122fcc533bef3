import MarketModel

/// How much of the countable filters is used.
struct OpenOrderCounts {
    var orders = 0
    var algo = 0
    var icebergs = 0
    var lists = 0

    mutating func add(_ ticket: OrderTicket) {
        orders += 1
        if ticket.isConditional { algo += 1 }
        if ticket.icebergQuantity > .zero { icebergs += 1 }
    }
}

/// What an account's order is compared with.
struct FilterUse {
    /// Average price for percent bands and for market orders' value.
    var reference: Price
    /// Base held, free and locked, plus base in open buy orders.
    var position: Int128
    /// Open on the symbol, and on the whole exchange.
    var symbol = OpenOrderCounts()
    var exchange = OpenOrderCounts()
}

/// The venue's order filters (sheet section 12), checked in the venue's order.
struct OrderFilters {
    let symbol: SymbolConfiguration

    /// Refuses an order whose own values break a filter.
    func check(_ ticket: OrderTicket, _ use: FilterUse) throws(Rejection) {
        if ticket.workingType != .market {
            guard ticket.price > .zero else { throw .invalidPrice }
            try checkStep(ticket.price)
            try checkBand(ticket.price, side: ticket.side, reference: use.reference)
        }
        if ticket.stopPrice > .zero { try checkStep(ticket.stopPrice) }
        if ticket.quoteQuantity == 0 { try checkQuantities(ticket) }
        try checkValue(ticket, reference: use.reference)
        if ticket.trailingDelta > 0 { try checkTrailing(ticket) }
        try checkPosition(ticket, use)
    }

    /// Refuses orders that make too many; they arrive together, perhaps as a list.
    func checkCounts(
        _ tickets: [OrderTicket], addingLists lists: Int, _ use: FilterUse,
        exchange: ExchangeFilterConfiguration
    ) throws(Rejection) {
        var added = OpenOrderCounts()
        for ticket in tickets { added.add(ticket) }
        added.lists = lists
        let limits = symbol.filters
        let checks = [
            ("MAX_NUM_ORDERS", added.orders, use.symbol.orders, symbol.maxOpenOrders),
            ("MAX_NUM_ALGO_ORDERS", added.algo, use.symbol.algo, limits.maxAlgoOrders),
            (
                "MAX_NUM_ICEBERG_ORDERS", added.icebergs, use.symbol.icebergs,
                limits.maxIcebergOrders
            ),
            ("MAX_NUM_ORDER_LISTS", added.lists, use.symbol.lists, limits.maxOrderLists),
            ("EXCHANGE_MAX_NUM_ORDERS", added.orders, use.exchange.orders, exchange.maxOrders),
            ("EXCHANGE_MAX_NUM_ALGO_ORDERS", added.algo, use.exchange.algo, exchange.maxAlgoOrders),
            (
                "EXCHANGE_MAX_NUM_ICEBERG_ORDERS", added.icebergs, use.exchange.icebergs,
                exchange.maxIcebergOrders
            ),
            (
                "EXCHANGE_MAX_NUM_ORDER_LISTS", added.lists, use.exchange.lists,
                exchange.maxOrderLists
            ),
        ]
        for (name, adding, open, limit) in checks
        where limit > 0 && adding > 0 && open + adding > limit {
            throw .filter(name)
        }
    }

    /// Refuses an order that moves too much of its base asset, or of what it is paid with.
    func checkAssets(
        _ ticket: OrderTicket, _ use: FilterUse, exchange: ExchangeFilterConfiguration
    ) throws(Rejection) {
        if let most = exchange.maxAsset[symbol.baseAsset], ticket.quantity.raw > most {
            throw .filter("MAX_ASSET")
        }
        guard let most = exchange.maxAsset[symbol.quoteAsset] else { return }
        if value(of: ticket, reference: use.reference).raw > Int128(most) * Int128(Money.unit) {
            throw .filter("MAX_ASSET")
        }
    }

    /// Price times quantity, of a market order at the reference price.
    private func value(of ticket: OrderTicket, reference: Price) -> Notional {
        if ticket.quoteQuantity > 0 {
            return Notional(raw: Int128(ticket.quoteQuantity) * Int128(Money.unit))
        }
        return Notional(
            ticket.workingType == .market ? reference : ticket.price, ticket.quantity)
    }

    private func checkStep(_ price: Price) throws(Rejection) {
        if price < symbol.minPrice || price > symbol.maxPrice
            || price.raw % symbol.tickSize.raw != 0
        {
            throw .filter("PRICE_FILTER")
        }
    }

    private func checkBand(_ price: Price, side: Side, reference: Price) throws(Rejection) {
        guard reference > .zero else { return }
        func isWithin(_ up: Int64, _ down: Int64) -> Bool {
            let scaled = Int128(price.raw) * 10_000
            return (up == 0 || scaled <= Int128(reference.raw) * Int128(up))
                && (down == 0 || scaled >= Int128(reference.raw) * Int128(down))
        }
        let filters = symbol.filters
        if !isWithin(filters.priceMultiplierUp, filters.priceMultiplierDown) {
            throw .filter("PERCENT_PRICE")
        }
        let isInSideBand = side == .buy
            ? isWithin(symbol.bidMultiplierUp, symbol.bidMultiplierDown)
            : isWithin(symbol.askMultiplierUp, symbol.askMultiplierDown)
        if !isInSideBand { throw .filter("PERCENT_PRICE_BY_SIDE") }
    }

    private func checkQuantities(_ ticket: OrderTicket) throws(Rejection) {
        guard ticket.quantity > .zero else { throw .invalidQuantity }
        try checkLot(ticket.quantity)
        if ticket.isMarket { try checkMarketLot(ticket.quantity) }
        guard ticket.icebergQuantity > .zero else { return }
        try checkLot(ticket.icebergQuantity)
        let parts = (ticket.quantity.raw - 1) / ticket.icebergQuantity.raw + 1
        if symbol.filters.icebergParts > 0, parts > Int64(symbol.filters.icebergParts) {
            throw .filter("ICEBERG_PARTS")
        }
    }

    func checkLot(_ quantity: Quantity) throws(Rejection) {
        if quantity < symbol.minQuantity || quantity > symbol.maxQuantity
            || quantity.raw % symbol.lotSize.raw != 0
        {
            throw .filter("LOT_SIZE")
        }
    }

    private func checkMarketLot(_ quantity: Quantity) throws(Rejection) {
        let step = symbol.filters.marketLotSize.raw
        if quantity < symbol.filters.marketMinQuantity
            || symbol.marketMaxQuantity > .zero && quantity > symbol.marketMaxQuantity
            || step > 0 && quantity.raw % step != 0
        {
            throw .filter("MARKET_LOT_SIZE")
        }
    }

    /// NOTIONAL, or the old MIN_NOTIONAL.
    private func checkValue(_ ticket: OrderTicket, reference: Price) throws(Rejection) {
        let isMarket = ticket.workingType == .market
        let value = value(of: ticket, reference: reference)
        let filters = symbol.filters
        let least = Notional(raw: Int128(symbol.minNotional) * Int128(Money.unit))
        let most = Notional(raw: Int128(symbol.maxNotional) * Int128(Money.unit))
        if !isMarket || filters.minNotionalAppliesToMarket, value < least {
            throw .filter(filters.hasPlainMinNotional ? "MIN_NOTIONAL" : "NOTIONAL")
        }
        if filters.hasPlainMinNotional || symbol.maxNotional == 0 { return }
        if !isMarket || filters.maxNotionalAppliesToMarket, value > most {
            throw .filter("NOTIONAL")
        }
    }

    private func checkTrailing(_ ticket: OrderTicket) throws(Rejection) {
        let filters = symbol.filters
        let (least, most) = ticket.triggersAbove
            ? (filters.minTrailingAbove, filters.maxTrailingAbove)
            : (filters.minTrailingBelow, filters.maxTrailingBelow)
        if ticket.trailingDelta < least || ticket.trailingDelta > most {
            throw .filter("TRAILING_DELTA")
        }
    }

    private func checkPosition(_ ticket: OrderTicket, _ use: FilterUse) throws(Rejection) {
        let most = symbol.filters.maxPosition
        guard most > .zero, ticket.side == .buy else { return }
        if use.position + Int128(ticket.quantity.raw) > Int128(most.raw) {
            throw .filter("MAX_POSITION")
        }
    }
}
