import MarketModel

/// The timers of all strategies: a small fixed table, earliest deadline cached.
///
/// A strategy owns ``perStrategy`` timers numbered from 0; setting one again moves it.
struct TimerTable: ~Copyable {
    static var perStrategy: Int { 8 }

    private let deadlines: UnsafeMutablePointer<Timestamp>
    private let count: Int
    private(set) var earliest = Timestamp.never

    init(strategies: Int) {
        count = Swift.max(strategies, 1) * Self.perStrategy
        deadlines = .allocate(capacity: count)
        deadlines.initialize(repeating: .never, count: count)
    }

    deinit { deadlines.deallocate() }

    /// Arms or moves a timer; `.never` disarms it. A number beyond the table is ignored.
    @_noLocks
    mutating func set(_ timer: UInt32, of strategy: StrategyIndex, at deadline: Timestamp) {
        let slot = strategy.slot &* Self.perStrategy &+ Int(timer)
        if Int(timer) >= Self.perStrategy || slot >= count { return }
        deadlines[slot] = deadline
        if deadline < earliest { earliest = deadline } else { refresh() }
    }

    /// Takes one timer that is due at `now`, lowest slot first.
    @_noLocks
    mutating func takeDue(_ now: Timestamp) -> (strategy: StrategyIndex, timer: UInt32)? {
        if now < earliest { return nil }
        var slot = 0
        while slot < count {
            if deadlines[slot] <= now {
                deadlines[slot] = .never
                refresh()
                return (
                    StrategyIndex(UInt16(truncatingIfNeeded: slot / Self.perStrategy)),
                    UInt32(truncatingIfNeeded: slot % Self.perStrategy)
                )
            }
            slot &+= 1
        }
        refresh()
        return nil
    }

    private mutating func refresh() {
        var next = Timestamp.never
        var slot = 0
        while slot < count {
            if deadlines[slot] < next { next = deadlines[slot] }
            slot &+= 1
        }
        earliest = next
    }
}
