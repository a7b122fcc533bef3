import MarketModel

/// The venue's last word on one balance, and what the trades heard of since make of it.
///
/// Words are ordered by the venue's clock. Of two of the same instant the trades tell which is older:
/// one that says what the balance was between two trades that both are in the newer.
struct BalanceWord: BitwiseCopyable {
    /// The venue's clock of the newest word in this session; unknown: none yet.
    private var time = Timestamp.unknown
    /// The newest word and every trade that was heard of after it.
    private var reckoned: Int64 = -1
    private var hasTraded = false
    /// What it was before each of the last trades; -1: nothing.
    private var passed = InlineArray<4, Int64>(repeating: -1)
    private var newestPassed = 0

    @_noLocks init() {}

    /// Whether `total` is the balance from here on; `false` for a word that is older than the newest.
    @_noLocks
    mutating func take(_ total: Int64, at venueTime: Timestamp) -> Bool {
        if venueTime < time { return false }
        let isTold = venueTime == time && time != .unknown
        if isTold, total != reckoned, hasPassed(total) { return false }
        if !isTold, !hasTraded { passed = InlineArray(repeating: -1) }
        time = venueTime
        reckoned = total
        hasTraded = false
        return true
    }

    /// Hears of a trade.
    @_noLocks
    mutating func hear(of amount: Int64) {
        if amount == 0 { return }
        newestPassed = (newestPassed &+ 1) & 3
        passed[newestPassed] = reckoned
        reckoned = reckoned.addingReportingOverflow(amount).partialValue
        hasTraded = true
    }

    private func hasPassed(_ total: Int64) -> Bool {
        total == passed[0] || total == passed[1] || total == passed[2] || total == passed[3]
    }
}
