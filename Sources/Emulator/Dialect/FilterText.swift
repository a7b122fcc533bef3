import MarketModel

/// Filters as exchangeInfo and `myFilters` list them (sheet section 12).
struct FilterText {
    /// One filter under construction.
    private struct Entry {
        let name: StaticString
        let write: (inout TextBuffer) -> Void
    }

    static func symbol(_ symbol: SymbolConfiguration, to text: inout TextBuffer) {
        let filters = symbol.filters
        var entries = [
            Entry(name: "PRICE_FILTER") { text in
                decimal(",\"minPrice\":", symbol.minPrice.raw, to: &text)
                decimal(",\"maxPrice\":", symbol.maxPrice.raw, to: &text)
                decimal(",\"tickSize\":", symbol.tickSize.raw, to: &text)
            },
            Entry(name: "LOT_SIZE") { text in
                decimal(",\"minQty\":", symbol.minQuantity.raw, to: &text)
                decimal(",\"maxQty\":", symbol.maxQuantity.raw, to: &text)
                decimal(",\"stepSize\":", symbol.lotSize.raw, to: &text)
            },
            Entry(name: "MARKET_LOT_SIZE") { text in
                let most = symbol.marketMaxQuantity
                decimal(",\"minQty\":", filters.marketMinQuantity.raw, to: &text)
                decimal(
                    ",\"maxQty\":", (most > .zero ? most : symbol.maxQuantity).raw, to: &text)
                decimal(",\"stepSize\":", filters.marketLotSize.raw, to: &text)
            },
        ]
        entries += bands(symbol)
        entries.append(value(symbol))
        if filters.icebergParts > 0 {
            entries.append(count("ICEBERG_PARTS", ",\"limit\":", filters.icebergParts))
        }
        entries.append(
            Entry(name: "TRAILING_DELTA") { text in
                number(",\"minTrailingAboveDelta\":", Int(filters.minTrailingAbove), to: &text)
                number(",\"maxTrailingAboveDelta\":", Int(filters.maxTrailingAbove), to: &text)
                number(",\"minTrailingBelowDelta\":", Int(filters.minTrailingBelow), to: &text)
                number(",\"maxTrailingBelowDelta\":", Int(filters.maxTrailingBelow), to: &text)
            })
        if filters.maxPosition > .zero {
            entries.append(
                Entry(name: "MAX_POSITION") { text in
                    decimal(",\"maxPosition\":", filters.maxPosition.raw, to: &text)
                })
        }
        entries += counts(symbol)
        write(entries, to: &text)
    }

    static func exchange(_ limits: ExchangeFilterConfiguration, to text: inout TextBuffer) {
        var entries: [Entry] = []
        for (name, field, limit) in exchangeCounts(limits) where limit > 0 {
            entries.append(count(name, field, limit))
        }
        write(entries, to: &text)
    }

    /// MAX_ASSET of those assets that have it; told to the account alone, not in exchangeInfo.
    static func assets(
        _ limits: ExchangeFilterConfiguration, _ assets: [String], to text: inout TextBuffer
    ) {
        let entries = assets.compactMap { asset in
            limits.maxAsset[asset].map { most in
                Entry(name: "MAX_ASSET") { text in
                    text.raw(",\"asset\":")
                    text.quoted(asset)
                    decimal(",\"limit\":", most, to: &text)
                }
            }
        }
        write(entries, to: &text)
    }

    private static func exchangeCounts(
        _ limits: ExchangeFilterConfiguration
    ) -> [(StaticString, StaticString, Int)] {
        [
            ("EXCHANGE_MAX_NUM_ORDERS", ",\"maxNumOrders\":", limits.maxOrders),
            ("EXCHANGE_MAX_NUM_ALGO_ORDERS", ",\"maxNumAlgoOrders\":", limits.maxAlgoOrders),
            (
                "EXCHANGE_MAX_NUM_ICEBERG_ORDERS", ",\"maxNumIcebergOrders\":",
                limits.maxIcebergOrders
            ),
            ("EXCHANGE_MAX_NUM_ORDER_LISTS", ",\"maxNumOrderLists\":", limits.maxOrderLists),
        ]
    }

