import MarketModel

/// The venue's last word on one balance, and what the trades heard of since make of it.
///
/// Words are ordered by the venue's clock. Of two of the same instant the trades tell which is older:
/// one that says what the balance was between two trades that both are in the newer. A trade may
/// be heard of after both: then it leads from the older to the newer, whichever came first.
struct BalanceWord: BitwiseCopyable {
    /// The venue's clock of the newest word in this session; unknown: none yet.
    private var time = Timestamp.unknown
    /// The newest word and every trade that was heard of after it.
    private var reckoned: Int64 = -1
    private var hasTraded = false
    /// The newest word as it was said, and the one of the same instant that it has replaced; -1: none.
    private var said: Int64 = -1
    private var replaced: Int64 = -1
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
        replaced = isTold && total != said ? said : -1
        said = total
        time = venueTime
        reckoned = total
        hasTraded = false
        return true
    }

    /// Hears of a trade. The balance when the trade shows that the word before the newest was the
    /// newer of the two; otherwise -1.
    @_noLocks
    mutating func hear(of amount: Int64) -> Int64 {
        if amount == 0 { return -1 }
        newestPassed = (newestPassed &+ 1) & 3
        passed[newestPassed] = reckoned
        reckoned = reckoned.addingReportingOverflow(amount).partialValue
        hasTraded = true
        if replaced < 0 || reckoned != replaced { return -1 }
        said = replaced
        replaced = -1
        return said
    }

    private func hasPassed(_ total: Int64) -> Bool {
        total == passed[0] || total == passed[1] || total == passed[2] || total == passed[3]
    }
}
