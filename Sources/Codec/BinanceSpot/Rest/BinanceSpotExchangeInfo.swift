import MarketModel

/// One of the venue's rate limits.
public struct RateLimitRule: Sendable, Equatable {
    /// `REQUEST_WEIGHT`, `ORDERS`, `RAW_REQUESTS`, or what the venue adds.
    public var type: String
    /// Length of the window, aligned to the clock; 0 for an interval this engine does not know.
    public var window: Nanoseconds
    public var limit: Int64

    public init(type: String, window: Nanoseconds, limit: Int64) {
        self.type = type
        self.window = window
        self.limit = limit
    }
}

/// The venue's list of instruments with their rules: the body of `GET /api/v3/exchangeInfo`.
///
/// Cold: read once at start. O(n) in the body, which may be several megabytes.
public struct BinanceSpotExchangeInfo: Sendable {
    /// A symbol that was wanted or listed and cannot be traded by this engine, and why.
    public struct Refusal: Sendable, Equatable {
        public var symbol: String
        public var failure: DecodeFailure
    }

    /// `unknown` when the body has none.
    public var serverTime = Timestamp.unknown
    public var rateLimits: [RateLimitRule] = []
    /// Of the account as a whole.
    public var accountLimits = AccountOrderLimits()
    /// In the order wanted, or else as listed; `index` is the position.
    public var instruments: [Instrument] = []
    /// Names of all assets of the instruments; `AssetIndex` is the position.
    public var assets: [ShortName] = []
    /// Symbols that could not be taken.
    public var refusals: [Refusal] = []
    /// Filter types this engine does not check, each once, sorted.
    public var unknownFilters: [String] = []

    /// Reads the body. `wanted` limits and orders the instruments (empty: all of them); `assets`
    /// are numbered first, whether an instrument has them or not (the coin that pays the fees).
    ///
    /// A wanted symbol that is not listed becomes a refusal with `unknownSymbol`; one whose rules
    /// cannot be read becomes one with the reason. Only a body that is no exchangeInfo throws.
    ///
    /// - Precondition: 64 bytes after the body are readable.
    public init(
        _ bytes: UnsafePointer<UInt8>, _ count: Int, wanted: [ShortName] = [],
        assets known: [ShortName] = []
    ) throws(DecodeFailure) {
        var builder = ExchangeInfoBuilder(wanted: wanted, assets: known)
        var symbols = JSONValue.absent
        var scanner = JSONScanner(bytes, count)
        try scanner.enterObject()
        while let key = try scanner.nextKey() {
            let value = try scanner.value()
            if key.equals("serverTime") {
                serverTime = try VenueTime.required(value)
            } else if key.equals("rateLimits") {
                rateLimits = try Self.rules(value)
            } else if key.equals("exchangeFilters") {
                try readAccountLimits(value)
            } else if key.equals("symbols") {
                symbols = value
            }
        }
        try scanner.finish()
        try builder.read(symbols)
        (instruments, refusals) = builder.finish()
        assets = builder.assets
        unknownFilters = builder.unknownFilters.union(unknownFilters).sorted()
    }

    /// The rules for the account as a whole (binance-spot.md, section 12).
    private mutating func readAccountLimits(_ array: JSONValue) throws(DecodeFailure) {
        func count(_ row: JSONValue, _ name: StaticString) throws(DecodeFailure) -> Int64 {
            Int64(UInt32(clamping: try row.member(name).count64()))
        }
        var scanner = try JSONScanner(array)
        try scanner.enterArray()
        while try scanner.nextElement() {
            let row = try scanner.value()
            guard let type = try row.member("filterType").string else { continue }
            switch type {
            case "EXCHANGE_MAX_NUM_ORDERS":
                accountLimits.orders = try count(row, "maxNumOrders")
            case "EXCHANGE_MAX_NUM_ALGO_ORDERS":
                accountLimits.conditionalOrders = try count(row, "maxNumAlgoOrders")
            case "EXCHANGE_MAX_NUM_ICEBERG_ORDERS":
                accountLimits.icebergOrders = try count(row, "maxNumIcebergOrders")
            case "EXCHANGE_MAX_NUM_ORDER_LISTS":
                accountLimits.orderLists = try count(row, "maxNumOrderLists")
            default: unknownFilters.append(type)
            }
        }
    }

