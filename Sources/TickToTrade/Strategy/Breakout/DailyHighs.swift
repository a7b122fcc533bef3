import MarketModel

/// Highs and quote volumes of completed UTC days, newest last; at most 64 days.
///
/// Only days that are over enter: the running day's high would make a breakout impossible live
/// and leak the future into a backtest (BUG-085).
struct DailyHighs: BitwiseCopyable {
    static var capacity: Int { 64 }

    private var highs = InlineArray<64, Int64>(repeating: 0)
    private(set) var count = 0
    private var next = 0
    private var lastDay = Int64.min
    private(set) var lastVolume = Notional.zero

    /// Adds a completed day; a day that is not newer than the last one is ignored.
    @_noLocks
    mutating func add(_ day: Candle) {
        let number = day.openTime.utcDay
        if number <= lastDay { return }
        lastDay = number
        highs[next] = day.high.raw
        next = (next &+ 1) % Self.capacity
        if count < Self.capacity { count &+= 1 }
        lastVolume = day.quoteVolume
    }

    /// The highest high of the last `days` days, `nil` while there are fewer.
    @_noLocks
    func highest(of days: Int) -> Price? {
        if days < 1 || days > count { return nil }
        var highest = Int64.min
        var age = 1
        while age <= days {
            let high = highs[(next &+ Self.capacity &- age) % Self.capacity]
            if high > highest { highest = high }
            age &+= 1
        }
        return Price(raw: highest)
    }

    /// Whether `now` directly follows the newest completed day: no day is missing between.
    @_noLocks
    func isCurrent(at now: Timestamp) -> Bool { lastDay == now.utcDay &- 1 }
}
