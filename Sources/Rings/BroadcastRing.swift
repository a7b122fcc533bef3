import Synchronization

/// A bounded channel from one thread to any number of readers, lossy for each reader alone.
///
/// The producer never waits and never learns who listens (design law 10): it overwrites the oldest
/// record. A reader that was overtaken skips ahead and is told how many records it lost. Payloads
/// are copied word by word through relaxed atomics under a per-slot sequence, so an overtaken read
/// is detected, never torn.
public enum BroadcastRing {
    /// A ring of at least `capacity` slots, rounded up to a power of two, 4...2^30.
    public static func make<Element: BitwiseCopyable & Sendable>(
        of type: Element.Type, capacity: Int
    ) -> BroadcastRingEnds<Element> {
        let rounded = max(RingMemory.roundedCapacity(capacity), 4)
        let layout = BroadcastSlotLayout(of: Element.self)
        let memory = RingMemory(capacity: rounded, slotBytes: layout.stride)
        for index in 0..<rounded {
            for word in 0...layout.words {
                layout.word(of: memory.slots, index, word).initialize(to: Atomic(0))
            }
        }
        return BroadcastRingEnds(
            producer: BroadcastProducer(memory: memory), source: BroadcastSource(memory: memory))
    }
}

/// The producer of a new ring and the source that its readers come from.
@frozen
public struct BroadcastRingEnds<Element: BitwiseCopyable & Sendable>: ~Copyable, Sendable {
    public var producer: BroadcastProducer<Element>
    public var source: BroadcastSource<Element>
}

/// A slot: its sequence word (position + 1, or 0 while it is written), then the payload's words;
/// whole lines, so that a reader of one slot does not disturb the writer of the next.
@usableFromInline
struct BroadcastSlotLayout: BitwiseCopyable, Sendable {
    /// Payload words.
    @usableFromInline let words: Int
    @usableFromInline let stride: Int

    @inlinable
    init<Element: BitwiseCopyable>(of type: Element.Type) {
        precondition(MemoryLayout<Element>.alignment <= 16, "payloads are aligned to 16 bytes")
        words = (MemoryLayout<Element>.size + 7) / 8
        stride = (8 + words * 8 + 63) & ~63
    }

    @inlinable @inline(__always)
    func word(
        of slots: UnsafeMutableRawPointer, _ index: Int, _ word: Int
    ) -> UnsafeMutablePointer<Atomic<UInt64>> {
        (slots + index &* stride + word &* 8).assumingMemoryBound(to: Atomic<UInt64>.self)
    }

    /// Whole words to stage one element in.
    @inlinable
    func makeStaging() -> UnsafeMutableRawPointer {
        let staging = UnsafeMutableRawPointer.allocate(byteCount: words * 8 + 16, alignment: 16)
        staging.initializeMemory(as: UInt8.self, repeating: 0, count: words * 8 + 16)
        return staging
    }
}

/// The writing end of a ``BroadcastRing``; there is exactly one.
@frozen
public struct BroadcastProducer<Element: BitwiseCopyable & Sendable>: ~Copyable, @unchecked Sendable
{
    // SAFETY (unchecked): not copyable; `staging` is its own, slots are only touched as atomics.
    @usableFromInline let slots: UnsafeMutableRawPointer
    @usableFromInline let staging: UnsafeMutableRawPointer
    @usableFromInline let tail: UnsafeMutablePointer<Atomic<UInt64>>
    @usableFromInline let layout: BroadcastSlotLayout
    @usableFromInline let mask: UInt64
    @usableFromInline var next: UInt64 = 0
    @usableFromInline let memory: RingMemory

    init(memory: RingMemory) {
        slots = memory.slots
        tail = memory.tail
        layout = BroadcastSlotLayout(of: Element.self)
        staging = layout.makeStaging()
        mask = UInt64(memory.capacity) &- 1
        self.memory = memory
    }

    deinit { staging.deallocate() }

