import Dispatch
import Foundation
import Synchronization
import Telemetry

/// SIGINT and SIGTERM: the first asks to stop, the second ends the process at once.
final class StopSignals: @unchecked Sendable {
    // SAFETY: the sources are only kept alive here; the names are under a lock.
    private let names: Names
    private let sources: [any DispatchSourceSignal]

    init() {
        let names = Names()
        let queue = DispatchQueue(label: "apus.signals")
        let wanted: [(Int32, String)] = [(SIGINT, "SIGINT"), (SIGTERM, "SIGTERM")]
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

    /// The signals that have come, in order.
    private final class Names: Sendable {
        private let list = Mutex<[String]>([])

        var first: String? { list.withLock { $0.first } }

        func add(_ name: String) {
            let count = list.withLock { list in
                list.append(name)
                return list.count
            }
            if count > 1 {
                TerminalScreen.restore()
                _exit(130)
            }
        }
    }
}
