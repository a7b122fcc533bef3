import Foundation
import Testing

@testable import Simulation

/// A fixed budget of seeds: the long runs are `apus simulate --for`.
@Suite("Simulation", .serialized)
struct SimulationRunTests {
    func simulator(_ plan: SimulationPlan) throws -> Simulator {
        try Simulator(plan, folder: Simulator.standardFolder)
    }

    @Test func `without faults engine and exchange trade and agree`() throws {
        let simulator = try simulator(.calm(seconds: 12))
        let failure = try simulator.run(seed: 1)
        #expect(failure == nil, "\(failure?.violation ?? "")")
        #expect(simulator.report.events > 3_000 && simulator.report.decisions > 100)
        #expect(simulator.report.bookComparisons > 50)
    }

    @Test func `the same seed gives the same journal bytes, another seed others`() throws {
        // A thousand: `apus simulate --seeds 1..1000 --seconds 2 --twice`, in a release build.
        let simulator = try simulator(.rough(seconds: 1.5))
        var hashes: Set<String> = []
        for seed: UInt64 in 1...10 {
            let failure = try simulator.run(seed: seed)
            #expect(failure == nil, "seed \(seed): \(failure?.violation ?? "")")
            let isSame = try simulator.repeats(seed: seed)
            #expect(isSame, "seed \(seed)")
            hashes.insert(try simulator.hash(seed: seed))
        }
        #expect(hashes.count == 10 && !hashes.contains(""))
    }

    @Test func `a lane that keeps itself warm writes the same journal`() throws {
        // Records, sequence numbers, orders, counters in snapshots: everything is in these bytes.
        for seed: UInt64 in 1...3 {
            var plan = SimulationPlan.rough(seconds: 6)
            let cool = try simulator(plan).hash(seed: seed)
            plan.keepsWarm = true
            let warm = try simulator(plan).hash(seed: seed)
            #expect(!cool.isEmpty && warm == cool, "seed \(seed)")
        }
    }

    /// A fixed budget: faults of every kind together, then each alone and often, since what is rare
    /// in the mixture must not be untested. Between them everything is visited.
    @Test func `with faults of every kind they agree, and nothing is left unvisited`() throws {
        var report = SimulationReport()
        for seed: UInt64 in 1...8 {
            let simulator = try simulator(.rough(seconds: 16))
            let failure = try simulator.run(seed: seed)
            #expect(failure == nil, "seed \(seed): \(failure?.violation ?? "")")
            report.add(simulator.report)
        }
        for kind in FaultKind.allCases {
            let simulator = try simulator(kind.planAlone)
            let failure = try simulator.run(seed: 7)
            #expect(failure == nil, "\(kind): \(failure?.violation ?? "")")
            #expect(simulator.report.strikes(of: kind) > 0, "\(kind) never struck")
            report.add(simulator.report)
        }
        // One limit after the other set to what binds.
        for seed: UInt64 in 1...4 {
            let simulator = try simulator(
                SimulationPlan(seconds: 40, faults: [.commandLimit: .init(rate: 1)]))
            let failure = try simulator.run(seed: seed)
            #expect(failure == nil, "limits, seed \(seed): \(failure?.violation ?? "")")
            report.add(simulator.report)
        }
        // A slow network, and everybody cancels: orders go through every change of state.
        for seed: UInt64 in 1...40 {
            let simulator = try simulator(.stormy(seconds: 20))
            let failure = try simulator.run(seed: seed)
            #expect(failure == nil, "stormy seed \(seed): \(failure?.violation ?? "")")
            report.add(simulator.report)
        }
        // Connections end while others are about to follow them.
        for seed: UInt64 in 1...6 {
            let simulator = try simulator(.breaking(seconds: 20))
            let failure = try simulator.run(seed: seed)
            #expect(failure == nil, "breaking seed \(seed): \(failure?.violation ?? "")")
            report.add(simulator.report)
        }
        // A refusal that comes after the order was taken and is being changed: no seed of 400 rough and 24
        // stormy ones has it, OrderStateTests do.
        let gaps = report.gaps.filter { $0 != "transition pendingReplace to rejected" }
        #expect(gaps.isEmpty, "\(report.text)")
    }

    /// What was under way at a crash arrives seconds later, when the next run has asked for it already.
    @Test func `orders that arrive after the engine has been killed and started again are counted`() throws {
        for seed: UInt64 in 1...8 {
            let simulator = try simulator(
                SimulationPlan(
                    seconds: 20, recovery: 8,
                    faults: [.crash: .init(rate: 0.15), .stall: .init(rate: 0.02)]))
            let failure = try simulator.run(seed: seed)
            #expect(failure == nil, "seed \(seed): \(failure?.violation ?? "")")
        }
    }

    @Test func `a crash behind any record of a first life is survived`() throws {
        let simulator = try simulator(.calm(seconds: 0.4))
        let (crashes, failure) = try simulator.crashEverywhere(seed: 5, stride: 23)
        #expect(failure == nil, "seed 5, record \(failure?.plan.crashAt ?? 0): \(failure?.violation ?? "")")
        #expect(crashes > 5)
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
        return plan
    }

    /// Strikes that a short run shall have: of what costs seconds or megabytes few.
    fileprivate var limitAlone: Int {
        switch self {
        case .oversized, .stall, .serverError, .tooManyRequests, .banned: 2
        default: 20
        }
    }

    fileprivate var rateAlone: Double {
        switch self {
        case .noAnswer, .emptyAnswer, .pageAnswer, .serverError, .tooManyRequests, .banned,
            .cutAnswer, .staleSnapshot, .earlySnapshot, .corruptHead, .acceptThenSilence, .connectRefused, .connectSilence:
            0.8
        case .unknownStatus, .lostReport, .staleReport: 0.1
        case .unansweredPing, .diskShortWrite, .diskUncut: 0.5
        case _ where isTimed: 0.5
        default: min(max(usualRate * 10, 0.005), 0.5)
        }
    }
}
