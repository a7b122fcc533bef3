/// The candles of a window as the patterns see them, and what is usual before each: three words, handed
/// over in registers. Each pattern is a function of its own, which moves on the sums that it looks at.
@frozen
@usableFromInline
struct CandleView {
    @usableFromInline let newest: UnsafePointer<Candle>
    @usableFromInline let totals: UnsafeMutablePointer<CandleSizes>
    /// The share of the first body that a candle must reach back into it, for patterns with such a
    /// rule.
    @usableFromInline let penetration: Double

    @inlinable @inline(__always)
    init(newest: UnsafePointer<Candle>, totals: UnsafeMutablePointer<CandleSizes>, penetration: Double) {
        self.newest = newest
        self.totals = totals
        self.penetration = penetration
    }

    /// The candle of that age, 0...15; the newest has age 0.
    @inlinable @inline(__always)
    subscript(age: Int) -> Candle { newest[-CandleWindow.stride &* age] }
}

extension CandleView {
    @inlinable @inline(__always)
    static var ten: WholeDivisor { WholeDivisor(10) }

    @inlinable @inline(__always)
    static var five: WholeDivisor { WholeDivisor(5) }

    @inlinable @inline(__always)
    func isWhite(_ age: Int) -> Condition { self[age].isWhite }

    @inlinable @inline(__always)
    func isBlack(_ age: Int) -> Condition { self[age].isBlack }

    @inlinable @inline(__always)
    func usualBody(_ age: Int) -> Double { totals[age].body.divided(by: Self.ten) }

    @inlinable @inline(__always)
    func hasLongBody(_ age: Int) -> Condition { self[age].body .> usualBody(age) }

    @inlinable @inline(__always)
    func hasShortBody(_ age: Int) -> Condition { self[age].body .< usualBody(age) }

    /// The body is no longer than usual.
    @inlinable @inline(__always)
    func isSmall(_ age: Int) -> Condition { self[age].body .<= usualBody(age) }

    /// The body is a tenth of the usual range at most.
    @inlinable @inline(__always)
    func isDoji(_ age: Int) -> Condition { self[age].body .<= tenthOfRange(age) }

    @inlinable @inline(__always)
    func tenthOfRange(_ age: Int) -> Double { 0.1 * totals[age].range.divided(by: Self.ten) }

    @inlinable @inline(__always)
    func usualShadow(_ age: Int) -> Double { totals[age].shadows.divided(by: Self.ten) / 2 }

    @inlinable @inline(__always)
    func hasTinyUpperShadow(_ age: Int) -> Condition { self[age].upperShadow .< tenthOfRange(age) }

    @inlinable @inline(__always)
    func hasTinyLowerShadow(_ age: Int) -> Condition { self[age].lowerShadow .< tenthOfRange(age) }

    @inlinable @inline(__always)
    func shortRange(_ age: Int) -> Double { totals[age].shortRange.divided(by: Self.five) }

    /// Distances below which prices are near, above which they are far, within which equal.
    @inlinable @inline(__always)
    func near(_ age: Int) -> Double { 0.2 * shortRange(age) }

    @inlinable @inline(__always)
    func far(_ age: Int) -> Double { 0.6 * shortRange(age) }

    @inlinable @inline(__always)
    func equal(_ age: Int) -> Double { 0.05 * shortRange(age) }

    /// `price` is no further than `reach` from `level`.
    @inlinable @inline(__always)
    static func lies(_ price: Double, within reach: Double, of level: Double) -> Condition {
        price .<= level + reach && price .>= level - reach
    }
}

extension CandleView {
    /// Moves those sums on, for the next candle.
    @inlinable @inline(__always)
    func slide(_ measures: CandleMeasures) {
        slide(measures, 0)
        slide(measures, 1)
        slide(measures, 2)
        slide(measures, 3)
        slide(measures, 4)
    }

    @inlinable @inline(__always)
    func slide(_ measures: CandleMeasures, _ age: Int) {
        let number = UInt32(truncatingIfNeeded: age)
        let (coming, going) = (self[age], self[age &+ CandleWindow.usual])
        if measures.has(.body(number)) { totals[age].body += coming.body - going.body }
        if measures.has(.shadows(number)) { totals[age].shadows += coming.shadows - going.shadows }
        if measures.has(.range(number)) { totals[age].range += coming.range - going.range }
        if measures.has(.shortRange(number)) {
            totals[age].shortRange += coming.range - self[age &+ CandleWindow.shortUsual].range
        }
    }

    /// What is usual before the candle of that age, of `count` in all, the oldest first.
    @inlinable
    func fresh(before age: Int, of count: Int) -> CandleSizes {
        var sums = CandleSizes()
        var back = min(CandleWindow.usual, count &- 1 &- age)
        while back > 0 {
            let candle = self[age &+ back]
            sums.body += candle.body
            sums.shadows += candle.shadows
            sums.range += candle.range
            if back <= CandleWindow.shortUsual { sums.shortRange += candle.range }
            back &-= 1
        }
        return sums
    }
}
