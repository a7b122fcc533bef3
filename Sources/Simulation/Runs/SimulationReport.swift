import TickToTrade
import Venues
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
    /// Times at which a fault kept an engine from trading, and the longest of them in simulated
    /// seconds, in plans that judge it.
    public private(set) var outages = 0
    public private(set) var longestOutage = 0.0
    /// Times that an instrument's money was compared with the exchange's to the last unit.
    public private(set) var moneyComparisons = 0
    /// Times that a market context was compared with that of the whole tape.
    public private(set) var contextComparisons = 0
    /// Questions to the venue's archive of trades.
    public private(set) var archiveQuestions = 0
    private var archiveStrikes = [Int](repeating: 0, count: FaultKind.allCases.count)
    private var strikes = [Int](repeating: 0, count: FaultKind.allCases.count)
    private var phases = [UInt64](repeating: 0, count: SpotLink.count)
    private var stages: UInt32 = 0
    private var riskChecks: [RiskLimitKey: Int] = [:]
    private var races: [OrderRace: Int] = [:]
    /// Of all journals of all seeds, in their order: FNV-1a.
    private var hash: UInt64 = 0xCBF2_9CE4_8422_2325
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
        outages += outcome.outages
        longestOutage = max(longestOutage, Double(outcome.longestOutage) / 1e9)
        moneyComparisons += outcome.moneyComparisons
        contextComparisons += outcome.contextComparisons
        archiveQuestions += outcome.archiveQuestions
        for place in strikes.indices {
            strikes[place] += outcome.strikes[place]
            archiveStrikes[place] += outcome.archiveStrikes[place]
        }
        for link in phases.indices { phases[link] |= outcome.phases[link] }
        stages |= outcome.stages
        riskChecks.merge(outcome.riskChecks, uniquingKeysWith: +)
        races.merge(outcome.races, uniquingKeysWith: +)
        for byte in outcome.hash.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }

    /// Takes over what another report has seen.
    public mutating func add(_ other: SimulationReport) {
        seeds += other.seeds
        events += other.events
        decisions += other.decisions
        bookComparisons += other.bookComparisons
        simulatedSeconds += other.simulatedSeconds
        longestRecovery = max(longestRecovery, other.longestRecovery)
        outages += other.outages
        longestOutage = max(longestOutage, other.longestOutage)
        moneyComparisons += other.moneyComparisons
        contextComparisons += other.contextComparisons
        archiveQuestions += other.archiveQuestions
        for place in strikes.indices {
            strikes[place] += other.strikes[place]
            archiveStrikes[place] += other.archiveStrikes[place]
        }
        for link in phases.indices { phases[link] |= other.phases[link] }
        stages |= other.stages
        riskChecks.merge(other.riskChecks, uniquingKeysWith: +)
        races.merge(other.races, uniquingKeysWith: +)
        hash = (hash ^ other.hash) &* 0x100_0000_01B3
    }

    /// Strikes of a kind of fault.
    public func strikes(of kind: FaultKind) -> Int { strikes[kind.place] }

    /// Kinds of faults that never struck.
    public var silentFaults: [FaultKind] { FaultKind.allCases.filter { strikes(of: $0) == 0 } }

    /// Strikes of a kind of fault upon answers of the archive.
    public func archiveStrikes(of kind: FaultKind) -> Int { archiveStrikes[kind.place] }

    /// Kinds of faults that can strike there and never did.
    public var silentInArchive: [FaultKind] {
        FaultKind.allCases.filter { $0.isOfArchive && archiveStrikes(of: $0) == 0 }
    }

    /// Stages of the session's conversations that were never seen, out of those that can be.
    ///
    /// The engine's own start cancels what is left over, so the session never does; and a connection
    /// without a closing handshake is left within the turn in which it is given up.
    public var missingStages: [String] {
        SessionStage.allCases.filter {
            stages & $0.bit == 0 && $0 != .ordersClearing && $0 != .fallbackLeaving
        }.map { "\($0)" }
    }

    /// Limits that can bind and against which no entry was ever checked. In a halted instrument
    /// there is none to check: each would break the limit.
    public var uncheckedLimits: [String] {
        Surroundings.binding.map(\.key)
            .filter { riskChecks[$0, default: 0] == 0 && $0 != .instrumentHalted }.map(\.path)
    }

    /// Races that orders never ran.
    public var missingRaces: [String] {
        OrderRace.allCases.filter { races[$0, default: 0] == 0 }.map(\.rawValue)
    }

    /// Phases of connections that were never seen, in words.
    public var missingPhases: [String] {
        phases.indices.flatMap { link in
            missingPhases(of: link).map { "\($0) of \(SpotLink.name(link))" }
        }
    }

    /// What should have been visited and was not; empty: all of it was.
    public var gaps: [String] {
        silentFaults.map { "fault \($0.name)" } + missingPhases.map { "phase \($0)" }
            + missingStages.map { "stage \($0)" }
            + transitions.missing.map { "transition \($0)" }
            + uncheckedLimits.map { "limit \($0)" } + missingRaces.map { "race \($0)" }
            + silentInArchive.map { "fault \($0.name) of the archive" }
    }

    /// Phases that a connection was never seen in between two steps, out of those that it can be in:
    /// there is no TLS here, HTTP knows neither upgrade nor closing handshake, and what is always
    /// wanted is no longer idle after the first turn.
    private func missingPhases(of link: Int) -> [LinkPhase] {
        var possible: [LinkPhase] = [.connecting, .open, .closed]
        if link != SpotLink.rest, link != SpotLink.fallback { possible += [.upgrading, .closing] }
        if link == SpotLink.relief || link == SpotLink.fallback { possible.append(.idle) }
        return possible.filter { phases[link] >> UInt64($0.rawValue) & 1 == 0 }
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

    private var outageText: String {
        outages == 0 ? "" : ", outages \(outages), the longest \(longestOutage) s"
    }

    /// The report for people.
    public var text: String {
        let rate = seconds > 0 ? Int(Double(events) / seconds) : 0
        let faults = FaultKind.allCases.map { "  \($0.name): \(strikes(of: $0))" }
        let limits = Surroundings.binding.map(\.key).map {
            "  \($0.path): \(riskChecks[$0, default: 0])"
        }
        let runs = OrderRace.allCases.map { "  \($0.rawValue): \(races[$0, default: 0])" }
        let states = transitions
        return """
            seeds \(seeds), simulated \(Int(simulatedSeconds)) s, events \(events), \
            \(rate) a second
            decisions \(decisions), books compared \(bookComparisons), \
            longest recovery \(longestRecovery) s
            money compared \(moneyComparisons) times\(outageText)
            market contexts compared \(contextComparisons) times, the archive asked \
            \(archiveQuestions) times, faults in its answers \(archiveStrikes.reduce(0, +))
            journals \(String(hash, radix: 16))
            faults
            \(faults.joined(separator: "\n"))
            races of orders
            \(runs.joined(separator: "\n"))
            entries checked against limits
            \(limits.joined(separator: "\n"))
            order transitions seen \(states.seen) of \(states.allowed)
            never visited: \(gaps.isEmpty ? "nothing" : gaps.joined(separator: ", "))
            """
    }
}
