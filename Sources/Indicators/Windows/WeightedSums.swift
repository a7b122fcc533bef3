/// Running sums of two series over the last elements of both: an amount and its weight.
///
/// Both lie and move as one vector. They are taken anew now and then (see ``Ring/isAnchorDue``),
/// and are exactly 0 once the window holds nothing but empty pairs, not the rounding that is left.
@frozen
@usableFromInline
struct WeightedSums: BitwiseCopyable, Codable {
    @usableFromInline var window: Ring<SIMD2<Double>>
    @usableFromInline var sums = SIMD2<Double>()
    /// Empty pairs since the last one that was not, `length` at most.
    @usableFromInline var emptyCount = 0

    init(length: Int) { window = Ring(length: length) }

    @inlinable @inline(__always)
    var length: Int { window.length }

    @inlinable @inline(__always)
    var isFull: Bool { window.isFull }

    @inlinable @inline(__always)
    var first: Double { sums[0] }

    @inlinable @inline(__always)
    var second: Double { sums[1] }

    /// `isEmpty` where the pair adds nothing.
    @inlinable @inline(__always)
    mutating func push(_ first: Double, _ second: Double, isEmpty: Bool) {
        let pair = SIMD2(first, second)
        if window.isFull { sums -= window.oldest }
        window.push(pair)
        sums += pair
        if window.isAnchorDue && window.isFull { sums = window.sums(ofNewest: length) }
        emptyCount = isEmpty ? emptyCount &+ 1 : 0
        if emptyCount >= length {
            emptyCount = length
            sums = SIMD2()
        }
    }

    mutating func visitRings(_ visitor: inout some RingVisitor) { visitor.visit(&window) }
}
