import Logging
import Synchronization

/// Keeps log lines for a test.
struct LogLines: LogHandler {
    private final class Kept: Sendable {
        let lines = Mutex<[(message: Logger.Message, metadata: Logger.Metadata)]>([])
    }

    private let kept = Kept()
    var metadata = Logger.Metadata()
    var logLevel = Logger.Level.trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        kept.lines.withLock { $0.append((event.message, event.metadata ?? [:])) }
    }

    func contains(_ message: Logger.Message, _ connection: String) -> Bool {
        count(message, connection) > 0
    }

    /// The metadata of the first line with a message.
    func first(_ message: Logger.Message) -> Logger.Metadata? {
        kept.lines.withLock { lines in lines.first { $0.message == message }?.metadata }
    }

    func all(_ message: Logger.Message) -> [Logger.Metadata] {
        kept.lines.withLock { lines in lines.filter { $0.message == message }.map(\.metadata) }
    }

    func count(_ message: Logger.Message, _ connection: String) -> Int {
        kept.lines.withLock { lines in
            lines.count {
                $0.message == message && $0.metadata["connection"] == .string(connection)
            }
        }
    }
}
