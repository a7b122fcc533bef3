import MarketModel

/// "At most N in any window", in one word of state and O(1).
///
/// The generic cell rate algorithm (ITU-T I.371): the theoretical arrival time moves on by
/// window/N per event and may run ahead of the clock by at most the window.
@frozen
public struct RateMeter: BitwiseCopyable, Sendable {
    private var theoreticalArrival: Int64 = 0

    public init() {}

    /// Whether one more event at `now` stays within the limit.
    @_noLocks
    public func allows(_ limit: RateLimit, at now: Timestamp) -> Bool {
        if limit.count <= 0 { return true }
        let start = theoreticalArrival > now.nanoseconds ? theoreticalArrival : now.nanoseconds
        let step = limit.window.count / limit.count
        return start &+ step &- now.nanoseconds <= limit.window.count
    }

    /// Counts one event, allowed or not.
    @_noLocks
    public mutating func count(_ limit: RateLimit, at now: Timestamp) {
        if limit.count <= 0 { return }
        let start = theoreticalArrival > now.nanoseconds ? theoreticalArrival : now.nanoseconds
        theoreticalArrival = start &+ limit.window.count / limit.count
    }
}
