import Foundation
import Synchronization

/// Single keys from a terminal, without waiting for the end of a line and without echo.
///
/// The terminal is given back at ``close()`` and at `exit`. Ctrl-C stays a signal.
struct TerminalKeys {
    private static let original = Mutex<termios?>(nil)

    /// `nil` when standard input is no terminal.
    init?() {
        var settings = termios()
        guard isatty(STDIN_FILENO) == 1, tcgetattr(STDIN_FILENO, &settings) == 0 else {
            return nil
        }
        Self.original.withLock { $0 = settings }
        atexit { TerminalKeys.restore() }
        settings.c_lflag &= ~tcflag_t(ICANON | ECHO)
        tcsetattr(STDIN_FILENO, TCSANOW, &settings)
    }

    /// The next key that has been pressed, `nil` when there is none. Never waits.
    func next() -> UInt8? {
        var ready = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        guard poll(&ready, 1, 0) > 0 else { return nil }
        var key: UInt8 = 0
        return read(STDIN_FILENO, &key, 1) == 1 ? key : nil
    }

    func close() { Self.restore() }

    private static func restore() {
        original.withLock { kept in
            if var settings = kept { tcsetattr(STDIN_FILENO, TCSANOW, &settings) }
            kept = nil
        }
    }
}
