/// The turning points of the price, highs and lows in turns: what chart patterns are drawn between.
///
/// A bar is a pivot if its high is above, or its low below, those of `left` bars before it and
/// `right` bars after it (``FRACTAL``); it is known `right` bars later. One that is both is none.
/// Pivots take turns: of two highs without a low between them the higher one stays, of two lows the
/// lower one; a low that is not below the high before it is passed over, and the other way round.
@frozen
@usableFromInline
struct PivotTrack: BitwiseCopyable, Codable {
    /// Pivots that are kept behind the newest.
    @inlinable @inline(__always)
    static var depth: Int { 4 }

    @usableFromInline let left: Int
    @usableFromInline let right: Int
    @usableFromInline var highs: Ring<Double>
    @usableFromInline var lows: Ring<Double>
    /// Those that another has followed. The newest stays outside: it may still be replaced, which
    /// in the window would take it from the state before (see ``IndicatorFormula``).
    @usableFromInline var settled: Ring<NumberedSample>
    @usableFromInline var newest = NumberedSample(value: 0, number: -1)
    @usableFromInline var isHigh = false
    /// Pivots so far, the newest and what it has replaced included.
    @usableFromInline var changes = 0

    init(leftBars: Int, rightBars: Int) throws(IndicatorFailure) {
        left = try leftBars.checked("leftBars", in: 1...100)
        right = try rightBars.checked("rightBars", in: 1...100)
        highs = Ring(length: left + right + 1)
        lows = highs
        settled = Ring(length: Self.depth)
    }

    @inlinable @inline(__always)
    var isFull: Bool { highs.isFull }

    /// Pivots that can be looked at.
    @inlinable @inline(__always)
    var count: Int { changes == 0 ? 0 : min(settled.pushed, Self.depth) &+ 1 }

    /// The number of the newest bar.
    @inlinable @inline(__always)
    var bar: Int { highs.pushed &- 1 }

    /// The pivot of that age, 0 for the newest, below ``count``.
    @inlinable @inline(__always)
    subscript(age: Int) -> NumberedSample { age == 0 ? newest : settled[age &- 1] }

    @inlinable @inline(__always)
    mutating func push(_ bar: PriceBar) {
        highs.push(bar.high)
        lows.push(bar.low)
        if !isFull { return }
        let high = highs[right]
        let low = lows[right]
        var isTop = true
        var isBottom = true
        for age in 0...(left &+ right) where age != right {
            if highs[age] >= high { isTop = false }
            if lows[age] <= low { isBottom = false }
        }
        if isTop != isBottom { turn(isTop ? high : low, isHigh: isTop) }
    }

    @inlinable @inline(__always)
    mutating func turn(_ price: Double, isHigh isTop: Bool) {
        let isBeyond = isTop ? price > newest.value : price < newest.value
        if changes > 0 {
            if !isBeyond { return }
            if isTop != isHigh { settled.push(newest) }
        }
        newest = NumberedSample(value: price, number: bar &- right)
        isHigh = isTop
        changes &+= 1
    }

    mutating func visitRings(_ visitor: inout some RingVisitor) {
        visitor.visit(&highs)
        visitor.visit(&lows)
        visitor.visit(&settled)
    }
}
