/// A bar as patterns see it: open, high, low, close, stored and loaded as one vector.
@frozen
@usableFromInline
struct Candle: BitwiseCopyable {
    @usableFromInline let prices: SIMD4<Double>

    /// Zeros are positive here: the sign of a difference is what ``Condition`` goes by.
    @inlinable @inline(__always)
    init(_ bar: PriceBar) { prices = SIMD4(bar.open, bar.high, bar.low, bar.close) + 0 }

    @inlinable @inline(__always)
    var open: Double { prices[0] }

    @inlinable @inline(__always)
    var high: Double { prices[1] }

    @inlinable @inline(__always)
    var low: Double { prices[2] }

    @inlinable @inline(__always)
    var close: Double { prices[3] }

    @inlinable @inline(__always)
    var isWhite: Condition { close .>= open }

    @inlinable @inline(__always)
    var isBlack: Condition { close .< open }

    @inlinable @inline(__always)
    var body: Double { (close - open).magnitude }

    @inlinable @inline(__always)
    var bodyTop: Double { larger(open, close) }

    @inlinable @inline(__always)
    var bodyBottom: Double { smaller(open, close) }

    @inlinable @inline(__always)
    var upperShadow: Double { high - bodyTop }

    @inlinable @inline(__always)
    var lowerShadow: Double { bodyBottom - low }

    @inlinable @inline(__always)
    var shadows: Double { upperShadow + lowerShadow }

    @inlinable @inline(__always)
    var range: Double { high - low }

    /// Its body lies above the body of `other`.
    @inlinable @inline(__always)
    func bodyGapsUp(from other: Candle) -> Condition { bodyBottom .> other.bodyTop }

    @inlinable @inline(__always)
    func bodyGapsDown(from other: Candle) -> Condition { bodyTop .< other.bodyBottom }

    /// Its whole range lies above the range of `other`.
    @inlinable @inline(__always)
    func gapsUp(from other: Candle) -> Condition { low .> other.high }

    @inlinable @inline(__always)
    func gapsDown(from other: Candle) -> Condition { high .< other.low }

    /// The price lies inside the body, its ends excluded.
    @inlinable @inline(__always)
    func bodyHolds(_ price: Double) -> Condition { price .< bodyTop && price .> bodyBottom }
}
