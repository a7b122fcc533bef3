extension JournalReader {
    /// The last segment that holds a record of a type, or `nil`; reads backward from the end.
    public static func lastSegment(
        holding type: JournalRecordType, in directory: String, lane: UInt8? = nil
    ) throws(JournalFailure) -> UInt32? {
        let segments = try SegmentFiles.list(directory).filter { lane == nil || $0.lane == lane }
        for segment in segments.reversed() {
            var reader = try JournalReader(
                directory: directory, lane: lane, firstSegment: segment.number)
            while let record = try reader.next(), record.segment == segment.number {
                if record.type == type { return segment.number }
            }
        }
        return nil
    }
}
