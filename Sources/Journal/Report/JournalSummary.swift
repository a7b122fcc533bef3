import MarketModel

/// What a journal holds, every record verified: what `apus journal verify` prints.
public struct JournalSummary: Equatable, Sendable {
    public var directory = ""
    public var lane: UInt8 = 0
    public var records: Int64 = 0
    public var bytes: Int64 = 0
    /// Records by the name of their type.
    public var recordsByType: [String: Int64] = [:]
    public var firstSequence: UInt64 = 0
    public var lastSequence: UInt64 = 0
    public var firstTime = Timestamp.unknown
    public var lastTime = Timestamp.unknown
    /// ``JournalHash`` over all records.
    public var hash = ""
    /// See ``JournalReader/tornBytes``.
    public var tornBytes = 0
    /// See ``JournalReader/oldestVersion``.
    public var formatVersion = SegmentLayout.version

    /// Reads the whole journal; throws what ``JournalReader/next()`` throws.
    public static func verify(
        directory: String, lane: UInt8? = nil
    ) throws(JournalFailure) -> JournalSummary {
        var reader = try JournalReader(directory: directory, lane: lane)
        var summary = JournalSummary()
        while let record = try reader.next() {
            if summary.firstSequence == 0 {
                summary.firstSequence = record.sequence
                summary.firstTime = record.time
            }
            summary.lastSequence = record.sequence
            summary.lastTime = record.time
            summary.recordsByType[record.typeName, default: 0] += 1
        }
        summary.directory = directory
        summary.lane = reader.lane
        summary.records = reader.recordCount
        summary.bytes = reader.byteCount
        summary.hash = reader.hash.hexadecimal
        summary.tornBytes = reader.tornBytes
        summary.formatVersion = reader.oldestVersion
        return summary
    }

    /// Lines of `key: value` for people.
    public var text: String {
        let isFormer = formatVersion < SegmentLayout.version
        var lines = [
            "journal: \(directory) lane \(lane)",
            "format: version \(formatVersion)"
                + (isFormer ? ", for reading only: no start takes it over, no replay" : ""),
            "records: \(records)", "bytes: \(bytes)",
            "sequences: \(firstSequence)...\(lastSequence)",
            "times: \(firstTime.nanoseconds)...\(lastTime.nanoseconds)", "hash: \(hash)",
            "torn bytes: \(tornBytes)",
        ]
        for (name, count) in recordsByType.sorted(by: { $0.key < $1.key }) {
            lines.append("  \(name): \(count)")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The same as one JSON object.
    public var json: String {
        var types = JSONLine()
        for (name, count) in recordsByType.sorted(by: { $0.key < $1.key }) {
            types.number(name, count)
        }
        var line = JSONLine()
        line.string("directory", directory)
        line.number("lane", lane)
        line.number("formatVersion", UInt64(formatVersion))
        line.number("records", records)
        line.number("bytes", bytes)
        line.number("firstSequence", firstSequence)
        line.number("lastSequence", lastSequence)
        line.number("firstTime", firstTime.nanoseconds)
        line.number("lastTime", lastTime.nanoseconds)
        line.string("hash", hash)
        line.number("tornBytes", tornBytes)
        line.raw("recordsByType", types.closed)
        return line.closed
    }
}
