import Foundation

/// The standard streams of the process, written without traps: a full disk, a closed pipe and a
/// reader that does not read are errno values, and the caller decides what follows.
enum StandardStream {
    /// What a pipe takes without blocking once poll(2) says that it is writable (PIPE_BUF).
    private static let pieceBytes = 4096

    /// Puts /dev/null where a standard stream is closed: otherwise the next file or socket gets its
    /// number, and with it what is printed.
    static func fillGaps() {
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
        where fcntl(descriptor, F_GETFD) < 0 && errno == EBADF {
            // The lowest free number is the one that is missing.
            _ = open("/dev/null", descriptor == STDIN_FILENO ? O_RDONLY : O_WRONLY)
        }
    }

    /// A reader that goes away ends a filter, which is right for a command that only prints. One
    /// that has something to finish gets EPIPE instead.
    static func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }

    /// Writes all of `text`; 0, or the errno value of the first failure. ETIMEDOUT: nobody has read
    /// for `patience` milliseconds (-1: waits).
    static func write(_ text: String, to descriptor: Int32, patience: Int32 = -1) -> Int32 {
        var text = text
        return text.withUTF8 { write(UnsafeRawBufferPointer($0), to: descriptor, patience) }
    }

    static func write(
        _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, _ patience: Int32 = -1
    ) -> Int32 {
        var rest = bytes[...]
        while !rest.isEmpty {
            var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            let found = poll(&ready, 1, patience)
            if found == 0 { return ETIMEDOUT }
            if found < 0 {
                if errno == EINTR { continue }
                return errno
            }
            let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(pieceBytes))
            let count = Foundation.write(descriptor, piece.baseAddress, piece.count)
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR && errno != EAGAIN {
                return errno
            }
        }
        return 0
    }
}

/// Standard output of a command that has more to do than to print: what cannot be written is
/// dropped and counted, and a reader that has stopped reading holds nothing up for long.
struct TolerantOutput {
    /// How long a line waits for its reader, in milliseconds.
    static let patience: Int32 = 200

    private let onFirstLoss: (String) -> Void
    private(set) var lostLines = 0

    /// `onFirstLoss` gets the reason, once.
    init(onFirstLoss: @escaping (String) -> Void) { self.onFirstLoss = onFirstLoss }

    mutating func printLine(_ text: String) {
        let failure = StandardStream.write(
            text + "\n", to: STDOUT_FILENO, patience: Self.patience)
        if failure == 0 { return }
        if lostLines == 0 { onFirstLoss(Self.reason(failure)) }
        lostLines += 1
    }

    private static func reason(_ failure: Int32) -> String {
        failure == ETIMEDOUT ? "its reader does not read" : String(cString: strerror(failure))
    }
}
