import CLibm

/// How the elements of a ``BlockWindow`` are put together, in any grouping.
public protocol BlockOperation: SendableMetatype {
    associatedtype Element: BitwiseCopyable & Codable
    /// Leaves whatever it is joined to as it is. Finite, so that every encoder can save it.
    static var nothing: Element { get }
    static func joined(_ one: Element, _ other: Element) -> Element
}

/// The sum, the extreme, ... of the last `length` elements, without taking anything off again and
/// without branches that depend on them: the error of a sum does not depend on what left the window
/// or on how long it has run.
///
/// Time is cut into blocks of `length` elements. A window is the end of one block and the start of
/// the next: what all ends of a block come to is taken once, when it is complete; the start grows
/// with each element. Constant time amortised, `length` steps at the end of each block. The ends of
/// two blocks are kept in turns, which is what ``IndicatorFormula`` asks of a window. Where the
/// number of an extreme matters, ``RollingExtreme`` knows it.
@frozen
public struct BlockWindow<Operation: BlockOperation>: BitwiseCopyable, Codable {
    public typealias Element = Operation.Element

    @usableFromInline var elements: Ring<Element>
    /// What the elements from a place to the end of its block come to, for two blocks.
    @usableFromInline var ends: Ring<Element>
    /// Elements in the running block.
    @usableFromInline var place = 0
    /// 0 or `length`: where the ends of the last complete block are.
    @usableFromInline var base = 0
    @usableFromInline var start = Operation.nothing

    init(length: Int) {
        elements = Ring(length: length)
        ends = Ring(length: 2 * length)
    }

    @inlinable @inline(__always)
    var length: Int { elements.length }

    @inlinable @inline(__always)
    public var isFull: Bool { elements.isFull }

    /// The element `age` pushes before the newest.
    @inlinable @inline(__always)
    subscript(age: Int) -> Element { elements[age] }

    @inlinable @inline(__always)
    public mutating func push(_ element: Element) {
        elements.push(element)
        start = Operation.joined(element, start)
        place &+= 1
        if place == length {
            base = length &- base
            place = 0
            start = Operation.nothing
            Self.close(elements, ends, at: base)
        }
    }

    /// What the window comes to, once it is full.
    @inlinable @inline(__always)
    public var value: Element { Operation.joined(start, ends[slot: base &+ place]) }

    @inlinable @inline(never)
    static func close(_ elements: Ring<Element>, _ ends: Ring<Element>, at base: Int) {
        var whole = Operation.nothing
        var age = 0
        while age < elements.length {
            whole = Operation.joined(elements[age], whole)
            ends[slot: base &+ elements.length &- 1 &- age] = whole
            age &+= 1
        }
    }

    mutating func visitRings(_ visitor: inout some RingVisitor) {
        visitor.visit(&elements)
        visitor.visit(&ends)
    }
}

/// Adds.
public enum Summing: BlockOperation {
    @inlinable @inline(__always)
    public static var nothing: Double { 0 }

    @inlinable @inline(__always)
    public static func joined(_ one: Double, _ other: Double) -> Double { other + one }
}

/// Keeps the higher one.
public enum Highest: BlockOperation {
    @inlinable @inline(__always)
    public static var nothing: Double { -.greatestFiniteMagnitude }

    @inlinable @inline(__always)
    public static func joined(_ one: Double, _ other: Double) -> Double { larger(one, other) }
}

/// Keeps the lower one.
public enum Lowest: BlockOperation {
    @inlinable @inline(__always)
    public static var nothing: Double { .greatestFiniteMagnitude }

    @inlinable @inline(__always)
    public static func joined(_ one: Double, _ other: Double) -> Double { smaller(one, other) }
}

/// Keeps the highest and the lowest at once: a low is negated, so that both are the larger of two,
/// in one instruction, and lie in memory as one.
public enum Spanning: BlockOperation {
    @inlinable @inline(__always)
    public static var nothing: SIMD2<Double> { SIMD2(repeating: -.greatestFiniteMagnitude) }

    @inlinable @inline(__always)
    public static func joined(_ one: SIMD2<Double>, _ other: SIMD2<Double>) -> SIMD2<Double> {
        clibm_larger(one, other)
    }
}

public typealias BlockSum = BlockWindow<Summing>
public typealias BlockHighest = BlockWindow<Highest>
public typealias BlockLowest = BlockWindow<Lowest>
public typealias BlockRange = BlockWindow<Spanning>

extension BlockRange {
    @inlinable @inline(__always)
    mutating func push(high: Double, low: Double) { push(SIMD2(high, -low)) }

    /// The highest high and the lowest low, once the window is full.
    @inlinable @inline(__always)
    var span: (highest: Double, lowest: Double) {
        let both = value
        return (both[0], -both[1])
    }
}
