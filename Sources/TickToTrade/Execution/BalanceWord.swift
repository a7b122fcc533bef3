import MarketModel

/// The venue's last word on one balance, and what the trades heard of since make of it.
///
/// Words are ordered by the venue's clock. Two of the same instant are told apart by the trades: a
/// word that is just what they have made of the one before stays, until a trade explains the other.
struct BalanceWord: BitwiseCopyable {
    /// The venue's clock of the newest word in this session; unknown: none yet.
    private var time = Timestamp.unknown
    /// The newest word and every trade that was heard of after it.
    private var reckoned: Int64 = -1
    private var hasTraded = false
    /// Whether the newest word is what trades had made of the one before.
    private var isConfirmed = false
    /// A word of the same instant that came after a confirmed one; -1: none.
    private var rival: Int64 = -1

    @_noLocks init() {}

    /// Whether `total` is the balance from here on; `false` for a word that is older than the newest.
    @_noLocks
    mutating func take(_ total: Int64, at venueTime: Timestamp) -> Bool {
        if venueTime < time { return false }
        let isExplained = hasTraded && total == reckoned
        if venueTime == time, time != .unknown, isConfirmed, total != reckoned {
            rival = total
            return false
        }
        accept(total, at: venueTime, isConfirmed: isExplained || venueTime == time && isConfirmed)
        return true
    }

    /// Hears of a trade; `true` when it explains the word that did not count, which is `total` now.
    @_noLocks
    mutating func hear(of amount: Int64, _ total: inout Int64) -> Bool {
        if amount == 0 { return false }
        reckoned = reckoned.addingReportingOverflow(amount).partialValue
        hasTraded = true
        if rival < 0 || rival != reckoned { return false }
        total = rival
        accept(rival, at: time, isConfirmed: true)
        return true
    }

    private mutating func accept(_ total: Int64, at venueTime: Timestamp, isConfirmed: Bool) {
        time = venueTime
        reckoned = total
        hasTraded = false
        rival = -1
        self.isConfirmed = isConfirmed
    }
}
