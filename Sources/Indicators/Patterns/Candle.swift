/// A bar as patterns see it, with the three sizes they compare.
@frozen
@usableFromInline
struct Candle: BitwiseCopyable {
    @usableFromInline let open: Double
    @usableFromInline let high: Double
    @usableFromInline let low: Double
    @usableFromInline let close: Double
    @usableFromInline let sizes: CandleSizes

    @inlinable @inline(__always)
    init(_ bar: PriceBar) {
        open = bar.open
        high = bar.high
        low = bar.low
        close = bar.close
        let upper = bar.high - larger(bar.open, bar.close)
        let lower = smaller(bar.open, bar.close) - bar.low
        let range = bar.high - bar.low
        sizes = CandleSizes(
            body: (bar.close - bar.open).magnitude, shadows: upper + lower, range: range,
            shortRange: range)
    }

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
struct CandleSizes: BitwiseCopyable, Codable {
    @usableFromInline var body: Double
    @usableFromInline var shadows: Double
    @usableFromInline var range: Double
    @usableFromInline var shortRange: Double

    @inlinable @inline(__always)
    init(body: Double, shadows: Double, range: Double, shortRange: Double) {
        self.body = body
        self.shadows = shadows
        self.range = range
        self.shortRange = shortRange
    }

    @inlinable @inline(__always)
    mutating func slide(adding newest: CandleSizes, removing oldest: CandleSizes, short: CandleSizes)
    {
        body += newest.body - oldest.body
        shadows += newest.shadows - oldest.shadows
        range += newest.range - oldest.range
        shortRange += newest.range - short.range
    }
}
