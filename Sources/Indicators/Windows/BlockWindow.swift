import CLibm

/// How the elements of a ``BlockWindow`` are put together, in any grouping.
public protocol BlockOperation: SendableMetatype {
    associatedtype Element: BitwiseCopyable & Codable
    /// Leaves whatever it is joined to as it is. Finite, so that every encoder can save it.
    static var nothing: Element { get }
    /// Both in one, of which one came later than the other.
    static func joined(_ newer: Element, _ older: Element) -> Element
}

/// The sum, the extreme, ... of the last `length` elements, without taking anything off again and
/// without branches that depend on them: the error of a sum does not depend on what left the window
/// or on how long it has run.
///
/// Time is cut into blocks of `length` elements. A window is the end of one block and the start of
/// the next: what all ends of a block come to is taken once, when it is complete; the start grows
/// with each element. Constant time amortised, `length` steps at the end of each block. Two blocks
/// and their ends are kept in turns, which is what ``IndicatorFormula`` asks of a window, as long
/// as a step pushes `length` elements at most.
@frozen
public struct BlockWindow<Operation: BlockOperation>: BitwiseCopyable, Codable {
    public typealias Element = Operation.Element

    @usableFromInline let length: Int
    /// Those of the running block, from `base` on.
    @usableFromInline var elements: Ring<Element>
    /// What the elements from a place to the end of its block come to: of the last complete block
    /// from `base` on.
    @usableFromInline var ends: Ring<Element>
    /// Where the next element of the running block goes, and where the block ends: at `length` and
    /// twice that in turns.
    @usableFromInline var place = 0
    @usableFromInline var end: Int
    @usableFromInline var start = Operation.nothing
    @usableFromInline var hasBlock = false

    init(length: Int) {
        self.length = length
        end = length
        elements = Ring(length: 2 * length)
        ends = elements
    }

    @inlinable @inline(__always)
    public var isFull: Bool { _fastPath(hasBlock) }

    /// Whether it holds a single element, of two or more.
    @inlinable @inline(__always)
    var hasOne: Bool { !hasBlock && place &+ length &- end == 1 }

    @inlinable @inline(__always)
    public mutating func push(_ element: Element) {
        elements[slot: place] = element
        start = Operation.joined(element, start)
        place &+= 1
        if _slowPath(place == end) {
            let isSecond = end != length
            Self.close(elements, ends, isSecond: isSecond)
            place = isSecond ? 0 : length
            end = place &+ length
            start = Operation.nothing
            hasBlock = true
        }
    }

    /// What the window comes to, once it is full.
    @inlinable @inline(__always)
    public var value: Element { Operation.joined(start, ends[slot: place]) }

    @inlinable @inline(never)
    static func close(_ elements: Ring<Element>, _ ends: Ring<Element>, isSecond: Bool) {
        // Not more than both hold, whatever a damaged state says.
        let length = min(elements.length, ends.length) >> 1
        let source = elements.slots + (isSecond ? length : 0)
        let target = ends.slots + (isSecond ? 0 : length)
        var whole = Operation.nothing
        var place = length &- 1
        while place >= 0 {
            whole = Operation.joined(whole, source[place])
            target[place] = whole
            place &-= 1
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
    public static func joined(_ newer: Double, _ older: Double) -> Double { older + newer }
}

/// Keeps the higher one.
public enum Highest: BlockOperation {
    @inlinable @inline(__always)
    public static var nothing: Double { -.greatestFiniteMagnitude }

    @inlinable @inline(__always)
    public static func joined(_ newer: Double, _ older: Double) -> Double { larger(newer, older) }
}

/// Keeps the lower one.
public enum Lowest: BlockOperation {
    @inlinable @inline(__always)
    public static var nothing: Double { .greatestFiniteMagnitude }

    @inlinable @inline(__always)
    public static func joined(_ newer: Double, _ older: Double) -> Double { smaller(newer, older) }
}

/// Keeps the highest and the lowest at once: a low is negated, so that both are the larger of two,
/// in one instruction, and lie in memory as one.
public enum Spanning: BlockOperation {
    @inlinable @inline(__always)
    public static var nothing: SIMD2<Double> { SIMD2(repeating: -.greatestFiniteMagnitude) }

    @inlinable @inline(__always)
    public static func joined(_ newer: SIMD2<Double>, _ older: SIMD2<Double>) -> SIMD2<Double> {
        clibm_larger(newer, older)
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
