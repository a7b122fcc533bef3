import MarketModel

/// The last eight orders sent on one side of an instrument: what a duplicate is compared with.
struct RecentOrders: BitwiseCopyable {
    private var prices = InlineArray<8, Int64>(repeating: 0)
    private var times = InlineArray<8, Int64>(repeating: .min)
    private var newest = 0

    @_noLocks
    mutating func add(_ price: Price, at now: Timestamp) {
        newest = (newest &+ 1) & 7
        prices[newest] = price.raw
        times[newest] = now.nanoseconds
    }

    /// Age of the newest order sent after `cutoff` whose price is within `reach`; `nil`: none.
    @_noLocks
    func age(
        of price: Price, within reach: Int64, since cutoff: Int64, _ now: Timestamp
    ) -> Int64? {
        var steps = 0
        while steps < 8 {
            let slot = (newest &- steps) & 7
            if times[slot] <= cutoff { return nil }
            let distance = price.raw &- prices[slot]
            if distance <= reach, distance >= 0 &- reach { return now.nanoseconds &- times[slot] }
            steps &+= 1
        }
        return nil
    }
}
