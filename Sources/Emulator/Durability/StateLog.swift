import Foundation
import Glibc

/// What an exchange did before it ended, from its own record.
struct StateHistory {
    var records: [StateRecord] = []
    /// Bytes of an unfinished record that were cut off.
    var discarded = 0
}

/// The exchange's own durable record, in a directory that one exchange uses at a time.
///
/// The file `ledger` begins with the whole state and goes on with its changes; when these have
/// grown too long, a new file with the state as it is takes its place. Lives on the exchange's
/// thread.
final class StateLog {
    private let directory: String
    private let isSynchronous: Bool
    private let lock: Int32
    private var file: StateFile?
    private var sizeOfState = 0

    private var path: String { directory + "/ledger" }

    /// Makes the directory if need be and claims it for this process.
    init(directory: String, isSynchronous: Bool) throws(StateLogFailure) {
        self.directory = directory
        self.isSynchronous = isSynchronous
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        } catch {
            throw .cannotOpen(path: directory, errno: errno)
        }
        // A file of its own: `ledger` is replaced now and then, and the lock must stay.
        let lockPath = directory + "/lock"
        lock = Glibc.open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        if lock < 0 { throw .cannotOpen(path: lockPath, errno: errno) }
        if flock(lock, LOCK_EX | LOCK_NB) != 0 {
            Glibc.close(lock)
            throw .inUse(directory: directory)
        }
    }

    deinit { Glibc.close(lock) }

    /// Reads what is there, `nil` when nothing is; indices are translated to those of `names`.
    func read(for names: ExchangeNames) throws(StateLogFailure) -> StateHistory? {
        guard access(path, F_OK) == 0 else { return nil }
        let file = try StateFile(path: path, isNew: false)
        var history = StateHistory()
        var translation = ExchangeNames.Translation()
        var snapshotCount = 0
        history.discarded = try file.read { payload, index throws(StateLogFailure) in
            if index == 0 {
                guard let header = StateHeader(payload) else { return false }
                guard header.version == StateHeader.currentVersion else {
                    throw .version(path: path, header.version)
                }
                translation = try names.translation(of: header.names)
                snapshotCount = Int(clamping: header.snapshotCount)
                return true
            }
            guard let record = StateRecord(payload, translation) else { return false }
            history.records.append(record)
            return true
        }
        // The state was whole when the file took its name: what is missing is damage.
        guard file.size > 0, history.records.count >= snapshotCount else {
            throw .corrupt(path: path, offset: file.size)
        }
        return history
    }

    /// Begins a new file with the whole state; the old one is there until the new one is complete.
    func begin(_ state: [StateRecord], _ names: ExchangeNames) throws(StateLogFailure) {
        let new = try StateFile(path: path + ".new", isNew: true)
        try new.append(StateHeader(names: names, snapshotCount: state.count).bytes)
        for record in state { try new.append(record.bytes) }
        try new.synchronize()
        try new.move(to: path)
        if isSynchronous { try synchronizeDirectory() }
        file = new
        sizeOfState = new.size
    }

    /// Puts the new file's name on the disk too.
    private func synchronizeDirectory() throws(StateLogFailure) {
        let descriptor = Glibc.open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if descriptor < 0 { throw .cannotOpen(path: directory, errno: errno) }
        defer { Glibc.close(descriptor) }
        if fsync(descriptor) != 0 { throw .cannotWrite(path: directory, errno: errno) }
    }

    /// Whether the changes have grown too long beside the state.
    var mustBeginAnew: Bool { (file?.size ?? 0) - sizeOfState > max(64 << 20, 2 * sizeOfState) }

    /// The changes are on record when this returns.
    func append(_ changes: StateRecord) throws(StateLogFailure) {
        guard let file else { return }
        try file.append(changes.bytes)
        if isSynchronous { try file.synchronize() }
    }
}
