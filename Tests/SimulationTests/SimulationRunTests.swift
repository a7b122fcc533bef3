import Foundation
import Journal
import MarketModel
import Testing
import TickToTrade

@testable import Emulator
@testable import Engine
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

    /// Both sides hear of much at once, as on a machine that is busy; under faults of every kind.
    @Test func `turns at intervals tell the same of a seed and break nothing`() throws {
        var plan = SimulationPlan.rough(seconds: 2)
        plan.marketEvents = 4_000
        plan.levels = 3
        plan.turnInterval = 1_000
        let simulator = try simulator(plan)
        for seed: UInt64 in 1...4 {
            let failure = try simulator.run(seed: seed)
            #expect(failure == nil, "seed \(seed): \(failure?.violation ?? "")")
            let isSame = try simulator.repeats(seed: seed)
            #expect(isSame, "seed \(seed)")
        }
        #expect(simulator.report.bookComparisons > 20)
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

    /// The rest of the tour, which needs a release build: `apus simulate --coverage`, of every CI run.
    /// Two kinds at a time, since each keeps one core busy.
    @Test func `each kind of fault strikes alone, and they agree`() async throws {
        let halves = [0, 1].map { half in FaultKind.allCases.filter { $0.rawValue % 2 == half } }
        let tours = try await withThrowingTaskGroup { group in
            for (number, kinds) in halves.enumerated() {
                group.addTask {
                    var tour = CoverageTour(folder: Simulator.standardFolder + "-\(number)")
                    let failure = try tour.runKindsAlone(kinds)
                    return (failure, tour.silentAlone, tour.report.seeds)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        for (failure, silent, _) in tours {
            #expect(failure == nil, "\(failure.map { "\($0.plan.yaml)seed \($0.seed): \($0.violation)" } ?? "")")
            #expect(silent.isEmpty)
        }
        #expect(tours.map(\.2).reduce(0, +) == FaultKind.allCases.count)
    }

    /// A coverage that nobody misses would prove nothing.
    @Test func `what has not been visited is named`() throws {
        let simulator = try simulator(.calm(seconds: 1))
        let failure = try simulator.run(seed: 1)
        #expect(failure == nil, "\(failure?.violation ?? "")")
        let gaps = simulator.report.gaps
        let faults = gaps.filter { $0.hasPrefix("fault ") }
        #expect(faults.count { !$0.hasSuffix(" of the archive") } == FaultKind.allCases.count)
        #expect(faults.count { $0.hasSuffix(" of the archive") } == 11)
        #expect(gaps.contains { $0.hasPrefix("phase ") } && gaps.contains { $0.hasPrefix("stage ") })
        #expect(gaps.contains { $0.hasPrefix("race ") } && gaps.contains { $0.hasPrefix("limit ") })
    }

    /// Marked as partial, or with every trade: at each look, whatever the archive answers.
    @Test func `a context that is not partial is whole, however the archive answers`() throws {
        let simulator = try simulator(.forgetting(seconds: 12))
        for seed: UInt64 in 1...4 {
            let failure = try simulator.run(seed: seed)
            #expect(failure == nil, "seed \(seed): \(failure?.violation ?? "")")
        }
        let report = simulator.report
        #expect(report.contextComparisons > 5 && report.archiveQuestions > 20, "\(report.text)")
        for kind in [.lateHistory, .shortHistory, .overlappingHistory] as [FaultKind] {
            #expect(report.archiveStrikes(of: kind) > 0, "\(kind)")
        }
    }

    /// New orders are refused for want of money, and late; the money is back at the end.
    @Test func `late refusals of new orders leave both sides in agreement`() throws {
        let simulator = try simulator(.refusing(seconds: 8))
        for seed: UInt64 in 1...4 {
            let failure = try simulator.run(seed: seed)
            #expect(failure == nil, "seed \(seed): \(failure?.violation ?? "")")
        }
        #expect(simulator.report.strikes(of: .fundsLock) > 4)
        #expect(simulator.report.strikes(of: .lateRefusal) > 4)
    }

    /// Connections that are to end are replaced before.
    @Test func `announced ends of all connections cost neither the market nor the session`() throws {
        for seed: UInt64 in 1...6 {
            let plan = SimulationPlan(seconds: 30, faults: [.retirement: .init(rate: 0.25)])
            try withWorld(plan, seed: seed) { world in
                while world.now < Surroundings.start + 30_000_000_000 { world.step() }
                world.closeBooks()
                let violation = world.diary.violation
                #expect(violation == nil, "seed \(seed): \(violation ?? "")")
                #expect(world.faults.strikes[FaultKind.retirement.place] > 0, "seed \(seed)")
                var reader = try JournalReader(directory: world.journals[0])
                while let record = try reader.next() {
                    guard record.type == .linkState,
                        let event = record.payload(as: LinkState.self)?.event
                    else { continue }
                    #expect(
                        event != .marketStreamDown && event != .orderSessionDown,
                        "seed \(seed), record \(record.sequence)")
                }
            }
        }
    }

    /// What comes behind the damage is lost to a reader of a failure, what lies before is not.
    @Test func `the last records of a damaged journal are those before the damage`() throws {
        try withWorld(.calm(seconds: 3), seed: 1) { world in
            while world.now < Surroundings.start + 3_000_000_000 { world.step() }
            world.closeBooks()
            let journal = world.journals[0]
            let whole = JournalAudit().lastRecords(of: journal)
            let names = try FileManager.default.contentsOfDirectory(atPath: journal)
            let segment = try #require(names.filter { $0.hasSuffix(".journal") }.min())
            let path = journal + "/" + segment
            var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            bytes[bytes.count / 8] ^= 0xFF
            try bytes.write(to: URL(fileURLWithPath: path))
            #expect(throws: (any Error).self) {
                var reader = try JournalReader(directory: journal)
                while try reader.next() != nil {}
            }
            let before = JournalAudit().lastRecords(of: journal)
            #expect(whole.count == 100 && before.count == 100 && before != whole)
        }
    }

    private func withWorld(
        _ plan: SimulationPlan, seed: UInt64, _ use: (World) throws -> Void
    ) throws {
        let folder = Simulator.standardFolder + "-world"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(
            atPath: folder + "/own", withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        let fixtures = try SimulationFixtures(
            instrumentCount: Surroundings.symbols.count, folder: folder)
        try use(World(plan, seed: seed, fixtures: fixtures, folder: folder + "/own"))
    }

    @Test func `after a single disconnect the engine trades again within a second`() throws {
        var report = SimulationReport()
        for seed: UInt64 in 1...8 {
            let simulator = try simulator(.disconnecting(seconds: 20))
            let failure = try simulator.run(seed: seed)
            #expect(failure == nil, "seed \(seed): \(failure?.violation ?? "")")
            report.add(simulator.report)
        }
        #expect(report.outages > 10 && report.longestOutage > 0, "\(report.text)")
    }

    @Test func `a plan that allows no outage finds every one`() throws {
        var plan = SimulationPlan.disconnecting(seconds: 20)
        plan.outage = 0.001
        let failure = try simulator(plan).run(seed: 1)
        #expect(failure?.violation.contains("after one fault") ?? false, "\(failure?.violation ?? "")")
    }

    @Test func `money is compared to the last unit where nothing was asked for`() throws {
        let simulator = try simulator(.calm(seconds: 12))
        let failure = try simulator.run(seed: 1)
        #expect(failure == nil, "\(failure?.violation ?? "")")
        #expect(simulator.report.moneyComparisons == Surroundings.symbols.count)
    }

    /// BUG-165: over the start's seam, lost streams and crashes.
    @Test func `market contexts at rest are those of the whole tape`() throws {
        var report = SimulationReport()
        for seed: UInt64 in 1...6 {
            let simulator = try simulator(.disconnecting(seconds: 20))
            let failure = try simulator.run(seed: seed)
            #expect(failure == nil, "seed \(seed): \(failure?.violation ?? "")")
            report.add(simulator.report)
        }
        #expect(report.contextComparisons > 4, "\(report.text)")
    }

    @Test func `one unit of money too much or too little is found`() {
        let buy = ObservedFill(
            tradeID: 1, order: 1, quantity: 200, price: 5_000_000_000, commission: 3,
            commissionAsset: "BTC", isBuyer: true)
        let sale = ObservedFill(
            tradeID: 2, order: 2, quantity: 100, price: 6_000_000_000, commission: 7,
            commissionAsset: "USDT", isBuyer: false)
        var traded = TradedMoney()
        let areKnown = [buy, sale].map { traded.add($0, base: "BTC", quote: "USDT") }
        #expect(areKnown == [true, true])
        var position = Position()
        let price = Price(raw: 5_000_000_000)
        _ = position.apply(.buy, price, Quantity(raw: 197), fee: Notional(raw: 150 * 100_000_000))
        let sold = position
        _ = position.apply(
            .sell, Price(raw: 6_000_000_000), Quantity(raw: 100), fee: Notional(raw: 700_000_000))
        #expect(TradedMoney(position) == traded)
        position = sold
        _ = position.apply(
            .sell, Price(raw: 6_000_000_000), Quantity(raw: 100), fee: Notional(raw: 700_000_001))
        #expect(TradedMoney(position) != traded)
        let isForeign = traded.add(
            ObservedFill(
                tradeID: 3, order: 3, quantity: 1, price: 1, commission: 1, commissionAsset: "BNB",
                isBuyer: true), base: "BTC", quote: "USDT")
        #expect(!isForeign)
    }

    private static func note(of process: pid_t) -> String {
        FileManager.default.temporaryDirectory.path + "/apus-note-\(process).yaml"
    }

    @Test func `a process that traps leaves seed and plan behind, one that does not leaves nothing`() async throws {
        let note = Self.note(of: getpid())
        let folder = note + ".folder"
        defer { for path in [note, folder] { try? FileManager.default.removeItem(atPath: path) } }
        let calm = try Simulator(.calm(seconds: 1), folder: folder, note: note)
        let failure = try calm.run(seed: 3)
        #expect(failure == nil && !FileManager.default.fileExists(atPath: note))
        await #expect(processExitsWith: .failure) {
            let note = Self.note(of: getppid())
            // A delay that no clock can hold: the world's conversion traps.
            let plan = SimulationPlan(seconds: 1, latency: 1e30)
            let simulator = try Simulator(plan, folder: note + ".folder", note: note)
            _ = try simulator.run(seed: 41)
        }
        let left = try FailureRecord(yaml: String(contentsOfFile: note, encoding: .utf8))
        #expect(left.seed == 41 && left.plan == SimulationPlan(seconds: 1, latency: 1e30))
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
