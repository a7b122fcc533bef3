import Codec
import MarketModel

/// The one instrument of every benchmark, and its messages as the venue writes them.
enum SampleMarket {
    static let symbol = "BTCUSDT"
    static let btc = AssetIndex(0)
    static let usdt = AssetIndex(1)
    static let cent = Int64(1_000_000)
    /// The lower end of the floor's ladder, and a price in its middle.
    static let base = Int64(61_500_00) * cent
    static let middle = Int64(61_837_00) * cent

    /// BTCUSDT with the filters that the venue sets.
    static func instrument() -> Instrument {
        var instrument = Instrument(
            symbol: name(symbol), base: name("BTC"), quote: name("USDT"),
            index: InstrumentIndex(0), baseAsset: btc, quoteAsset: usdt)
        instrument.priceDecimals = 2
        instrument.quantityDecimals = 5
        instrument.features = [.limit, .limitMaker, .market, .cancelReplace]
        instrument.tickSize = Price(raw: cent)
        instrument.minPrice = Price(raw: cent)
        instrument.maxPrice = Price(raw: 1_000_000 * 100 * cent)
        instrument.lotSize = Quantity(raw: 1_000)
        instrument.minQuantity = Quantity(raw: 1_000)
        instrument.maxQuantity = Quantity(raw: 9_000 * 100_000_000)
        instrument.minNotional = instrument.notional(quoteUnits: 5)
        instrument.maxNotional = instrument.notional(quoteUnits: 9_000_000)
        instrument.averagePriceMinutes = 5
        instrument.bidMultiplierUp = 50_000
        instrument.bidMultiplierDown = 2_000
        instrument.askMultiplierUp = 50_000
        instrument.askMultiplierDown = 2_000
        instrument.maxOpenOrders = 200
        return instrument
    }

    static func name(_ text: String) -> ShortName {
        guard let name = ShortName(text) else { preconditionFailure("\(text) is short") }
        return name
    }

    static func directory() -> InstrumentDirectory {
        InstrumentDirectory(instruments: [instrument()])
    }

    // MARK: - Messages

    static let trade = """
        {"stream":"btcusdt@trade","data":{"e":"trade","E":1723161255343,"s":"BTCUSDT",\
        "t":3735683259,"p":"61837.63000000","q":"0.02000000","T":1723161255342,"m":false,"M":true}}
        """

    static let aggregate = """
        {"stream":"btcusdt@aggTrade","data":{"e":"aggTrade","E":1633998523963,"s":"BTCUSDT",\
        "a":15683430,"p":"61837.63000000","q":"0.58000000","f":19862790,"l":19862795,\
        "T":1633998523963,"m":false,"M":true}}
        """

    static let top = bookTicker(
        update: 400_900_217, bid: "61837.63000000", bidQuantity: "3.12100000",
        ask: "61837.64000000", askQuantity: "4.06600000")

    static func bookTicker(
        update: Int64, bid: String, bidQuantity: String, ask: String, askQuantity: String
    ) -> String {
        #"{"stream":"btcusdt@bookTicker","data":{"u":\#(update),"s":"BTCUSDT","b":"\#(bid)","#
            + #""B":"\#(bidQuantity)","a":"\#(ask)","A":"\#(askQuantity)"}}"#
    }

    /// A diff of `levels` levels a side.
    static func depth(levels: Int) -> String {
        func side(_ sign: Int) -> String {
            (1...levels).map { level in
                let cents = 61_837_63 + sign * level * 3
                let quantity = level % 5 == 0 ? "0.00000000" : "1.\(10_000_000 + level * 12_345)"
                let fraction = String("\(100 + cents % 100)".dropFirst())
                return #"["\#(cents / 100).\#(fraction)000000","\#(quantity)"]"#
            }.joined(separator: ",")
        }
        return #"{"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":1672515782136,"#
            + #""s":"BTCUSDT","U":157,"u":160,"b":[\#(side(-1))],"a":[\#(side(1))]}}"#
    }
}

/// A text in memory with readable bytes behind it, as received bytes have.
struct SampleText: @unchecked Sendable {
    // SAFETY: written once, here; lives as long as the process.
    let bytes: UnsafePointer<UInt8>
    let count: Int

    init(_ text: String) { self.init(Array(text.utf8)) }

    init(_ message: [UInt8]) {
        let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: message.count + 64)
        memory.initialize(repeating: 0, count: message.count + 64)
        for (index, byte) in message.enumerated() { memory[index] = byte }
        bytes = UnsafePointer(memory)
        count = message.count
    }
}
