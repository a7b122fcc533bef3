import Foundation
import Journal
import MarketModel

/// A run's journal made as long as that of days of trading: its own market records over and over,
/// with the snapshots that a lane writes, then its own end.
struct JournalGrowth {
    /// Records in all.
    var records: Int
    var segmentBytes = 32 << 20
    /// Market records behind the last padded snapshot: what ten seconds of a busy market leave.
    var behindSnapshot = 100_000
    private(set) var appended = 0

    private struct Kept {
        let type: JournalRecordType
        let time: Timestamp
        let venueTime: Timestamp
        let head: [UInt8]
        let tail: [UInt8]

        init?(_ view: JournalRecordView) {
            guard let type = view.type else { return nil }
            self.type = type
            time = view.time
            venueTime = view.venueTime
            head = Array(view.head)
            tail = Array(view.tail)
        }

        var isMarket: Bool { type == .trade || type == .topOfBook || type == .depth }
        var isDescription: Bool { type == .instrument || type == .name }
    }

    init(records: Int) { self.records = records }

    /// Writes the run of `source` to `target`, lengthened.
    mutating func grow(_ source: String, to target: String) throws {
        var all: [Kept] = []
        var reader = try JournalReader(directory: source)
        while let view = try reader.next() {
            if let kept = Kept(view) { all.append(kept) }
        }
        guard let last = all.lastIndex(where: { $0.type == .snapshot }) else {
            throw CocoaError(.fileReadCorruptFile)
        }
        var options = JournalOptions()
        options.segmentBytes = segmentBytes
        options.syncInterval = nil
        options.preparedSegments = 8
        let journal = try Journal(directory: target, lane: 0, epoch: 1, options: options)
        guard var writer = journal.takeWriter() else { throw CocoaError(.fileWriteUnknown) }
        for record in all[...last] { append(record, &writer) }
        try pad(with: all, snapshot: all[last], &writer)
        for record in all[(last + 1)...] { append(record, &writer) }
        journal.stop()
    }

    /// Market records, and in each segment what a lane describes it with.
    private mutating func pad(
        with all: [Kept], snapshot: Kept, _ writer: inout JournalWriter
    ) throws {
        let market = all.filter(\.isMarket)
        let description = all.filter(\.isDescription)
        if market.isEmpty { throw CocoaError(.fileReadCorruptFile) }
        var segment = writer.segmentNumber
        var next = 0
        while appended < records {
            append(market[next % market.count], &writer)
            next += 1
            if writer.segmentNumber != segment, next % 64 == 0 {
                segment = writer.segmentNumber
                for record in description { append(record, &writer) }
                append(snapshot, &writer)
            } else if appended == records - behindSnapshot {
                append(snapshot, &writer)
            }
        }
    }

    private mutating func append(_ record: Kept, _ writer: inout JournalWriter) {
        appended += 1
        record.head.withUnsafeBytes { head in
            record.tail.withUnsafeBytes { tail in
                // The journal's thread may need a moment for the next segment.
                while !writer.append(
                    record.type, time: record.time, venueTime: record.venueTime,
                    head: head.baseAddress, headCount: head.count, tail: tail.baseAddress,
                    tailCount: tail.count)
                {
                    sched_yield()
                }
            }
        }
    }
}
