import Engine
import Foundation
import Testing

@testable import Simulation

@Suite("Simulation", .serialized)
struct SimulationRunTests {
    let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("apus-simulation-\(UUID().uuidString.prefix(8))").path
    let fixtures: SimulationFixtures

    init() throws {
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        fixtures = try SimulationFixtures(instrumentCount: 2, folder: folder)
    }

    func run(_ plan: SimulationPlan, seed: UInt64) throws -> SimulationRun.Outcome {
        try SimulationRun.run(plan, seed: seed, fixtures: fixtures, folder: folder + "/world")
    }

    @Test func `without faults engine and exchange trade and agree, twice the same`() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let plan = SimulationPlan.calm(seconds: 12)
        let first = try run(plan, seed: 1)
        #expect(first.violation == nil, "\(first.diary)")
        #expect(first.events > 3_000 && first.decisions > 100)
        #expect(first.bookComparisons > 50)
        let second = try run(plan, seed: 1)
        #expect(first.hash == second.hash && !first.hash.isEmpty)
        #expect(first.lastRecords.suffix(3) == second.lastRecords.suffix(3))
        let other = try run(plan, seed: 2)
        #expect(first.hash != other.hash)
    }
}
