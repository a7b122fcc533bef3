import TickToTrade
import Wire

/// What many seeds together have done and seen.
public struct SimulationReport: Sendable {
    public private(set) var seeds = 0
    /// Records that engines have journaled.
    public private(set) var events: UInt64 = 0
    public private(set) var decisions = 0
    public private(set) var bookComparisons = 0
    public private(set) var simulatedSeconds = 0.0
    /// Longest time from the last fault until an engine traded again, simulated seconds.
    public private(set) var longestRecovery = 0.0
    private var strikes = [Int](repeating: 0, count: FaultKind.allCases.count)
    private var phases = [UInt64](repeating: 0, count: 4)
    /// Seconds of real time; the caller's clock.
    public var seconds = 0.0

    public init() {}

    mutating func add(_ outcome: SimulationRun.Outcome) {
        seeds += 1
        events += outcome.events
        decisions += outcome.decisions
        bookComparisons += outcome.bookComparisons
        simulatedSeconds += Double(outcome.simulated) / 1e9
        longestRecovery = max(longestRecovery, Double(outcome.recovery) / 1e9)
        for place in strikes.indices { strikes[place] += outcome.strikes[place] }
        for link in phases.indices { phases[link] |= outcome.phases[link] }
    }

    /// Strikes of a kind of fault.
    public func strikes(of kind: FaultKind) -> Int { strikes[kind.place] }

    /// Kinds of faults that never struck.
    public var silentFaults: [FaultKind] { FaultKind.allCases.filter { strikes(of: $0) == 0 } }

    /// Phases that a connection of the engine (market, orders, REST, relief) was never seen in.
    public func missingPhases(of link: Int) -> [LinkPhase] {
        let all: [LinkPhase] = [.idle, .connecting, .upgrading, .open, .closing, .closed]
        return all.filter { phases[link] >> UInt64($0.rawValue) & 1 == 0 }
    }

    /// Changes of state that orders have gone through, out of those that the machine allows.
    public var transitions: (seen: Int, allowed: Int, missing: [String]) {
        let allowed = TransitionBoard.allowed
        let missing = allowed.filter { !TransitionBoard.shared.hasSeen($0.from, $0.to) }
        return (
            allowed.count - missing.count, allowed.count,
            missing.map { "\($0.from) to \($0.to)" }
        )
    }

    /// The report for people.
    public var text: String {
        let rate = seconds > 0 ? Int(Double(events) / seconds) : 0
        let faults = FaultKind.allCases.map { "  \($0.rawValue): \(strikes(of: $0))" }
        let names = ["market", "orders", "rest", "relief"]
        let phases = names.indices.map { link in
            let missing = missingPhases(of: link).map { "\($0)" }
            return "  \(names[link]): " + (missing.isEmpty ? "all" : "all but " + missing.joined(separator: ", "))
        }
        let states = transitions
        return """
            seeds \(seeds), simulated \(Int(simulatedSeconds)) s, events \(events), \
            \(rate) a second
            decisions \(decisions), books compared \(bookComparisons), \
            longest recovery \(longestRecovery) s
            faults
            \(faults.joined(separator: "\n"))
            phases of connections seen
            \(phases.joined(separator: "\n"))
            order transitions seen \(states.seen) of \(states.allowed)\
            \(states.missing.isEmpty ? "" : "; not seen: " + states.missing.joined(separator: ", "))
            """
    }
}
