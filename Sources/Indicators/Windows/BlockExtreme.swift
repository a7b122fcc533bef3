import CLibm

/// A sample and its number, counted from 0.
@frozen
public struct NumberedSample: BitwiseCopyable, Codable, Sendable {
    public var value: Double
    public var number: Int

    @inlinable @inline(__always)
    init(value: Double, number: Int) {
        self.value = value
        self.number = number
    }
}

/// Which of equal samples is the extreme. A sample is a pair with its number behind it.
public protocol ExtremeTie: SendableMetatype {
    static func highest(_ newer: SIMD2<Double>, _ older: SIMD2<Double>) -> SIMD2<Double>
}

public enum NewestOfEquals: ExtremeTie {
    @inlinable @inline(__always)
    public static func highest(_ newer: SIMD2<Double>, _ older: SIMD2<Double>) -> SIMD2<Double> {
        clibm_first_at_least(newer, older)
    }
}

public enum OldestOfEquals: ExtremeTie {
    @inlinable @inline(__always)
    public static func highest(_ newer: SIMD2<Double>, _ older: SIMD2<Double>) -> SIMD2<Double> {
        clibm_first_at_least(older, newer)
    }
}

/// Which of the last `length` samples is the highest; of negated samples, the lowest.
///
/// As ``BlockWindow``, with the number of each sample beside it: no branch depends on the samples.
/// Constant time amortised, `length` steps at the end of each block.
@frozen
public struct BlockExtreme<Tie: ExtremeTie>: BitwiseCopyable, Codable {
    @usableFromInline let length: Int
    @usableFromInline var samples: Ring<SIMD2<Double>>
    @usableFromInline var ends: Ring<SIMD2<Double>>
    /// Where the next sample of the running block goes, and where the block ends: at `length` and
    /// twice that in turns.
    @usableFromInline var place = 0
    @usableFromInline var end: Int
    @usableFromInline var start = Self.nothing
    /// The number of the newest sample, whole.
    @usableFromInline var newest = -1.0
    @usableFromInline var hasBlock = false

    init(length: Int) {
        self.length = length
        end = length
        samples = Ring(length: 2 * length)
        ends = samples
    }

    @inlinable @inline(__always)
    static var nothing: SIMD2<Double> { SIMD2(-.greatestFiniteMagnitude, -1) }

    @inlinable @inline(__always)
    public var isFull: Bool { _fastPath(hasBlock) }

    @inlinable @inline(__always)
    public mutating func push(_ sample: Double) {
        newest += 1
        let pair = SIMD2(sample, newest)
        samples[slot: place] = pair
        start = Tie.highest(pair, start)
        place &+= 1
        if _slowPath(place == end) {
            let isSecond = end != length
            Self.close(samples, ends, isSecond: isSecond)
            place = isSecond ? 0 : length
            end = place &+ length
            start = Self.nothing
            hasBlock = true
        }
    }

    /// The highest sample and its number, once the window is full.
    @inlinable @inline(__always)
    public var highest: SIMD2<Double> { Tie.highest(start, ends[slot: place]) }

    @inlinable @inline(never)
    static func close(
        _ samples: Ring<SIMD2<Double>>, _ ends: Ring<SIMD2<Double>>, isSecond: Bool
    ) {
        // Not more than both hold, whatever a damaged state says.
        let length = min(samples.length, ends.length) >> 1
        let source = samples.slots + (isSecond ? length : 0)
        let target = ends.slots + (isSecond ? 0 : length)
        var whole = nothing
        var place = length &- 1
        while place >= 0 {
            whole = Tie.highest(whole, source[place])
            target[place] = whole
            place &-= 1
        }
    }

    mutating func visitRings(_ visitor: inout some RingVisitor) {
        visitor.visit(&samples)
        visitor.visit(&ends)
    }
}

/// The highest of the last `length` samples under TA-Lib's rule for equal ones: the newest takes
/// over as it comes; when the extreme leaves the window the oldest of its equals follows.
@frozen
public struct StickyExtreme: BitwiseCopyable, Codable {
    @usableFromInline var extreme: BlockExtreme<OldestOfEquals>
    @usableFromInline var held = BlockExtreme<OldestOfEquals>.nothing

    init(length: Int) { extreme = BlockExtreme(length: length) }

    @inlinable @inline(__always)
    public mutating func push(_ sample: Double) {
        extreme.push(sample)
        if !extreme.isFull { return }
        let newest = extreme.newest
        held = clibm_where_at_most(
            held, newest - Double(extreme.length), extreme.highest,
            NewestOfEquals.highest(SIMD2(sample, newest), held))
    }

    /// The number of the extreme, once the window is full.
    @inlinable @inline(__always)
    public var number: Int? { extreme.isFull ? clibm_whole(held[1]) : nil }

    mutating func visitRings(_ visitor: inout some RingVisitor) { extreme.visitRings(&visitor) }
}
