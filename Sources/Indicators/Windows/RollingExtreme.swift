/// Which of two samples an extreme keeps, and for how long.
public protocol ExtremeOrder {
    /// Whether `newer` makes `older` irrelevant.
    static func replaces(_ newer: Double, _ older: Double) -> Bool
}

/// Keeps the highest; of equal ones the newest.
public enum HighestOrder: ExtremeOrder {
    @inlinable @inline(__always)
    public static func replaces(_ newer: Double, _ older: Double) -> Bool { newer >= older }
}

/// Keeps the lowest; of equal ones the newest.
public enum LowestOrder: ExtremeOrder {
    @inlinable @inline(__always)
    public static func replaces(_ newer: Double, _ older: Double) -> Bool { newer <= older }
}

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

/// The extreme of the last `length` samples.
///
/// A monotonic queue: a sample evicts all that it beats, so the front is the extreme. Constant
/// time amortised, at most `length` steps. The newest sample stays outside the queue until the next
/// one comes: settling it twice, once by a peeking copy and once by the original, writes the same,
/// which is what ``IndicatorFormula`` asks of a window.
@frozen
public struct RollingExtreme<Order: ExtremeOrder>: BitwiseCopyable, Codable {
    @usableFromInline var queue: Ring<NumberedSample>
    @usableFromInline var front = 0
    @usableFromInline var back = 0
    @usableFromInline var newest = NumberedSample(value: 0, number: -1)

    init(length: Int) { queue = Ring(length: length) }

    @inlinable @inline(__always)
    public var isFull: Bool { newest.number &+ 1 >= queue.length }

    /// Samples pushed so far.
    @inlinable @inline(__always)
    public var pushed: Int { newest.number &+ 1 }

    @inlinable @inline(__always)
    public mutating func push(_ sample: Double) {
        let number = newest.number &+ 1
        if number > 0 { settle() }
        newest = NumberedSample(value: sample, number: number)
        if back > front, queue.slots[front & queue.mask].number <= number &- queue.length {
            front &+= 1
        }
    }

    /// Puts the newest into the queue. It is already there if a peeking copy did so before.
    @inlinable @inline(__always)
    mutating func settle() {
        while back > front {
            let last = queue.slots[(back &- 1) & queue.mask]
            if !Order.replaces(newest.value, last.value) && last.number != newest.number { break }
            back &-= 1
        }
        queue.slots[back & queue.mask] = newest
        back &+= 1
    }

    /// The extreme with its number, after at least one push.
    @inlinable @inline(__always)
    public var sample: NumberedSample {
        if back == front { return newest }
        let oldest = queue.slots[front & queue.mask]
        return Order.replaces(newest.value, oldest.value) ? newest : oldest
    }

    @inlinable @inline(__always)
    public var value: Double { sample.value }

    mutating func visitRings(_ visitor: inout some RingVisitor) { visitor.visit(&queue) }
}

public typealias RollingHighest = RollingExtreme<HighestOrder>
public typealias RollingLowest = RollingExtreme<LowestOrder>
