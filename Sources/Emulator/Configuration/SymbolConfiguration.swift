import MarketModel

/// One tradable symbol of the emulated exchange: its rules and how its market moves.
///
/// Prices and quantities are raw integers at 8 decimals, the venue's ledger precision.
public struct SymbolConfiguration: Sendable, Equatable {
    /// Upper-case name, for instance `BTCUSDT`.
    public var symbol: String
    public var baseAsset: String
    public var quoteAsset: String

    /// PRICE_FILTER: smallest step, lowest and highest price; all positive.
    public var tickSize: Price
    public var minPrice: Price
    public var maxPrice: Price
    /// LOT_SIZE: smallest step, smallest and largest quantity; all positive.
    public var lotSize: Quantity
    public var minQuantity: Quantity
    public var maxQuantity: Quantity
    /// MARKET_LOT_SIZE upper bound; zero: LOT_SIZE only.
    public var marketMaxQuantity: Quantity
    /// NOTIONAL bounds in units of 1e-8 of the quote asset; 0: no bound.
    public var minNotional: Int64
    public var maxNotional: Int64
    /// PERCENT_PRICE_BY_SIDE multipliers in units of 1e-4 (50000 is 5); 0: no band.
    public var bidMultiplierUp: Int64
    public var bidMultiplierDown: Int64
    public var askMultiplierUp: Int64
    public var askMultiplierDown: Int64
    /// MAX_NUM_ORDERS for one account on this symbol; at least 1.
    public var maxOpenOrders: Int
    /// The filters besides these.
    public var filters = FilterConfiguration()
    /// Order types and instructions it takes; everything unless said otherwise.
    public var features = SymbolFeatures.all
    /// Prevention modes it takes.
    public var selfTradePreventionModes = SelfTradePreventionMode.allCases

    /// Price around which the market starts; positive, a multiple of the tick.
    public var startPrice: Price
    /// Standard deviation of the fair value's logarithm over one day, 0...5.
    public var dailyVolatility: Double
    /// How far the market starts above the end of its seeded history, as a ratio, 0...10: a market
    /// that has just broken out.
    public var rally: Double
    /// Typical size of one public order, in base units of 1e-8.
    public var typicalQuantity: Quantity
    /// Share of the market's events that this symbol gets, relative to the others; positive.
    public var activity: Double

    /// A symbol with the venue's usual bounds.
    public init(
        symbol: String, baseAsset: String, quoteAsset: String, tickSize: Price, lotSize: Quantity,
        startPrice: Price, typicalQuantity: Quantity, dailyVolatility: Double = 0.03,
        rally: Double = 0, activity: Double = 1
    ) {
        self.symbol = symbol
        self.baseAsset = baseAsset
        self.quoteAsset = quoteAsset
        self.tickSize = tickSize
        self.lotSize = lotSize
        self.startPrice = startPrice
        self.typicalQuantity = typicalQuantity
        self.dailyVolatility = dailyVolatility
        self.rally = rally
        self.activity = activity
        minPrice = tickSize
        maxPrice = Price(raw: 1_000_000 * Money.unit)
        minQuantity = lotSize
        maxQuantity = Quantity(raw: 90_000_000 * Money.unit)
        marketMaxQuantity = .zero
        minNotional = 5 * Money.unit
        maxNotional = 9_000_000 * Money.unit
        bidMultiplierUp = 50_000
        bidMultiplierDown = 2_000
        askMultiplierUp = 50_000
        askMultiplierDown = 2_000
        maxOpenOrders = 200
    }

    /// Ten liquid pairs against USDT with realistic ticks, lots and prices.
    public static var defaults: [SymbolConfiguration] {
        [
            pair("BTC", tick: "0.01", lot: "0.00001", price: "61837.63", size: "0.05", activity: 4),
            pair("ETH", tick: "0.01", lot: "0.0001", price: "2683.45", size: "0.8", activity: 3),
            pair("BNB", tick: "0.1", lot: "0.001", price: "512.4", size: "2"),
            pair("SOL", tick: "0.01", lot: "0.001", price: "154.21", size: "12", activity: 2),
            pair("XRP", tick: "0.0001", lot: "0.1", price: "0.6042", size: "900"),
            pair("DOGE", tick: "0.00001", lot: "1", price: "0.10345", size: "6000"),
            pair("ADA", tick: "0.0001", lot: "0.1", price: "0.3395", size: "2500"),
            pair("AVAX", tick: "0.01", lot: "0.01", price: "22.31", size: "40"),
            pair("LINK", tick: "0.01", lot: "0.01", price: "10.47", size: "90"),
            pair("LTC", tick: "0.01", lot: "0.001", price: "60.18", size: "14"),
        ]
    }

