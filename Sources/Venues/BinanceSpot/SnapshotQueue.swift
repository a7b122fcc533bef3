/// The instruments whose depth snapshot is still to be asked for, one at a time.
///
/// They take turns: one whose snapshot fails again and again does not keep the others from theirs.
/// What the venue's weight allows is the caller's affair.
struct SnapshotQueue: BitwiseCopyable {
    /// By slot.
    private var wanted: UInt64 = 0
    private var lastSlot: UInt64 = 63
    /// Nothing is asked for before this time.
    private(set) var nextTime: Int64 = 0

    /// Between two snapshots of one instrument: not faster than its stream moves on.
    static var pause: Int64 { 50_000_000 }

    @_noLocks
    init() {}

    var isEmpty: Bool { @_noLocks get { wanted == 0 } }

    var count: Int { wanted.nonzeroBitCount }

    /// Asks for the snapshot of an instrument, 0...63, once.
    @_noLocks
    mutating func add(_ slot: Int) { wanted |= 1 << UInt64(truncatingIfNeeded: slot & 63) }

    mutating func removeAll() { wanted = 0 }

    /// The next one in turn; there must be one.
    mutating func take(now: Int64) -> Int {
        let behind = wanted & ~(UInt64.max >> (63 - lastSlot))
        let slot = (behind != 0 ? behind : wanted).trailingZeroBitCount
        wanted &= ~(1 << UInt64(slot))
        lastSlot = UInt64(slot)
        if isEmpty { wait(until: now + Self.pause) }
        return slot
    }

    mutating func wait(until time: Int64) { nextTime = max(nextTime, time) }
}
