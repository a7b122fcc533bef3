/// Makes a failing plan small: fewer kinds of faults, fewer strikes, less time, while it fails.
struct Shrinker {
    /// What a plan's run violates; `nil` when it holds.
    let violation: (SimulationPlan) -> String?
    /// Runs left.
    private(set) var budget: Int
    private(set) var plan: SimulationPlan
    private(set) var reason: String

    /// Starts with a plan that fails, for this reason, after so many strikes of each kind.
    init(
        _ plan: SimulationPlan, reason: String, strikes: [Int], budget: Int,
        violation: @escaping (SimulationPlan) -> String?
    ) {
        self.plan = plan
        self.reason = reason
        self.budget = budget
        self.violation = violation
        for (kind, count) in zip(FaultKind.allCases, strikes) {
            if count == 0 { self.plan[kind] = nil } else { self.plan[kind]?.limit = count }
        }
    }

    /// Tries smaller and smaller plans until none fails any more or the budget is spent.
    mutating func shrink() {
        var hasShrunk = true
        while hasShrunk, budget > 0 {
            hasShrunk = false
            for group in groups() where keepsFailing(without: group) { hasShrunk = true }
            for kind in kinds where halves(kind) { hasShrunk = true }
        }
        while plan.seconds > 1, tries({ $0.seconds /= 2 }) {}
    }

    private var kinds: [FaultKind] { FaultKind.allCases.filter { plan[$0] != nil } }

    /// Half of the kinds at once first, then one by one.
    private func groups() -> [[FaultKind]] {
        let all = kinds
        let half = all.count / 2
        let halves = all.count > 3 ? [Array(all[..<half]), Array(all[half...])] : []
        return halves + all.map { [$0] }
    }

    private mutating func keepsFailing(without group: [FaultKind]) -> Bool {
        if group.allSatisfy({ plan[$0] == nil }) { return false }
        return tries { for kind in group { $0[kind] = nil } }
    }

    /// Leaves out the later or the earlier half of a kind's strikes.
    private mutating func halves(_ kind: FaultKind) -> Bool {
        guard let fault = plan[kind], fault.limit > 1 else { return false }
        let half = fault.limit / 2
        if tries({ $0[kind]?.limit = half }) { return true }
        return tries {
            $0[kind]?.skip += half
            $0[kind]?.limit -= half
        }
    }

    private mutating func tries(_ change: (inout SimulationPlan) -> Void) -> Bool {
        if budget == 0 { return false }
        budget -= 1
        var smaller = plan
        change(&smaller)
        guard let found = violation(smaller) else { return false }
        plan = smaller
        reason = found
        return true
    }
}
