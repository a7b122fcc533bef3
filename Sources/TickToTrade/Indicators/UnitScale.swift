import MarketModel

/// The one door from fixed point to floating point: raw prices and quantities as decimal units.
///
/// Indicators calculate in `Double`; prices, quantities and money elsewhere never do (design
/// law 6). The division is correctly rounded: the result is the `Double` nearest to the decimal
/// text as long as the raw value is below 2^53.
@frozen
public struct UnitScale: BitwiseCopyable, Sendable, Equatable {
    @usableFromInline let pricePower: Double
    @usableFromInline let quantityPower: Double

    /// Digits after the point that raw prices and quantities hold, 0...18.
    public init(priceScale: UInt8 = 8, quantityScale: UInt8 = 8) {
        pricePower = Double(DecimalScale.power(Int(priceScale)))
        quantityPower = Double(DecimalScale.power(Int(quantityScale)))
    }

    public init(_ instrument: Instrument) {
        self.init(priceScale: instrument.priceScale, quantityScale: instrument.quantityScale)
    }

    @inlinable @_noLocks
    public func units(_ price: Price) -> Double { Double(price.raw) / pricePower }

    @inlinable @_noLocks
    public func units(_ quantity: Quantity) -> Double { Double(quantity.raw) / quantityPower }

    /// A candle's prices and volume.
    @inlinable @_noLocks
    public func units(_ candle: Candle) -> PriceBar {
        PriceBar(
            open: units(candle.open), high: units(candle.high), low: units(candle.low),
            close: units(candle.close), volume: units(candle.volume))
    }
}

/// A candle in decimal units, as indicators take it.
@frozen
public struct PriceBar: BitwiseCopyable, Sendable, Equatable {
    public var open: Double
    public var high: Double
    public var low: Double
    public var close: Double
    public var volume: Double

    @inlinable @_noLocks
    public init(open: Double, high: Double, low: Double, close: Double, volume: Double) {
        self.open = open
        self.high = high
        self.low = low
        self.close = close
        self.volume = volume
    }

    /// (high + low + close) / 3.
    @inlinable
    public var typicalPrice: Double { @_noLocks get { (high + low + close) / 3 } }
}
