import MarketModel

/// The filters of one symbol (binance-spot.md, section 12).
///
/// Kept as text until all are read: the scale of quantities depends on the largest one.
struct SymbolRules {
    private var price = JSONValue.absent
    private var lot = JSONValue.absent
    private var marketLot = JSONValue.absent
    private var percentPrice = JSONValue.absent
    private var percentPriceBySide = JSONValue.absent
    private var minNotional = JSONValue.absent
    private var notional = JSONValue.absent
    private var maxOrders = JSONValue.absent
    private var maxConditional = JSONValue.absent
    private var maxIcebergs = JSONValue.absent
    private var maxAmendments = JSONValue.absent
    private var maxLists = JSONValue.absent
    private var icebergParts = JSONValue.absent
    private var trailing = JSONValue.absent
    private var maxPosition = JSONValue.absent
    /// Digits after the point for raw quantities: the venue's eight, or fewer for an asset of so
    /// many units that a thousand of the largest orders would not fit 63 bits.
    private(set) var quantityScale: UInt8 = 8

    /// Takes one filter; false for a type that this engine does not check.
    mutating func read(_ filter: JSONValue, type: String) throws(DecodeFailure) -> Bool {
        switch type {
        case "PRICE_FILTER": price = filter
        case "LOT_SIZE":
            lot = filter
            quantityScale = try Self.scale(of: filter)
        case "MARKET_LOT_SIZE": marketLot = filter
        case "PERCENT_PRICE": percentPrice = filter
        case "PERCENT_PRICE_BY_SIDE": percentPriceBySide = filter
        case "MIN_NOTIONAL": minNotional = filter
        case "NOTIONAL": notional = filter
        case "MAX_NUM_ORDERS": maxOrders = filter
        case "MAX_POSITION": maxPosition = filter
        case "MAX_NUM_ALGO_ORDERS": maxConditional = filter
        case "MAX_NUM_ICEBERG_ORDERS": maxIcebergs = filter
        case "MAX_NUM_ORDER_LISTS": maxLists = filter
        case "ICEBERG_PARTS": icebergParts = filter
        case "TRAILING_DELTA": trailing = filter
        case "MAX_NUM_ORDER_AMENDS": maxAmendments = filter
        default: return false
        }
        return true
    }

    /// Writes the rules into an instrument of these scales. Without a price filter and a lot size
    /// there is nothing to round to: `missingKey`.
    func apply(to instrument: inout Instrument) throws(DecodeFailure) {
        let priceScale = Int(instrument.priceScale)
        let quantityScale = Int(instrument.quantityScale)
        guard price.isPresent, lot.isPresent else { throw .missingKey }
        instrument.minPrice = Price(raw: try price.member("minPrice").magnitude(scale: priceScale))
        instrument.maxPrice = Price(raw: try price.member("maxPrice").magnitude(scale: priceScale))
        let tick = try price.member("tickSize").magnitude(scale: priceScale)
        // 0 switches the rule off: then the scale itself is the step.
        instrument.tickSize = Price(raw: max(tick, 1))
        instrument.priceDecimals = UInt8(
            DecimalText.decimals(of: instrument.tickSize.raw, scale: priceScale))
        instrument.minQuantity = try quantity(lot, "minQty", quantityScale)
        instrument.maxQuantity = try quantity(lot, "maxQty", quantityScale)
        let step = try quantity(lot, "stepSize", quantityScale)
        instrument.lotSize = Quantity(raw: max(step.raw, 1))
        instrument.quantityDecimals = UInt8(
            DecimalText.decimals(of: instrument.lotSize.raw, scale: quantityScale))
        if marketLot.isPresent {
            instrument.marketMinQuantity = try quantity(marketLot, "minQty", quantityScale)
            instrument.marketMaxQuantity = try quantity(marketLot, "maxQty", quantityScale)
            instrument.marketLotSize = try quantity(marketLot, "stepSize", quantityScale)
        }
        if maxPosition.isPresent {
            instrument.maxPosition = try quantity(maxPosition, "maxPosition", quantityScale)
        }
        if maxOrders.isPresent {
            // "limit" in captures before 2018.
            let named = try maxOrders.member("maxNumOrders")
            let value = try (named.isPresent ? named : try maxOrders.member("limit")).count64()
            instrument.maxOpenOrders = UInt32(clamping: value)
        }
        instrument.maxConditionalOrders = try Self.count(maxConditional, "maxNumAlgoOrders")
        instrument.maxIcebergOrders = try Self.count(maxIcebergs, "maxNumIcebergOrders")
        instrument.maxOrderLists = try Self.count(maxLists, "maxNumOrderLists")
        instrument.maxIcebergParts = try Self.count(icebergParts, "limit")
        instrument.maxAmendments = UInt16(
            clamping: try Self.count(maxAmendments, "maxNumOrderAmends"))
        try applyTrailing(to: &instrument)
        try applyNotional(to: &instrument, scale: priceScale + quantityScale)
        try applyBands(to: &instrument)
    }

