import MarketModel

/// A symbol's filters beyond price steps, lots and value; 0 always means "no such filter".
public struct FilterConfiguration: Sendable, Equatable {
    /// PERCENT_PRICE multipliers in units of 1e-4; most symbols have the one by side instead.
    public var priceMultiplierUp: Int64 = 0
    public var priceMultiplierDown: Int64 = 0
    /// Minutes of the average that percent bands and market orders' value use; 0: last price.
    public var averagePriceMinutes = 5
    /// MARKET_LOT_SIZE lower bound and step.
    public var marketMinQuantity = Quantity.zero
    public var marketLotSize = Quantity.zero
    /// MIN_NOTIONAL, the old form with a lower bound only, instead of NOTIONAL.
    public var hasPlainMinNotional = false
    public var minNotionalAppliesToMarket = true
    public var maxNotionalAppliesToMarket = false
    /// Most parts of one iceberg.
    public var icebergParts = 100
    /// Most open stop orders and icebergs of one account on the symbol.
    public var maxAlgoOrders = 5
    public var maxIcebergOrders = 0
    public var maxOrderLists = 20
    /// Most amendments of one order.
    public var maxAmendments = 10
    /// Largest sum of base held and base in open buy orders.
    public var maxPosition = Quantity.zero
    /// TRAILING_DELTA bounds in hundredths of a percent, 1...9999.
    public var minTrailingAbove: Int64 = 10
    public var maxTrailingAbove: Int64 = 2_000
    public var minTrailingBelow: Int64 = 10
    public var maxTrailingBelow: Int64 = 2_000

    public init() {}

    var violation: String? {
        let counts = [
            averagePriceMinutes, icebergParts, maxAlgoOrders, maxIcebergOrders, maxOrderLists,
            maxAmendments,
        ]
        if counts.contains(where: { $0 < 0 }) { return "filter limits must not be negative" }
        if averagePriceMinutes > 1_440 { return "average price minutes must be within 0...1440" }
        if priceMultiplierUp < 0 || priceMultiplierDown < 0 {
            return "price multipliers must not be negative"
        }
        for (low, high) in [
            (minTrailingAbove, maxTrailingAbove), (minTrailingBelow, maxTrailingBelow),
        ] where low < 1 || high < low || high > 9_999 {
            return "trailing deltas must satisfy 1 <= min <= max <= 9999"
        }
        return maxPosition < .zero || marketMinQuantity < .zero || marketLotSize < .zero
            ? "filter quantities must not be negative" : nil
    }
}

/// Limits of one account over the whole exchange; 0 means "no such filter".
public struct ExchangeFilterConfiguration: Sendable, Equatable {
    public var maxOrders = 0
    public var maxAlgoOrders = 0
    public var maxIcebergOrders = 0
    public var maxOrderLists = 0
    /// MAX_ASSET: the most of an asset that one order may move, in units of 1e-8.
    public var maxAsset: [String: Int64] = [:]

    public init() {}
}

/// What a symbol offers beyond plain limit orders.
public struct SymbolFeatures: OptionSet, Sendable {
    public let rawValue: UInt32

    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let limitMaker = SymbolFeatures(rawValue: 1 << 0)
    public static let market = SymbolFeatures(rawValue: 1 << 1)
    public static let stopLoss = SymbolFeatures(rawValue: 1 << 2)
    public static let stopLossLimit = SymbolFeatures(rawValue: 1 << 3)
    public static let takeProfit = SymbolFeatures(rawValue: 1 << 4)
    public static let takeProfitLimit = SymbolFeatures(rawValue: 1 << 5)
    public static let iceberg = SymbolFeatures(rawValue: 1 << 6)
    public static let oneCancelsOther = SymbolFeatures(rawValue: 1 << 7)
    public static let oneTriggersOther = SymbolFeatures(rawValue: 1 << 8)
    public static let quoteMarket = SymbolFeatures(rawValue: 1 << 9)
    public static let trailingStop = SymbolFeatures(rawValue: 1 << 10)
    public static let cancelReplace = SymbolFeatures(rawValue: 1 << 11)
    public static let amend = SymbolFeatures(rawValue: 1 << 12)

    public static let all = SymbolFeatures(rawValue: (1 << 13) - 1)
}

/// Whether a symbol trades (sheet section 6).
public enum SymbolStatus: String, Sendable, CaseIterable {
    case trading = "TRADING"
    case halt = "HALT"
    case pause = "BREAK"
    case endOfDay = "END_OF_DAY"
    case cancelOnly = "CANCEL_ONLY"
}
