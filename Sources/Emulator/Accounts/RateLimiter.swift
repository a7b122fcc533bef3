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
        var requests = Window(length: 300_000)
        var connections = Window(length: 300_000)
        var violations = Window(length: 60_000)
        var bannedUntil: Int64 = 0
        /// Bans so far; each is twice as long as the one before.
        var banCount = 0
    }

    /// The longest ban: three days.
    private static let longestBan: Int64 = 3 * 86_400_000

    private struct Orders {
        var tenSeconds = Window(length: 10_000)
        var day = Window(length: 86_400_000)
    }

    let limits: RateLimitConfiguration
    /// Requests, connections and orders refused so far, and the bans among them.
    private(set) var refusalCount = 0
    private(set) var banCount = 0
    private var clients: [Int: Client] = [:]
    private var orders: [AccountIndex: Orders] = [:]

    init(limits: RateLimitConfiguration) { self.limits = limits }

    /// Counts a request's weight; refuses it when the client is over its limits or banned.
    mutating func charge(_ weight: Int, client: Int, now: Timestamp) throws(Rejection) {
        let time = now.milliseconds
        var entry = clients[client] ?? Client()
        defer { clients[client] = entry }
        try refuseBanned(entry, time)
        entry.weight.roll(to: time)
        entry.requests.roll(to: time)
        entry.requests.count += 1
        if entry.requests.count > limits.rawRequestsPerFiveMinutes {
            try refuse(
                &entry, time,
                .tooManyRequests(
                    limit: limits.rawRequestsPerFiveMinutes, retryAfter: entry.requests.end))
        }
        if entry.weight.count + weight > limits.requestWeightPerMinute {
            try refuse(
                &entry, time,
                .tooMuchWeight(
                    limit: limits.requestWeightPerMinute, retryAfter: entry.weight.end))
        }
        entry.weight.count += weight
    }

    /// Counts a WebSocket connection attempt, which has a weight of its own on the API.
    mutating func connect(weight: Int, client: Int, now: Timestamp) throws(Rejection) {
        let time = now.milliseconds
        var entry = clients[client] ?? Client()
        defer { clients[client] = entry }
        try refuseBanned(entry, time)
        entry.connections.roll(to: time)
        entry.connections.count += 1
        if entry.connections.count > limits.connectionsPerFiveMinutes {
            try refuse(&entry, time, .tooManyConnections(retryAfter: entry.connections.end))
        }
        entry.weight.roll(to: time)
        entry.weight.count += weight
    }

    /// A connection was dropped for sending too much; often repeated, the client is banned.
    mutating func noteDropped(client: Int, now: Timestamp) {
        var entry = clients[client] ?? Client()
        try? refuse(&entry, now.milliseconds, .tooManyConnections(retryAfter: 0))
        clients[client] = entry
    }

    private mutating func refuseBanned(_ entry: Client, _ time: Int64) throws(Rejection) {
        if time >= entry.bannedUntil { return }
        refusalCount += 1
        throw .banned(until: entry.bannedUntil)
    }

    /// Refuses, and bans a client that has been refused too often this minute.
    private mutating func refuse(
        _ entry: inout Client, _ time: Int64, _ rejection: Rejection
    ) throws(Rejection) {
        refusalCount += 1
        entry.violations.roll(to: time)
        entry.violations.count += 1
        guard entry.violations.count > limits.banAfterViolations else { throw rejection }
        let first = Int64(limits.banSeconds) * 1_000
        let length = entry.banCount < 16 ? first << Int64(entry.banCount) : Self.longestBan
        entry.bannedUntil = time + min(length, Self.longestBan)
        entry.banCount += 1
        banCount += 1
        entry.violations.count = 0
        throw .banned(until: entry.bannedUntil)
    }

    /// Gives back the weight of an order request that succeeded: those are free.
    mutating func refund(_ weight: Int, client: Int) {
        clients[client]?.weight.count -= weight
    }

    func usedWeight(client: Int) -> Int { clients[client]?.weight.count ?? 0 }

    /// Refuses new orders when the account has too many unfilled ones in a window.
    mutating func checkOrders(
        _ account: AccountIndex, adding count: Int, now: Timestamp
    ) throws(Rejection) {
        let entry = rolled(account, now)
        if entry.tenSeconds.count + count > limits.ordersPerTenSeconds {
            refusalCount += 1
            throw .tooManyOrders(
                limit: limits.ordersPerTenSeconds, interval: "10 SECOND",
                retryAfter: entry.tenSeconds.end)
        }
        if entry.day.count + count > limits.ordersPerDay {
            refusalCount += 1
            throw .tooManyOrders(
                limit: limits.ordersPerDay, interval: "1 DAY", retryAfter: entry.day.end)
        }
    }

    mutating func countOrders(_ count: Int, of account: AccountIndex, now: Timestamp) {
        var entry = rolled(account, now)
        entry.tenSeconds.count += count
        entry.day.count += count
        orders[account] = entry
    }

    /// An order's first fill takes its count back, a resting order's some more.
    mutating func returnOrder(_ account: AccountIndex, wasResting: Bool, now: Timestamp) {
        var entry = rolled(account, now)
        let count = wasResting ? limits.ordersReturnedByMaker : 1
        entry.tenSeconds.count = max(entry.tenSeconds.count - count, 0)
        entry.day.count = max(entry.day.count - count, 0)
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
