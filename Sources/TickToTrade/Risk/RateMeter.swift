import MarketModel

/// "At most N in any window" in fixed memory and O(1), whatever N.
///
/// Sixteenths of the window are counted apart. What happened in the running sixteenth and the
/// sixteen before it counts, so no window ever holds more than N events; an event is forgotten
/// at most a sixteenth of the window late. (A leaky bucket would let 2N - 1 through.)
@frozen
public struct RateMeter: BitwiseCopyable, Sendable {
    private var counts = InlineArray<17, UInt32>(repeating: 0)
    private var total: Int64 = 0
    /// Beginning of the running sixteenth.
    private var start: Int64 = 0
    private var head = 0

    @_noLocks
    public init() {}

    /// Events that count at most: some of them may have to be forgotten.
    var most: Int64 {
        @_noLocks get { total }
    }

    /// Events that still count at `now`.
    @_noLocks
    public func count(_ limit: RateLimit, at now: Timestamp) -> Int64 {
        let width = Self.width(limit)
        var behind = now.nanoseconds &- start
        if behind >= width &* 17 { return 0 }
        var left = total
        var oldest = head
        while behind >= width {
            oldest = oldest == 16 ? 0 : oldest &+ 1
            left &-= Int64(counts[oldest])
            behind &-= width
        }
        return left
    }

    /// Whether one more event at `now`, after `more` that are certain, stays within the limit.
    @_noLocks
    public func allows(_ limit: RateLimit, at now: Timestamp, behind more: Int64 = 0) -> Bool {
        // Far from the limit nothing needs to be forgotten first.
        limit.count <= 0 || total &+ more < limit.count
            || count(limit, at: now) &+ more < limit.count
    }

    /// Counts one event, allowed or not.
    @_noLocks
    public mutating func add(_ limit: RateLimit, at now: Timestamp) {
        if limit.count <= 0 { return }
        let width = Self.width(limit)
        if now.nanoseconds &- start >= width &* 17 {
            self = RateMeter()
            start = now.nanoseconds
        }
        while now.nanoseconds &- start >= width {
            head = head == 16 ? 0 : head &+ 1
            total &-= Int64(counts[head])
            counts[head] = 0
            start &+= width
        }
        counts[head] &+= 1
        total &+= 1
    }

    /// A sixteenth of the window, rounded up; 1 ns to 9 years.
    private static func width(_ limit: RateLimit) -> Int64 {
        let width = limit.window.count >> 4 &+ (limit.window.count & 15 == 0 ? 0 : 1)
        return width < 1 ? 1 : width > 1 << 58 ? 1 << 58 : width
    }
}
