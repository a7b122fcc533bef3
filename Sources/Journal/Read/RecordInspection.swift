import MarketModel

/// What lies at a place where a record may begin.
enum RecordInspection {
    case record(JournalRecordView)
    /// No record begins here.
    case end
    /// Something lies here that is not what was written.
    case damaged
}

extension SegmentWindow {
    /// Looks at the record at `place`, a multiple of 8; the view is valid until the next call.
    mutating func record(at place: Int, lane: UInt8) throws(JournalFailure) -> RecordInspection {
        guard let prefix = try bytes(at: place, count: RecordLayout.headerBytes) else {
            return .end
        }
        let length = Int(prefix.load(as: UInt32.self))
        if length == 0 { return .end }
        guard length >= RecordLayout.headerBytes, length & 7 == 0, reaches(place + length),
            let record = try bytes(at: place, count: length)
        else { return .damaged }
        let checksum = record.load(fromByteOffset: RecordLayout.checksumOffset, as: UInt32.self)
        let headCount = Int(
            record.load(fromByteOffset: RecordLayout.headCountOffset, as: UInt16.self))
        let flags = record.load(fromByteOffset: RecordLayout.flagsOffset, as: UInt8.self)
        let tailStart = RecordLayout.headerBytes + RecordLayout.padded(headCount)
        let tailCount = length - tailStart - Int(flags & RecordLayout.paddingMask)
        let recordLane = record.load(fromByteOffset: RecordLayout.laneOffset, as: UInt8.self)
        // The length may have been stored since the prefix was read: it is checked again.
        guard checksum == RecordLayout.checksum(record, length: length), tailCount >= 0,
            recordLane == lane, record.load(as: UInt32.self) == UInt32(length)
        else { return .damaged }
        return .record(
            JournalRecordView(
                rawType: record.load(fromByteOffset: RecordLayout.typeOffset, as: UInt16.self),
                lane: recordLane,
                sequence: record.load(
                    fromByteOffset: RecordLayout.sequenceOffset, as: UInt64.self),
                time: Timestamp(
                    nanoseconds: record.load(
                        fromByteOffset: RecordLayout.timeOffset, as: Int64.self)),
                venueTime: Timestamp(
                    nanoseconds: record.load(
                        fromByteOffset: RecordLayout.venueTimeOffset, as: Int64.self)),
                head: UnsafeRawBufferPointer(
                    start: record + RecordLayout.headerBytes, count: headCount),
                tail: UnsafeRawBufferPointer(start: record + tailStart, count: tailCount),
                segment: name.number, offset: place, byteCount: length))
    }
    /// Cheap signs of a record with such a sequence, before its checksum is computed.
    mutating func isPlausible(
        at place: Int, lane: UInt8, sequences: ClosedRange<UInt64>
    ) throws(JournalFailure) -> Bool {
        guard let prefix = try bytes(at: place, count: RecordLayout.headerBytes) else {
            return false
        }
        let sequence = prefix.load(fromByteOffset: RecordLayout.sequenceOffset, as: UInt64.self)
        return prefix.load(fromByteOffset: RecordLayout.laneOffset, as: UInt8.self) == lane
            && prefix.load(fromByteOffset: RecordLayout.reservedOffset, as: UInt16.self) == 0
            && sequences.contains(sequence)
    }
}
