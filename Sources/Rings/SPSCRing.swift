import Synchronization

/// A bounded lock-free channel from one thread to one other.
///
/// Use it for every hand-over between a lane and anything else. When it is full the push is
/// refused and counted; what then happens is the producer's named policy. Each end keeps its own
/// index and a cached copy of the other's as plain fields, so a line moves between the cores only
/// when the cached copy says full or empty (as in rigtorp's SPSCQueue).
public enum SPSCRing {
    /// A ring of at least `capacity` slots, rounded up to a power of two, 1...2^30.
    ///
    /// Takes and touches all its memory here and never again: in `place`, else of the heap.
    public static func make<Element: BitwiseCopyable & Sendable>(
        of type: Element.Type, capacity: Int, in place: RingPlace? = nil
    ) -> RingEnds<Element> {
        let rounded = RingMemory.roundedCapacity(capacity)
        let stride = MemoryLayout<Element>.stride
        precondition(MemoryLayout<Element>.alignment <= 128, "slots are aligned to 128 bytes")
        let memory = RingMemory(capacity: rounded, slotBytes: stride, in: place)
        return RingEnds(
            producer: RingProducer(memory: memory), consumer: RingConsumer(memory: memory))
    }
}

/// Both ends of a new ring; take them out and give each to its thread.
@frozen
public struct RingEnds<Element: BitwiseCopyable & Sendable>: ~Copyable, Sendable {
    public var producer: RingProducer<Element>
    public var consumer: RingConsumer<Element>
}

/// The writing end of an ``SPSCRing``; there is exactly one.
@frozen
public struct RingProducer<Element: BitwiseCopyable & Sendable>: ~Copyable, @unchecked Sendable {
    // SAFETY (unchecked): not copyable, so one thread at a time owns `next` and `cachedHead`; the
    // slots in [head, tail) are handed over by the release store of `tail`.
    @usableFromInline let slots: UnsafeMutablePointer<Element>
    @usableFromInline let head: UnsafeMutablePointer<Atomic<UInt64>>
    @usableFromInline let tail: UnsafeMutablePointer<Atomic<UInt64>>
    @usableFromInline let refused: UnsafeMutablePointer<Atomic<UInt64>>
    @usableFromInline let mask: UInt64
    @usableFromInline var next: UInt64 = 0
    @usableFromInline var cachedHead: UInt64 = 0
    @usableFromInline let memory: RingMemory

    init(memory: RingMemory) {
        slots = memory.slots.assumingMemoryBound(to: Element.self)
        head = memory.head
        tail = memory.tail
        refused = memory.refused
        mask = UInt64(memory.capacity) &- 1
        self.memory = memory
    }

    /// Appends a record, or returns `false` (and counts the refusal) when the ring is full.
    @inlinable @inline(__always)
    public mutating func tryPush(_ element: Element) -> Bool {
        if next &- cachedHead > mask {
            cachedHead = head.pointee.load(ordering: .acquiring)
            if next &- cachedHead > mask {
                // Single writer: a plain increment of the counter.
                let count = refused.pointee.load(ordering: .relaxed)
                refused.pointee.store(count &+ 1, ordering: .relaxed)
                return false
            }
        }
        slots[Int(truncatingIfNeeded: next & mask)] = element
        next &+= 1
        tail.pointee.store(next, ordering: .releasing)
        return true
    }

    /// Records not yet consumed, at most the truth of this moment plus what is consumed meanwhile.
    @inlinable @inline(__always)
    public var count: Int {
        Int(truncatingIfNeeded: next &- head.pointee.load(ordering: .acquiring))
    }

    @inlinable @inline(__always)
    public var capacity: Int { Int(truncatingIfNeeded: mask &+ 1) }

    /// Fullness for other threads; allocates nothing but counts a reference: not for the hot path.
    public var gauge: RingGauge { RingGauge(memory: memory) }
}

/// The reading end of an ``SPSCRing``; there is exactly one.
@frozen
public struct RingConsumer<Element: BitwiseCopyable & Sendable>: ~Copyable, @unchecked Sendable {
    // SAFETY (unchecked): not copyable, so one thread at a time owns `next` and `cachedTail`; the
    // acquire load of `tail` makes the slots before it visible.
    @usableFromInline let slots: UnsafeMutablePointer<Element>
    @usableFromInline let head: UnsafeMutablePointer<Atomic<UInt64>>
    @usableFromInline let tail: UnsafeMutablePointer<Atomic<UInt64>>
    @usableFromInline let deepest: UnsafeMutablePointer<Atomic<UInt64>>
    @usableFromInline let mask: UInt64
    @usableFromInline var next: UInt64 = 0
    @usableFromInline var cachedTail: UInt64 = 0
    @usableFromInline let memory: RingMemory

    init(memory: RingMemory) {
        slots = memory.slots.assumingMemoryBound(to: Element.self)
        head = memory.head
        tail = memory.tail
        deepest = memory.deepest
        mask = UInt64(memory.capacity) &- 1
        self.memory = memory
    }

    /// Takes the oldest record, or `nil` when the ring is empty.
    @inlinable @inline(__always)
    public mutating func tryPop() -> Element? {
        if next == cachedTail && !refresh() { return nil }
        let element = slots[Int(truncatingIfNeeded: next & mask)]
        next &+= 1
        head.pointee.store(next, ordering: .releasing)
        return element
    }

    /// Hands up to `limit` records to `body`, oldest first, and frees their slots together.
    ///
    /// Cheaper than popping one by one: the producer's line is disturbed once. Returns how many.
    @inlinable @inline(__always)
    public mutating func drain(atMost limit: Int, _ body: (Element) -> Void) -> Int {
        if next == cachedTail && !refresh() { return 0 }
        let available = Int(truncatingIfNeeded: cachedTail &- next)
        let taken = available < limit ? available : limit
        if taken <= 0 { return 0 }
        var index = 0
        while index < taken {
            body(slots[Int(truncatingIfNeeded: next & mask)])
            next &+= 1
            index &+= 1
        }
        head.pointee.store(next, ordering: .releasing)
        return taken
    }

    /// Looks at the producer's index; `false` when nothing came.
    @inlinable @inline(__always)
    mutating func refresh() -> Bool {
        cachedTail = tail.pointee.load(ordering: .acquiring)
        let backlog = cachedTail &- next
        if backlog == 0 { return false }
        if backlog > deepest.pointee.load(ordering: .relaxed) {
            deepest.pointee.store(backlog, ordering: .relaxed)
        }
        return true
    }

    /// Records waiting, at least the truth of this moment.
    @inlinable @inline(__always)
    public var count: Int {
        Int(truncatingIfNeeded: tail.pointee.load(ordering: .acquiring) &- next)
    }

    @inlinable @inline(__always)
    public var isEmpty: Bool { count == 0 }

    @inlinable @inline(__always)
    public var capacity: Int { Int(truncatingIfNeeded: mask &+ 1) }

    /// Fullness for other threads; allocates nothing but counts a reference: not for the hot path.
    public var gauge: RingGauge { RingGauge(memory: memory) }
}
