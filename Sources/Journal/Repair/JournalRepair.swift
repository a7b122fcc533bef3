import MarketModel

/// Ends a lane's journal at a record: what a person decides about damage in its middle.
///
/// Nothing is thrown away: the bytes behind the cut go to a file beside the segment, and later
/// segments are set aside under another name. A failure on the way leaves a journal that still
/// reports its damage, so that the repair can be made again.
public struct JournalRepair: Equatable, Sendable {
    public let directory: String
    public let lane: UInt8
    /// Where the journal ends after the repair.
    public let place: JournalPlace
    /// What stays; every record is verified.
    public private(set) var kept = Records()
    /// What can still be read behind the cut. The damage itself may hold more.
    public private(set) var lost = Records()
    public private(set) var lostBytes: Int64 = 0
    /// Sequence of the newest account snapshot that stays; 0: none does, and the next run takes
    /// over the account of an earlier run.
    public private(set) var lastSnapshot: UInt64 = 0
    /// Paths of the files that keep what lies behind the cut.
    public private(set) var setAside: [String] = []
    private var files: [SegmentBehindCut] = []

    /// How many records, which, and from when to when.
    public struct Records: Equatable, Sendable {
        public private(set) var count: Int64 = 0
        public private(set) var firstSequence: UInt64 = 0
        public private(set) var lastSequence: UInt64 = 0
        public private(set) var firstTime = Timestamp.unknown
        public private(set) var lastTime = Timestamp.unknown

        mutating func add(_ record: JournalRecordView) {
            if count == 0 {
                firstSequence = record.sequence
                firstTime = record.time
            }
            count += 1
            lastSequence = record.sequence
            lastTime = record.time
        }
    }

    /// Makes the cut, or with `isDryRun` only says what it would do. Reads the whole journal.
    ///
    /// Throws `inUse` while an engine writes the journal, `notABoundary` when no record begins or
    /// ends at the byte, `behindDamage` when damage lies before it; then nothing is changed.
    ///
    /// - Parameters:
    ///   - offset: where a record begins or ends in the segment; 0 sets the whole segment aside.
    ///   - segment: its number; by itself that of the damage, or of the last one in use.
    public static func run(
        _ directory: String, lane: UInt8? = nil, until offset: Int, segment: UInt32? = nil,
        isDryRun: Bool
    ) throws(JournalFailure) -> JournalRepair {
        let chosen = try JournalReader(directory: directory, lane: lane).lane
        let lock = try JournalDescriptors(directory: directory, lane: chosen)
        defer { lock.unlock() }
        let end = try ReadableEnd.find(in: directory, lane: chosen)
        var repair = JournalRepair(
            directory: directory, lane: chosen,
            place: JournalPlace(segment: segment ?? end.place.segment, offset: offset))
        try repair.check(against: end)
        try repair.countKept()
        try repair.countLost()
        if !isDryRun { try repair.cut() }
        return repair
    }

    private init(directory: String, lane: UInt8, place: JournalPlace) {
        self.directory = directory
        self.lane = lane
        self.place = place
    }

    private var path: String {
        SegmentFiles.path(directory, SegmentName(lane: lane, number: place.segment))
    }

    private func check(against end: ReadableEnd) throws(JournalFailure) {
        guard SegmentFiles.size(path) != nil else {
            throw .invalidOption("\(path): no such segment")
        }
        if place.isAtOrBefore(end.place) { return }
        if let damage = end.damage { throw .behindDamage(offset: place.offset, damage) }
        throw .notABoundary(
            file: path, offset: place.offset,
            before: place.segment == end.place.segment ? end.place.offset : nil, after: nil)
    }

    /// Reads up to the cut, which is known to lie at the damage or before.
    private mutating func countKept() throws(JournalFailure) {
        var last = SegmentLayout.headerBytes..<SegmentLayout.headerBytes
        var reader = try JournalReader(directory: directory, lane: lane)
        do throws(JournalFailure) {
            while let record = try reader.next(),
                !place.isAtOrBefore(JournalPlace(segment: record.segment, offset: record.offset))
            {
                kept.add(record)
                if record.type == .snapshot { lastSnapshot = record.sequence }
                if record.segment == place.segment {
                    last = record.offset..<record.offset + record.byteCount
                }
            }
        } catch {
            if case .system = error { throw error }
        }
        if place.offset != 0, place.offset != last.upperBound {
            let isInHead = place.offset < SegmentLayout.headerBytes
            throw .notABoundary(
                file: path, offset: place.offset, before: isInHead ? 0 : last.lowerBound,
                after: last.upperBound)
        }
        if kept.count == 0 {
            throw .invalidOption(
                "\(directory): no record would be left. To begin without this journal move its "
                    + "directory away, or start with reconciliation.account: fresh")
        }
    }

    private mutating func countLost() throws(JournalFailure) {
        let names = try SegmentFiles.list(directory).filter {
            $0.lane == lane && $0.number >= place.segment
        }
        for name in names {
            let start = name.number == place.segment ? place.offset : 0
            var window = try SegmentWindow(path: SegmentFiles.path(directory, name), name: name)
            let used = try window.lastUsed(from: start)
            try window.eachRecord(
                from: max(start, SegmentLayout.headerBytes), to: used,
                after: max(kept.lastSequence, lost.lastSequence)
            ) { lost.add($0) }
            let file = try SegmentBehindCut(name, start..<used, in: directory, &window)
            files.append(file)
            if let path = file.keptPath {
                setAside.append(path)
                lostBytes += Int64(used - start)
            }
        }
    }

    /// From the last file to the first: whatever ends it early, the damage is still there to see.
    private func cut() throws(JournalFailure) {
        for file in files.reversed() {
            try file.setAside()
            SegmentFiles.syncDirectory(directory)
        }
    }
}
