import Codec
import MarketModel
import Synchronization
import Venues

/// When the next request of a download may leave, over however many connections: never within
/// 0.1 s of another one (MD-25), within history's share of the address's request weight, and
/// not at all while the venue wants quiet (429, 418).
final class RequestPacing: Sendable {
    /// Between two requests.
    static let spacing = Nanoseconds.milliseconds(100)
    /// A longer quiet is not waited for.
    static let longestQuiet = Nanoseconds.seconds(300)
    /// The venue's clock may be behind our idea of it by this much when its minute ends.
    private static let margin = Nanoseconds.milliseconds(100)

    private struct State {
        var budget: RateBudget
        var next: Int64 = .min
        var quietUntil: Int64 = .min
    }

    private let state: Mutex<State>
    /// Venue time less ours, nanoseconds.
    private let offset: Int64

    init(_ limits: [RateLimitRule], clockOffset: Int64) {
        state = Mutex(State(budget: RateBudget(limits)))
        offset = clockOffset
    }

    /// Why a request does not leave yet, and how long it waits before it is tried again.
    struct Hold {
        var wait: Nanoseconds
        /// The address's weight of this minute is used up.
        var isForWeight: Bool
    }

    /// Takes a request's weight; `nil`: it leaves now. `now`: on our clock.
    func take(_ weight: Int64, at now: Int64) -> Hold? {
        state.withLock { state in
            let start = max(state.next, state.quietUntil)
            if start > now { return Hold(wait: Nanoseconds(start - now), isForWeight: false) }
            let venueNow = now + offset
            if !state.budget.take(.history, weight: weight, at: venueNow) {
                let end = state.budget.weightReturns(at: venueNow)
                return Hold(wait: Nanoseconds(end - venueNow) + Self.margin, isForWeight: true)
            }
            state.next = now + Self.spacing.count
            return nil
        }
    }

    /// What an answer tells of the address's weight.
    func settle(_ weight: Int64, _ used: Int64?, at now: Int64) {
        var usage = RateLimitUsage()
        if let used {
            usage.requestWeight = RateLimitCount(count: Int32(clamping: used), limit: -1)
        }
        state.withLock {
            $0.budget.settle(weight: weight, orders: 0, told: usage, at: now + offset)
        }
    }

    /// A request that nobody answered: it counts.
    func lose() { state.withLock { $0.budget.lose() } }

    /// 429 or 418: no request leaves for so long.
    func keepQuiet(seconds: Int, at now: Int64) {
        let until = now + RateBudget.quiet(seconds: Int64(seconds))
        state.withLock { $0.quietUntil = max($0.quietUntil, until) }
    }
}
