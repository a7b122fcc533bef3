import MarketModel

/// Trades already booked for one instrument: exactly the last `capacity` of ours (BUG-064).
///
/// A ring of keys in the order of booking and an open-addressing table of the same keys: a trade
/// is forgotten only when `capacity` newer ones of our own have been booked, however far the
/// venue's ids are apart. The side belongs to the key: both sides of a self-trade are ours.
struct BookedTrades: ~Copyable {
    private let ring: UnsafeMutablePointer<UInt64>
    private let table: UnsafeMutablePointer<UInt64>
    private let ringMask: Int
    private let tableMask: Int
    private let shift: UInt64
    /// Trades booked so far; the ring is full from `capacity` on.
    private(set) var count = 0
    /// The highest id booked, also by an earlier run; -1: none.
    private(set) var newest: Int64 = -1
    /// Up to here nothing is remembered one by one: an earlier run, or a snapshot, has it.
    private(set) var restored: Int64 = -1

    /// `capacity` must be a power of two, at least 4.
    init(capacity: Int) {
        precondition(capacity >= 4 && capacity & (capacity - 1) == 0, "capacity: a power of two")
        ringMask = capacity - 1
        // A quarter full: probes stay short.
        tableMask = capacity * 4 - 1
        shift = UInt64(64 - (capacity * 4).trailingZeroBitCount)
        ring = .allocate(capacity: capacity)
        ring.initialize(repeating: 0, count: capacity)
        table = .allocate(capacity: capacity * 4)
        table.initialize(repeating: 0, count: capacity * 4)
    }

    deinit {
        ring.deallocate()
        table.deallocate()
    }

    /// `true` the first time; `false` for a repeat or for a report without a trade.
    @_noLocks
    mutating func book(_ id: TradeID, _ side: Side) -> Bool {
        if id.raw < 0 { return false }
        let key = key(id, side)
        var slot = home(key)
        while table[slot] != 0 {
            if table[slot] == key { return false }
            slot = (slot &+ 1) & tableMask
        }
        table[slot] = key
        let place = count & ringMask
        if count > ringMask { forget(ring[place]) }
        ring[place] = key
        count &+= 1
        if id.raw > newest { newest = id.raw }
        return true
    }

    /// Goes on from an earlier run.
    mutating func restore(newest id: Int64) {
        newest = id
        restored = id
    }

    /// Whether a trade is booked; `nil` for one that is too old to know it of.
    func holds(_ id: TradeID, _ side: Side) -> Bool? {
        if id.raw <= restored || count > ringMask { return find(key(id, side)) ? true : nil }
        return find(key(id, side))
    }

    private func find(_ key: UInt64) -> Bool {
        var slot = home(key)
        while table[slot] != 0 {
            if table[slot] == key { return true }
            slot = (slot &+ 1) & tableMask
        }
        return false
    }

    /// Never 0, the empty slot.
    @inline(__always)
    private func key(_ id: TradeID, _ side: Side) -> UInt64 {
        UInt64(bitPattern: id.raw) &<< 1 &+ (side == .buy ? 1 : 2)
    }

    /// Fibonacci hashing: neighbouring ids spread over the table.
    private func home(_ key: UInt64) -> Int {
        Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) &>> shift)
    }

    /// Takes a key out and closes the gap, so that no probe ends early.
    private mutating func forget(_ key: UInt64) {
        var gap = home(key)
        while table[gap] != key { gap = (gap &+ 1) & tableMask }
        var slot = (gap &+ 1) & tableMask
        while table[slot] != 0 {
            let distance = (slot &- home(table[slot])) & tableMask
            if distance >= (slot &- gap) & tableMask {
                table[gap] = table[slot]
                gap = slot
            }
            slot = (slot &+ 1) & tableMask
        }
        table[gap] = 0
    }
}
