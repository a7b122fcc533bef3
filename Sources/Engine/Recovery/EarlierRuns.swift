import Foundation
import Journal
import MarketModel

/// The runs before this one, in the journal's directory.
enum EarlierRuns {
    /// The newest run of an account that has left one behind; `nil` when there is none.
    static func newest(
        in directory: String, of account: AccountIdentity
    ) throws(StartFailure) -> RecoveredRun? {
        try newest(in: directory) { account.matches($0) }
    }

    /// The same for the account whose name `isMeant` knows.
    static func newest(
        in directory: String, where isMeant: (String) -> Bool
    ) throws(StartFailure) -> RecoveredRun? {
        for name in JournalRuns.names(in: directory).reversed() {
            let path = "\(directory)/\(name)"
            do throws(JournalFailure) {
                guard let run = try RecoveredRun.read(path) else { continue }
                if isMeant(run.account) { return run }
            } catch {
                throw .machine(
                    "the journal of the run before this one cannot be read, so its account cannot "
                        + "be taken over: \(path): \(error). `apus journal verify \(path)` says "
                        + "more, `apus journal repair --help` how to end a damaged journal before "
                        + "its damage; reconciliation.account: fresh starts without it")
            }
        }
        return nil
    }
}

/// The right to be the one engine on a journal's directory; given back when the process ends.
package final class JournalLock: Sendable {
    private let descriptor: Int32

    /// Throws when another engine has it.
    package init(directory: String) throws(StartFailure) {
        try? FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true)
        let path = "\(directory)/engine.lock"
        descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .unusable(
                "the journal's directory \(directory) cannot be used (journal.directory): "
                    + "\(String(cString: strerror(errno)))")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw .unusable(
                "another engine uses the journal's directory \(directory); stop it, or give this "
                    + "one a journal.directory of its own")
        }
    }

    deinit { close(descriptor) }
}
