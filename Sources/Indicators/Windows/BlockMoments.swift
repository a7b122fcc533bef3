import CLibm

/// A weight, and the first and second moment that it carries about an origin.
@frozen
public struct Moments: BitwiseCopyable, Codable, Sendable {
    @usableFromInline var weight = 0.0
    @usableFromInline var first = 0.0
    @usableFromInline var second = 0.0

    @inlinable @inline(__always)
    init() {}

    @inlinable @inline(__always)
    mutating func add(_ distance: Double, weight amount: Double) {
        weight += amount
        first += amount * distance
        second += amount * distance * distance
    }

    /// Of both together, about the same origin.
    @inlinable @inline(__always)
    func joined(_ other: Moments) -> Moments {
        var sum = self
        sum.weight += other.weight
        sum.first += other.first
        sum.second += other.second
        return sum
    }

    /// Distance of the mean from the origin.
    @inlinable @inline(__always)
    var mean: Double { first / weight }

    /// Population variance; rounding never makes it negative.
    @inlinable @inline(__always)
    var variance: Double {
        let mean = self.mean
        return larger(second / weight - mean * mean, 0)
    }

    @inlinable @inline(__always)
    var deviation: Double { clibm_sqrt(variance) }
}

/// Mean and variance of the last `length` samples, each with a weight.
///
/// As ``BlockSum``: nothing is ever taken off a sum. Distances are from the last sample of the
/// block before, so that no digits cancel however far the samples have travelled.
@frozen
public struct BlockMoments: BitwiseCopyable, Codable {
    /// A sample and its weight.
    @usableFromInline var samples: Ring<SamplePair>
    /// Moments from a place to the end of its block, for two blocks.
    @usableFromInline var ends: Ring<Moments>
    @usableFromInline var place = 0
    @usableFromInline var base = 0
    @usableFromInline var start = Moments()
    @usableFromInline var origin = 0.0

    init(length: Int) {
        samples = Ring(length: length)
        ends = Ring(length: 2 * length)
    }

    @inlinable @inline(__always)
    var length: Int { samples.length }

    @inlinable @inline(__always)
    public var isFull: Bool { samples.isFull }

    /// The sample and weight that came `age` pushes before the newest.
    @inlinable @inline(__always)
    subscript(age: Int) -> SamplePair { samples[age] }

    @inlinable @inline(__always)
    public mutating func push(_ sample: Double, weight: Double = 1) {
        if samples.pushed == 0 { origin = sample }
        samples.push(SamplePair(sample, weight))
        start.add(sample - origin, weight: weight)
        place &+= 1
        if place == length {
            base = length &- base
            place = 0
            start = Moments()
            origin = sample
            Self.close(samples, ends, at: base)
        }
    }

    /// Moments about ``origin``, once the window is full.
    @inlinable @inline(__always)
    var moments: Moments { place == 0 ? ends[slot: base] : ends[slot: base &+ place].joined(start) }

    @inlinable @inline(__always)
    public var mean: Double { origin + moments.mean }

    /// About the newest sample.
    @inlinable @inline(never)
    static func close(_ samples: Ring<SamplePair>, _ ends: Ring<Moments>, at base: Int) {
        let origin = samples[0].first
        var sum = Moments()
        var age = 0
        while age < samples.length {
            sum.add(samples[age].first - origin, weight: samples[age].second)
            ends[slot: base &+ samples.length &- 1 &- age] = sum
            age &+= 1
        }
    }

    mutating func visitRings(_ visitor: inout some RingVisitor) {
        visitor.visit(&samples)
        visitor.visit(&ends)
    }
}
