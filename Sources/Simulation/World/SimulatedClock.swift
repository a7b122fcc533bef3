/// A machine's clock in terms of the world's: wrong by an offset, drifting, stepped by faults.
struct SimulatedClock {
    /// Parts in a million that it runs fast.
    private var drift: Int64 = 0
    private var offset: Int64 = 0

    /// What it shows at a moment of the world's.
    func reading(_ world: Int64, since start: Int64) -> Int64 {
        world + offset + (world - start) / 1_000_000 * drift
    }

    /// From now on it runs faster or slower, without a step.
    mutating func run(fast drift: Int64, at world: Int64, since start: Int64) {
        offset += (world - start) / 1_000_000 * (self.drift - drift)
        self.drift = drift
    }

    /// It was set by somebody.
    mutating func step(by nanoseconds: Int64) { offset += nanoseconds }

    /// A time server has put it right.
    mutating func settle() { offset = 0 }
}

/// The engine's own clock, which follows the machine's: never backwards, a jump ahead when it was
/// found more than 100 ms behind, as `TSCClock` does it.
struct FollowingClock {
    private var shown: Int64
    /// Jumps are found once a second, with the resync.
    private var lead: Int64 = 0
    private var nextResync: Int64

    init(at now: Int64) {
        shown = now
        nextResync = now
    }

    /// The time to show while the machine's clock says `system`, and whether it has jumped.
    mutating func show(_ system: Int64, elapsed: Int64) -> (now: Int64, hasJumped: Bool) {
        shown += elapsed
        guard shown >= nextResync else { return (shown, false) }
        nextResync = shown + 1_000_000_000
        let behind = system - shown
        if behind > 100_000_000 {
            shown = system
            nextResync = shown + 1_000_000_000
            return (shown, true)
        }
        // Half a millisecond a second at most, and never back.
        lead = max(-500_000, min(500_000, behind))
        shown += max(lead, 0)
        return (shown, false)
    }
}
