import MarketModel

/// The venue's rules for one instrument, prepared for the check: no division, no absent value.
struct VenueRules: BitwiseCopyable {
    let tick: StepGrid
    let lot: StepGrid
    let marketLot: StepGrid
    let minPrice: Price
    let maxPrice: Price
    let minQuantity: Quantity
    let maxQuantity: Quantity
    let marketMinQuantity: Quantity
    let marketMaxQuantity: Quantity
    let minNotional: Notional
    let maxNotional: Notional
    let marketMinNotional: Notional
    let marketMaxNotional: Notional
    /// Units of 1e-4 of the reference price; 0: none.
    let bandUp: InlineArray<2, Int64>
    let bandDown: InlineArray<2, Int64>
    let maxPosition: Quantity
    let maxOpenOrders: Int64
    /// 1e-8 of the amount, the dearer of maker and taker.
    let worstFee: Int64
    /// Bit `OrderType.rawValue`: the type can be sent.
    let types: UInt8
    let offersQuoteQuantity: Bool
    let offersIceberg: Bool
    let offersTrailing: Bool
    let offersAmend: Bool
    let offersCancelReplace: Bool
    let offersPairs: Bool
    let offersTriggers: Bool
    /// Bit ``SelfTradePrevention/bit``.
    let selfTradePreventionModes: UInt8
    /// 0: no limit.
    let maxConditionalOrders: Int64
    let maxIcebergOrders: Int64
    let maxOrderLists: Int64
    let maxIcebergParts: Int64
    let maxAmendments: Int64
    /// Of a trailing stop above and below the market, in 1e-4; no bound: 0 and the largest.
    let minTrailing: InlineArray<2, UInt16>
    let maxTrailing: InlineArray<2, UInt16>
    let isTrading: Bool
    let balance: BalanceScale

    init(_ instrument: Instrument) {
        tick = StepGrid(instrument.tickSize.raw)
        lot = StepGrid(instrument.lotSize.raw)
        marketLot = StepGrid(Self.either(instrument.marketLotSize, instrument.lotSize).raw)
        minPrice = instrument.minPrice
        maxPrice = Price(raw: Self.orHighest(instrument.maxPrice.raw))
        minQuantity = instrument.minQuantity
        maxQuantity = Quantity(raw: Self.orHighest(instrument.maxQuantity.raw))
        marketMinQuantity = Self.either(instrument.marketMinQuantity, instrument.minQuantity)
        marketMaxQuantity = Quantity(
            raw: Self.orHighest(
                Self.either(instrument.marketMaxQuantity, instrument.maxQuantity).raw))
        let highest = Notional(raw: .max)
        minNotional = instrument.minNotional
        maxNotional = instrument.maxNotional.raw > 0 ? instrument.maxNotional : highest
        marketMinNotional = instrument.minNotionalAppliesToMarket ? minNotional : .zero
        marketMaxNotional = instrument.maxNotionalAppliesToMarket ? maxNotional : highest
        bandUp = [instrument.bidMultiplierUp, instrument.askMultiplierUp]
        bandDown = [instrument.bidMultiplierDown, instrument.askMultiplierDown]
        maxPosition = instrument.maxPosition
        maxOpenOrders = Int64(instrument.maxOpenOrders)
        worstFee = Swift.min(
            Swift.max(instrument.takerFee, instrument.makerFee, 0), 100_000_000)
        types = Self.types(instrument.features)
        offersQuoteQuantity = instrument.features.contains(.quoteQuantityMarket)
        offersIceberg = instrument.features.contains(.iceberg)
        offersTrailing = instrument.features.contains(.trailingStop)
        offersAmend = instrument.features.contains(.amend)
        offersCancelReplace = instrument.offersCancelReplace
        offersPairs = instrument.features.contains(.oneCancelsOther)
        offersTriggers = instrument.features.contains(.oneTriggersOther)
        selfTradePreventionModes = instrument.selfTradePreventionModes
        maxConditionalOrders = Int64(instrument.maxConditionalOrders)
        maxIcebergOrders = Int64(instrument.maxIcebergOrders)
        maxOrderLists = Int64(instrument.maxOrderLists)
        maxIcebergParts = Int64(instrument.maxIcebergParts)
        maxAmendments = Int64(instrument.maxAmendments)
        minTrailing = [instrument.minTrailingAbove, instrument.minTrailingBelow]
        maxTrailing = [
            Self.orWidest(instrument.maxTrailingAbove), Self.orWidest(instrument.maxTrailingBelow),
        ]
        isTrading = instrument.status == .trading
        balance = BalanceScale(quantityScale: Int(instrument.quantityScale))
    }

    private static func either(_ market: Quantity, _ limit: Quantity) -> Quantity {
        market.raw > 0 ? market : limit
    }

    private static func orHighest(_ bound: Int64) -> Int64 { bound > 0 ? bound : .max }

    private static func orWidest(_ bound: UInt16) -> UInt16 { bound > 0 ? bound : .max }

    /// What both the venue and this engine know. A venue that lists no features has not spoken:
    /// all plain types, and nothing that waits for a price.
    private static func types(_ features: InstrumentFeatures) -> UInt8 {
        let isSilent = features.isEmpty
        var types: UInt8 = 0
        if isSilent || features.contains(.limit) { types |= 1 << OrderType.limit.rawValue }
        if isSilent || features.contains(.limitMaker) {
            types |= 1 << OrderType.limitMaker.rawValue
        }
        if isSilent || features.contains(.market) { types |= 1 << OrderType.market.rawValue }
        if features.contains(.stopLoss) { types |= 1 << OrderType.stopLoss.rawValue }
        if features.contains(.stopLossLimit) { types |= 1 << OrderType.stopLossLimit.rawValue }
        if features.contains(.takeProfit) { types |= 1 << OrderType.takeProfit.rawValue }
        if features.contains(.takeProfitLimit) {
            types |= 1 << OrderType.takeProfitLimit.rawValue
        }
        return types
    }

    @_noLocks
    @inline(__always)
    func offers(_ type: OrderType) -> Bool {
        // Not `rawValue`: in another target that is a call the proof cannot follow.
        let bit: UInt8 =
            switch type {
            case .limit: 1
            case .limitMaker: 2
            case .market: 3
            case .stopLoss: 4
            case .stopLossLimit: 5
            case .takeProfit: 6
            case .takeProfitLimit: 7
            }
        return types >> bit & 1 == 1
    }
}
