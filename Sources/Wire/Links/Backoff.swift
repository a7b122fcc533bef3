/// How long to wait before each attempt to reconnect: exponential with full jitter.
///
/// A delay is uniform between `floor` and `base * 2^n`, never above `cap`, so that many clients
/// that lost the same server do not come back at the same moment (BUG-038, BUG-068).
public struct Backoff: BitwiseCopyable, Sendable {
    private let base: Int64
    private let cap: Int64
    private let floor: Int64
    private var random: SeededRandom
    /// Attempts since the last success.
    public private(set) var attempts = 0

    /// Times in nanoseconds; the same seed gives the same delays.
    public init(base: Int64, cap: Int64, floor: Int64 = 0, seed: UInt64) {
        precondition(base > 0 && cap >= base, "delays grow from base to cap")
        precondition(floor >= 0 && floor <= base, "the shortest delay is at most the base")
        self.base = base
        self.cap = cap
        self.floor = floor
        random = SeededRandom(seed: seed)
    }

    /// Nanoseconds to wait before the next attempt.
    public mutating func nextDelay() -> Int64 {
        let doublings = min(attempts, 62)
        attempts += 1
        // The cap bounds the range the jitter draws from, and the result once more.
        let ceiling = base > cap >> doublings ? cap : base << doublings
        return min(cap, Int64.random(in: floor...ceiling, using: &random))
    }

    /// The connection is up: the next failure starts at the base again.
    public mutating func succeeded() { attempts = 0 }
}
