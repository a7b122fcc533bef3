/// Brings a directory back to a state in which a journal can be continued.
public enum JournalRecovery {
    /// What was found and done.
    public struct Outcome: Equatable, Sendable {
        /// Sequence of the last whole record, 0 when there is none.
        public var lastSequence: UInt64 = 0
        /// Bytes of an unfinished append that were cut off.
        public var tornBytes = 0
        /// Segments that were prepared and never used; removed.
        public var sparesRemoved = 0
        /// Number of the last segment in use, 0 when there is none.
        public var lastSegment: UInt32 = 0

        public init() {}
    }

    /// Cuts a torn tail, the unused rest of the last segment and prepared segments.
    ///
    /// Reads the last segment; the older ones were complete when it was begun, and are verified by
    /// a reader. Throws `inUse` for a journal that is being written, and `corrupt` when records lie
    /// behind damage: then nothing is changed, and a person has to decide.
    @discardableResult
    public static func repair(
        _ directory: String, lane: UInt8? = nil
    ) throws(JournalFailure) -> Outcome {
        let lanes = try JournalReader.lanes(in: directory)
        if lanes.isEmpty { return Outcome() }
        guard let chosen = lane ?? lanes.first, lane != nil || lanes.count == 1 else {
            throw .severalLanes(lanes)
        }
        let lock = try JournalDescriptors(directory: directory, lane: chosen)
        defer { lock.unlock() }
        return try repairLocked(directory, lane: chosen)
    }

    /// For the holder of the lane's lock: a file that is mapped must not be cut.
    static func repairLocked(
        _ directory: String, lane: UInt8
    ) throws(JournalFailure) -> Outcome {
        var outcome = Outcome()
        let names = try SegmentFiles.list(directory).filter { $0.lane == lane }
        var spares: [SegmentName] = []
        for name in names.reversed() {
            var reader = try JournalReader(
                directory: directory, lane: lane, follow: false, firstSegment: name.number)
            while try reader.next() != nil {}
            if reader.segment != name.number {
                try checkBlank(directory, name)
                spares.append(name)
                continue
            }
            let path = SegmentFiles.path(directory, name)
            outcome.lastSequence = reader.nextSequence - 1
            outcome.lastSegment = name.number
            outcome.tornBytes = reader.tornBytes
            if SegmentFiles.size(path) ?? 0 > reader.endOffset {
                try SegmentFiles.cut(path, to: reader.endOffset)
            }
            break
        }
        for name in spares { try SegmentFiles.remove(SegmentFiles.path(directory, name)) }
        outcome.sparesRemoved = spares.count
        if !spares.isEmpty { SegmentFiles.syncDirectory(directory) }
        return outcome
    }

    /// A segment without a head may have lost that page alone: it is removed only when nothing
    /// lies behind.
    private static func checkBlank(
        _ directory: String, _ name: SegmentName
    ) throws(JournalFailure) {
        let path = SegmentFiles.path(directory, name)
        var window = try SegmentWindow(path: path, name: name)
        let start = SegmentLayout.headerBytes
        if try window.lastUsed(from: start) > start {
            throw .corrupt(file: path, offset: 0, sequence: 0)
        }
    }
}
