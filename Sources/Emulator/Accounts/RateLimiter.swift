import MarketModel

/// The venue's limits (sheet section 3.3): request weight by client, orders by account.
///
/// Windows are aligned to the clock, not sliding. A client that keeps asking after 429 is
/// banned (418) for a while.
struct RateLimiter {
    private struct Window {
        let length: Int64
        var start: Int64 = 0
        var count = 0

        mutating func roll(to now: Int64) {
            let aligned = now - now % length
            if aligned != start {
                start = aligned
                count = 0
            }
        }

        var end: Int64 { start + length }
    }

    private struct Client {
        var weight = Window(length: 60_000)
        var violations = Window(length: 60_000)
        var bannedUntil: Int64 = 0
    }

    private struct Orders {
        var tenSeconds = Window(length: 10_000)
        var day = Window(length: 86_400_000)
    }

    let limits: RateLimitConfiguration
    private var clients: [Int: Client] = [:]
    private var orders: [AccountIndex: Orders] = [:]

    init(limits: RateLimitConfiguration) { self.limits = limits }

    /// Counts a request's weight; refuses it when the client is over its limit or banned.
    mutating func charge(_ weight: Int, client: Int, now: Timestamp) throws(Rejection) {
        let time = now.milliseconds
        var entry = clients[client] ?? Client()
        defer { clients[client] = entry }
        if time < entry.bannedUntil { throw .banned(until: entry.bannedUntil) }
        entry.weight.roll(to: time)
        guard entry.weight.count + weight > limits.requestWeightPerMinute else {
            entry.weight.count += weight
            return
        }
        entry.violations.roll(to: time)
        entry.violations.count += 1
        if entry.violations.count > limits.banAfterViolations {
            entry.bannedUntil = time + Int64(limits.banSeconds) * 1_000
            throw .banned(until: entry.bannedUntil)
        }
        throw .tooMuchWeight(
            limit: limits.requestWeightPerMinute, retryAfter: entry.weight.end)
    }

    /// Gives back the weight of an order request that succeeded: those are free.
    mutating func refund(_ weight: Int, client: Int) {
        clients[client]?.weight.count -= weight
    }

    func usedWeight(client: Int) -> Int { clients[client]?.weight.count ?? 0 }

    /// Refuses a new order when the account has too many unfilled ones in a window.
    mutating func checkOrders(_ account: AccountIndex, now: Timestamp) throws(Rejection) {
        let entry = rolled(account, now)
        if entry.tenSeconds.count >= limits.ordersPerTenSeconds {
            throw .tooManyOrders(
                limit: limits.ordersPerTenSeconds, interval: "10 SECOND",
                retryAfter: entry.tenSeconds.end)
        }
        if entry.day.count >= limits.ordersPerDay {
            throw .tooManyOrders(
                limit: limits.ordersPerDay, interval: "1 DAY", retryAfter: entry.day.end)
        }
    }

    mutating func countOrder(_ account: AccountIndex, now: Timestamp) {
        var entry = rolled(account, now)
        entry.tenSeconds.count += 1
        entry.day.count += 1
        orders[account] = entry
    }

    /// An order's first fill takes its count back (a maker's some more on the real venue).
    mutating func uncountOrder(_ account: AccountIndex, now: Timestamp) {
        var entry = rolled(account, now)
        entry.tenSeconds.count = max(entry.tenSeconds.count - 1, 0)
        entry.day.count = max(entry.day.count - 1, 0)
        orders[account] = entry
    }

    /// Unfilled orders counted in the ten-second and the day window.
    mutating func orderCounts(_ account: AccountIndex, now: Timestamp) -> (Int, Int) {
        let entry = rolled(account, now)
        return (entry.tenSeconds.count, entry.day.count)
    }

    private mutating func rolled(_ account: AccountIndex, _ now: Timestamp) -> Orders {
        var entry = orders[account] ?? Orders()
        entry.tenSeconds.roll(to: now.milliseconds)
        entry.day.roll(to: now.milliseconds)
        orders[account] = entry
        return entry
    }
}
