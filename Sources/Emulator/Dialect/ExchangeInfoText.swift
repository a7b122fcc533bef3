import MarketModel

/// The venue's description of itself: limits, symbols, filters (sheet sections 6 and 12).
struct ExchangeInfoText {
    let exchange: Exchange
    let unit: TimeUnit

    func write(
        _ markets: [SymbolMarket], showsPermissions: Bool, now: Timestamp,
        to text: inout TextBuffer
    ) {
        let limits = exchange.configuration.limits
        text.raw("{\"timezone\":\"UTC\",\"serverTime\":")
        text.time(now, unit)
        text.raw(",\"rateLimits\":[")
        RateLimitText.weight(limits, count: nil, to: &text)
        text.raw(",")
        RateLimitText.orders(limits, counts: nil, to: &text)
        text.raw(",")
        RateLimitText.entry("RAW_REQUESTS", "MINUTE", 5, limit: 300_000, count: nil, to: &text)
        text.raw("],\"exchangeFilters\":[")
        FilterText.exchange(exchange.configuration.filters, to: &text)
        text.raw("],\"symbols\":[")
        for (index, market) in markets.enumerated() {
            if index > 0 { text.raw(",") }
            symbol(market, showsPermissions, to: &text)
        }
        text.raw("]}")
    }

    /// No symbol has an execution rule.
    static func executionRules(of markets: [SymbolMarket], to text: inout TextBuffer) {
        text.raw("{\"symbolRules\":[")
        for (index, market) in markets.enumerated() {
            text.raw(index == 0 ? "{\"symbol\":" : ",{\"symbol\":")
            text.quoted(market.configuration.symbol)
            text.raw(",\"rules\":[]}")
        }
        text.raw("]}")
    }

    /// The filters that hold for an account on one symbol (`myFilters`).
    func writeFilters(of market: SymbolMarket, to text: inout TextBuffer) {
        text.raw("{\"exchangeFilters\":[")
        FilterText.exchange(exchange.configuration.filters, to: &text)
        text.raw("],\"symbolFilters\":[")
        FilterText.symbol(market.configuration, to: &text)
        text.raw("],\"assetFilters\":[")
        FilterText.assets(
            exchange.configuration.filters,
            [market.configuration.baseAsset, market.configuration.quoteAsset], to: &text)
        text.raw("]}")
    }

    private func symbol(
        _ market: SymbolMarket, _ showsPermissions: Bool, to text: inout TextBuffer
    ) {
        let configuration = market.configuration
        text.raw("{\"symbol\":")
        text.quoted(configuration.symbol)
        text.raw(",\"status\":\"")
        text.raw(market.status.rawValue)
        text.raw("\",\"baseAsset\":")
        text.quoted(configuration.baseAsset)
        text.raw(",\"baseAssetPrecision\":8,\"quoteAsset\":")
        text.quoted(configuration.quoteAsset)
        text.raw(
            ",\"quotePrecision\":8,\"quoteAssetPrecision\":8,\"baseCommissionPrecision\":8,"
                + "\"quoteCommissionPrecision\":8,\"orderTypes\":[")
        orderTypes(configuration.features, to: &text)
        text.raw("]")
        flags(configuration.features, to: &text)
        text.raw(",\"isSpotTradingAllowed\":true,\"isMarginTradingAllowed\":false,\"filters\":[")
        FilterText.symbol(configuration, to: &text)
        text.raw("],\"permissions\":[],\"permissionSets\":[")
        if showsPermissions { text.raw("[\"SPOT\"]") }
        text.raw("],\"defaultSelfTradePreventionMode\":")
        let modes = configuration.selfTradePreventionModes
        let usual = exchange.configuration.defaultSelfTradePrevention
        text.quotedRaw((modes.contains(usual) ? usual : modes.first ?? usual).venueText)
        text.raw(",\"allowedSelfTradePreventionModes\":[")
        for (index, mode) in modes.enumerated() {
            if index > 0 { text.raw(",") }
            text.quotedRaw(mode.venueText)
        }
        text.raw("]}")
    }

    private func orderTypes(_ features: SymbolFeatures, to text: inout TextBuffer) {
        text.quotedRaw(OrderType.limit.venueText)
        let others: [(SymbolFeatures, OrderType)] = [
            (.limitMaker, .limitMaker), (.market, .market), (.stopLoss, .stopLoss),
            (.stopLossLimit, .stopLossLimit), (.takeProfit, .takeProfit),
            (.takeProfitLimit, .takeProfitLimit),
        ]
        for (feature, type) in others where features.contains(feature) {
            text.raw(",")
            text.quotedRaw(type.venueText)
        }
    }

    private func flags(_ features: SymbolFeatures, to text: inout TextBuffer) {
        func flag(_ name: StaticString, _ feature: SymbolFeatures?) {
            text.raw(",")
            text.quotedRaw(name)
            text.raw(":")
            text.boolean(feature.map(features.contains) ?? false)
        }
        flag("icebergAllowed", .iceberg)
        flag("ocoAllowed", .oneCancelsOther)
        flag("otoAllowed", .oneTriggersOther)
        flag("opoAllowed", nil)
        flag("quoteOrderQtyMarketAllowed", .quoteMarket)
        flag("allowTrailingStop", .trailingStop)
        flag("cancelReplaceAllowed", .cancelReplace)
        flag("amendAllowed", .amend)
        flag("pegInstructionsAllowed", nil)
    }
}
