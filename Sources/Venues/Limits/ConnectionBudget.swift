import Codec
import MarketModel

/// Attempts to connect a WebSocket that the venue allows an address (binance-spot.md, section 3).
///
/// Nobody tells where the venue's five minutes begin, so none of any five minutes may hold more
/// than its share. Each kind of connection has one: a storm on one link leaves room for the others,
/// and the last tenth is for whoever else connects from this address. Cold.
struct ConnectionBudget {
    /// Times of the last attempts, in a ring.
    private var attempts: [Int64]
    private var count = 0
    private let window: Int64

    /// `limit` attempts in each `window`.
    init(limit: Int, window: Nanoseconds) {
        precondition(limit > 0 && window.count > 0, "a budget of attempts has room")
        attempts = Array(repeating: 0, count: limit)
        self.window = window.count
    }

    /// As the venue's rules tell, or as documented.
    init(_ rules: [RateLimitRule]) {
        let rule = rules.first { $0.type == "CONNECTIONS" && $0.window.count > 0 && $0.limit > 0 }
        self.init(
            limit: rule.map { Int(clamping: min($0.limit, 100_000)) } ?? 300,
            window: rule?.window ?? .seconds(300))
    }

    /// When the next attempt of this urgency may be made; in the past or now: at once.
    func nextTime(_ urgency: RequestUrgency) -> Int64 {
        let share = max(1, attempts.count * Int(urgency.share) / 100)
        if count < share { return .min }
        return attempts[(count - share) % attempts.count] + window
    }

    /// Counts an attempt, whatever becomes of it.
    mutating func note(at now: Int64) {
        attempts[count % attempts.count] = now
        count += 1
    }
}
