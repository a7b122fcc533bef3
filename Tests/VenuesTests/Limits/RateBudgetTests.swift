import Codec
import MarketModel
import Testing

@testable import Venues

@Suite("Rate budgets")
struct RateBudgetTests {
    private static let second: Int64 = 1_000_000_000
    /// A full minute of the venue's clock.
    private static let minute: Int64 = 1_800_000_000 * second

    private func budget(
        weight: Int64 = 100, orders: Int64 = 10, daily: Int64 = 1_000, requests: Int64 = 0
    ) -> RateBudget {
        RateBudget([
            RateLimitRule(type: "REQUEST_WEIGHT", window: .seconds(60), limit: weight),
            RateLimitRule(type: "ORDERS", window: .seconds(10), limit: orders),
            RateLimitRule(type: "ORDERS", window: .day, limit: daily),
            RateLimitRule(type: "RAW_REQUESTS", window: .seconds(300), limit: requests),
        ])
    }

    private func usage(weight: Int32 = -1, orders: Int32 = -1, limit: Int32 = -1) -> RateLimitUsage {
        var usage = RateLimitUsage()
        usage.requestWeight = RateLimitCount(count: weight, limit: -1)
        usage.ordersShortTerm = RateLimitCount(count: orders, limit: limit)
        return usage
    }

    private func taken(
        _ budget: inout RateBudget, _ urgency: RequestUrgency, orders: Int64 = 0,
        at now: Int64 = minute
    ) -> Int {
        var count = 0
        while budget.take(urgency, weight: 1, orders: orders, at: now) { count += 1 }
        return count
    }

    private func take(
        _ budget: inout RateBudget, _ urgency: RequestUrgency, weight: Int64, at now: Int64
    ) -> Bool {
        budget.take(urgency, weight: weight, at: now)
    }

    @Test func `the less urgent leave room for the more urgent`() {
        var budget = budget()
        #expect(taken(&budget, .history) == 40)
        #expect(taken(&budget, .marketData) == 20)
        #expect(taken(&budget, .query) == 20)
        #expect(taken(&budget, .place) == 10)
        #expect(taken(&budget, .amend) == 4)
        #expect(taken(&budget, .protective) == 3)
        #expect(taken(&budget, .cancel) == 3)
        #expect(budget.weight.used == 100)
    }

    @Test func `new orders are counted by ten seconds and by day, cancels are not`() {
        var budget = budget(weight: 0, orders: 10, daily: 15)
        #expect(taken(&budget, .place, orders: 1) == 9)
        #expect(taken(&budget, .protective, orders: 1) == 0)
        #expect(take(&budget, .cancel, weight: 1, at: Self.minute))
        // Answered and counted by the venue.
        for count in 1...9 {
            budget.settle(
                weight: 1, orders: 1, told: usage(orders: Int32(count)), at: Self.minute)
        }
        let next = Self.minute + 10 * Self.second
        #expect(taken(&budget, .place, orders: 1, at: next) == 4, "13 of 90 % of 15 in the day")
    }

    @Test func `windows are the venue's clock's, not sliding`() {
        var budget = budget(weight: 10)
        let late = Self.minute + 59 * Self.second
        #expect(taken(&budget, .cancel, at: late) == 10)
        for _ in 0..<10 { budget.settle(weight: 1, orders: 0, told: usage(), at: late) }
        #expect(taken(&budget, .cancel, at: late) == 0)
        #expect(taken(&budget, .cancel, at: Self.minute + 60 * Self.second) == 10)
    }

    /// Successful orders cost no weight: only the venue's count says so (section 3.3).
    @Test func `the venue's own count replaces what was answered`() {
        var budget = budget(weight: 10)
        for _ in 0..<1_000 {
            #expect(take(&budget, .place, weight: 1, at: Self.minute))
            budget.settle(weight: 1, orders: 0, told: usage(weight: 2), at: Self.minute)
        }
        #expect(budget.weight.used == 2)
        #expect(taken(&budget, .place) == 7)
        budget.settle(weight: 1, orders: 0, told: usage(weight: 9), at: Self.minute)
        #expect(budget.weight.used == 15, "what is under way comes on top")
        #expect(!take(&budget, .cancel, weight: 1, at: Self.minute))
    }

    /// An order that succeeds weighs nothing and is a request all the same.
    @Test func `requests are counted whatever they weigh`() {
        var budget = budget(orders: 0, daily: 0, requests: 10)
        let late = Self.minute + 299 * Self.second
        for _ in 0..<9 {
            #expect(take(&budget, .place, weight: 1, at: late))
            budget.settle(weight: 1, orders: 0, told: usage(weight: 0), at: late)
        }
        #expect(!take(&budget, .place, weight: 1, at: late))
        #expect(take(&budget, .cancel, weight: 1, at: late))
        budget.lose()
        #expect(!take(&budget, .cancel, weight: 1, at: late), "a lost answer's request counts")
        #expect(take(&budget, .place, weight: 1, at: Self.minute + 300 * Self.second))
    }

    @Test func `connecting weighs something and no answer tells it`() {
        var budget = budget(weight: 10)
        for _ in 0..<4 { budget.note(weight: 2, at: Self.minute) }
        #expect(budget.weight.used == 8)
        #expect(take(&budget, .cancel, weight: 2, at: Self.minute))
        budget.settle(weight: 2, orders: 0, told: usage(weight: 9), at: Self.minute)
        #expect(budget.weight.used == 9, "the venue's count has it")
    }

    @Test func `without the venue's count an answer counts what it took`() {
        var budget = budget(weight: 10)
        #expect(take(&budget, .query, weight: 4, at: Self.minute))
        budget.settle(weight: 4, orders: 0, told: usage(), at: Self.minute)
        #expect(budget.weight.used == 4)
        #expect(take(&budget, .query, weight: 4, at: Self.minute))
        budget.lose()
        #expect(budget.weight.used == 8, "a lost answer's request counts")
    }

    @Test func `limits that the venue changes are taken over`() {
        var budget = budget(orders: 10)
        budget.settle(weight: 0, orders: 0, told: usage(orders: 0, limit: 50), at: Self.minute)
        #expect(taken(&budget, .place, orders: 1) == 45)
    }

    @Test func `while the venue wants quiet not even a cancel leaves`() {
        var budget = budget()
        budget.keepQuiet(until: Self.minute + Self.second, at: Self.minute)
        budget.keepQuiet(until: Self.minute, at: Self.minute)
        #expect(!take(&budget, .cancel, weight: 1, at: Self.minute))
        #expect(!take(&budget, .cancel, weight: 1, at: Self.minute + Self.second - 1))
        #expect(take(&budget, .cancel, weight: 1, at: Self.minute + Self.second))
    }

    /// Found by fuzzing: such a Retry-After brought the engine down.
    @Test(arguments: [Int64.max, 9_223_372_037, 700_000])
    func `no quiet is longer than a week`(seconds: Int64) {
        var budget = budget()
        let week: Int64 = 604_800
        #expect(RateBudget.quiet(seconds: seconds) == week * Self.second)
        #expect(RateBudget.quiet(seconds: -seconds) == 0)
        budget.keepQuiet(until: .max, at: Self.minute)
        let end = Self.minute + week * Self.second
        #expect(!take(&budget, .cancel, weight: 1, at: end - 1))
        #expect(take(&budget, .cancel, weight: 1, at: end))
    }
}
