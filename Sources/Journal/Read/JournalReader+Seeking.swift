/// Where a record lies in a lane's journal.
public struct JournalPlace: Equatable, Sendable {
    public var segment: UInt32
    /// Its first byte in the segment's file.
    public var offset: Int
}

extension JournalReader {
    /// The last record of a type, or `nil`; looked for backward from the end, so that the cost is
    /// that of what lies behind it and not the journal's.
    ///
    /// What lies before it is not verified; a reader that begins there verifies all that follows.
    /// Without a record to be found the whole journal is read, and damage in it is thrown.
    public static func lastPlace(
        of type: JournalRecordType, in directory: String, lane: UInt8? = nil
    ) throws(JournalFailure) -> JournalPlace? {
        let segments = try SegmentFiles.list(directory).filter { lane == nil || $0.lane == lane }
        for name in segments.reversed() {
            var window = try SegmentWindow(path: SegmentFiles.path(directory, name), name: name)
            if let offset = try window.lastRecord(of: type) {
                return JournalPlace(segment: name.number, offset: offset)
            }
        }
        var reader = try JournalReader(directory: directory, lane: lane)
        var place: JournalPlace?
        while let record = try reader.next() {
            if record.type == type {
                place = JournalPlace(segment: record.segment, offset: record.offset)
            }
        }
        return place
    }
}

extension JournalReader {
    /// Numbers of a directory's segments, oldest first.
    package static func segments(of directory: String) throws(JournalFailure) -> [UInt32] {
        try SegmentFiles.list(directory).map(\.number)
    }
}

extension SegmentWindow {
    /// Bytes that are looked through at once.
    private static var pieceBytes: Int { 1 << 17 }
    /// Length, checksum, type, lane and flags: what a record is recognised by.
    private static var signBytes: Int { 16 }

    /// Where the last whole record of a type begins; looked for backward from the last bytes.
    mutating func lastRecord(of type: JournalRecordType) throws(JournalFailure) -> Int? {
        var limit = try dataEnd() & ~7
        while limit >= SegmentLayout.headerBytes + Self.signBytes {
            let start = max(SegmentLayout.headerBytes, limit - Self.pieceBytes)
            var place = limit - Self.signBytes
            while let sign = try lastSign(of: type, from: start, to: limit, atMost: place) {
                if try holdsRecord(at: sign) { return sign }
                place = sign - 8
            }
            // A record's sign may lie across.
            limit = start + Self.signBytes - 8
            if start == SegmentLayout.headerBytes { return nil }
        }
        return nil
    }

    /// About where the data ends and the zeros of what is not written yet begin.
    private mutating func dataEnd() throws(JournalFailure) -> Int {
        let page = 4_096
        var low = 0
        var high = byteCount / page
        while low < high {
            let middle = (low + high) / 2
            if try isBlank(middle * page, count: page) { high = middle } else { low = middle + 1 }
        }
        return min((low + 1) * page, byteCount)
    }

    private mutating func isBlank(_ offset: Int, count: Int) throws(JournalFailure) -> Bool {
        guard let bytes = try bytes(at: offset, count: count) else { return true }
        return Swift.stride(from: 0, to: count, by: 8).allSatisfy {
            bytes.loadUnaligned(fromByteOffset: $0, as: UInt64.self) == 0
        }
    }

    /// The last place up to `last` where something looks like the beginning of such a record.
    private mutating func lastSign(
        of type: JournalRecordType, from start: Int, to limit: Int, atMost last: Int
    ) throws(JournalFailure) -> Int? {
        let size = byteCount
        guard last >= start, let bytes = try bytes(at: start, count: limit - start) else {
            return nil
        }
        var place = last
        while place >= start {
            let sign = bytes + (place - start)
            if sign.loadUnaligned(fromByteOffset: RecordLayout.typeOffset, as: UInt16.self)
                == type.rawValue,
                sign.load(fromByteOffset: RecordLayout.laneOffset, as: UInt8.self) == name.lane,
                sign.load(fromByteOffset: RecordLayout.reservedOffset, as: UInt16.self) == 0
            {
                let length = Int(sign.load(as: UInt32.self))
                if length >= RecordLayout.headerBytes, length & 7 == 0, place + length <= size {
                    return place
                }
            }
            place -= 8
        }
        return nil
    }

    /// Whether the checksum of what looks like a record there is right.
    private mutating func holdsRecord(at place: Int) throws(JournalFailure) -> Bool {
        guard let length = try bytes(at: place, count: 8).map({ Int($0.load(as: UInt32.self)) }),
            let record = try bytes(at: place, count: length)
        else { return false }
        return record.load(fromByteOffset: RecordLayout.checksumOffset, as: UInt32.self)
            == RecordLayout.checksum(record, length: length)
    }
}
