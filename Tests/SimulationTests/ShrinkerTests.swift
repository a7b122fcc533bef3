import Testing

@testable import Simulation

@Suite("Shrinking a plan")
struct ShrinkerTests {
    @Test func `what does not matter is left out, what does stays`() throws {
        let plan = SimulationPlan.rough(seconds: 40)
        let strikes = FaultKind.allCases.map { _ in 20 }
        // Fails while there are crashes and at least five stalls.
        var shrinker = Shrinker(plan, reason: "first", strikes: strikes, budget: 1_000) { plan in
            guard plan[.crash] != nil, let stalls = plan[.stall], stalls.limit >= 5 else {
                return nil
            }
            return "again"
        }
        shrinker.shrink()
        #expect(Set(shrinker.plan.faults.keys) == ["crash", "stall"])
        #expect(shrinker.plan[.stall]?.limit == 5)
        #expect(shrinker.plan[.crash]?.limit == 1)
        #expect(shrinker.plan.seconds < 2)
        #expect(shrinker.reason == "again")
    }

    @Test func `a budget of no runs changes nothing but the limits`() {
        let plan = SimulationPlan(
            seconds: 5, faults: [.reset: .init(rate: 0.5), .drop: .init(rate: 0.5)])
        var strikes = FaultKind.allCases.map { _ in 0 }
        strikes[FaultKind.reset.place] = 3
        var shrinker = Shrinker(plan, reason: "why", strikes: strikes, budget: 0) { _ in "no" }
        shrinker.shrink()
        #expect(shrinker.plan[.reset]?.limit == 3)
        #expect(shrinker.plan[.drop] == nil)
    }
}
