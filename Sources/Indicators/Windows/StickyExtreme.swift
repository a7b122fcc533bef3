/// Keeps the highest; of equal ones the oldest.
public enum OldestHighestOrder: ExtremeOrder {
    @inlinable @inline(__always)
    public static func replaces(_ newer: Double, _ older: Double) -> Bool { newer > older }
}

/// Keeps the lowest; of equal ones the oldest.
public enum OldestLowestOrder: ExtremeOrder {
    @inlinable @inline(__always)
    public static func replaces(_ newer: Double, _ older: Double) -> Bool { newer < older }
}

/// The extreme of the last `length` samples under TA-Lib's rule for equal ones: the newest takes
/// over as it comes; when the extreme leaves the window the oldest of its equals follows.
@frozen
public struct StickyExtreme<Order: ExtremeOrder>: BitwiseCopyable, Codable {
    @usableFromInline var extreme: RollingExtreme<Order>
    @usableFromInline var held = NumberedSample(value: 0, number: -1)

    init(length: Int) { extreme = RollingExtreme(length: length) }

    @inlinable @inline(__always)
    public var isFull: Bool { extreme.isFull }

    @inlinable @inline(__always)
    public mutating func push(_ sample: Double) {
        extreme.push(sample)
        let newest = extreme.newest
        if !isFull { return }
        if held.number <= newest.number &- extreme.queue.length {
            held = extreme.sample
        } else if !Order.replaces(held.value, sample) {
            held = newest
        }
    }

    mutating func visitRings(_ visitor: inout some RingVisitor) { extreme.visitRings(&visitor) }
}

public typealias StickyHighest = StickyExtreme<OldestHighestOrder>
public typealias StickyLowest = StickyExtreme<OldestLowestOrder>
