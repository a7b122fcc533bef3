/// The last `length` elements of a series, in memory that its indicator takes at the start.
///
/// A power of two of slots, at least one more than `length`: an element that just left the window
/// is still there, and a push overwrites only what the window before it no longer holds. That is
/// why a copy of the scalars may be stepped over the same memory (see ``IndicatorFormula``).
@frozen
public struct Ring<Element: BitwiseCopyable>: BitwiseCopyable {
    @usableFromInline var slots: UnsafeMutablePointer<Element>
    @usableFromInline let mask: Int
    public let length: Int
    /// Elements pushed so far.
    @usableFromInline var pushed = 0

    /// A window of `length` ≥ 0 elements, without memory yet.
    @usableFromInline
    init(length: Int) {
        slots = UnsafeMutableRawPointer(bitPattern: 64).unsafelyUnwrapped
            .assumingMemoryBound(to: Element.self)
        self.length = length
        mask = (1 << (Int.bitWidth - length.leadingZeroBitCount)) - 1
    }

    @inlinable @inline(__always)
    public var isFull: Bool { pushed >= length }

    @inlinable @inline(__always)
    public mutating func push(_ element: Element) {
        slots[pushed & mask] = element
        pushed &+= 1
    }

    /// The element pushed `age` pushes before the newest: 0...`length`, and not more than were
    /// pushed. At `length` it is the one that just left the window.
    @inlinable @inline(__always)
    public subscript(age: Int) -> Element {
        slots[(pushed &- 1 &- age) & mask]
    }

    /// The memory as a plain table, for those that keep something else in it than a series. An
    /// index outside wraps: not even a damaged state that is resumed from can reach beyond.
    @inlinable @inline(__always)
    subscript(slot index: Int) -> Element {
        get { slots[index & mask] }
        nonmutating set { slots[index & mask] = newValue }
    }

    /// Shows `count` elements in one or two pieces of memory, oldest first: those before the newest
    /// `skipped`. For loops that the compiler may then take several at a time.
    @inlinable @inline(__always)
    func forEachRun(
        ofNewest count: Int, after skipped: Int, _ body: (UnsafeBufferPointer<Element>) -> Void
    ) {
        let start = (pushed &- skipped &- count) & mask
        let first = min(count, mask &+ 1 &- start)
        body(UnsafeBufferPointer(start: slots + start, count: first))
        body(UnsafeBufferPointer(start: slots, count: count &- first))
    }

    /// Shows `count` elements one after the other, the newest first: those of one piece of memory,
    /// then those of the other, so that nothing is asked between two.
    @inlinable @inline(__always)
    func forEachNewest(_ count: Int, _ body: (Element) -> Void) {
        var next = slots + ((pushed &- 1) & mask) + 1
        let first = min(count, next - slots)
        var end = next - first
        while next > end {
            next -= 1
            body(next.pointee)
        }
        next = slots + mask + 1
        end = next - (count &- first)
        while next > end {
            next -= 1
            body(next.pointee)
        }
    }

    /// The oldest element of a full window.
    @inlinable @inline(__always)
    public var oldest: Element { self[length &- 1] }
}
