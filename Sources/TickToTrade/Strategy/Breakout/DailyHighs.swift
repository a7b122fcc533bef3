import MarketModel

/// Highs and quote volumes of UTC days, newest last.
///
/// Only days before the one that is asked about count: the running day's high would make a
/// breakout impossible live and leak the future into a backtest (BUG-085). A day may be added
/// again while it grows; its last version counts.
struct DailyHighs: BitwiseCopyable {
    /// Days that may be asked for; a few more are kept, for the running one.
    static var longest: Int { 64 }
    private static var capacity: Int { 72 }

    private struct Day: BitwiseCopyable {
        var number = Int64.min
        var high = Price.zero
        var volume = Notional.zero
    }

    private var days = InlineArray<72, Day>(repeating: Day())
    private var count = 0
    private var next = 0

    /// Adds a day, or a later version of the newest one; an older day is ignored.
    @_noLocks
    mutating func add(_ candle: Candle) {
        let day = Day(
            number: candle.openTime.utcDay, high: candle.high, volume: candle.quoteVolume)
        let newest = self.day(age: 1).number
        if day.number < newest { return }
        if day.number == newest { next = (next &+ Self.capacity &- 1) % Self.capacity }
        days[next] = day
        next = (next &+ 1) % Self.capacity
        if day.number > newest, count < Self.capacity { count &+= 1 }
    }

    /// The highest high of the `length` days before the day of `now`, and the volume of the last
    /// of them; `nil` while there are fewer, or when yesterday is missing.
    @_noLocks
    func range(of length: Int, before now: Timestamp) -> (high: Price, volume: Notional)? {
        let today = now.utcDay
        var age = 1
        while age <= count, day(age: age).number >= today { age &+= 1 }
        let yesterday = day(age: age)
        if length < 1 || age &+ length &- 1 > count || yesterday.number != today &- 1 { return nil }
        var highest = yesterday.high
        var reached = 1
        while reached < length {
            let high = day(age: age &+ reached).high
            if high > highest { highest = high }
            reached &+= 1
        }
        return (highest, yesterday.volume)
    }

    /// 1 is the newest.
    private func day(age: Int) -> Day { days[(next &+ Self.capacity &- age) % Self.capacity] }
}
