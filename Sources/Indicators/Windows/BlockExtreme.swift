/// The extreme of the last `length` samples, without branches that depend on them.
///
/// As ``BlockSum``: a window is the end of one block and the start of the next. The extremes of all
/// ends of a block are taken once, when it is complete; that of the start grows with each sample.
/// Constant time amortised, `length` steps at the end of each block. Where the number of the
/// extreme matters, ``RollingExtreme`` knows it.
@frozen
public struct BlockExtreme<Order: ExtremeOrder>: BitwiseCopyable, Codable {
    @usableFromInline var samples: Ring<Double>
    /// Extremes of the samples from a place to the end of its block, for two blocks.
    @usableFromInline var ends: Ring<Double>
    /// Samples in the running block.
    @usableFromInline var place = 0
    /// 0 or `length`: where the ends of the last complete block are.
    @usableFromInline var base = 0
    /// Of the running block; of the newest sample while that is empty.
    @usableFromInline var start = 0.0

    init(length: Int) {
        samples = Ring(length: length)
        ends = Ring(length: 2 * length)
    }

    @inlinable @inline(__always)
    var length: Int { samples.length }

    @inlinable @inline(__always)
    public var isFull: Bool { samples.isFull }

    @inlinable @inline(__always)
    public mutating func push(_ sample: Double) {
        samples.push(sample)
        start = place == 0 ? sample : Order.extreme(sample, start)
        place &+= 1
        if place == length {
            base = length &- base
            place = 0
            start = sample
            Self.close(samples, ends, at: base)
        }
    }

    /// The extreme, once the window is full.
    @inlinable @inline(__always)
    public var value: Double { Order.extreme(start, ends[slot: base &+ place]) }

    @inlinable @inline(never)
    static func close(_ samples: Ring<Double>, _ ends: Ring<Double>, at base: Int) {
        var extreme = samples[0]
        var age = 0
        while age < samples.length {
            extreme = Order.extreme(extreme, samples[age])
            ends[slot: base &+ samples.length &- 1 &- age] = extreme
            age &+= 1
        }
    }

    mutating func visitRings(_ visitor: inout some RingVisitor) {
        visitor.visit(&samples)
        visitor.visit(&ends)
    }
}

public typealias BlockHighest = BlockExtreme<HighestOrder>
public typealias BlockLowest = BlockExtreme<LowestOrder>
