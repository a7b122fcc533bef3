import MarketModel

/// The venue's last word on one balance, and what the trades heard of make of it.
///
/// Words are ordered by the venue's clock. Of several of the same instant the trades tell which is the
/// newest, in whichever order words and trades come: the one that the balance before the instant
/// and all of its trades lead to. One that lacks some of them is older.
struct BalanceWord: BitwiseCopyable {
    /// The venue's clock of the newest word in this session, and of the one of another instant before
    /// it; unknown: none yet.
    private var time = Timestamp.unknown
    private var timeBefore = Timestamp.unknown
    /// The newest word as it was said, and with every trade that was heard of after it.
    private var said: Int64 = -1
    private var reckoned: Int64 = -1
    /// The word of the same instant that it has replaced; -1: none.
    private var replaced: Int64 = -1
    /// The balance before the instant and every trade since that was heard of; -1: not known. Never a
    /// word's when somebody else moves the balance in the same instant.
    private var proven: Int64 = -1
    /// The last words of the instant; -1: nothing.
    private var words = InlineArray<4, Int64>(repeating: -1)
    private var newestWord = 0
    /// What the first trades of one instant moved, and that instant.
    private var moves = InlineArray<8, Int64>(repeating: 0)
    private var moveCount = 0
    private var moveTime = Timestamp.unknown

    @_noLocks init() {}

    /// Whether `total` is the balance from here on; `false` for a word that is older than the newest.
    /// `held` is the balance as it is held until now, -1: not known.
    @_noLocks
    mutating func take(_ total: Int64, at venueTime: Timestamp, held: Int64) -> Bool {
        if venueTime < time { return false }
        if venueTime != time || time == .unknown {
            words = InlineArray(repeating: -1)
            proven = held
            timeBefore = time
            time = venueTime
            said = -1
        }
        newestWord = (newestWord &+ 1) & 3
        words[newestWord] = total
        if proven >= 0, total != proven, total != reckoned, lacksMoves(total) { return false }
        if total != said { replaced = said }
        said = total
        reckoned = total
        return true
    }

    /// Hears of a trade at a time of the venue's clock. The balance when the trade shows that another
    /// word than the last one is the newest; otherwise -1.
    @_noLocks
    mutating func hear(of amount: Int64, at tradeTime: Timestamp) -> Int64 {
        if amount == 0 || tradeTime == .unknown { return -1 }
        note(amount, tradeTime)
        reckoned = reckoned.addingReportingOverflow(amount).partialValue
        if tradeTime > time || tradeTime <= timeBefore { return -1 }
        if proven >= 0 { proven = proven.addingReportingOverflow(amount).partialValue }
        guard isWord(proven) || reckoned == replaced else { return -1 }
        let newest = isWord(proven) ? proven : replaced
        if newest < 0 || newest == said { return -1 }
        said = newest
        reckoned = newest
        replaced = -1
        return newest
    }

    private mutating func note(_ amount: Int64, _ time: Timestamp) {
        if time != moveTime {
            moveTime = time
            moveCount = 0
        }
        if moveCount == moves.count { return }
        moves[moveCount] = amount
        moveCount &+= 1
    }

    /// Whether the trades of the instant show that a word was said without some of them: that it is what
    /// is proven less what one or more of them moved. At most 2^8 sums, each a step from the last
    /// in the order of a Gray code.
    private func lacksMoves(_ total: Int64) -> Bool {
        if moveTime != time { return false }
        var sum = proven
        var isOut: UInt32 = 0
        var turn: UInt32 = 1
        let end = 1 &<< UInt32(truncatingIfNeeded: moveCount) as UInt32
        while turn < end {
            let place = turn.trailingZeroBitCount
            let bit = 1 &<< UInt32(truncatingIfNeeded: place) as UInt32
            sum = isOut & bit == 0 ? sum &- moves[place] : sum &+ moves[place]
            isOut ^= bit
            if sum == total { return true }
            turn &+= 1
        }
        return false
    }

    private func isWord(_ total: Int64) -> Bool {
        if total < 0 { return false }
        return total == words[0] || total == words[1] || total == words[2] || total == words[3]
    }
}
