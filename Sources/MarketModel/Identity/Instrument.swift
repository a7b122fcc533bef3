/// What may be traded and within which rules, as one fixed-size record.
///
/// Built from the venue's instrument list and never edited on the lane. A rule that the venue
/// does not set is 0 and switched off, as on the venues themselves.
@frozen
public struct Instrument: BitwiseCopyable, Sendable, Equatable {
    public var symbol: ShortName
    public var baseAssetName: ShortName
    public var quoteAssetName: ShortName
    public var index: InstrumentIndex
    public var baseAsset: AssetIndex
    public var quoteAsset: AssetIndex
    /// Digits after the point that a raw price holds, 0...18.
    public var priceScale: UInt8
    /// Digits after the point that a raw quantity holds, 0...18.
    public var quantityScale: UInt8
    /// Digits to print for a price (of the tick size) and a quantity (of the lot step).
    public var priceDecimals: UInt8
    public var quantityDecimals: UInt8
    public var status: InstrumentStatus
    // What would lie undefined: instruments are journaled.
    @usableFromInline let filler8 = Filler<UInt8>()
    /// Order types and features the venue offers for this instrument.
    public var features: InstrumentFeatures

    /// Smallest price step; positive.
    public var tickSize: Price
    public var minPrice: Price
    public var maxPrice: Price
    /// Smallest quantity step; positive.
    public var lotSize: Quantity
    public var minQuantity: Quantity
    public var maxQuantity: Quantity
    /// For market orders only; 0: as for limit orders.
    public var marketMinQuantity: Quantity
    public var marketMaxQuantity: Quantity
    public var marketLotSize: Quantity
    /// Bounds of price × quantity, 0: none.
    public var minNotional: Notional
    public var maxNotional: Notional
    /// Whether the notional bounds hold for market orders too.
    public var minNotionalAppliesToMarket: Bool
    public var maxNotionalAppliesToMarket: Bool
    /// Minutes of the average that the percent-price band is measured from; 0: the last price.
    public var averagePriceMinutes: UInt16
    @usableFromInline let filler32 = Filler<UInt32>()
    /// Percent-price band by side, in units of 1e-4 of the reference price; 0: none.
    public var bidMultiplierUp: Int64
    public var bidMultiplierDown: Int64
    public var askMultiplierUp: Int64
    public var askMultiplierDown: Int64
    /// Most open orders on this instrument; 0: no limit.
    public var maxOpenOrders: UInt32
    /// Most conditional orders, icebergs and order lists of them; 0: no limit.
    public var maxConditionalOrders: UInt32
    public var maxIcebergOrders: UInt32
    public var maxOrderLists: UInt32
    /// Most parts an iceberg may show one after the other; 0: no limit.
    public var maxIcebergParts: UInt32
    /// Least and most distance of a trailing stop in 1e-4, for those that wait above the market
    /// and those that wait below; 0: no bound.
    public var minTrailingAbove: UInt16
    public var maxTrailingAbove: UInt16
    public var minTrailingBelow: UInt16
    public var maxTrailingBelow: UInt16
    /// Bit ``SelfTradePrevention/bit``: an order may ask for the mode.
    public var selfTradePreventionModes: UInt8
    @usableFromInline let fillerBehindModes = Filler<UInt8>()
    /// Most times that an order may be made smaller; 0: no limit.
    public var maxAmendments: UInt16
    /// Largest base position the venue allows; 0: no limit.
    public var maxPosition: Quantity
    /// Fee rates in units of 1e-8 of the received amount.
    public var makerFee: Int64
    public var takerFee: Int64

