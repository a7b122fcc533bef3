/// Where the records that can be read in order end.
struct ReadableEnd {
    var place: JournalPlace
    /// What is wrong there; `nil` at the journal's end.
    var damage: JournalFailure?

    /// Reads the whole journal.
    static func find(in directory: String, lane: UInt8) throws(JournalFailure) -> ReadableEnd {
        var reader = try JournalReader(directory: directory, lane: lane)
        do throws(JournalFailure) {
            while try reader.next() != nil {}
        } catch {
            guard let file = error.damagedFile,
                let name = SegmentName(file: String(file.split(separator: "/").last ?? ""))
            else { throw error }
            // Another file's head is wrong, or it does not go on where this one ends.
            let offset = name.number == reader.segment ? reader.endOffset : 0
            return ReadableEnd(
                place: JournalPlace(segment: name.number, offset: offset), damage: error)
        }
        return ReadableEnd(
            place: JournalPlace(segment: reader.segment, offset: reader.endOffset), damage: nil)
    }
}

extension JournalFailure {
    /// The segment whose content, not whose access, is the trouble.
    fileprivate var damagedFile: String? {
        switch self {
        case .corrupt(let file, _, _), .gap(let file, _, _), .notASegment(let file),
            .unsupportedVersion(let file, _):
            file
        default: nil
        }
    }
}

extension JournalPlace {
    func isAtOrBefore(_ other: JournalPlace) -> Bool {
        (segment, offset) <= (other.segment, other.offset)
    }
}

extension SegmentWindow {
    /// Every whole record of the range that comes later than `sequence`, damage between them
    /// passed over.
    mutating func eachRecord(
        from start: Int, to end: Int, after sequence: UInt64,
        _ body: (JournalRecordView) -> Void
    ) throws(JournalFailure) {
        var last = sequence
        var place = start
        while place + RecordLayout.headerBytes <= end {
            let most = last + UInt64(end / RecordLayout.headerBytes)
            if try isPlausible(at: place, lane: name.lane, sequences: last + 1...most),
                case .record(let view) = try record(at: place, lane: name.lane)
            {
                last = view.sequence
                place += view.byteCount
                body(view)
            } else {
                place += 8
            }
        }
    }
}
