import Dispatch
import Foundation
import Synchronization
import Telemetry

/// SIGINT, SIGTERM and, unless it was started to outlive its terminal, SIGHUP: the first asks to
/// stop, the second ends the process at once.
final class StopSignals: @unchecked Sendable {
    // SAFETY: the sources are only kept alive here; the names are under a lock.
    private let names: Names
    private let sources: [any DispatchSourceSignal]

    init() {
        let names = Names()
        let queue = DispatchQueue(label: "apus.signals")
        var wanted: [(Int32, String)] = [(SIGINT, "SIGINT"), (SIGTERM, "SIGTERM")]
        if !Self.isIgnored(SIGHUP) { wanted.append((SIGHUP, "SIGHUP")) }
        sources = wanted.map { number, name in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { names.add(name) }
            source.resume()
            return source
        }
        self.names = names
    }

    /// The signal that asked to stop, `nil` while none has.
    var request: String? { names.first }

    /// What is said on standard error when a second signal ends the process.
    func onForcedEnd(_ words: @escaping @Sendable () -> String) { names.setWords(words) }

    /// As by nohup(1).
    private static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        guard sigaction(number, nil, &action) == 0 else { return false }
        return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
            == unsafeBitCast(SIG_IGN, to: Int.self)
    }

    /// The signals that have come, in order.
    private final class Names: Sendable {
        private let list = Mutex<[String]>([])
        private let words = Mutex<(@Sendable () -> String)?>(nil)

        var first: String? { list.withLock { $0.first } }

        func setWords(_ words: @escaping @Sendable () -> String) {
            self.words.withLock { $0 = words }
        }

        func add(_ name: String) {
            let count = list.withLock { list in
                list.append(name)
                return list.count
            }
            if count > 1 {
                TerminalScreen.restore()
                if let words = words.withLock({ $0 }) { printWarning(words()) }
                _exit(ExitStatus.interrupted.rawValue)
            }
        }
    }
}
