/// The candles of a window as the patterns see them: three words, handed over in registers. A
/// window itself would be copied for each question, and its newest fields are still on their way to
/// memory.
@frozen
@usableFromInline
struct CandleView {
    @usableFromInline let candles: UnsafeMutablePointer<Candle>
    @usableFromInline let newest: Int
    @usableFromInline let sums: UnsafeMutablePointer<CandleSizes>

    @inlinable @inline(__always)
    init(
        candles: UnsafeMutablePointer<Candle>, newest: Int, sums: UnsafeMutablePointer<CandleSizes>
    ) {
        self.candles = candles
        self.newest = newest
        self.sums = sums
    }

    /// The candle of that age; the newest has age 0.
    @inlinable @inline(__always)
    subscript(age: Int) -> Candle { candles[(newest &- age) & 15] }

    /// Sizes of the candles before the one of that age, 0...4.
    @inlinable @inline(__always)
    func sums(before age: Int) -> CandleSizes { sums[age] }
}

extension CandleView {
    @inlinable @inline(__always)
    func isWhite(_ age: Int) -> Bool { self[age].isWhite }

    @inlinable @inline(__always)
    func isBlack(_ age: Int) -> Bool { !self[age].isWhite }

    @inlinable @inline(__always)
    func usualBody(_ age: Int) -> Double { sums(before: age).body / 10 }

    @inlinable @inline(__always)
    func hasLongBody(_ age: Int) -> Bool { self[age].body > usualBody(age) }

    @inlinable @inline(__always)
    func hasShortBody(_ age: Int) -> Bool { self[age].body < usualBody(age) }

    /// The body is a tenth of the usual range at most.
    @inlinable @inline(__always)
    func isDoji(_ age: Int) -> Bool { self[age].body <= tenthOfRange(age) }

    @inlinable @inline(__always)
    func tenthOfRange(_ age: Int) -> Double { 0.1 * (sums(before: age).range / 10) }

    @inlinable @inline(__always)
    func usualShadow(_ age: Int) -> Double { sums(before: age).shadows / 10 / 2 }

    @inlinable @inline(__always)
    func hasTinyUpperShadow(_ age: Int) -> Bool { self[age].upperShadow < tenthOfRange(age) }

    @inlinable @inline(__always)
    func hasTinyLowerShadow(_ age: Int) -> Bool { self[age].lowerShadow < tenthOfRange(age) }

    @inlinable @inline(__always)
    func shortRange(_ age: Int) -> Double { sums(before: age).shortRange / 5 }

    /// Distances below which prices are near, above which they are far, within which equal.
    @inlinable @inline(__always)
    func near(_ age: Int) -> Double { 0.2 * shortRange(age) }

    @inlinable @inline(__always)
    func far(_ age: Int) -> Double { 0.6 * shortRange(age) }

    @inlinable @inline(__always)
    func equal(_ age: Int) -> Double { 0.05 * shortRange(age) }

    /// `price` is no further than `reach` from `level`.
    @inlinable @inline(__always)
    static func lies(_ price: Double, within reach: Double, of level: Double) -> Bool {
        price <= level + reach && price >= level - reach
    }
}
