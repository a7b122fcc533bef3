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

/// Keeps the higher of samples that are pairs with their numbers behind them; of equal ones the
/// newest.
public enum NewestHighest: BlockOperation {
    @inlinable @inline(__always)
    public static var nothing: SIMD2<Double> { SIMD2(-.greatestFiniteMagnitude, -1) }

    @inlinable @inline(__always)
    public static func joined(_ newer: SIMD2<Double>, _ older: SIMD2<Double>) -> SIMD2<Double> {
        clibm_first_at_least(newer, older)
    }
}

/// The same, of equal ones the oldest.
public enum OldestHighest: BlockOperation {
    @inlinable @inline(__always)
    public static var nothing: SIMD2<Double> { NewestHighest.nothing }

    @inlinable @inline(__always)
    public static func joined(_ newer: SIMD2<Double>, _ older: SIMD2<Double>) -> SIMD2<Double> {
        clibm_first_at_least(older, newer)
    }
}

/// Which of the last `length` samples is the highest; of negated samples, the lowest.
@frozen
public struct BlockExtreme<Operation: BlockOperation>: BitwiseCopyable, Codable
where Operation.Element == SIMD2<Double> {
    @usableFromInline var window: BlockWindow<Operation>
    /// The number of the newest sample, whole, counted from 0.
    @usableFromInline var newest = -1.0

    init(length: Int) { window = BlockWindow(length: length) }

    @inlinable @inline(__always)
    public var isFull: Bool { window.isFull }

    @inlinable @inline(__always)
    public mutating func push(_ sample: Double) {
        newest += 1
        window.push(SIMD2(sample, newest))
    }

    /// The highest sample and its number, once the window is full.
    @inlinable @inline(__always)
    public var highest: SIMD2<Double> { window.value }

    mutating func visitRings(_ visitor: inout some RingVisitor) { window.visitRings(&visitor) }
}

/// The highest of the last `length` samples under TA-Lib's rule for equal ones: the newest takes
/// over as it comes; when the extreme leaves the window the oldest of its equals follows.
@frozen
public struct StickyExtreme: BitwiseCopyable, Codable {
    @usableFromInline var extreme: BlockExtreme<OldestHighest>
    @usableFromInline var held = OldestHighest.nothing

    /// Of the window, whole.
    @usableFromInline let length: Double

    init(length: Int) {
        extreme = BlockExtreme(length: length)
        self.length = Double(length)
    }

    @inlinable @inline(__always)
    public mutating func push(_ sample: Double) {
        extreme.push(sample)
        if !extreme.isFull { return }
        let newest = extreme.newest
        held = clibm_where_at_most(
            held, newest - length, extreme.highest,
            NewestHighest.joined(SIMD2(sample, newest), held))
    }

    /// The number of the extreme, once the window is full.
    @inlinable @inline(__always)
    public var number: Int? { extreme.isFull ? clibm_whole(held[1]) : nil }

    mutating func visitRings(_ visitor: inout some RingVisitor) { extreme.visitRings(&visitor) }
}
