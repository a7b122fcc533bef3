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
    /// Only for a journal that nobody writes. Reads the last segment; the older ones were
    /// complete when it was begun, and are verified by a reader. Throws `corrupt` when records
    /// lie behind damage: then nothing is changed, and a person has to decide.
    @discardableResult
    public static func repair(
        _ directory: String, lane: UInt8? = nil
    ) throws(JournalFailure) -> Outcome {
        let lanes = try JournalReader.lanes(in: directory)
        if lanes.isEmpty { return Outcome() }
        if let lane, !lanes.contains(lane) { return Outcome() }
        guard let chosen = lane ?? lanes.first, lane != nil || lanes.count == 1 else {
            throw .severalLanes(lanes)
        }
        var outcome = Outcome()
        let names = try SegmentFiles.list(directory).filter { $0.lane == chosen }
        var spares: [SegmentName] = []
        for name in names.reversed() {
            var reader = try JournalReader(
                directory: directory, lane: chosen, follow: false, firstSegment: name.number)
            while try reader.next() != nil {}
            if reader.segment != name.number {
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
}