    /// PERCENT_PRICE and PERCENT_PRICE_BY_SIDE, those that the symbol has.
    private static func bands(_ symbol: SymbolConfiguration) -> [Entry] {
        let filters = symbol.filters
        var entries: [Entry] = []
        if filters.priceMultiplierUp > 0 || filters.priceMultiplierDown > 0 {
            entries.append(
                Entry(name: "PERCENT_PRICE") { text in
                    multiplier(",\"multiplierUp\":", filters.priceMultiplierUp, to: &text)
                    multiplier(",\"multiplierDown\":", filters.priceMultiplierDown, to: &text)
                    number(",\"avgPriceMins\":", filters.averagePriceMinutes, to: &text)
                })
        }
        let sides = [
            symbol.bidMultiplierUp, symbol.bidMultiplierDown, symbol.askMultiplierUp,
            symbol.askMultiplierDown,
        ]
        guard sides.contains(where: { $0 > 0 }) else { return entries }
        entries.append(
            Entry(name: "PERCENT_PRICE_BY_SIDE") { text in
                multiplier(",\"bidMultiplierUp\":", symbol.bidMultiplierUp, to: &text)
                multiplier(",\"bidMultiplierDown\":", symbol.bidMultiplierDown, to: &text)
                multiplier(",\"askMultiplierUp\":", symbol.askMultiplierUp, to: &text)
                multiplier(",\"askMultiplierDown\":", symbol.askMultiplierDown, to: &text)
                number(",\"avgPriceMins\":", filters.averagePriceMinutes, to: &text)
            })
        return entries
    }

    /// NOTIONAL, or the old MIN_NOTIONAL.
    private static func value(_ symbol: SymbolConfiguration) -> Entry {
        let filters = symbol.filters
        if filters.hasPlainMinNotional {
            return Entry(name: "MIN_NOTIONAL") { text in
                decimal(",\"minNotional\":", symbol.minNotional, to: &text)
                flag(",\"applyToMarket\":", filters.minNotionalAppliesToMarket, to: &text)
                number(",\"avgPriceMins\":", filters.averagePriceMinutes, to: &text)
            }
        }
        return Entry(name: "NOTIONAL") { text in
            decimal(",\"minNotional\":", symbol.minNotional, to: &text)
            flag(",\"applyMinToMarket\":", filters.minNotionalAppliesToMarket, to: &text)
            decimal(",\"maxNotional\":", symbol.maxNotional, to: &text)
            flag(",\"applyMaxToMarket\":", filters.maxNotionalAppliesToMarket, to: &text)
            number(",\"avgPriceMins\":", filters.averagePriceMinutes, to: &text)
        }
    }

    private static func counts(_ symbol: SymbolConfiguration) -> [Entry] {
        let filters = symbol.filters
        let all: [(StaticString, StaticString, Int)] = [
            ("MAX_NUM_ORDERS", ",\"maxNumOrders\":", symbol.maxOpenOrders),
            ("MAX_NUM_ALGO_ORDERS", ",\"maxNumAlgoOrders\":", filters.maxAlgoOrders),
            ("MAX_NUM_ICEBERG_ORDERS", ",\"maxNumIcebergOrders\":", filters.maxIcebergOrders),
            ("MAX_NUM_ORDER_LISTS", ",\"maxNumOrderLists\":", filters.maxOrderLists),
            ("MAX_NUM_ORDER_AMENDS", ",\"maxNumOrderAmends\":", filters.maxAmendments),
        ]
        return all.filter { $0.2 > 0 }.map { count($0.0, $0.1, $0.2) }
    }

    // MARK: - Writing

    private static func write(_ entries: [Entry], to text: inout TextBuffer) {
        for (index, entry) in entries.enumerated() {
            text.raw(index == 0 ? "{\"filterType\":" : ",{\"filterType\":")
            text.quotedRaw(entry.name)
            entry.write(&text)
            text.raw("}")
        }
    }

    private static func count(_ name: StaticString, _ field: StaticString, _ limit: Int) -> Entry {
        Entry(name: name) { text in number(field, limit, to: &text) }
    }

    private static func number(_ name: StaticString, _ value: Int, to text: inout TextBuffer) {
        text.raw(name)
        text.integer(value)
    }

    private static func decimal(_ name: StaticString, _ value: Int64, to text: inout TextBuffer) {
        text.raw(name)
        text.decimal(value)
    }

    private static func flag(_ name: StaticString, _ value: Bool, to text: inout TextBuffer) {
        text.raw(name)
        text.boolean(value)
    }

    /// Multipliers are printed as the venue does, without trailing zeros.
    private static func multiplier(
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
