import TickToTrade

/// A round of plans that between them visit everything there is to visit: faults of every kind
/// together, then each alone and often, since what is rare in the mixture must not be untested, limits
/// that bind, networks that break and storms of late answers. What `apus simulate --coverage` runs.
public struct CoverageTour {
    public private(set) var report = SimulationReport()
    /// Kinds of faults that did not strike where they were alone.
    public private(set) var silentAlone: [FaultKind] = []
    private let folder: String
    private let note: String?

    /// Folder and note as in ``Simulator/init(_:folder:note:)``.
    public init(folder: String, note: String? = nil) {
        self.folder = folder
        self.note = note
    }

    /// What should have been visited and was not; empty: all of it was.
    public var gaps: [String] { silentAlone.map { "fault \($0.name) alone" } + report.gaps }

    /// Runs the tour; the record of the first failure, `nil` when everything held.
    public mutating func run() throws(SimulationFailure) -> FailureRecord? {
        for (plan, seeds) in Self.plans {
            if let failure = try run(plan, seeds) { return failure }
        }
        if let failure = try runKindsAlone() { return failure }
        if let failure = try runArchive() { return failure }
        if let failure = try runRefusals() { return failure }
        return try runStorms()
    }

    /// What is of a fixed length: the mixture, one limit after the other set to what binds, and
    /// connections that end while others are about to follow them, broken off or announced too late.
    private static var plans: [(SimulationPlan, ClosedRange<UInt64>)] {
        [
            (.rough(seconds: 16), 1...8),
            (SimulationPlan(seconds: 40, faults: [.commandLimit: .init(rate: 1)]), 1...4),
            (.breaking(seconds: 20), 1...6),
            (.hasty(seconds: 20), 7...24),
        ]
    }

    /// Each of these kinds of faults alone, once.
    public mutating func runKindsAlone(
        _ kinds: [FaultKind] = FaultKind.allCases
    ) throws(SimulationFailure) -> FailureRecord? {
        for kind in kinds {
            let before = report.strikes(of: kind)
            if let failure = try run(kind.planAlone, 7...7) { return failure }
            if report.strikes(of: kind) == before { silentAlone.append(kind) }
        }
        return nil
    }

    /// Trades have to be asked for, and every fault strikes an answer to that.
    private mutating func runArchive() throws(SimulationFailure) -> FailureRecord? {
        for seed: UInt64 in 1...120 where seed <= 12 || !report.silentInArchive.isEmpty {
            if let failure = try run(.forgetting(seconds: 20), seed...seed) { return failure }
        }
        return nil
    }

    /// A refused cancel overtakes the refusal of its order, which is being changed when that comes: one
    /// seed in a hundred or so.
    private mutating func runRefusals() throws(SimulationFailure) -> FailureRecord? {
        for seed: UInt64 in 1...600 where !TransitionBoard.shared.hasSeen(.pendingReplace, .rejected) {
            if let failure = try run(.refusing(seconds: 20), seed...seed) { return failure }
        }
        return nil
    }

    /// A slow network, and everybody cancels: orders go through every change of state. Nothing to trade
    /// for so long that streams fall silent. The rarest comes within a hundred seeds or so.
    private mutating func runStorms() throws(SimulationFailure) -> FailureRecord? {
        let halted = SimulationPlan(seconds: 20, faults: [.maintenance: .init(rate: 1)])
        for seed: UInt64 in 1...160 where seed <= 24 || !report.gaps.isEmpty {
            if let failure = try run(.stormy(seconds: 20), seed...seed) { return failure }
            // In a halted market no order changes state.
            let wantsOrdersAlone = seed > 24 && report.gaps.allSatisfy { $0.hasPrefix("transition") }
            if wantsOrdersAlone { continue }
            if let failure = try run(halted, seed...seed) { return failure }
        }
        return nil
    }

    private mutating func run(
        _ plan: SimulationPlan, _ seeds: ClosedRange<UInt64>
    ) throws(SimulationFailure) -> FailureRecord? {
        let simulator = try Simulator(plan, folder: folder, note: note)
        defer { report.add(simulator.report) }
        for seed in seeds {
            if let failure = try simulator.run(seed: seed) { return failure }
        }
        return nil
    }
}

extension FaultKind {
    /// Strikes alone, often.
    fileprivate var planAlone: SimulationPlan {
        var plan = SimulationPlan(
            seconds: 6,
            faults: [self: SimulationPlan.Fault(rate: rateAlone, limit: limitAlone)])
        // Gaps make the engine ask for snapshots again.
        if self == .staleSnapshot || self == .earlySnapshot { plan[.drop] = .init(rate: 0.02) }
        // A stream with holes makes it ask the archive.
        let isHistory = [.lateHistory, .shortHistory, .overlappingHistory].contains(self)
        if isHistory { plan[.drop] = .init(rate: 0.02) }
        // Without money there are refusals.
        if self == .lateRefusal { plan[.fundsLock] = .init(rate: 0.8) }
        return plan
    }

    /// Strikes that a short run shall have: of what costs seconds or megabytes few.
    private var limitAlone: Int {
        switch self {
        case .oversized, .stall, .serverError, .tooManyRequests, .banned: 2
        default: 20
        }
    }

    private var rateAlone: Double {
        switch self {
        case .noAnswer, .emptyAnswer, .pageAnswer, .serverError, .tooManyRequests, .banned,
            .cutAnswer, .staleSnapshot, .earlySnapshot, .corruptHead, .acceptThenSilence,
            .connectRefused, .connectSilence, .lateHistory, .shortHistory, .overlappingHistory:
            0.8
        case .unknownStatus, .lostReport, .staleReport: 0.1
        case .unansweredPing, .diskShortWrite, .diskUncut: 0.5
        case _ where isTimed: 0.5
        default: min(max(usualRate * 10, 0.005), 0.5)
        }
    }
}
