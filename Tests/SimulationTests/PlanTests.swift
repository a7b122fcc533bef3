import Foundation
import Testing
import Wire

@testable import Simulation

@Suite("Simulation plans")
struct PlanTests {
    @Test func `a plan and a failure are read as they were written`() throws {
        var plan = SimulationPlan.rough(seconds: 3)
        plan[.crash] = .init(rate: 0.25, skip: 2, limit: 7)
        #expect(try SimulationPlan(yaml: plan.yaml) == plan)
        let patient = SimulationPlan.refusing(seconds: 2)
        #expect(try SimulationPlan(yaml: patient.yaml) == patient && patient.patience == 4)
        let failure = FailureRecord(
            seed: 12, plan: plan, violation: "a: \"b\"", step: 9, diary: ["1.0 crash"],
            records: ["{\"seq\":1}"])
        let read = try FailureRecord(yaml: failure.yaml)
        #expect(read.plan == plan && read.seed == 12 && read.violation == failure.violation)
        #expect(read.records == failure.records)
    }

    @Test func `the examples can be read`() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(
            contentsOf: root.appendingPathComponent("config/simulation.yaml"), encoding: .utf8)
        #expect(try SimulationPlan(yaml: text)[.crash]?.rate == 0.05)
        let breaks = try String(
            contentsOf: root.appendingPathComponent("config/disconnects.yaml"), encoding: .utf8)
        #expect(try SimulationPlan(yaml: breaks) == .disconnecting(seconds: 20))
        let busy = try String(
            contentsOf: root.appendingPathComponent("config/busy.yaml"), encoding: .utf8)
        let plan = try SimulationPlan(yaml: busy)
        var expected = SimulationPlan(seconds: 60, marketEvents: 100_000)
        expected.levels = 1
        expected.turnInterval = 1_000
        expected.marketData = .sbe
        expected.segment = 4_096
        #expect(plan == expected)
        let badDay = try String(
            contentsOf: root.appendingPathComponent("config/bad-day.yaml"), encoding: .utf8)
        var bad = try SimulationPlan(yaml: badDay)
        for kind in FaultKind.allCases {
            #expect((bad[kind]?.rate ?? 0) > 0, "\(kind.name) may strike")
            bad[kind] = nil
        }
        expected.seconds = 120
        #expect(bad == expected)
    }

    @Test func `plans that make no sense are refused`() {
        let texts = [
            "", "seconds: 1", "seconds: -1\nmarketEvents: 1\nlatency: 1\nrecovery: 1\nfaults: {}",
            "seconds: 1\nmarketEvents: 1\nlatency: 1\nrecovery: 1\n"
                + "faults: {meteor: {rate: 1, skip: 0, limit: 1}}",
            "seconds: 1\nmarketEvents: 1\nlatency: 1\nrecovery: 1\n"
                + "faults: {crash: {rate: 2, skip: 0, limit: 1}}",
            "seconds: 1\nmarketEvents: 1\nlatency: 1\nrecovery: 1\nfaults: {}\nlevels: 0",
            "seconds: 1\nmarketEvents: 1\nlatency: 1\nrecovery: 1\nfaults: {}\nturnInterval: 1001",
            "seconds: 1\nmarketEvents: 1\nlatency: 1\nrecovery: 1\npatience: 0\nfaults: {}",
            "seconds: 1\nmarketEvents: 1\nlatency: 1\nrecovery: 1\nmarketData: fix\nfaults: {}",
            "seconds: 1\nmarketEvents: 1\nlatency: 1\nrecovery: 1\nsegment: 63\nfaults: {}",
        ]
        for text in texts {
            #expect(throws: SimulationFailure.self) { try SimulationPlan(yaml: text) }
        }
    }

    /// Most rolls are known to miss before they are asked for; nothing may come of that.
    @Test(arguments: [0.3, 0.01, 0.0004])
    func `a fault strikes as if every roll were drawn when it is asked for`(rate: Double) {
        let seed: UInt64 = 11
        let plan = SimulationPlan(seconds: 1, faults: [.stall: .init(rate: rate, skip: 1, limit: 6)])
        let source = FaultSource(plan, seed: seed) { _ in }
        let number = UInt64(FaultKind.stall.place + 1)
        var mixer = SeededRandom(seed: seed ^ (number &* 0xA24B_AED4_963E_E407))
        var random = SeededRandom(seed: mixer.next())
        var hits = 0
        for roll in 0..<40_000 {
            let isHit = random.next() < UInt64(rate * 0x1p64)
            if isHit { hits += 1 }
            let strikes = isHit && hits > 1 && hits <= 7
            #expect(source.strikes(.stall) == strikes, "rate \(rate), roll \(roll)")
            if strikes {
                #expect(source.number(.stall, in: 0...999) == Int64(random.next() % 1_000))
            }
        }
        #expect(source.strikes[FaultKind.stall.place] == 6)
    }

    @Test func `a fault's dice do not depend on other faults`() {
        let alone = SimulationPlan(seconds: 1, faults: [.drop: .init(rate: 0.3)])
        var both = alone
        both[.reset] = .init(rate: 0.5)
        let first = FaultSource(alone, seed: 4) { _ in }
        let second = FaultSource(both, seed: 4) { _ in }
        for _ in 0..<200 {
            _ = second.strikes(.reset)
            #expect(first.strikes(.drop) == second.strikes(.drop))
        }
        #expect(first.strikes[FaultKind.drop.place] > 30)
    }
}
