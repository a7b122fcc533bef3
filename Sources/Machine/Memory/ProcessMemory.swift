import CLinuxURing
import Glibc

/// The memory of the whole process.
public enum ProcessMemory {
    /// Why the process was not locked into memory.
    public enum LockRefusal: Error, Equatable, Sendable, CustomStringConvertible {
        /// Only so many bytes may be locked, and what the process will need is not known. A lock
        /// that reached its limit later would make memory unobtainable while trading.
        case limited(byteCount: Int64)
        case system(errno: Int32)

        public var description: String {
            switch self {
            case .limited(let count):
                "memory is not locked: only \(count / 1024) KiB may be (ulimit -l unlimited, or "
                    + "CAP_IPC_LOCK); pages may be swapped out"
            case .system(let code):
                "memory is not locked: \(String(cString: strerror(code))); pages may be swapped out"
            }
        }
    }

    /// Whether a crash may leave what the process has in memory in a file.
    public static var mayBeDumped: Bool { clinux_uring_is_dumpable() }

    /// From here on no crash writes the process's memory down, and no process of the same user may
    /// read it: there are keys in it. For good; returns the error number where the kernel refuses.
    @discardableResult
    public static func forbidDumps() -> Int32 { clinux_uring_forbid_core_dumps() }

    /// Keeps every page that the process has and will have in memory once it has been touched
    /// (mlockall with MCL_ONFAULT: what is only reserved stays so). All or nothing.
    public static func lock() throws(LockRefusal) {
        guard clinux_uring_may_lock_everything() else {
            throw .limited(byteCount: clinux_uring_lock_limit())
        }
        let code = clinux_uring_lock_process()
        if code != 0 { throw .system(errno: code) }
    }
}
