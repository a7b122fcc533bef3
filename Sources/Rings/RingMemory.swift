import Synchronization

/// The raw memory behind one ring; freed when its last end and gauge are gone.
///
/// A class only for its lifetime: the ends keep plain pointers into the memory, so nothing on a
/// push or a pop touches a reference count. Each of the two ends writes one header line, 128 bytes
/// apart because the hardware fetches lines in pairs:
///
///     0    head: next position to read      8  deepest backlog the consumer has found
///     128  tail: next position to write   136  pushes refused because the ring was full
///     256  slots
@usableFromInline
final class RingMemory: @unchecked Sendable {
    // SAFETY (unchecked): only atomics are reachable through the class; slots belong to the ends.
    @usableFromInline let base: UnsafeMutableRawPointer
    let capacity: Int
    /// Keeps memory that is not of the heap.
    private let owner: AnyObject?

    @usableFromInline static let slotsOffset = 256

    /// Zeroed memory for `capacity` slots of `slotBytes`, in `place` when there is room.
    init(capacity: Int, slotBytes: Int, in place: RingPlace? = nil) {
        let (slots, overflowed) = capacity.multipliedReportingOverflow(by: slotBytes)
        precondition(!overflowed && slots < 1 << 40, "a ring fits the address space")
        let byteCount = Self.slotsOffset + slots
        let given = place?.take(byteCount)
        owner = given == nil ? nil : place?.owner
        base = given ?? .allocate(byteCount: byteCount, alignment: 128)
        // Touches every page now, so that no push pays for a fault.
        base.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
        self.capacity = capacity
        for word in [head, deepest, tail, refused] { word.initialize(to: Atomic(0)) }
    }

    deinit { if owner == nil { base.deallocate() } }

    @usableFromInline var head: UnsafeMutablePointer<Atomic<UInt64>> { word(at: 0) }
    @usableFromInline var deepest: UnsafeMutablePointer<Atomic<UInt64>> { word(at: 8) }
    @usableFromInline var tail: UnsafeMutablePointer<Atomic<UInt64>> { word(at: 128) }
    @usableFromInline var refused: UnsafeMutablePointer<Atomic<UInt64>> { word(at: 136) }
    @usableFromInline var slots: UnsafeMutableRawPointer { base + Self.slotsOffset }

    private func word(at offset: Int) -> UnsafeMutablePointer<Atomic<UInt64>> {
        (base + offset).assumingMemoryBound(to: Atomic<UInt64>.self)
    }

    /// The next power of two: positions become slots with a mask.
    static func roundedCapacity(_ capacity: Int) -> Int {
        precondition(capacity > 0 && capacity <= 1 << 30, "a ring has 1 to 2^30 slots")
        return 1 << (Int.bitWidth - (capacity - 1).leadingZeroBitCount)
    }
}

/// Memory that rings are put into instead of the heap: huge pages, for instance.
public struct RingPlace {
    let owner: AnyObject
    let take: (Int) -> UnsafeMutableRawPointer?

    /// `take` answers memory aligned to 128 bytes, or `nil` when there is no room; it belongs to
    /// the ring as long as `owner` lives, which the ring sees to.
    public init(owner: AnyObject, take: @escaping (_ byteCount: Int) -> UnsafeMutableRawPointer?) {
        self.owner = owner
        self.take = take
    }

    /// Bytes that a ring of `capacity` slots, a power of two, takes at most.
    public static func footprint<Element>(of type: Element.Type, capacity: Int) -> Int {
        RingMemory.slotsOffset + capacity * (MemoryLayout<Element>.stride + 16) + 128
    }
}

/// How full a ring is and has been; any thread may read it at any time.
public struct RingGauge: Sendable {
    let memory: RingMemory

    /// Slots of the ring.
    public var capacity: Int { memory.capacity }

    /// Records in the ring at about this moment.
    public var count: Int {
        let head = memory.head.pointee.load(ordering: .acquiring)
        let tail = memory.tail.pointee.load(ordering: .relaxed)
        return min(max(Int(tail &- head), 0), capacity)
    }

    /// Largest backlog the consumer ever found, or the capacity once a push was refused.
    ///
    /// Measured where the consumer looks at the producer's index anyway, so that it costs the hot
    /// path nothing; between two looks the ring may have been fuller by what came in between.
    public var highWaterMark: Int {
        if refusedCount > 0 { return capacity }
        return Int(memory.deepest.pointee.load(ordering: .relaxed))
    }

    /// Pushes refused because the ring was full.
    public var refusedCount: Int { Int(memory.refused.pointee.load(ordering: .relaxed)) }
}
