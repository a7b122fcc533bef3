/// The last candles, and for each of the newest five what is usual before it.
///
/// TA-Lib's settings: a size is long or short against its mean over the ten candles before; near,
/// far and equal are shares of the mean range of the five candles before.
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
    @usableFromInline var sums = Ring<CandleSizes>(length: 15)
    /// Where those of now are: 0 or 8.
    @usableFromInline var base = 0

    @usableFromInline init() {}

    @inlinable @inline(__always)
    var view: CandleView {
        CandleView(
            candles: candles.slots, newest: candles.pushed &- 1, sums: sums.slots + base & 8)
    }

    /// The sums before the newest `ages` candles, taken anew, oldest first. `ages` 1...5.
    /// Out of line and on a copy, so that a loop of steps keeps the rest in registers.
    @inlinable @inline(never)
    func started(ages: Int) -> Self {
        var next = self
        next.start(ages: ages)
        return next
    }

    @inlinable @inline(__always)
    mutating func start(ages: Int) {
        base = 8 &- base
        for age in 0..<ages { sums[slot: base &+ age] = fresh(before: age) }
    }

    @inlinable
    func fresh(before age: Int) -> CandleSizes {
        var sums = CandleSizes(body: 0, shadows: 0, range: 0)
        var back = min(Self.usual, candles.pushed &- 1 &- age)
        while back > 0 {
            var sizes = candles[age &+ back].sizes.all
            if back > Self.shortUsual { sizes[3] = 0 }
            sums.all += sizes
            back &-= 1
        }
        return sums
    }

    /// Moves the sums on, before the next candle comes. `newest` is the candle of age 0: read back
    /// so soon after it was stored it would hold up the processor.
    @inlinable @inline(__always)
    mutating func slide(ages: Int, newest: Candle) {
        let next = 8 &- base
        slide(0, to: next, adding: newest.sizes)
        var age = 1
        while age < ages {
            slide(age, to: next, adding: candles[age].sizes)
            age &+= 1
        }
        base = next
    }

    @inlinable @inline(__always)
    func slide(_ age: Int, to next: Int, adding newest: CandleSizes) {
        var moved = sums[slot: base &+ age]
        moved.slide(
            adding: newest, removing: candles[age &+ Self.usual].sizes,
            short: candles[age &+ Self.shortUsual].sizes)
        sums[slot: next &+ age] = moved
    }

    mutating func visitRings(_ visitor: inout some RingVisitor) {
        visitor.visit(&candles)
        visitor.visit(&sums)
    }
}
