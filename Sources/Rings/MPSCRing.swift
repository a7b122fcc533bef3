import Synchronization

/// A bounded lock-free channel from many threads to one: the commands to a lane.
///
/// Every slot carries a sequence number that says whose turn it is (Dmitry Vyukov's bounded
/// queue, one-consumer side). Costs a compare-and-swap a push: between a lane and one other thread
/// use ``SPSCRing``.
public enum MPSCRing {
    /// A ring of at least `capacity` slots, rounded up to a power of two, 2...2^30.
    public static func make<Element: BitwiseCopyable & Sendable>(
        of type: Element.Type, capacity: Int, in place: RingPlace? = nil
    ) -> MPSCRingEnds<Element> {
        // With one slot "free for the next round" and "filled in this round" are the same number.
        let rounded = max(RingMemory.roundedCapacity(capacity), 2)
        let layout = MPSCSlotLayout(of: Element.self)
        let memory = RingMemory(capacity: rounded, slotBytes: layout.stride, in: place)
        for index in 0..<rounded {
            layout.sequence(of: memory.slots, index).initialize(to: Atomic(UInt64(index)))
        }
        return MPSCRingEnds(
            producer: MPSCProducer(memory: memory), consumer: MPSCConsumer(memory: memory))
    }
}

/// Both ends of a new ring: copy the producer as often as needed, give the consumer to its thread.
@frozen
public struct MPSCRingEnds<Element: BitwiseCopyable & Sendable>: ~Copyable, Sendable {
    public var producer: MPSCProducer<Element>
    public var consumer: MPSCConsumer<Element>
}

/// Where a slot's sequence and payload lie: eight bytes, then the element.
@usableFromInline
struct MPSCSlotLayout: BitwiseCopyable, Sendable {
    @usableFromInline let payload: Int
    @usableFromInline let stride: Int

    @inlinable
    init<Element: BitwiseCopyable>(of type: Element.Type) {
        precondition(MemoryLayout<Element>.alignment <= 128, "slots are aligned to 128 bytes")
        let alignment = max(MemoryLayout<Element>.alignment, 8)
        payload = alignment
        stride = (payload + MemoryLayout<Element>.stride + alignment - 1) & ~(alignment - 1)
    }

    @inlinable @inline(__always)
    func sequence(
        of slots: UnsafeMutableRawPointer, _ index: Int
    ) -> UnsafeMutablePointer<Atomic<UInt64>> {
        (slots + index &* stride).assumingMemoryBound(to: Atomic<UInt64>.self)
    }
}

/// The writing end of an ``MPSCRing``: copyable, any number of threads may push.
public struct MPSCProducer<Element: BitwiseCopyable & Sendable>: Sendable {
    let memory: RingMemory

    /// Appends a record, or returns `false` (and counts the refusal) when the ring is full.
    public func tryPush(_ element: Element) -> Bool {
        let layout = MPSCSlotLayout(of: Element.self)
        let mask = UInt64(memory.capacity) &- 1
        var position = memory.tail.pointee.load(ordering: .relaxed)
        while true {
            let index = Int(position & mask)
            let sequence = layout.sequence(of: memory.slots, index)
            let turn = Int64(bitPattern: sequence.pointee.load(ordering: .acquiring) &- position)
            if turn == 0 {
                let claim = memory.tail.pointee.weakCompareExchange(
                    expected: position, desired: position &+ 1, ordering: .relaxed)
                if claim.exchanged {
                    (memory.slots + index &* layout.stride + layout.payload)
                        .storeBytes(of: element, as: Element.self)
                    sequence.pointee.store(position &+ 1, ordering: .releasing)
                    return true
                }
                position = claim.original
            } else if turn < 0 {
                memory.refused.pointee.wrappingAdd(1, ordering: .relaxed)
                return false
            } else {
                position = memory.tail.pointee.load(ordering: .relaxed)
            }
        }
    }

    /// Fullness, readable from any thread.
    public var gauge: RingGauge { RingGauge(memory: memory) }
}

/// The reading end of an ``MPSCRing``; there is exactly one.
@frozen
public struct MPSCConsumer<Element: BitwiseCopyable & Sendable>: ~Copyable, @unchecked Sendable {
    // SAFETY (unchecked): not copyable, so one thread at a time owns `next`; a slot's acquire load
    // of its sequence makes its payload visible.
    @usableFromInline let slots: UnsafeMutableRawPointer
    @usableFromInline let head: UnsafeMutablePointer<Atomic<UInt64>>
    @usableFromInline let tail: UnsafeMutablePointer<Atomic<UInt64>>
    @usableFromInline let deepest: UnsafeMutablePointer<Atomic<UInt64>>
    @usableFromInline let layout: MPSCSlotLayout
    @usableFromInline let mask: UInt64
    @usableFromInline var next: UInt64 = 0
    @usableFromInline let memory: RingMemory

    init(memory: RingMemory) {
        slots = memory.slots
        head = memory.head
        tail = memory.tail
        deepest = memory.deepest
        layout = MPSCSlotLayout(of: Element.self)
        mask = UInt64(memory.capacity) &- 1
        self.memory = memory
    }

    /// Takes the oldest record, or `nil` when none is complete. One load when there is none.
    @inlinable @inline(__always)
    public mutating func tryPop() -> Element? {
        let index = Int(truncatingIfNeeded: next & mask)
        let sequence = layout.sequence(of: slots, index)
        if sequence.pointee.load(ordering: .acquiring) != next &+ 1 { return nil }
        let backlog = tail.pointee.load(ordering: .relaxed) &- next
        if backlog > deepest.pointee.load(ordering: .relaxed) {
            deepest.pointee.store(backlog, ordering: .relaxed)
        }
        let element = (slots + index &* layout.stride + layout.payload).load(as: Element.self)
        // Free for the producer that comes one round later.
        sequence.pointee.store(next &+ mask &+ 1, ordering: .releasing)
        next &+= 1
        head.pointee.store(next, ordering: .releasing)
        return element
    }

    /// Fullness for other threads; allocates nothing but counts a reference: not for the hot path.
    public var gauge: RingGauge { RingGauge(memory: memory) }
}
