import Engine
import Foundation

/// Runs seeds one after the other and stops at the first that fails: what `apus simulate` does.
public final class Simulator {
    public let plan: SimulationPlan
    public private(set) var report = SimulationReport()
    private var lastHash = ""
    private let fixtures: SimulationFixtures
    private let folder: String
    private let note: String?
    /// The note's text but for its seed, of the plan that was run last.
    private var noteText: (plan: SimulationPlan, text: String)?

    /// `folder` is made and keeps the journals of the seed that runs; best on a file system in
    /// memory. It is removed with the simulator. `note`: a file that holds seed and plan while one
    /// runs, as a ``FailureRecord``; what is left of a process that did not survive its seed.
    public init(
        _ plan: SimulationPlan, folder: String, note: String? = nil
    ) throws(SimulationFailure) {
        self.plan = plan
        self.folder = folder
        self.note = note
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
            fixtures = try SimulationFixtures(
                instrumentCount: Surroundings.symbols.count, folder: folder)
        } catch {
            throw .setUp("\(error)")
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Where simulations work unless told otherwise.
    public static var standardFolder: String {
        let memory = "/dev/shm"
        let base = FileManager.default.isWritableFile(atPath: memory)
            ? memory : FileManager.default.temporaryDirectory.path
        return base + "/apus-simulation-\(ProcessInfo.processInfo.processIdentifier)"
    }

    /// Runs one seed; the record of its failure, `nil` when everything held.
    public func run(seed: UInt64) throws(SimulationFailure) -> FailureRecord? {
        let outcome = try outcome(plan, seed)
        report.add(outcome)
        lastHash = outcome.hash
        return outcome.violation.map { record(outcome, plan, $0) }
    }

    /// Whether a seed that has just been run leaves the same journals when it runs again.
    public func repeats(seed: UInt64) throws(SimulationFailure) -> Bool {
        try hash(seed: seed) == lastHash
    }

    /// Crashes the engine behind each record of its first life in turn; the first failure.
    ///
    /// `stride`: of so many records one is tried. Returns how many crashes there were, too.
    public func crashEverywhere(
        seed: UInt64, stride: UInt64 = 1
    ) throws(SimulationFailure) -> (crashes: Int, failure: FailureRecord?) {
        var crashes = 0
        if let failure = try run(seed: seed) { return (0, failure) }
        let records = report.events
        var crashing = plan
        for record in Swift.stride(from: 1, through: records, by: Int(stride)) {
            crashing.crashAt = record
            let outcome = try outcome(crashing, seed)
            report.add(outcome)
            crashes += 1
            if let violation = outcome.violation {
                return (crashes, self.record(outcome, crashing, violation))
            }
        }
        return (crashes, nil)
    }

    /// A hash of a seed's journals: the same for the same seed and plan, wherever it runs.
    public func hash(seed: UInt64) throws(SimulationFailure) -> String {
        try outcome(plan, seed).hash
    }

    /// Makes the plan of a failing seed small within so many runs.
    public func shrink(
        _ failure: FailureRecord, runs: Int
    ) throws(SimulationFailure) -> FailureRecord {
        let first = try outcome(failure.plan, failure.seed)
        guard let reason = first.violation else { return failure }
        var shrinker = Shrinker(
            failure.plan, reason: reason, strikes: first.strikes, budget: runs
        ) { plan in
            (try? self.outcome(plan, failure.seed))?.violation
        }
        shrinker.shrink()
        let last = try outcome(shrinker.plan, failure.seed)
        return last.violation.map { record(last, shrinker.plan, $0) } ?? failure
    }

    private func outcome(
        _ plan: SimulationPlan, _ seed: UInt64
    ) throws(SimulationFailure) -> SimulationRun.Outcome {
        try leaveNote(plan, seed)
        defer { if let note { try? FileManager.default.removeItem(atPath: note) } }
        do {
            return try SimulationRun.run(
                plan, seed: seed, fixtures: fixtures, folder: folder + "/world")
        } catch {
            throw .setUp("\(error)")
        }
    }

    private func leaveNote(
        _ plan: SimulationPlan, _ seed: UInt64
    ) throws(SimulationFailure) {
        guard let note else { return }
        if noteText?.plan != plan {
            let record = FailureRecord(
                seed: 0, plan: plan, violation: "the process has ended within this seed", step: 0,
                diary: [], records: [])
            let lines = record.yaml.split(separator: "\n").filter { !$0.hasPrefix("seed:") }
            noteText = (plan, lines.joined(separator: "\n"))
        }
        let text = "\(noteText?.text ?? "")\nseed: \(seed)\n"
        if !FileManager.default.createFile(atPath: note, contents: Data(text.utf8)) {
            throw .setUp("\(note) cannot be written")
        }
    }

    private func record(
        _ outcome: SimulationRun.Outcome, _ plan: SimulationPlan, _ violation: String
    ) -> FailureRecord {
        FailureRecord(
            seed: outcome.seed, plan: plan, violation: violation, step: outcome.steps,
            diary: outcome.diary.suffix(100), records: outcome.lastRecords)
    }
}
