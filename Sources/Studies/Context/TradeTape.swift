import MarketContext
import MarketModel

/// Recorded or generated trades of one instrument, upwards by their numbers.
public struct TradeTape: Sendable {
    /// Digits after the point that prices and quantities hold.
    static let scale = 8

    /// Where they come from, for messages.
    public let origin: String
    public internal(set) var trades: [Trade] = []
    /// All trades since this moment are among them; `nil` where nobody knows.
    var completeSince: Timestamp?

    init(origin: String) { self.origin = origin }

    /// An instrument whose tick is the finest that the prices show.
    var instrument: Instrument {
        guard let name = ShortName("X") else { preconditionFailure("a short name") }
        var instrument = Instrument(
            symbol: name, base: name, quote: name, index: InstrumentIndex(0),
            baseAsset: AssetIndex(0), quoteAsset: AssetIndex(1))
        instrument.priceScale = UInt8(Self.scale)
        instrument.quantityScale = UInt8(Self.scale)
        let prices = trades.lazy.map(\.price.raw)
        instrument.tickSize = Price(raw: Self.unit(of: prices, places: Self.scale))
        instrument.priceDecimals = UInt8(Self.decimals(of: instrument.tickSize.raw))
        return instrument
    }

    /// The largest power of ten, at most 1, that divides all of them.
    private static func unit(of numbers: some Sequence<Int64>, places: Int) -> Int64 {
        var unit = DecimalScale.power(places)
        for number in numbers {
            while number % unit != 0 { unit /= 10 }
            if unit == 1 { break }
        }
        return unit
    }

    private static func decimals(of unit: Int64) -> Int {
        var (places, rest) = (scale, unit)
        while rest >= 10 {
            rest /= 10
            places -= 1
        }
        return places
    }
}
