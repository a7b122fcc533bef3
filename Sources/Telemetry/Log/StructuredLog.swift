import Glibc
import Logging

/// A swift-log handler that writes one JSON object a line.
///
/// Members: `ts` (RFC 3339, UTC, nanoseconds), `level`, `label`, `message`, then the metadata under
/// `metadata`, the source location as `source`, `error` when there is one, and `suppressed` when
/// equal messages were left out before this one. Metadata whose key names a secret is replaced
/// (LOG-06). For the outer ring only: the lane never logs.
public struct StructuredLog: LogHandler {
    public var metadata: Logger.Metadata = [:]
    public var metadataProvider: Logger.MetadataProvider?
    public var logLevel: Logger.Level

    private let label: String
    private let sink: LogSink
    private let now: @Sendable () -> Int64

    /// Parts of metadata keys whose values are never written.
    public static let secretWords = [
        "secret", "password", "passphrase", "token", "signature", "api_key", "apikey",
        "private_key", "privatekey", "authorization", "credential",
    ]

    /// `now` gives nanoseconds since 1970; the system clock unless a test says otherwise.
    public init(
        label: String, level: Logger.Level = .info, sink: LogSink,
        metadataProvider: Logger.MetadataProvider? = nil,
        now: @escaping @Sendable () -> Int64 = StructuredLog.wallClock
    ) {
        self.label = label
        logLevel = level
        self.sink = sink
        self.metadataProvider = metadataProvider
        self.now = now
    }

    public static let wallClock: @Sendable () -> Int64 = {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        let time = now()
        // Who asks for the debugging levels wants every line.
        let kind =
            event.level <= .debug ? nil : "\(label)\u{0}\(event.level)\u{0}\(event.message)"
        sink.write(kind: kind, at: time) { line(for: event, at: time, suppressed: $0) }
    }

    func line(for event: LogEvent, at time: Int64, suppressed: Int) -> String {
        var line = "{\"ts\":\"\(FigureText.moment(time))\",\"level\":\"\(event.level)\",\"label\":"
        JSONText.append(label, to: &line)
        line += ",\"message\":"
        JSONText.append(event.message.description, to: &line)
        if let error = event.error {
            line += ",\"error\":"
            JSONText.append("\(error)", to: &line)
        }
        var all = metadata
        if let provider = metadataProvider { all.merge(provider.get()) { $1 } }
        if let own = event.metadata { all.merge(own) { $1 } }
        if !all.isEmpty {
            line += ",\"metadata\":"
            Self.append(.dictionary(all), to: &line)
        }
        line += ",\"source\":"
        let file = event.file.split(separator: "/").last.map(String.init) ?? event.file
        JSONText.append("\(file):\(event.line)", to: &line)
        if suppressed > 0 { line += ",\"suppressed\":\(suppressed)" }
        return line + "}"
    }

    private static func append(_ value: Logger.MetadataValue, to line: inout String) {
        switch value {
        case .dictionary(let members):
            line += "{"
            for (index, key) in members.keys.sorted().enumerated() {
                if index > 0 { line += "," }
                JSONText.append(key, to: &line)
                line += ":"
                if namesSecret(key) {
                    line += "\"<redacted>\""
                } else {
                    append(members[key] ?? "", to: &line)
                }
            }
            line += "}"
        case .array(let elements):
            line += "["
            for (index, element) in elements.enumerated() {
                if index > 0 { line += "," }
                append(element, to: &line)
            }
            line += "]"
        default:
            // Strings and whatever else describes itself.
            JSONText.append("\(value)", to: &line)
        }
    }

    static func namesSecret(_ key: String) -> Bool {
        let lower = key.lowercased().replacing("-", with: "_")
        return secretWords.contains { lower.contains($0) }
    }
}
