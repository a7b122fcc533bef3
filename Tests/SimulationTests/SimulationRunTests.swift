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
        let simulator = try simulator(.rough(seconds: 6))
        for seed: UInt64 in 1...3 {
            let first = try simulator.hash(seed: seed)
            #expect(!first.isEmpty)
            #expect(try simulator.hash(seed: seed) == first, "seed \(seed)")
            #expect(try simulator.hash(seed: seed + 100) != first, "seed \(seed)")
        }
    }

    @Test(arguments: 1...12)
    func `with faults of every kind they agree once the faults are over`(seed: UInt64) throws {
        let simulator = try simulator(.rough(seconds: 10))
        let failure = try simulator.run(seed: seed)
        #expect(failure == nil, "seed \(seed): \(failure?.violation ?? "")")
    }

    /// Every kind of fault alone, often: what is rare in the mixture must not be untested.
    @Test(arguments: FaultKind.allCases)
    func `every kind of fault strikes, and alone it is survived`(kind: FaultKind) throws {
        let rate = min(max(kind.usualRate * 10, kind.isTimed ? 0.5 : 0.002), 0.5)
        let plan = SimulationPlan(
            seconds: 12, faults: [kind: SimulationPlan.Fault(rate: rate, limit: 40)])
        let simulator = try simulator(plan)
        let failure = try simulator.run(seed: 7)
        #expect(failure == nil, "\(kind): \(failure?.violation ?? "")")
        #expect(simulator.report.strikes(of: kind) > 0, "\(kind) never struck")
    }
}
