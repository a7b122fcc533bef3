import Machine
import MarketModel

/// The last orders sent on one side of an instrument: what a duplicate is compared with.
struct RecentOrders: ~Copyable {
    private let place = InPlace()
    private var prices = InlineArray<64, Int64>(repeating: 0)
    private var times = InlineArray<64, Int64>(repeating: .min)
    private var newest = 0

    @_noLocks
    mutating func add(_ price: Price, at now: Timestamp) {
        newest = (newest &+ 1) & 63
        prices[newest] = price.raw
        times[newest] = now.nanoseconds
    }

    /// Age of the newest order sent after `cutoff` whose price is within `reach`; `nil`: none.
    ///
    /// When all that is remembered was sent after `cutoff`, what came before may have been the same:
    /// then it counts so, with the age of the oldest.
    @_noLocks
    func age(
        of price: Price, within reach: Int64, since cutoff: Int64, _ now: Timestamp
    ) -> Int64? {
        var steps = 0
        while steps < 64 {
            let slot = (newest &- steps) & 63
            if times[slot] <= cutoff { return nil }
            let distance = price.raw &- prices[slot]
            if distance <= reach, distance >= 0 &- reach { return now.nanoseconds &- times[slot] }
            steps &+= 1
        }
        return now.nanoseconds &- times[(newest &+ 1) & 63]
    }
}
