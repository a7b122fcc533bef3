import Codec
import MarketModel
import Wire

/// When a link may be connected: its own backoff, and what the venue allows the address.
extension SpotSession {
    /// Request weight of connecting to the WebSocket API (binance-spot.md, section 3.2).
    static var connectionWeight: Int64 { 2 }

    /// Whether a link should be connected now: it is down, its backoff is over, and the venue allows
    /// the address another attempt.
    public mutating func wantsConnection(_ link: Int, now: Int64) -> Bool {
        switch links[link].phase {
        case .idle, .closed: break
        default: return false
        }
        if link == SpotLink.relief {
            guard case .wanted = relief else { return false }
        }
        if link == SpotLink.orderRelief {
            guard case .wanted = orderRelief, isOrderSessionUp else { return false }
        }
        if link == SpotLink.fallback {
            guard case .wanted = fallback else { return false }
        }
        return now >= nextAttempt[link] && now + clockOffset >= budget.quietUntil
            && hasAttempt(link, now)
    }

    /// Whether the address may make another attempt; if not, the link's next one waits until it
    /// may, and that is told once.
    private mutating func hasAttempt(_ link: Int, _ now: Int64) -> Bool {
        guard let urgency = Self.urgency(ofConnecting: link) else { return true }
        var next = connectionBudget.nextTime(urgency)
        let time = now + clockOffset
        if Self.isWebSocketAPI(link), budget.room(for: urgency, at: time) < Self.connectionWeight {
            next = max(next, budget.weightReturns(at: time) - clockOffset)
        }
        if now >= next {
            heldLinks.remove(link)
            return true
        }
        nextAttempt[link] = next
        if heldLinks.insert(link).inserted {
            remark(.paced, link, "next attempt in \((next - now) / 1_000_000) ms")
        }
        return false
    }

    /// The venue wants to be left alone: 429 and 418 say for how long, the firewall's 403 does not
    /// (binance-spot.md, section 3.3).
    mutating func heed(_ status: Int, pause: Int64?, _ link: Int, _ now: Int64) {
        let quiet: Int64
        switch status {
        case 429, 418: quiet = RateBudget.quiet(seconds: pause ?? 60)
        case 403: quiet = RateBudget.quiet(seconds: pause ?? 120)
        default: return
        }
        let time = now + clockOffset
        budget.keepQuiet(until: time + quiet, at: time)
        remark(.refused, link, "HTTP \(status), quiet for \(quiet / 1_000_000_000) s")
    }

    /// How urgent a WebSocket is; the venue counts no other connections.
    private static func urgency(ofConnecting link: Int) -> RequestUrgency? {
        switch link {
        case SpotLink.orders: .place
        case SpotLink.market, SpotLink.orderRelief: .query
        case SpotLink.relief: .marketData
        default: nil
        }
    }

    private static func isWebSocketAPI(_ link: Int) -> Bool {
        link == SpotLink.orders || link == SpotLink.orderRelief
    }

    /// Makes a link ready for an attempt; the driver then connects its transport.
    public mutating func prepare(_ link: Int, now: Int64) throws(TLSFailure) {
        if Self.urgency(ofConnecting: link) != nil { connectionBudget.note(at: now) }
        if Self.isWebSocketAPI(link) {
            budget.note(weight: Self.connectionWeight, at: now + clockOffset)
        }
        if case .closed = links[link].phase { try links[link].reset() }
        links[link].connecting(now: now)
    }
}
