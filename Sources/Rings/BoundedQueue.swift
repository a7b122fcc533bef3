/// A first-in first-out queue of fixed capacity within one thread; never grows, never frees.
@frozen
public struct BoundedQueue<Element: BitwiseCopyable>: ~Copyable {
    @usableFromInline let storage: UnsafeMutablePointer<Element>
    @usableFromInline let mask: Int
    @usableFromInline var head = 0
    @usableFromInline var tail = 0

    /// `capacity` must be a power of two.
    public init(capacity: Int) {
        precondition(capacity > 0 && capacity & (capacity - 1) == 0, "capacity: a power of two")
        storage = .allocate(capacity: capacity)
        mask = capacity - 1
    }

    deinit { storage.deallocate() }

    @inlinable @inline(__always)
    public var isEmpty: Bool { head == tail }
    @inlinable @inline(__always)
    public var count: Int { tail &- head }
    @inlinable @inline(__always)
    public var free: Int { mask &+ 1 &- (tail &- head) }

    /// The element `place` behind the oldest one; `place` must be below ``count``.
    @inlinable @inline(__always)
    public subscript(place: Int) -> Element { storage[(head &+ place) & mask] }

    /// `false` when the queue is full; the element is not stored then.
    @inlinable @inline(__always)
    public mutating func push(_ element: Element) -> Bool {
        if tail &- head > mask { return false }
        (storage + (tail & mask)).initialize(to: element)
        tail &+= 1
        return true
    }

    @inlinable @inline(__always)
    public mutating func pop() -> Element? {
        if head == tail { return nil }
        let element = storage[head & mask]
        head &+= 1
        return element
    }
}
