import Foundation
import Glibc

/// Why the control socket could not be opened.
public enum SocketFailure: Error, Equatable, Sendable {
    /// Another engine holds the socket.
    case alreadyRunning(path: String)
    /// The path is longer than a Unix socket address holds.
    case pathTooLong(path: String, maximum: Int)
    /// Something that is not a socket is in the way; it is never deleted.
    case notASocket(path: String)
    /// The directory belongs to somebody else or others may write to it.
    case unsafeDirectory(path: String, reason: String)
    /// A system call failed.
    case system(call: String, path: String, errno: Int32)
}

extension SocketFailure: CustomStringConvertible {
    public var description: String {
        switch self {
        case .alreadyRunning(let path): "an engine is already running at \(path)"
        case .pathTooLong(let path, let maximum):
            "\(path): a socket path has at most \(maximum) bytes"
        case .notASocket(let path): "\(path) exists and is not a socket; it is left alone"
        case .unsafeDirectory(let path, let reason): "\(path): \(reason)"
        case .system(let call, let path, let code):
            "\(path): \(call) failed: \(String(cString: strerror(code)))"
        }
    }
}

/// A listening Unix socket that only its owner can open, from the moment it exists.
///
/// A lock file beside it (`<path>.lock`, held for life) decides whether an engine is running, so
/// that a socket left over from a crash is replaced and a living one never is.
struct SocketFile: ~Copyable {
    let path: String
    let descriptor: Int32
    private let lock: Int32
    private let inode: UInt64

    /// The longest path in bytes: sun_path less its terminator.
    static let maximumPath = 107

    init(at path: String, backlog: Int32) throws(SocketFailure) {
        guard path.utf8.count <= Self.maximumPath else {
            throw .pathTooLong(path: path, maximum: Self.maximumPath)
        }
        try Self.prepareDirectory(of: path)
        let lock = try Self.takeLock(path + ".lock", for: path)
        do throws(SocketFailure) {
            try Self.removeLeftover(at: path)
            descriptor = try Self.listen(at: path, backlog: backlog)
        } catch {
            close(lock)
            throw error
        }
        self.path = path
        self.lock = lock
        inode = FileStatus(of: path)?.inode ?? 0
    }

    deinit {
        close(descriptor)
        if FileStatus(of: path)?.inode == inode { unlink(path) }
        close(lock)
    }

    /// Makes the directory with mode 0700, or checks that nobody else can replace files in it.
    private static func prepareDirectory(of path: String) throws(SocketFailure) {
        let directory = SocketFile.directory(of: path)
        if mkdir(directory, 0o700) == 0 { return }
        guard errno == EEXIST else {
            throw .system(call: "mkdir", path: directory, errno: errno)
        }
        let resolved = URL(fileURLWithPath: directory).resolvingSymlinksInPath().path
        guard let status = FileStatus(of: resolved) else {
            throw .system(call: "stat", path: directory, errno: EACCES)
        }
        if let reason = directoryProblem(status, user: geteuid()) {
            throw .unsafeDirectory(path: directory, reason: reason)
        }
    }

    /// What is wrong with a directory for a socket of `user`, or `nil`.
    static func directoryProblem(_ status: FileStatus, user: UInt32) -> String? {
        guard status.kind == .directory else { return "is not a directory" }
        guard status.owner == user || status.owner == 0 else {
            return "belongs to uid \(status.owner)"
        }
        // In a sticky directory such as /tmp only the owner of a file may replace it.
        if status.permissions & 0o022 != 0, status.permissions & 0o1000 == 0 {
            return "is writable by others; chmod go-w it or choose another directory"
        }
        return nil
    }

    static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func takeLock(
        _ lockPath: String, for path: String
    ) throws(SocketFailure) -> Int32 {
        let file = open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw .system(call: "open", path: lockPath, errno: errno) }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            close(file)
            if code == EWOULDBLOCK { throw .alreadyRunning(path: path) }
            throw .system(call: "flock", path: lockPath, errno: code)
        }
        return file
    }

    /// Removes a socket that nobody answers on.
    private static func removeLeftover(at path: String) throws(SocketFailure) {
        guard let status = FileStatus(of: path) else { return }
        guard status.kind == .socket else { throw .notASocket(path: path) }
        let probe = socket(AF_UNIX, blockingStream, 0)
        guard probe >= 0 else { throw .system(call: "socket", path: path, errno: errno) }
        defer { close(probe) }
        if withAddress(of: path, { connect(probe, $0, $1) }) == 0 {
            throw .alreadyRunning(path: path)
        }
        guard unlink(path) == 0 else { throw .system(call: "unlink", path: path, errno: errno) }
    }

    private static func listen(at path: String, backlog: Int32) throws(SocketFailure) -> Int32 {
        let listener = socket(AF_UNIX, nonBlockingStream, 0)
        guard listener >= 0 else { throw .system(call: "socket", path: path, errno: errno) }
        // Linux gives the file the socket's own mode at bind: 0600 with no window, no umask.
        guard fchmod(listener, 0o600) == 0,
            withAddress(of: path, { bind(listener, $0, $1) }) == 0,
            Glibc.listen(listener, backlog) == 0
        else {
            let code = errno
            close(listener)
            throw .system(call: "bind", path: path, errno: code)
        }
        return listener
    }
}

/// Socket types, none of which a child process inherits.
let blockingStream = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
let nonBlockingStream = blockingStream | Int32(SOCK_NONBLOCK.rawValue)

/// Calls `body` with the Unix socket address of `path`, which must fit (checked by the caller).
func withAddress<Result>(
    of path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
) -> Result {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { target in
        precondition(path.utf8.count < target.count, "the path fits a socket address")
        target.copyBytes(from: path.utf8)
    }
    return withUnsafePointer(to: address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
    }
}
