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
    /// Sums by the age of the candle that they precede, in two places in turns, which is what
    /// ``IndicatorFormula`` asks of a window.
    @usableFromInline var sums = Ring<CandleSizes>(length: 10)
    /// Where those of now are: 0 or 5.
    @usableFromInline var base = 0

    @usableFromInline init() {}

    /// The candle of that age; the newest has age 0.
    @inlinable @inline(__always)
    subscript(age: Int) -> Candle { candles[age] }

    @inlinable @inline(__always)
    func sums(before age: Int) -> CandleSizes { sums.slots[base &+ age] }

    /// The sums before the newest `ages` candles, taken anew, oldest first. `ages` 1...5.
    @inlinable @inline(never)
    mutating func start(ages: Int) {
        base = 5 &- base
        for age in 0..<ages { sums.slots[base &+ age] = fresh(before: age) }
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
        let next = 5 &- base
        var age = 0
        while age < ages {
            var moved = sums.slots[base &+ age]
            moved.slide(
                adding: candles[age].sizes, removing: candles[age &+ Self.usual].sizes,
                short: candles[age &+ Self.shortUsual].sizes)
            sums.slots[next &+ age] = moved
            age &+= 1
        }
        base = next
    }

    mutating func visitRings(_ visitor: inout some RingVisitor) {
        visitor.visit(&candles)
        visitor.visit(&sums)
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