    /// An instrument with the given names and scales, unit tick and lot, and no other rule.
    public init(
        symbol: ShortName, base: ShortName, quote: ShortName, index: InstrumentIndex,
        baseAsset: AssetIndex, quoteAsset: AssetIndex, priceScale: UInt8 = 8,
        quantityScale: UInt8 = 8
    ) {
        self.symbol = symbol
        baseAssetName = base
        quoteAssetName = quote
        self.index = index
        self.baseAsset = baseAsset
        self.quoteAsset = quoteAsset
        self.priceScale = priceScale
        self.quantityScale = quantityScale
        priceDecimals = priceScale
        quantityDecimals = quantityScale
        status = .trading
        features = []
        tickSize = Price(raw: 1)
        minPrice = .zero
        maxPrice = .zero
        lotSize = Quantity(raw: 1)
        minQuantity = .zero
        maxQuantity = .zero
        marketMinQuantity = .zero
        marketMaxQuantity = .zero
        marketLotSize = .zero
        minNotional = .zero
        maxNotional = .zero
        minNotionalAppliesToMarket = false
        maxNotionalAppliesToMarket = false
        averagePriceMinutes = 0
        bidMultiplierUp = 0
        bidMultiplierDown = 0
        askMultiplierUp = 0
        askMultiplierDown = 0
        maxOpenOrders = 0
        maxConditionalOrders = 0
        maxIcebergOrders = 0
        maxOrderLists = 0
        maxIcebergParts = 0
        minTrailingAbove = 0
        maxTrailingAbove = 0
        minTrailingBelow = 0
        maxTrailingBelow = 0
        selfTradePreventionModes = 0
        maxAmendments = 0
        maxPosition = .zero
        makerFee = 0
        takerFee = 0
    }

    /// Money at this instrument's exact scale from a decimal number of quote units.
    /// Cold paths only: limits from the configuration. Traps when it does not fit.
    public func notional(quoteUnits: Int64) -> Notional {
        Notional(raw: Int128(quoteUnits) * unit)
    }

    /// Whether one request may cancel an order and place another. A venue that lists no features has
    /// not spoken: it is asked.
    public var offersCancelReplace: Bool {
        @_noLocks get { features.rawValue == 0 || features.contains(.cancelReplace) }
    }

    /// One unit of the quote asset at this instrument's notional scale.
    @inlinable
    public var unit: Int128 {
        Int128(DecimalScale.power(Int(priceScale))) * Int128(DecimalScale.power(Int(quantityScale)))
    }
}

/// Whether the venue takes orders for an instrument.
@frozen
public enum InstrumentStatus: UInt8, BitwiseCopyable, Sendable, CaseIterable {
    @inlinable @inline(__always)
    public static func == (left: InstrumentStatus, right: InstrumentStatus) -> Bool {
        unsafeBitCast(left, to: UInt8.self) == unsafeBitCast(right, to: UInt8.self)
    }
    @inlinable @inline(__always)
    public static func != (left: InstrumentStatus, right: InstrumentStatus) -> Bool { !(left == right) }

    case trading = 1
    /// Only cancels are taken.
    case cancelOnly = 2
    /// No trading; also every status this engine does not know (fails closed).
    case halted = 3
}

/// What the venue offers for an instrument.
@frozen
public struct InstrumentFeatures: OptionSet, BitwiseCopyable, Sendable {
    public let rawValue: UInt32
    @inlinable @inline(__always)
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let limit = InstrumentFeatures(rawValue: 1 << 0)
    public static let limitMaker = InstrumentFeatures(rawValue: 1 << 1)
    public static let market = InstrumentFeatures(rawValue: 1 << 2)
    public static let quoteQuantityMarket = InstrumentFeatures(rawValue: 1 << 3)
    public static let cancelReplace = InstrumentFeatures(rawValue: 1 << 4)
    public static let amend = InstrumentFeatures(rawValue: 1 << 5)
    public static let iceberg = InstrumentFeatures(rawValue: 1 << 6)
    public static let stopLoss = InstrumentFeatures(rawValue: 1 << 7)
    public static let stopLossLimit = InstrumentFeatures(rawValue: 1 << 8)
    public static let takeProfit = InstrumentFeatures(rawValue: 1 << 9)
    public static let takeProfitLimit = InstrumentFeatures(rawValue: 1 << 10)
    public static let trailingStop = InstrumentFeatures(rawValue: 1 << 11)
    /// Lists in which one cancels the other, and in which one triggers others.
    public static let oneCancelsOther = InstrumentFeatures(rawValue: 1 << 12)
    public static let oneTriggersOther = InstrumentFeatures(rawValue: 1 << 13)
}
