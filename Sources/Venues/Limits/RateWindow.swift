import MarketModel

/// One of the venue's limits: so many in each window of the venue's clock.
///
/// Windows are aligned to the clock and do not slide (binance-spot.md, section 3.3). Used is what
/// the venue has last told plus what has left since and is not answered yet.
public struct RateWindow: BitwiseCopyable, Sendable {
    /// 0: there is no such limit.
    public private(set) var limit: Int64 = 0
    private var length: Int64 = 60_000_000_000
    private var start: Int64 = 0
    private var counted: Int64 = 0
    private var unanswered: Int64 = 0

    /// No limit.
    init() {}

    /// `limit` in each `length`; a limit of 0 or less is none.
    init(limit: Int64, length: Nanoseconds) {
        precondition(length.count > 0, "a window has a length")
        self.limit = limit > 0 ? limit : 0
        self.length = length.count
    }

    public var used: Int64 {
        @_noLocks get { counted &+ unanswered }
    }

    /// Whether `count` more fit at venue time `now` into `share` hundredths of the limit.
    @_noLocks
    mutating func has(_ count: Int64, share: Int64, at now: Int64) -> Bool {
        if limit == 0 { return true }
        roll(to: now)
        return used &+ count <= limit &* share / 100
    }

    /// What is left of `share` hundredths of the limit; all there is when there is none.
    mutating func room(share: Int64, at now: Int64) -> Int64 {
        if limit == 0 { return .max }
        roll(to: now)
        return max(0, limit &* share / 100 &- used)
    }

    /// Counts what leaves.
    @_noLocks
    mutating func take(_ count: Int64) { unanswered &+= count }

    /// An answer to a request that took `count`: `told` is the venue's own count, -1 for none.
    @_noLocks
    mutating func settle(_ count: Int64, told: Int64, limit toldLimit: Int64, at now: Int64) {
        roll(to: now)
        unanswered = unanswered > count ? unanswered &- count : 0
        if toldLimit > 0 { limit = toldLimit }
        counted = told >= 0 ? told : counted &+ count
    }

    /// Nobody will answer what is under way: it counts.
    @_noLocks
    mutating func lose() {
        counted &+= unanswered
        unanswered = 0
    }

    /// When the window at venue time `now` ends.
    func end(at now: Int64) -> Int64 { now &- now % length &+ length }

    private mutating func roll(to now: Int64) {
        let aligned = now &- now % length
        // A clock that was set back a little stays in its window.
        if aligned <= start { return }
        start = aligned
        counted = 0
    }
}
