/// The sum of the last `length` samples, by additions only: nothing is ever taken off a sum, so its
/// error does not depend on what left the window or on how long it has run.
///
/// Time is cut into blocks of `length` samples. A window is the end of one block and the start of
/// the next: the sums of all ends of a block are taken once, when it is complete; the start grows
/// with each sample. Constant time amortised, `length` steps at the end of each block. The ends of
/// two blocks are kept in turns, which is what ``IndicatorFormula`` asks of a window.
@frozen
public struct BlockSum: BitwiseCopyable, Codable {
    @usableFromInline var samples: Ring<Double>
    /// Sums of the samples from a place to the end of its block, for two blocks.
    @usableFromInline var ends: Ring<Double>
    /// Samples in the running block.
    @usableFromInline var place = 0
    /// 0 or `length`: where the ends of the last complete block are.
    @usableFromInline var base = 0
    @usableFromInline var start = 0.0

    init(length: Int) {
        samples = Ring(length: length)
        ends = Ring(length: 2 * length)
    }

    @inlinable @inline(__always)
    var length: Int { samples.length }

    @inlinable @inline(__always)
    public var isFull: Bool { samples.isFull }

    /// The sample `age` pushes before the newest.
    @inlinable @inline(__always)
    subscript(age: Int) -> Double { samples[age] }

    @inlinable @inline(__always)
    public mutating func push(_ sample: Double) {
        samples.push(sample)
        start += sample
        place &+= 1
        if place == length {
            base = length &- base
            place = 0
            start = 0
            Self.close(samples, ends, at: base)
        }
    }

    /// The sum, once the window is full.
    @inlinable @inline(__always)
    public var total: Double { ends[slot: base &+ place] + start }

    @inlinable @inline(never)
    static func close(_ samples: Ring<Double>, _ ends: Ring<Double>, at base: Int) {
        var sum = 0.0
        var age = 0
        while age < samples.length {
            sum += samples[age]
            ends[slot: base &+ samples.length &- 1 &- age] = sum
            age &+= 1
        }
    }

    mutating func visitRings(_ visitor: inout some RingVisitor) {
        visitor.visit(&samples)
        visitor.visit(&ends)
    }
}