    /// Publishes a record, over the oldest one when the ring is full. Never waits.
    @inlinable @inline(__always)
    public mutating func push(_ element: Element) {
        let index = Int(truncatingIfNeeded: next & mask)
        let sequence = layout.word(of: slots, index, 0)
        sequence.pointee.store(0, ordering: .relaxed)
        // Nobody may see a new payload word under the old sequence.
        atomicMemoryFence(ordering: .releasing)
        staging.storeBytes(of: element, as: Element.self)
        var word = 0
        while word < layout.words {
            let value = staging.load(fromByteOffset: word &* 8, as: UInt64.self)
            word &+= 1
            layout.word(of: slots, index, word).pointee.store(value, ordering: .relaxed)
        }
        next &+= 1
        sequence.pointee.store(next, ordering: .releasing)
        tail.pointee.store(next, ordering: .releasing)
    }

    /// Records published so far.
    @inlinable @inline(__always)
    public var published: UInt64 { next }
}

/// Makes readers of one ``BroadcastRing``; any thread may keep a copy.
public struct BroadcastSource<Element: BitwiseCopyable & Sendable>: Sendable {
    let memory: RingMemory

    /// A reader of what is published from now on.
    public func makeReader() -> BroadcastReader<Element> { BroadcastReader(memory: memory) }

    /// Records published so far.
    public var published: UInt64 { memory.tail.pointee.load(ordering: .acquiring) }
}

/// One reader of a ``BroadcastRing`` with its own position and its own loss count.
@frozen
public struct BroadcastReader<Element: BitwiseCopyable & Sendable>: ~Copyable, @unchecked Sendable {
    // SAFETY (unchecked): not copyable; `staging` is its own, slots are only touched as atomics.
    @usableFromInline let slots: UnsafeMutableRawPointer
    @usableFromInline let staging: UnsafeMutableRawPointer
    @usableFromInline let tail: UnsafeMutablePointer<Atomic<UInt64>>
    @usableFromInline let layout: BroadcastSlotLayout
    @usableFromInline let mask: UInt64
    @usableFromInline var next: UInt64
    @usableFromInline let memory: RingMemory

    /// Records this reader was too slow for.
    public internal(set) var lost: UInt64 = 0

    init(memory: RingMemory) {
        slots = memory.slots
        tail = memory.tail
        layout = BroadcastSlotLayout(of: Element.self)
        staging = layout.makeStaging()
        mask = UInt64(memory.capacity) &- 1
        next = memory.tail.pointee.load(ordering: .acquiring)
        self.memory = memory
    }

    deinit { staging.deallocate() }

    /// The next record, or `nil` when there is no newer one; skips and counts what was overwritten.
    public mutating func tryRead() -> Element? {
        while true {
            let index = Int(truncatingIfNeeded: next & mask)
            let sequence = layout.word(of: slots, index, 0)
            let before = sequence.pointee.load(ordering: .acquiring)
            if before == next &+ 1 {
                for word in 0..<layout.words {
                    let value = layout.word(of: slots, index, word + 1).pointee.load(
                        ordering: .relaxed)
                    staging.storeBytes(of: value, toByteOffset: word * 8, as: UInt64.self)
                }
                // The payload must have been read before the sequence is looked at again.
                atomicMemoryFence(ordering: .acquiring)
                if sequence.pointee.load(ordering: .relaxed) == before {
                    next &+= 1
                    return staging.load(as: Element.self)
                }
            }
            let published = tail.pointee.load(ordering: .acquiring)
            // Negative while the writer is between a slot's sequence and the tail: we are ahead.
            let behind = Int64(bitPattern: published &- next)
            if behind <= Int64(bitPattern: mask) { return nil }
            skip(to: published)
        }
    }

    /// Goes on half a ring behind the writer, which leaves time before it is overtaken again.
    private mutating func skip(to published: UInt64) {
        let resumed = published &- (mask &+ 1) / 2
        lost &+= resumed &- next
        next = resumed
    }
}
