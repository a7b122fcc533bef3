/// The last candles, and for each of the newest five what is usual before it.
///
/// TA-Lib's settings: a size is long or short against ten times its mean over the ten candles before;
/// near, far and equal against the mean range of the five candles before.
@frozen
@usableFromInline
struct CandleWindow: BitwiseCopyable, Codable {
    /// Candles that a mean looks back over.
    @inlinable @inline(__always)
    static var usual: Int { 10 }

    @inlinable @inline(__always)
    static var shortUsual: Int { 5 }

    @usableFromInline var candles = Ring<Candle>(length: 15)
    /// By the age of the candle that they precede.
    @usableFromInline var sums0 = CandleSizes(body: 0, shadows: 0, range: 0, shortRange: 0)
    @usableFromInline var sums1 = CandleSizes(body: 0, shadows: 0, range: 0, shortRange: 0)
    @usableFromInline var sums2 = CandleSizes(body: 0, shadows: 0, range: 0, shortRange: 0)
    @usableFromInline var sums3 = CandleSizes(body: 0, shadows: 0, range: 0, shortRange: 0)
    @usableFromInline var sums4 = CandleSizes(body: 0, shadows: 0, range: 0, shortRange: 0)

    @usableFromInline init() {}

    /// The candle of that age; the newest has age 0.
    @inlinable @inline(__always)
    subscript(age: Int) -> Candle { candles[age] }

    @inlinable @inline(__always)
    func sums(before age: Int) -> CandleSizes {
        switch age {
        case 0: sums0
        case 1: sums1
        case 2: sums2
        case 3: sums3
        default: sums4
        }
    }

    /// The sums before the newest `ages` candles, taken anew, oldest first. `ages` 1...5.
    @inlinable @inline(never)
    mutating func start(ages: Int) {
        sums0 = fresh(before: 0)
        if ages > 1 { sums1 = fresh(before: 1) }
        if ages > 2 { sums2 = fresh(before: 2) }
        if ages > 3 { sums3 = fresh(before: 3) }
        if ages > 4 { sums4 = fresh(before: 4) }
    }

    @inlinable
    func fresh(before age: Int) -> CandleSizes {
        var sums = CandleSizes(body: 0, shadows: 0, range: 0, shortRange: 0)
        var back = min(Self.usual, candles.pushed &- 1 &- age)
        while back > 0 {
            let sizes = candles[age &+ back].sizes
            sums.body += sizes.body
            sums.shadows += sizes.shadows
            sums.range += sizes.range
            if back <= Self.shortUsual { sums.shortRange += sizes.range }
            back &-= 1
        }
        return sums
    }

    /// Moves the sums on, before the next candle comes.
    @inlinable @inline(__always)
    mutating func slide(ages: Int) {
        slide(&sums0, age: 0)
        if ages > 1 { slide(&sums1, age: 1) }
        if ages > 2 { slide(&sums2, age: 2) }
        if ages > 3 { slide(&sums3, age: 3) }
        if ages > 4 { slide(&sums4, age: 4) }
    }

    @inlinable @inline(__always)
    func slide(_ sums: inout CandleSizes, age: Int) {
        sums.slide(
            adding: candles[age].sizes, removing: candles[age &+ Self.usual].sizes,
            short: candles[age &+ Self.shortUsual].sizes)
    }
}

extension CandleWindow {
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
