import Glibc

/// What a journal holds open beside its segments: the lock of its lane, and a pipe that ends the
/// thread's pauses.
///
/// The writer never wakes the thread (a system call): the thread looks by itself every few
/// milliseconds, and whoever stops the journal cuts that short.
final class JournalDescriptors: Sendable {
    private let lockFile: Int32
    private let readEnd: Int32
    private let writeEnd: Int32

    /// Throws `inUse` when another journal, of this process or not, has the lane.
    init(directory: String, lane: UInt8) throws(JournalFailure) {
        let path = directory + "/apus-\(lane).lock"
        lockFile = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lockFile >= 0 else {
            throw .system(operation: "open", path: path, errno: errno)
        }
        guard flock(lockFile, LOCK_EX | LOCK_NB) == 0 else {
            close(lockFile)
            throw .inUse(directory: directory, lane: lane)
        }
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            close(lockFile)
            throw .system(operation: "pipe", path: directory, errno: errno)
        }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        readEnd = ends[0]
        writeEnd = ends[1]
    }

    deinit {
        close(lockFile)
        close(readEnd)
        close(writeEnd)
    }

    /// Lets another journal have the lane.
    func unlock() { _ = flock(lockFile, LOCK_UN) }

    /// Ends the pause of ``wait(milliseconds:)``, this one or the next.
    func wake() {
        var byte: UInt8 = 1
        _ = write(writeEnd, &byte, 1)
    }

    func wait(milliseconds: Int32) {
        var wanted = pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)
        _ = poll(&wanted, 1, milliseconds)
    }
}