    /// Quantities may carry digits below the scale (an upper bound of market orders does): bounds
    /// are cut down to it, which only makes an upper bound tighter.
    private func quantity(
        _ filter: JSONValue, _ name: StaticString, _ scale: Int
    ) throws(DecodeFailure) -> Quantity {
        let value = try filter.member(name).wideDecimal(scale: 18)
        guard value >= 0 else { throw .invalidNumber }
        let raw = value / Int128(DecimalScale.power(18 - scale))
        guard let fitting = Int64(exactly: raw) else { throw .overflow }
        return Quantity(raw: fitting)
    }

    private func applyTrailing(to instrument: inout Instrument) throws(DecodeFailure) {
        guard trailing.isPresent else { return }
        instrument.minTrailingAbove = try Self.delta(trailing, "minTrailingAboveDelta")
        instrument.maxTrailingAbove = try Self.delta(trailing, "maxTrailingAboveDelta")
        instrument.minTrailingBelow = try Self.delta(trailing, "minTrailingBelowDelta")
        instrument.maxTrailingBelow = try Self.delta(trailing, "maxTrailingBelowDelta")
    }

    /// A bound that is absent is none.
    private static func delta(
        _ filter: JSONValue, _ name: StaticString
    ) throws(DecodeFailure) -> UInt16 {
        let value = try filter.member(name)
        return value.isPresent ? UInt16(clamping: try value.count64()) : 0
    }

    private static func count(
        _ filter: JSONValue, _ name: StaticString
    ) throws(DecodeFailure) -> UInt32 {
        guard filter.isPresent else { return 0 }
        return UInt32(clamping: try filter.member(name).count64())
    }

    private func applyNotional(
        to instrument: inout Instrument, scale: Int
    ) throws(DecodeFailure) {
        if minNotional.isPresent {
            let least = try minNotional.member("minNotional").wideDecimal(scale: scale)
            instrument.minNotional = Notional(raw: least)
            let applies = try minNotional.member("applyToMarket")
            instrument.minNotionalAppliesToMarket =
                applies.isPresent ? try applies.boolean() : true
        }
        if notional.isPresent {
            let least = try notional.member("minNotional").wideDecimal(scale: scale)
            let most = try notional.member("maxNotional")
            instrument.minNotional = Notional(raw: least)
            instrument.minNotionalAppliesToMarket =
                try notional.member("applyMinToMarket").boolean()
            if most.isPresent {
                instrument.maxNotional = Notional(raw: try most.wideDecimal(scale: scale))
                instrument.maxNotionalAppliesToMarket =
                    try notional.member("applyMaxToMarket").boolean()
            }
        }
    }

    private func applyBands(to instrument: inout Instrument) throws(DecodeFailure) {
        instrument.averagePriceMinutes = max(
            try Self.minutes(percentPrice), try Self.minutes(percentPriceBySide))
        if percentPrice.isPresent {
            let up = try multiplier(percentPrice, "multiplierUp")
            let down = try multiplier(percentPrice, "multiplierDown")
            instrument.bidMultiplierUp = up
            instrument.bidMultiplierDown = down
            instrument.askMultiplierUp = up
            instrument.askMultiplierDown = down
        }
        guard percentPriceBySide.isPresent else { return }
        // With both filters both hold: the narrower band.
        func bound(
            _ name: StaticString, _ other: Int64, _ narrower: (Int64, Int64) -> Int64
        ) throws(DecodeFailure) -> Int64 {
            let own = try multiplier(percentPriceBySide, name)
            return own == 0 || other == 0 ? max(own, other) : narrower(own, other)
        }
        instrument.bidMultiplierUp = try bound("bidMultiplierUp", instrument.bidMultiplierUp, min)
        instrument.bidMultiplierDown = try bound(
            "bidMultiplierDown", instrument.bidMultiplierDown, max)
        instrument.askMultiplierUp = try bound("askMultiplierUp", instrument.askMultiplierUp, min)
        instrument.askMultiplierDown = try bound(
            "askMultiplierDown", instrument.askMultiplierDown, max)
    }

    /// How far back a filter looks; 0: at the last price.
    private static func minutes(_ filter: JSONValue) throws(DecodeFailure) -> UInt16 {
        guard filter.isPresent else { return 0 }
        let minutes = try filter.member("avgPriceMins")
        return minutes.isPresent ? UInt16(clamping: try minutes.count64()) : 0
    }

    /// In units of 1e-4.
    private func multiplier(
        _ filter: JSONValue, _ name: StaticString
    ) throws(DecodeFailure) -> Int64 {
        try filter.member(name).magnitude(scale: 4)
    }

    private static func scale(of lot: JSONValue) throws(DecodeFailure) -> UInt8 {
        let largest = try lot.member("maxQty").wideDecimal(scale: 18)
        guard largest >= 0 else { throw .invalidNumber }
        let whole = largest / Int128(DecimalScale.power(18))
        var scale: UInt8 = 8
        while scale > 0, whole * 1_000 > Int128(Int64.max / DecimalScale.power(Int(scale))) {
            scale -= 1
        }
        return scale
    }
}