    private static func rules(_ array: JSONValue) throws(DecodeFailure) -> [RateLimitRule] {
        var rules: [RateLimitRule] = []
        var scanner = try JSONScanner(array)
        try scanner.enterArray()
        while try scanner.nextElement() {
            let row = try scanner.value()
            // The documents' skeleton shows an empty object.
            guard let type = try row.member("rateLimitType").string else { continue }
            let number = try row.member("intervalNum").count64()
            let limit = try row.member("limit").count64()
            guard number <= 1_000_000 else { throw .overflow }
            let unit: Int64
            switch try row.member("interval").string {
            case "SECOND": unit = 1
            case "MINUTE": unit = 60
            case "HOUR": unit = 3_600
            case "DAY": unit = 86_400
            default: unit = 0
            }
            guard unit * number <= 1_000_000_000 else { throw .overflow }
            rules.append(
                RateLimitRule(type: type, window: .seconds(unit * number), limit: limit))
        }
        return rules
    }
}

/// Collects instruments and numbers their assets.
struct ExchangeInfoBuilder {
    private let isEverythingWanted: Bool
    private let wanted: [ShortName]
    private var positions: [ShortName: Int] = [:]
    private var found: [Instrument?]
    private var refused: [BinanceSpotExchangeInfo.Refusal] = []
    private var refusedNames: Set<String> = []
    private var assetPositions: [ShortName: Int] = [:]
    private(set) var assets: [ShortName] = []
    private(set) var unknownFilters: Set<String> = []

    init(wanted: [ShortName], assets: [ShortName]) {
        isEverythingWanted = wanted.isEmpty
        self.wanted = wanted
        found = Array(repeating: nil, count: wanted.count)
        for (position, symbol) in wanted.enumerated() where positions[symbol] == nil {
            positions[symbol] = position
        }
        for asset in assets { _ = index(of: asset) }
    }

    mutating func read(_ array: JSONValue) throws(DecodeFailure) {
        var scanner = try JSONScanner(array)
        try scanner.enterArray()
        while try scanner.nextElement() {
            try read(row: SymbolRow(&scanner))
        }
    }

    /// The instruments by index, and everything that could not be taken.
    mutating func finish() -> ([Instrument], [BinanceSpotExchangeInfo.Refusal]) {
        for (position, symbol) in wanted.enumerated()
        where found[position] == nil && positions[symbol] == position {
            if refusedNames.insert(symbol.text).inserted {
                refused.append(.init(symbol: symbol.text, failure: .unknownSymbol))
            }
        }
        var instruments: [Instrument] = []
        for case var instrument? in found where instruments.count < Int(UInt16.max) {
            instrument.index = InstrumentIndex(UInt16(instruments.count))
            instrument.baseAsset = index(of: instrument.baseAssetName)
            instrument.quoteAsset = index(of: instrument.quoteAssetName)
            instruments.append(instrument)
        }
        return (instruments, refused)
    }

    private mutating func read(row: SymbolRow) throws(DecodeFailure) {
        guard let text = row.symbol.string else {
            throw row.symbol.isAbsent ? .missingKey : .wrongType
        }
        let position = ShortName(text).flatMap { positions[$0] }
        guard isEverythingWanted || position != nil else { return }
        do throws(DecodeFailure) {
            let instrument = try row.instrument(unknownFilters: &unknownFilters)
            if let position {
                found[position] = instrument
            } else {
                found.append(instrument)
            }
        } catch {
            refusedNames.insert(text)
            refused.append(.init(symbol: text, failure: error))
        }
    }

    private mutating func index(of asset: ShortName) -> AssetIndex {
        if let position = assetPositions[asset] { return AssetIndex(UInt16(position)) }
        guard assets.count < Int(UInt16.max) else { return .none }
        assetPositions[asset] = assets.count
        assets.append(asset)
        return AssetIndex(UInt16(assets.count - 1))
    }
}
