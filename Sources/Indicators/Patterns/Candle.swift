/// A bar as patterns see it, with the sizes that they compare.
///
/// Stored and loaded as two vectors: single numbers written just before would hold up the loads.
@frozen
@usableFromInline
struct Candle: BitwiseCopyable {
    /// Open, high, low, close.
    @usableFromInline let prices: SIMD4<Double>
    @usableFromInline let sizes: CandleSizes

    @inlinable @inline(__always)
    init(_ bar: PriceBar) {
        prices = SIMD4(bar.open, bar.high, bar.low, bar.close)
        let upper = bar.high - larger(bar.open, bar.close)
        let lower = smaller(bar.open, bar.close) - bar.low
        let range = bar.high - bar.low
        sizes = CandleSizes(
            body: (bar.close - bar.open).magnitude, shadows: upper + lower, range: range)
    }

    @inlinable @inline(__always)
    var open: Double { prices[0] }

    @inlinable @inline(__always)
    var high: Double { prices[1] }

    @inlinable @inline(__always)
    var low: Double { prices[2] }

    @inlinable @inline(__always)
    var close: Double { prices[3] }

    @inlinable @inline(__always)
    var isWhite: Bool { close >= open }

    /// 1 for a white candle, −1 for a black one.
    @inlinable @inline(__always)
    var color: Int { close >= open ? 1 : -1 }

    @inlinable @inline(__always)
    var body: Double { sizes.body }

    @inlinable @inline(__always)
    var bodyTop: Double { larger(open, close) }

    @inlinable @inline(__always)
    var bodyBottom: Double { smaller(open, close) }

    @inlinable @inline(__always)
    var upperShadow: Double { high - bodyTop }

    @inlinable @inline(__always)
    var lowerShadow: Double { bodyBottom - low }

    /// Its body lies above the body of `other`.
    @inlinable @inline(__always)
    func bodyGapsUp(from other: Candle) -> Bool { bodyBottom > other.bodyTop }

    @inlinable @inline(__always)
    func bodyGapsDown(from other: Candle) -> Bool { bodyTop < other.bodyBottom }

    /// Its whole range lies above the range of `other`.
    @inlinable @inline(__always)
    func gapsUp(from other: Candle) -> Bool { low > other.high }

    @inlinable @inline(__always)
    func gapsDown(from other: Candle) -> Bool { high < other.low }

    /// The price lies inside the body, its ends excluded.
    @inlinable @inline(__always)
    func bodyHolds(_ price: Double) -> Bool { price < bodyTop && price > bodyBottom }
}

/// Sizes of one candle, or their sums over several: bodies, shadows and ranges over ten of them,
/// ranges over five.
@frozen
@usableFromInline
struct CandleSizes: BitwiseCopyable {
    /// Body, shadows, range, range again.
    @usableFromInline var all: SIMD4<Double>

    @inlinable @inline(__always)
    init(body: Double, shadows: Double, range: Double) {
        all = SIMD4(body, shadows, range, range)
    }

    @inlinable @inline(__always)
    var body: Double { all[0] }

    @inlinable @inline(__always)
    var shadows: Double { all[1] }

    @inlinable @inline(__always)
    var range: Double { all[2] }

    /// Of the five candles before only.
    @inlinable @inline(__always)
    var shortRange: Double { all[3] }

    @inlinable @inline(__always)
    mutating func slide(
        adding newest: CandleSizes, removing oldest: CandleSizes, short: CandleSizes
    ) {
        var leaving = oldest.all
        leaving[3] = short.all[3]
        all += newest.all - leaving
    }
}
