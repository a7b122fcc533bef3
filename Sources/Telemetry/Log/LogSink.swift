import Glibc
import Synchronization

/// Where log lines go: standard error or a file opened for appending. Safe from every thread.
///
/// A reader that does not read, behind a pipe or on a stopped terminal, delays one line and then
/// costs lines, not time: whoever logs has an engine to run.
public final class LogSink: Sendable {
    private let descriptor: Int32
    private let isOwned: Bool
    private let state: Mutex<State>

    struct State {
        var limiter: RepeatLimiter
        var lost: Int64 = 0
        /// The last line could not be written in time.
        var isStalled = false
    }

    /// What a pipe takes without blocking once poll(2) says that it is writable (PIPE_BUF).
    private static let pieceBytes = 4096
    /// Milliseconds that a line waits for its reader.
    private static let patience: Int32 = 200

    /// Why a log file could not be opened.
    public struct Failure: Error, Equatable, CustomStringConvertible {
        public let path: String
        public let errno: Int32
        public var description: String { "\(path): \(String(cString: strerror(errno)))" }
    }

    /// Standard error. At most `limit` equal messages per `windowNanoseconds`; 0: no limit.
    public init(limit: Int = 20, windowNanoseconds: Int64 = 10_000_000_000) {
        descriptor = STDERR_FILENO
        isOwned = false
        state = Mutex(
            State(limiter: RepeatLimiter(limit: limit, windowNanoseconds: windowNanoseconds)))
    }

    /// A file, created with mode 0600 when absent.
    public init(
        path: String, limit: Int = 20, windowNanoseconds: Int64 = 10_000_000_000
    ) throws(Failure) {
        descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        let code = errno
        isOwned = true
        state = Mutex(
            State(limiter: RepeatLimiter(limit: limit, windowNanoseconds: windowNanoseconds)))
        guard descriptor >= 0 else { throw Failure(path: path, errno: code) }
    }

    deinit {
        if isOwned, descriptor >= 0 { close(descriptor) }
    }

    /// Lines that could not be written, for instance to a full disk.
    public var lostLines: Int64 { state.withLock { $0.lost } }

    /// Writes the line that `make` returns for the number of equal messages left out before it,
    /// or nothing when this one is left out; without a kind always. One `write` a line, so lines
    /// never interleave.
    func write(kind: String?, at now: Int64, _ make: (_ suppressed: Int) -> String) {
        state.withLock { state in
            let verdict = kind.map { state.limiter.judge($0, at: now) } ?? .write(suppressed: 0)
            guard case .write(let suppressed) = verdict else { return }
            var line = make(suppressed) + "\n"
            let patience = state.isStalled ? 0 : Self.patience
            state.isStalled = !line.withUTF8 { write($0, patience) }
            if state.isStalled { state.lost += 1 }
        }
    }

    private func write(_ bytes: UnsafeBufferPointer<UInt8>, _ patience: Int32) -> Bool {
        var sent = 0
        while sent < bytes.count {
            var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            if poll(&ready, 1, patience) == 0 { return false }
            let count = Glibc.write(
                descriptor, bytes.baseAddress.map { $0 + sent },
                min(bytes.count - sent, Self.pieceBytes))
            if count > 0 {
                sent += count
            } else if errno != EINTR && errno != EAGAIN {
                return false
            }
        }
        return true
    }
}
