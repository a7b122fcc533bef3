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
        isTrading = instrument.status == .trading
        balance = BalanceScale(quantityScale: Int(instrument.quantityScale))
    }

    private static func either(_ market: Quantity, _ limit: Quantity) -> Quantity {
        market.raw > 0 ? market : limit
    }

    private static func orHighest(_ bound: Int64) -> Int64 { bound > 0 ? bound : .max }

    /// What both the venue and this engine know. Stop orders need a trigger price, which a request
    /// does not carry. A venue that lists no features has not spoken: all plain types.
    private static func types(_ features: InstrumentFeatures) -> UInt8 {
        let isSilent = features.isEmpty
        var types: UInt8 = 0
        if isSilent || features.contains(.limit) { types |= 1 << OrderType.limit.rawValue }
        if isSilent || features.contains(.limitMaker) {
            types |= 1 << OrderType.limitMaker.rawValue
        }
        if isSilent || features.contains(.market) { types |= 1 << OrderType.market.rawValue }
        return types
    }

    @_noLocks
    func offers(_ type: OrderType) -> Bool {
        // Not `rawValue`: in another target that is a call the proof cannot follow.
        let bit: UInt8 =
            switch type {
            case .limit: 1
            case .limitMaker: 2
            case .market: 3
            case .stopLoss, .stopLossLimit, .takeProfit, .takeProfitLimit: 0
            }
        return types >> bit & 1 == 1
    }
}
