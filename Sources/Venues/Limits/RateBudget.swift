import Codec
import MarketModel

/// How urgent a request is. The less urgent, the smaller the share of a limit it may use, so that a
/// cancel always finds room.
@frozen
public enum RequestUrgency: UInt8, BitwiseCopyable, Sendable, CaseIterable {
    @inlinable @inline(__always)
    public static func == (left: RequestUrgency, right: RequestUrgency) -> Bool {
        unsafeBitCast(left, to: UInt8.self) == unsafeBitCast(right, to: UInt8.self)
    }

    case cancel
    /// Reduces a position.
    case protective
    case amend
    case place
    case query
    /// What a book is made of.
    case marketData
    /// What was: no book and no order waits for it.
    case history

    /// Hundredths of a limit.
    var share: Int64 {
        @_noLocks get {
            switch self {
            case .cancel: 100
            case .protective: 97
            case .amend: 94
            case .place: 90
            case .query: 80
            case .marketData: 60
            case .history: 40
            }
        }
    }
}

/// The venue's rate limits as budgets, learned from its rules and its answers.
///
/// A pure value: time comes in as the venue's. Nothing leaves while the venue wants quiet (429,
/// 418): whoever goes on asking is banned.
public struct RateBudget: BitwiseCopyable, Sendable {
    /// Request weight of the address, by the minute.
    public internal(set) var weight = RateWindow()
    /// Requests of the address whatever they weigh, by five minutes; no answer tells their count.
    public internal(set) var requests = RateWindow()
    /// New orders of the account, by ten seconds and by day.
    public internal(set) var shortOrders = RateWindow()
    public internal(set) var dailyOrders = RateWindow()
    /// Venue time before which nothing may be sent.
    public private(set) var quietUntil: Int64 = 0

    /// Limits as the venue's rules tell them; those it does not name are none.
    public init(_ rules: [RateLimitRule] = []) {
        for rule in rules where rule.window.count > 0 {
            let window = RateWindow(limit: rule.limit, length: rule.window)
            switch rule.type {
            case "REQUEST_WEIGHT": weight = window
            case "RAW_REQUESTS": requests = window
            case "ORDERS" where rule.window == .day: dailyOrders = window
            case "ORDERS": shortOrders = window
            default: break
            }
        }
    }

    /// Takes a request's weight and orders out of the budget, or holds it back: `false`.
    @_noLocks
    public mutating func take(
        _ urgency: RequestUrgency, weight cost: Int64, orders: Int64 = 0, at now: Int64
    ) -> Bool {
        let share = urgency.share
        if now < quietUntil || !weight.has(cost, share: share, at: now)
            || !requests.has(1, share: share, at: now)
            || (orders > 0
                && !(shortOrders.has(orders, share: share, at: now)
                    && dailyOrders.has(orders, share: share, at: now)))
        {
            return false
        }
        spend(weight: cost, orders: orders)
        return true
    }

    /// The same for what must leave in any case: a session's own login.
    @_noLocks
    public mutating func spend(weight cost: Int64, orders: Int64 = 0) {
        weight.take(cost)
        requests.take(1)
        if orders == 0 { return }
        shortOrders.take(orders)
        dailyOrders.take(orders)
    }

    /// Counts what nobody answers with a count: the weight of connecting.
    mutating func note(weight cost: Int64, at now: Int64) {
        weight.take(cost)
        weight.settle(cost, told: -1, limit: -1, at: now)
    }

    /// Request weight that is left of a share of the limit.
    public mutating func room(for urgency: RequestUrgency, at now: Int64) -> Int64 {
        weight.room(share: urgency.share, at: now)
    }

    /// When the present window of request weight ends, in venue time.
    public func weightReturns(at now: Int64) -> Int64 { weight.end(at: now) }

    /// An answer: what its request took, and what the venue says it has counted by now.
    @_noLocks
    public mutating func settle(
        weight cost: Int64, orders: Int64, told usage: RateLimitUsage, at now: Int64
    ) {
        weight.settle(
            cost, told: Int64(usage.requestWeight.count),
            limit: Int64(usage.requestWeight.limit), at: now)
        requests.settle(1, told: -1, limit: -1, at: now)
        if orders == 0 && usage.ordersShortTerm.count < 0 { return }
        shortOrders.settle(
            orders, told: Int64(usage.ordersShortTerm.count),
            limit: Int64(usage.ordersShortTerm.limit), at: now)
        dailyOrders.settle(
            orders, told: Int64(usage.ordersDaily.count), limit: Int64(usage.ordersDaily.limit),
            at: now)
    }

    /// The connection has ended: what was under way counts, and nobody will say how much.
    @_noLocks
    public mutating func lose() {
        weight.lose()
        requests.lose()
        shortOrders.lose()
        dailyOrders.lose()
    }

    /// The longest quiet that is believed, nanoseconds: bans last three days at most
    /// (binance-spot.md, section 3.3).
    public static var longestQuiet: Int64 { @_noLocks get { 7 * 86_400_000_000_000 } }

    /// The pause of a Retry-After field, nanoseconds: 0...``longestQuiet`` whatever the field says.
    public static func quiet(seconds: Int64) -> Int64 {
        min(max(seconds, 0), longestQuiet / 1_000_000_000) * 1_000_000_000
    }

    /// 429 or 418, heard at `now`: nothing may leave before `time`.
    @_noLocks
    public mutating func keepQuiet(until time: Int64, at now: Int64) {
        let latest = now &+ Self.longestQuiet
        let believed = time < latest ? time : latest
        if believed > quietUntil { quietUntil = believed }
    }
}

extension OrderRequest {
    /// What a request is to the budget.
    var urgency: RequestUrgency {
        @_noLocks get {
            switch kind {
            case .cancel, .cancelAll: .cancel
            case .query: .query
            // Of a list the last order speaks: a protection behind an entry is one with it.
            case .place, .placeLeg: isReduceOnly && !contingency.isPending(leg) ? .protective : .place
            case .amend: .amend
            case .cancelReplace: isReduceOnly ? .protective : .amend
            }
        }
    }

    /// Request weight when it fails; a success costs nothing (section 3.3).
    var weight: Int64 {
        @_noLocks get { kind == .query || kind == .amend ? 4 : 1 }
    }

    /// New orders that the venue counts for it.
    var orderCount: Int64 {
        @_noLocks get {
            switch kind {
            case .place, .cancelReplace: 1
            case .placeLeg: Int64(contingency.legCount)
            case .cancel, .cancelAll, .query, .amend: 0
            }
        }
    }
}

extension BinanceSpotSessionRequest {
    /// Request weight (binance-spot.md, sections 8.4 and 9).
    var weight: Int64 {
        switch method {
        case "account.status": 20
        case "myTrades": 5
        default: 2
        }
    }
}
