import MarketModel

/// The venue's description of itself: limits, symbols, filters (sheet sections 6 and 12).
struct ExchangeInfoText {
    let exchange: Exchange
    let unit: TimeUnit

    func write(_ markets: [SymbolMarket], now: Timestamp, to text: inout TextBuffer) {
        let limits = exchange.configuration.limits
        text.raw("{\"timezone\":\"UTC\",\"serverTime\":")
        text.time(now, unit)
        text.raw(",\"rateLimits\":[")
        RateLimitText.weight(limits, count: nil, to: &text)
        text.raw(",")
        RateLimitText.orders(limits, counts: nil, to: &text)
        text.raw(",")
        RateLimitText.entry("RAW_REQUESTS", "MINUTE", 5, limit: 300_000, count: nil, to: &text)
        text.raw("],\"exchangeFilters\":[],\"symbols\":[")
        for (index, market) in markets.enumerated() {
            if index > 0 { text.raw(",") }
            symbol(market, to: &text)
        }
        text.raw("]}")
    }

    private func symbol(_ market: SymbolMarket, to text: inout TextBuffer) {
        let configuration = market.configuration
        text.raw("{\"symbol\":")
        text.quoted(configuration.symbol)
        text.raw(",\"status\":\"TRADING\",\"baseAsset\":")
        text.quoted(configuration.baseAsset)
        text.raw(",\"baseAssetPrecision\":8,\"quoteAsset\":")
        text.quoted(configuration.quoteAsset)
        text.raw(
            ",\"quotePrecision\":8,\"quoteAssetPrecision\":8,\"baseCommissionPrecision\":8,"
                + "\"quoteCommissionPrecision\":8,"
                + "\"orderTypes\":[\"LIMIT\",\"LIMIT_MAKER\",\"MARKET\"],"
                + "\"icebergAllowed\":false,\"ocoAllowed\":false,\"otoAllowed\":false,"
                + "\"opoAllowed\":false,\"quoteOrderQtyMarketAllowed\":true,"
                + "\"allowTrailingStop\":false,\"cancelReplaceAllowed\":true,"
                + "\"amendAllowed\":false,\"pegInstructionsAllowed\":false,"
                + "\"isSpotTradingAllowed\":true,\"isMarginTradingAllowed\":false,\"filters\":[")
        filters(configuration, to: &text)
        text.raw(
            "],\"permissions\":[],\"permissionSets\":[[\"SPOT\"]],"
                + "\"defaultSelfTradePreventionMode\":")
        text.quotedRaw(exchange.configuration.defaultSelfTradePrevention.venueText)
        text.raw(",\"allowedSelfTradePreventionModes\":[")
        for (index, mode) in SelfTradePrevention.allCases.enumerated() {
            if index > 0 { text.raw(",") }
            text.quotedRaw(mode.venueText)
        }
        text.raw("]}")
    }

    private func filters(_ symbol: SymbolConfiguration, to text: inout TextBuffer) {
        text.raw("{\"filterType\":\"PRICE_FILTER\",\"minPrice\":")
        text.decimal(symbol.minPrice.raw)
        text.raw(",\"maxPrice\":")
        text.decimal(symbol.maxPrice.raw)
        text.raw(",\"tickSize\":")
        text.decimal(symbol.tickSize.raw)
        text.raw("},{\"filterType\":\"LOT_SIZE\",\"minQty\":")
        text.decimal(symbol.minQuantity.raw)
        text.raw(",\"maxQty\":")
        text.decimal(symbol.maxQuantity.raw)
        text.raw(",\"stepSize\":")
        text.decimal(symbol.lotSize.raw)
        text.raw("},{\"filterType\":\"MARKET_LOT_SIZE\",\"minQty\":\"0.00000000\",\"maxQty\":")
        let marketMaximum = symbol.marketMaxQuantity
        text.decimal(marketMaximum > .zero ? marketMaximum.raw : symbol.maxQuantity.raw)
        text.raw(",\"stepSize\":\"0.00000000\"},{\"filterType\":\"PERCENT_PRICE_BY_SIDE\"")
        multiplier(",\"bidMultiplierUp\":", symbol.bidMultiplierUp, to: &text)
        multiplier(",\"bidMultiplierDown\":", symbol.bidMultiplierDown, to: &text)
        multiplier(",\"askMultiplierUp\":", symbol.askMultiplierUp, to: &text)
        multiplier(",\"askMultiplierDown\":", symbol.askMultiplierDown, to: &text)
        text.raw(",\"avgPriceMins\":5},{\"filterType\":\"NOTIONAL\",\"minNotional\":")
        text.decimal(symbol.minNotional)
        text.raw(",\"applyMinToMarket\":true,\"maxNotional\":")
        text.decimal(symbol.maxNotional)
        text.raw(
            ",\"applyMaxToMarket\":false,\"avgPriceMins\":5},"
                + "{\"filterType\":\"MAX_NUM_ORDERS\",\"maxNumOrders\":")
        text.integer(symbol.maxOpenOrders)
        text.raw("}")
    }

    /// Multipliers are printed as the venue does, without trailing zeros.
    private func multiplier(
        _ name: StaticString, _ value: Int64, to text: inout TextBuffer
    ) {
        text.raw(name)
        text.raw("\"")
        var printed = formatDecimal(value, scale: 4)
        while printed.hasSuffix("0") { printed.removeLast() }
        if printed.hasSuffix(".") { printed.removeLast() }
        text.raw(printed)
        text.raw("\"")
    }
}
