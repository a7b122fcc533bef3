import Glibc
import Synchronization

/// The terminal's alternate screen: entered once, left on every way out of the process.
///
/// Leaving happens at `exit`, and in the handlers of the signals that kill; a program that ends
/// itself by `_exit` calls ``restore()`` before, which is safe in a signal handler.
public enum TerminalScreen {
    /// What a terminal can do.
    public struct Abilities: Sendable, Equatable {
        public var isTerminal: Bool
        public var hasColour: Bool

        /// A terminal that is not `dumb`; colour unless `NO_COLOR` is set (no-color.org).
        public init(isTerminal: Bool, environment: [String: String]) {
            let kind = environment["TERM"] ?? ""
            self.isTerminal = isTerminal && !kind.isEmpty && kind != "dumb"
            hasColour = self.isTerminal && (environment["NO_COLOR"] ?? "").isEmpty
        }

        /// Of standard output.
        public static func current(environment: [String: String]) -> Abilities {
            Abilities(isTerminal: isatty(STDOUT_FILENO) == 1, environment: environment)
        }
    }

    /// Columns and rows of standard output's terminal; 80 by 24 when it does not say.
    public static func size() -> (width: Int, height: Int) {
        var window = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0,
            window.ws_row > 0
        else { return (80, 24) }
        return (Int(window.ws_col), Int(window.ws_row))
    }

    /// Switches to the alternate screen, hides the cursor, and arranges the way back.
    public static func enter() {
        atexit { TerminalScreen.restore() }
        for signal in [SIGABRT, SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGHUP, SIGQUIT] {
            // Whoever handles a signal in its own way, or is to ignore it, goes on doing so.
            var present = sigaction()
            sigaction(signal, nil, &present)
            let handler = unsafeBitCast(present.__sigaction_handler.sa_handler, to: Int.self)
            if handler != unsafeBitCast(SIG_DFL, to: Int.self) { continue }
            Glibc.signal(signal) { number in
                TerminalScreen.restore()
                Glibc.signal(number, SIG_DFL)
                raise(number)
            }
        }
        isEntered.store(true, ordering: .sequentiallyConsistent)
        write("\u{1B}[?1049h\u{1B}[?25l\u{1B}[2J")
    }

    private static let isEntered = Atomic<Bool>(false)

    /// Shows the cursor and the ordinary screen again. Async-signal-safe; the second time nothing
    /// is written: it would put the cursor back over what was printed since.
    public static func restore() {
        guard isEntered.exchange(false, ordering: .sequentiallyConsistent) else { return }
        let sequence: StaticString = "\u{1B}[0m\u{1B}[?25h\u{1B}[?1049l"
        _ = Glibc.write(STDOUT_FILENO, sequence.utf8Start, sequence.utf8CodeUnitCount)
    }

    /// Most bytes written at once: what a terminal that has room takes without waiting.
    private static let pieceBytes = 1024

    /// Writes everything, waiting a little while the terminal is slow. Returns `false` when it is
    /// gone or stopped (Ctrl-S); what it shows is then unknown.
    @discardableResult
    static func write(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            var written = 0
            while written < bytes.count {
                var ready = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
                if poll(&ready, 1, 200) == 0 { return false }
                let count = Glibc.write(
                    STDOUT_FILENO, bytes.baseAddress.map { $0 + written },
                    min(bytes.count - written, pieceBytes))
                if count > 0 {
                    written += count
                } else if errno != EINTR && errno != EAGAIN {
                    return false
                }
            }
            return true
        }
    }
}