    private static func pair(
        _ base: String, tick: String, lot: String, price: String, size: String,
        activity: Double = 1
    ) -> SymbolConfiguration {
        SymbolConfiguration(
            symbol: base + "USDT", baseAsset: base, quoteAsset: "USDT",
            tickSize: Price(raw: literal(tick)), lotSize: Quantity(raw: literal(lot)),
            startPrice: Price(raw: literal(price)), typicalQuantity: Quantity(raw: literal(size)),
            activity: activity)
    }

    private static func literal(_ text: String) -> Int64 {
        guard let value = try? parseDecimal(text, scale: Money.scale) else {
            preconditionFailure("\(text) must be a decimal with at most 8 digits after the point")
        }
        return value
    }

    /// The first rule that the values break, in words; `nil` when all hold.
    var violation: String? {
        if symbol.isEmpty || symbol.utf8.count > ShortName.capacity {
            return "symbol must have 1 to \(ShortName.capacity) bytes"
        }
        if symbol != symbol.uppercased() { return "symbol \(symbol) must be upper case" }
        if baseAsset.isEmpty || quoteAsset.isEmpty || baseAsset == quoteAsset {
            return "\(symbol): base and quote assets must be named and differ"
        }
        if tickSize <= .zero || lotSize <= .zero {
            return "\(symbol): tick size and lot size must be positive"
        }
        if startPrice <= .zero || startPrice.raw % tickSize.raw != 0 {
            return "\(symbol): start price must be a positive multiple of the tick size"
        }
        if minPrice <= .zero || minPrice > startPrice || maxPrice < startPrice {
            return "\(symbol): min price <= start price <= max price must hold"
        }
        if minQuantity <= .zero || maxQuantity < minQuantity {
            return "\(symbol): 0 < min quantity <= max quantity must hold"
        }
        if typicalQuantity < lotSize { return "\(symbol): typical quantity is below one lot" }
        if !(0...5).contains(dailyVolatility) {
            return "\(symbol): daily volatility must be within 0...5"
        }
        if !(activity > 0 && activity <= 1e6) { return "\(symbol): activity must be positive" }
        if maxOpenOrders < 1 { return "\(symbol): max open orders must be at least 1" }
        if selfTradePreventionModes.isEmpty {
            return "\(symbol): at least one self-trade prevention mode is needed"
        }
        return filters.violation.map { "\(symbol): \($0)" }
    }

    /// The rules as the shared instrument record.
    func instrument(index: Int, base: AssetIndex, quote: AssetIndex) -> Instrument {
        let names = (ShortName(symbol), ShortName(baseAsset), ShortName(quoteAsset))
        guard let name = names.0, let baseName = names.1, let quoteName = names.2 else {
            preconditionFailure("names are validated before the exchange is built")
        }
        var result = Instrument(
            symbol: name, base: baseName, quote: quoteName,
            index: InstrumentIndex(UInt16(index)), baseAsset: base, quoteAsset: quote)
        result.tickSize = tickSize
        result.minPrice = minPrice
        result.maxPrice = maxPrice
        result.lotSize = lotSize
        result.minQuantity = minQuantity
        result.maxQuantity = maxQuantity
        result.marketMaxQuantity = marketMaxQuantity
        result.minNotional = Notional(raw: Int128(minNotional) * Int128(Money.unit))
        result.maxNotional = Notional(raw: Int128(maxNotional) * Int128(Money.unit))
        result.minNotionalAppliesToMarket = true
        result.bidMultiplierUp = bidMultiplierUp
        result.bidMultiplierDown = bidMultiplierDown
        result.askMultiplierUp = askMultiplierUp
        result.askMultiplierDown = askMultiplierDown
        result.maxOpenOrders = UInt32(maxOpenOrders)
        result.priceDecimals = Self.decimals(of: tickSize.raw)
        result.quantityDecimals = Self.decimals(of: lotSize.raw)
        return result
    }

    private static func decimals(of step: Int64) -> UInt8 {
        var value = step
        var decimals: UInt8 = UInt8(Money.scale)
        while decimals > 0, value % 10 == 0 {
            value /= 10
            decimals -= 1
        }
        return decimals
    }
}
