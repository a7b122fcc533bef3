import Codec
import MarketModel
import Testing

@testable import Venues

@Suite("Connection budget")
struct ConnectionBudgetTests {
    private static let second: Int64 = 1_000_000_000

    /// Attempts that are made at one moment until the budget is used up.
    private func attempts(
        _ budget: inout ConnectionBudget, _ urgency: RequestUrgency, at now: Int64
    ) -> Int {
        var count = 0
        while budget.nextTime(urgency) <= now {
            budget.note(at: now)
            count += 1
        }
        return count
    }

    @Test func `each kind of connection leaves room for the more urgent`() {
        var budget = ConnectionBudget([])
        #expect(attempts(&budget, .marketData, at: 0) == 180)
        #expect(attempts(&budget, .query, at: 0) == 60)
        #expect(attempts(&budget, .place, at: 0) == 30)
        #expect(budget.nextTime(.place) == 300 * Self.second)
        #expect(attempts(&budget, .place, at: 300 * Self.second - 1) == 0)
        #expect(attempts(&budget, .place, at: 300 * Self.second) == 270)
    }

    @Test func `the venue's own rule is taken where it has one`() {
        var budget = ConnectionBudget([
            RateLimitRule(type: "CONNECTIONS", window: .seconds(10), limit: 10)
        ])
        #expect(attempts(&budget, .place, at: 0) == 9)
        #expect(budget.nextTime(.place) == 10 * Self.second)
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `no window of any beginning holds more than the share`(seed: UInt64) {
        var state = seed
        func next(_ bound: UInt64) -> Int64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int64((state >> 33) % bound)
        }
        var budget = ConnectionBudget(limit: 50, window: .seconds(60))
        var times: [Int64] = []
        var now: Int64 = 0
        for _ in 0..<2_000 {
            now += next(UInt64(2 * Self.second))
            if budget.nextTime(.place) > now { continue }
            budget.note(at: now)
            times.append(now)
        }
        let length = 60 * Self.second
        let most = times.map { start in times.count { $0 >= start && $0 < start + length } }.max()
        #expect(most == 45, "seed \(seed)")
    }
}
