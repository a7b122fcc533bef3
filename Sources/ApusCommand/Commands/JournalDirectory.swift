import Engine
import Foundation
import Journal

/// Where journals lie: a directory a run below the configured one.
enum JournalDirectory {
    /// `directory` itself, or its newest run when it holds runs rather than segments.
    static func ofRun(_ directory: String) throws(CommandFailure) -> String {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: directory, isDirectory: &isDirectory) else {
            throw CommandFailure("\(directory): no such directory", .noInput)
        }
        guard isDirectory.boolValue else {
            throw CommandFailure(
                "\(directory) is a file; accepted: the directory of one run's journal, or of all "
                    + "runs", .noInput)
        }
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: directory)
        } catch {
            throw CommandFailure("\(directory): \(FileTrouble.words(for: error))", .noInput)
        }
        let runs = names.compactMap { name in
            name.hasPrefix("run-") ? Int(name.dropFirst(4)) : nil
        }
        return runs.max().map { "\(directory)/run-\($0)" } ?? directory
    }

    /// The right to change a run's journal: no engine starts in the directory of runs meanwhile.
    /// `nil` when no engine has ever used it. Throws when one does now.
    static func lockRuns(above run: String) throws(CommandFailure) -> JournalLock? {
        let runs = URL(fileURLWithPath: run).deletingLastPathComponent().path
        guard FileManager.default.fileExists(atPath: "\(runs)/engine.lock") else { return nil }
        do {
            return try JournalLock(directory: runs)
        } catch {
            throw CommandFailure(
                "a journal is not changed while an engine runs: \(error)", .noInput)
        }
    }

    /// Fails when nothing was ever written there.
    static func requireRecords(_ directory: String, lane: UInt8?) throws {
        var reader = try JournalReader(directory: directory, lane: lane)
        if try reader.next() == nil {
            throw CommandFailure(
                "\(directory) holds no record: that run ended before it wrote one", .noInput)
        }
    }
}

extension CommandFailure {
    /// 1: the journal is damaged; 64: which lane; 66: no such journal or not readable.
    init(_ failure: JournalFailure) {
        let status: ExitStatus =
            switch failure {
            case .corrupt, .gap, .notASegment, .unsupportedVersion, .olderVersion, .behindDamage,
                .undescribed:
                .difference
            case .severalLanes, .invalidOption, .notABoundary: .usage
            case .system, .noJournal, .inUse, .threadRefused: .noInput
            }
        self.init("\(failure)", status)
    }
}
