import Engine
import Foundation
import Telemetry

/// Where `--report` puts its files: made and tried before the run, so that its end finds it.
struct ReportFolder {
    let path: String

    /// Makes the directory unless it is there; fails when nothing can be written into it.
    init(_ path: String) throws(CommandFailure) {
        self.path = path
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true)
        } catch {
            throw Self.unusable(path, FileTrouble.words(for: error))
        }
        let trial = path + "/.apus-\(getpid())"
        let descriptor = open(trial, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.unusable(path, String(cString: strerror(errno))) }
        close(descriptor)
        unlink(trial)
    }

    func write(_ report: ExitReport) throws(CommandFailure) {
        do {
            try report.write(to: path)
        } catch {
            throw Self.unusable(path, FileTrouble.words(for: error))
        }
    }

    private static func unusable(_ path: String, _ reason: String) -> CommandFailure {
        CommandFailure(
            "the report cannot be written to \(path): \(reason); --report takes a directory that "
                + "may be written", .cannotCreate)
    }
}
