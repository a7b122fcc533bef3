/// Running sums of two series over the last elements of both: an amount and its weight.
///
/// Both lie and move as one vector. They are taken anew now and then (see ``Ring/isAnchorDue``),
/// and are exactly 0 once the window holds nothing but empty pairs, not the rounding that is left.
@frozen
@usableFromInline
struct WeightedSums: BitwiseCopyable, Codable {
    @usableFromInline var window: Ring<SIMD2<Double>>
    @usableFromInline var sums = SIMD2<Double>()
    /// Pushes with the last pair that was not empty.
    @usableFromInline var lastFilled = 0
    /// Pushes with which the sums are taken anew next; 0 while the window fills.
    @usableFromInline var nextAnchor = 0

    init(length: Int) { window = Ring(length: length) }

    @inlinable @inline(__always)
    var length: Int { window.length }

    @inlinable @inline(__always)
    var first: Double { sums[0] }

    @inlinable @inline(__always)
    var second: Double { sums[1] }

    /// `isEmpty` where the pair adds nothing. Whether the window is full.
    @inlinable @inline(__always)
    mutating func push(_ first: Double, _ second: Double, isEmpty: Bool) -> Bool {
        let pair = SIMD2(first, second)
        window.push(pair)
        var isFull = true
        if _slowPath(window.pushed >= nextAnchor) {
            sums = window.pushed > length ? window.sums(ofNewest: length) : sums + pair
            isFull = window.isFull
            if isFull { nextAnchor = window.nextAnchor }
        } else {
            sums = sums - window[length] + pair
        }
        if _fastPath(!isEmpty) {
            lastFilled = window.pushed
        } else if window.pushed &- lastFilled >= length {
            sums = SIMD2()
        }
        return isFull
    }

    mutating func visitRings(_ visitor: inout some RingVisitor) { visitor.visit(&window) }
}
