import ArgumentParser
import Foundation
import Simulation

struct Simulate: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "simulate",
            abstract: "Run engine and exchange in one process under one clock, with faults.",
            discussion: """
                Everything open is decided by the seed: delays, disconnects, broken messages, lost \
                answers, restarts, crashes, clocks. Books, orders, fills, positions and balances \
                must agree with the exchange, no limit may break, and the journal must replay. At \
                the first failure the plan is made as small as it goes and written to a file. The \
                seed under way is in under-way-PID.yaml beside it, which a crash of this command \
                leaves behind for --replay.

                Examples:
                  apus simulate --seeds 1..1000
                  apus simulate --seeds 1..1000 --seconds 2 --twice
                  apus simulate --seed 5 --seconds 1 --crash-everywhere
                  apus simulate --coverage
                  apus simulate --for 10m --plan config/simulation.yaml
                  apus simulate --replay failure-17.yaml

                \(ExitStatus.table([.success, .difference, .usage, .data, .noInput]))
                """)
    }

    @Option(help: "One seed.") var seed: UInt64?
    @Option(help: "Seeds A..B, both included.") var seeds: String?
    @Option(name: .customLong("for"), help: "Seeds from 1 on for so long: 30s, 10m, 8h.")
    var duration: String?
    @Option(help: "YAML file of a plan; otherwise faults of every kind.", completion: .file())
    var plan: String?
    @Option(help: "Simulated seconds with faults of each seed, instead of the plan's.")
    var seconds: Double?
    @Flag(help: "Run each seed twice: both must write the same journals.") var twice = false
    @Flag(
        help: """
            Fail unless every fault, order transition, session stage and limit was visited; without \
            seeds and plan by a tour of plans that visits all of them.
            """)
    var coverage = false
    @Flag(help: "Without faults, crash behind each record of the first journal in turn.")
    var crashEverywhere = false
    @Option(help: "Run the failure again that a file describes.", completion: .file())
    var replay: String?
    @Option(help: "Directory for the file of a failure.", completion: .directory)
    var output = "."

    func run() {
        reportingFailures {
            if let replay { return try again(replay) }
            if isTour { return try runTour() }
            var chosen = try plan.map { try SimulationPlan(yaml: text(of: $0)) }
                ?? (crashEverywhere ? .calm(seconds: 1) : .rough(seconds: 20))
            if let seconds {
                guard seconds > 0, seconds <= 1_000_000 else {
                    throw CommandFailure("--seconds: found \(seconds), accepted: 0 to 1000000", .usage)
                }
                chosen.seconds = seconds
            }
            let simulator = try Simulator(
                chosen, folder: Simulator.standardFolder, note: note)
            try crashEverywhere ? crash(simulator) : runSeeds(simulator)
        }
    }

    /// What a trap leaves behind: a failure's file of the seed that was under way.
    private var note: String {
        "\(output)/under-way-\(ProcessInfo.processInfo.processIdentifier).yaml"
    }

    /// Whether nothing but coverage is asked for.
    private var isTour: Bool {
        coverage && !twice && !crashEverywhere && seed == nil && seeds == nil && seconds == nil
            && duration == nil && plan == nil
    }

    private func runTour() throws {
        let started = ContinuousClock.now
        var tour = CoverageTour(folder: Simulator.standardFolder, note: note)
        let failure = try tour.run()
        var report = tour.report
        report.seconds = Self.seconds(since: started)
        printLine(report.text)
        if let failure {
            try shrink(failure, Simulator(failure.plan, folder: Simulator.standardFolder))
        }
        if !tour.gaps.isEmpty {
            throw CommandFailure("never visited: \(tour.gaps.joined(separator: ", "))", .difference)
        }
    }

    private func shrink(_ failure: FailureRecord, _ simulator: Simulator) throws {
        printLine("seed \(failure.seed): \(failure.violation)")
        printLine("making the plan smaller")
        throw try told(simulator.shrink(failure, runs: 200))
    }

    private static func seconds(since start: ContinuousClock.Instant) -> Double {
        (ContinuousClock.now - start) / .seconds(1)
    }

    private func runSeeds(_ simulator: Simulator) throws {
        let started = ContinuousClock.now
        let limit = try duration.map(Self.duration)
        var report = SimulationReport()
        for seed in try range() {
            let failure = try simulator.run(seed: seed)
            if twice, failure == nil, try !simulator.repeats(seed: seed) {
                throw CommandFailure("seed \(seed) writes another journal the second time", .difference)
            }
            report = simulator.report
            report.seconds = Self.seconds(since: started)
            if let failure {
                printLine(report.text)
                try shrink(failure, simulator)
            }
            if let limit, ContinuousClock.now - started >= limit { break }
        }
        printLine(report.text)
        if twice { printLine("\(report.seeds) seeds, twice each: the same journals") }
        if coverage, !report.gaps.isEmpty {
            throw CommandFailure("not everything was visited", .difference)
        }
    }

    private func crash(_ simulator: Simulator) throws {
        for seed in try range() {
            let (crashes, failure) = try simulator.crashEverywhere(seed: seed)
            if let failure { throw told(failure) }
            printLine("seed \(seed): \(crashes) crashes, each behind another record: all held")
        }
    }

    private func again(_ file: String) throws {
        let record = try FailureRecord(yaml: text(of: file))
        let simulator = try Simulator(record.plan, folder: Simulator.standardFolder)
        guard let failure = try simulator.run(seed: record.seed) else {
            printLine("seed \(record.seed) holds now")
            return
        }
        throw told(failure)
    }

    /// Shows a failure and writes it down.
    private func told(_ failure: FailureRecord) -> CommandFailure {
        for line in failure.records { printLine(line) }
        for line in failure.diary { printLine(line) }
        let file = "\(output)/failure-\(failure.seed).yaml"
        let isWritten = FileManager.default.createFile(
            atPath: file, contents: Data(failure.yaml.utf8))
        return CommandFailure(
            "seed \(failure.seed), step \(failure.step): \(failure.violation)\n"
                + (isWritten
                    ? "again: apus simulate --replay \(file)" : "\(file) cannot be written"),
            .difference)
    }

    // MARK: - Arguments

    private func range() throws -> ClosedRange<UInt64> {
        if let seed { return seed...seed }
        guard let seeds else { return 1...(duration == nil ? 1 : .max - 1) }
        let ends = seeds.split(separator: ".", omittingEmptySubsequences: true).map { UInt64($0) }
        guard ends.count == 2, let first = ends[0], let last = ends[1], first <= last else {
            throw CommandFailure("--seeds: found '\(seeds)', accepted: A..B", .usage)
        }
        return first...last
    }

    private static func duration(_ text: String) throws -> Duration {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3_600]
        guard let unit = text.last.flatMap({ units[$0] }), let count = Int(text.dropLast()),
            count > 0
        else { throw CommandFailure("--for: found '\(text)', accepted: 30s, 10m, 8h", .usage) }
        return .seconds(count * unit)
    }

    private func text(of file: String) throws -> String {
        guard let data = FileManager.default.contents(atPath: file) else {
            throw CommandFailure("\(file) cannot be read", .noInput)
        }
        return String(decoding: data, as: UTF8.self)
    }
}

extension CommandFailure {
    init(_ failure: SimulationFailure) { self.init("\(failure)", .data) }
}
