import Emulator
import Engine
import Foundation
import Journal
import MarketModel
import TickToTrade

/// One seed from beginning to end: trading under faults, recovery, rest, and the final account.
enum SimulationRun {
    /// What a run has come to.
    struct Outcome {
        var seed: UInt64
        /// The first invariant that did not hold, in words.
        var violation: String?
        var steps = 0
        /// Records that the engine has journaled.
        var events: UInt64 = 0
        var bookComparisons = 0
        /// Simulated nanoseconds from the last fault until the engine traded again.
        var recovery: Int64 = 0
        var simulated: Int64 = 0
        /// Times at which faults kept the engine from trading, and the longest, where that is judged.
        var outages = 0
        var longestOutage: Int64 = 0
        /// Instruments whose money was compared with the exchange's to the last unit.
        var moneyComparisons = 0
        var contextComparisons = 0
        /// Questions to the archive of trades, and strikes upon its answers.
        var archiveQuestions = 0
        var archiveStrikes: [Int] = []
        var strikes: [Int] = []
        var phases: [UInt64] = []
        var stages: UInt32 = 0
        var decisions = 0
        /// Entries checked against each limit while it was in force.
        var riskChecks: [RiskLimitKey: Int] = [:]
        /// Races between both sides, as the journals tell of them.
        var races: [OrderRace: Int] = [:]
        /// Of all journals, one after the other.
        var hash = ""
        var diary: [String] = []
        var lastRecords: [String] = []
    }

    /// Runs a seed under a plan. `folder` is emptied first and removed at the end.
    static func run(
        _ plan: SimulationPlan, seed: UInt64, fixtures: SimulationFixtures, folder: String
    ) throws -> Outcome {
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let world = try World(plan, seed: seed, fixtures: fixtures, folder: folder)
        var outcome = Outcome(seed: seed)
        trade(world, until: Surroundings.start + Int64(plan.seconds * 1e9))
        world.endFaults()
        world.outages.end()
        outcome.recovery = recover(world)
        rest(world)
        outcome.simulated = world.now - Surroundings.start
        outcome.steps = world.steps
        outcome.events = world.engineEvents
        outcome.bookComparisons = world.watch.comparisons
        outcome.strikes = world.faults.strikes
        outcome.phases = world.watch.phases
        outcome.stages = world.watch.stages
        outcome.outages = world.outages.count
        outcome.longestOutage = world.outages.longest
        outcome.moneyComparisons = world.moneyComparisons
        outcome.contextComparisons = world.contextComparisons
        outcome.archiveQuestions = world.archive.questions
        outcome.archiveStrikes = world.archive.strikes
        world.closeBooks()
        var audit = JournalAudit()
        for journal in world.journals {
            if let violation = audit.read(journal) { world.diary.violate(violation) }
        }
        check(world, audit)
        outcome.hash = audit.hash
        outcome.decisions = audit.decisions
        outcome.riskChecks = audit.riskChecks
        outcome.races = audit.races
        outcome.violation = world.diary.violation
        if outcome.violation != nil, let newest = world.journals.last {
            outcome.lastRecords = audit.lastRecords(of: newest)
        }
        outcome.diary = world.diary.lines
        return outcome
    }

    /// What only both sides together can tell.
    private static func check(_ world: World, _ audit: JournalAudit) {
        let known = audit.clientOrderIDs
        let sent = world.exchange.orders(of: Surroundings.account).map(\.clientOrderID)
        if let stranger = sent.first(where: { $0.hasPrefix("ap-") && !known.contains($0) }) {
            world.diary.violate("order \(stranger) was sent and is in no journal")
        }
        if world.interference.refusedByRate > 0 {
            world.diary.violate(
                "\(world.interference.refusedByRate) requests were over the venue's limits")
        }
        for (asset, total) in world.totals where world.exchange.total(of: asset) != total {
            world.diary.violate("the exchange's own sum of \(asset) has changed")
        }
    }

    private static func trade(_ world: World, until end: Int64) {
        while world.now < end, world.diary.violation == nil { world.step() }
    }

    /// The engine must trade again within the plan's time; how long it took.
    private static func recover(_ world: World) -> Int64 {
        let begun = world.now
        let deadline = begun + Int64(world.plan.recovery * 1e9)
        world.agenda.sort { $0.due < $1.due }
        while world.diary.violation == nil {
            if world.isTrading { return world.now - begun }
            if world.now > deadline {
                world.diary.violate(
                    "not trading \(world.plan.recovery) s after the last fault: "
                        + world.obstacle)
                break
            }
            world.step()
        }
        return world.now - begun
    }

    /// Everything is cancelled and comes to rest; then both sides must agree on all of it.
    private static func rest(_ world: World) {
        if world.diary.violation != nil { return }
        world.isResting = true
        var lives = 0
        let deadline = world.now + 10_000_000_000
        var quietSince = world.now
        while world.diary.violation == nil {
            // A crash that was armed may come now: the next life is brought to rest as well.
            if world.journals.count != lives, world.lane != nil {
                lives = world.journals.count
                bringToRest(world)
            }
            world.step()
            if !world.isQuiet { quietSince = world.now }
            if world.now - quietSince > 1_500_000_000 { break }
            if world.now > deadline {
                world.diary.violate("not at rest 10 s after a cancel of everything: \(world.obstacle)")
            }
        }
        if world.diary.violation == nil, let difference = world.finalDifference() {
            world.diary.violate(difference)
        }
    }

    private static func bringToRest(_ world: World) {
        world.lane?.command(.halt, at: world.engineNow)
        // Strategies may reduce while halted; stopped ones may not.
        for strategy in 0..<3 { world.stop(strategy: StrategyIndex(UInt16(strategy))) }
        world.lane?.command(.cancelAll, at: world.engineNow)
    }
}
