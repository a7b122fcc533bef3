import MarketModel

/// The audits that reconnects have asked for, until one that began behind them has said whether the
/// account agrees. Pure: it neither waits nor asks.
struct OwedAudit {
    /// How many were asked for, and how many of them are paid.
    private var asked = 0
    private var paid = 0
    /// Audits in a row that have said nothing.
    private var failures = 0

    var isOwed: Bool { paid < asked }

    /// Asks for one. Returns whether nobody tries to pay yet.
    mutating func owe() -> Bool {
        defer { asked += 1 }
        return !isOwed
    }

    /// An audit begins; hand what this returns to ``end(_:isClear:)``.
    func begin() -> Int { asked }

    /// An audit has ended. `isClear`: it had something to compare with and left no suspicion.
    mutating func end(_ begun: Int, isClear: Bool) {
        if isClear { paid = max(paid, begun) }
        failures = isClear ? 0 : failures + 1
    }

    /// Before the next try: a second, doubled by every audit that said nothing, a minute at most.
    var pause: Nanoseconds { .seconds(min(1 << Int64(min(failures, 6)), 60)) }
}
