import MarketModel

/// Reads a lane's journal in order, over all segments, and verifies every record on the way.
///
/// Works on a journal that is being written: with `follow` a `nil` means "nothing more yet", and
/// the next call looks again. Without it a `nil` is the end, and ``tornBytes`` says what lies
/// behind it. Never traps on what it reads.
public struct JournalReader: ~Copyable {
    public let directory: String
    public let lane: UInt8
    /// Over all records returned so far.
    public private(set) var hash = JournalHash()
    /// Bytes behind the last record that are no record: an append the process did not finish, or
    /// pages that did not reach the disk. Known at the end.
    public private(set) var tornBytes = 0
    /// Records and bytes returned so far, segment heads not counted.
    public private(set) var recordCount: Int64 = 0
    public private(set) var byteCount: Int64 = 0
    /// The oldest version of the format among the segments opened so far.
    public private(set) var oldestVersion = SegmentLayout.version
    /// The run that wrote the segments opened so far: the high part of its client order ids.
    public private(set) var epoch: UInt32 = 0
    let isFollowing: Bool
    private var window: SegmentWindow?
    private var offset = 0
    /// Sequence of the next record, 0 before the first segment is open.
    private var expected: UInt64 = 0
    private var lastOpened: UInt32?
    /// Numbers of this lane's segments when they were last listed, ascending.
    private var listed: [UInt32] = []

    /// - Parameters:
    ///   - lane: needed only when the directory holds several.
    ///   - follow: whether the journal may still be growing.
    public init(
        directory: String, lane: UInt8? = nil, follow: Bool = false
    ) throws(JournalFailure) {
        try self.init(directory: directory, lane: lane, follow: follow, firstSegment: 0)
    }

    /// Begins with a segment, as a ``JournalPlace`` tells it, or the next there is.
    public init(
        directory: String, lane: UInt8?, follow: Bool = false, firstSegment: UInt32
    ) throws(JournalFailure) {
        let lanes = try Self.lanes(in: directory)
        if let lane {
            guard lanes.contains(lane) else { throw .noJournal(directory: directory) }
            self.lane = lane
        } else {
            guard let only = lanes.first else { throw .noJournal(directory: directory) }
            guard lanes.count == 1 else { throw .severalLanes(lanes) }
            self.lane = only
        }
        self.directory = directory
        isFollowing = follow
        window = nil
        lastOpened = firstSegment > 0 ? firstSegment - 1 : nil
    }

    /// A reader that begins with a record, as ``lastPlace(of:in:lane:)`` tells it. Throws `corrupt`
    /// when none begins there.
    public static func reading(
        _ directory: String, lane: UInt8? = nil, from place: JournalPlace
    ) throws(JournalFailure) -> JournalReader {
        var reader = try JournalReader(
            directory: directory, lane: lane, firstSegment: place.segment)
        try reader.begin(at: place)
        return reader
    }

    private mutating func begin(at place: JournalPlace) throws(JournalFailure) {
        guard try openNext() == .opened, segment == place.segment,
            case .record(let view) = try inspect(at: place.offset)
        else {
            let file = SegmentName(lane: lane, number: place.segment).file
            throw .corrupt(
                file: directory + "/" + file, offset: place.offset, sequence: expected)
        }
        expected = view.sequence
        offset = place.offset
    }

    /// The lanes with a journal in a directory, ascending.
    public static func lanes(in directory: String) throws(JournalFailure) -> [UInt8] {
        Array(Set(try SegmentFiles.list(directory).map(\.lane))).sorted()
    }

    /// Number of the segment being read, 0 before the first.
    public var segment: UInt32 { lastOpened ?? 0 }

    /// Where the next record would begin in that segment.
    var endOffset: Int { offset }

    /// Sequence of the next record, 0 when the journal has no segment in use.
    var nextSequence: UInt64 { expected }

    /// The next record, or `nil` at the end; its pointers are valid until the following call.
    ///
    /// Throws `corrupt` with file, byte and sequence when bytes before the end are damaged, `gap`
    /// when records are missing; a torn tail is an end, not an error.
    public mutating func next() throws(JournalFailure) -> JournalRecordView? {
        var rereads = 0
        while true {
            if window == nil {
                guard try openNext() != .none else { return nil }
                continue
            }
            switch try inspect(at: offset) {
            case .record(let view):
                try accept(view)
                return view
            case .end, .damaged:
                // What is in the buffer may be older than the file.
                if rereads < 2 {
                    rereads += 1
                    window?.forget()
                    if rereads == 1 { continue }
                }
            }
            if try openNext() == .opened {
                rereads = 0
                continue
            }
            // The writer may have gone on between the look at this segment and at the next.
            if case .record(let view) = try inspect(at: offset) {
                try accept(view)
                return view
            }
            if try settleEnd() { return nil }
            rereads = 0
        }
    }

    private mutating func accept(_ view: JournalRecordView) throws(JournalFailure) {
        guard view.sequence == expected else {
            throw .gap(
                file: window?.path ?? directory, expected: expected, found: view.sequence)
        }
        expected &+= 1
        offset += view.byteCount
        recordCount += 1
        byteCount += Int64(view.byteCount)
        hash.add(view)
    }

    /// Looks at the record at `place`; a multiple of 8.
    private mutating func inspect(at place: Int) throws(JournalFailure) -> RecordInspection {
        try window?.record(at: place, lane: lane) ?? .end
    }

    // MARK: - Segments

    private enum Step { case opened, none }

    /// Opens the first segment in use behind the current one, if there is one.
    private mutating func openNext(
        isSecondLook: Bool = false
    ) throws(JournalFailure) -> Step {
        if try opensNextListed() { return .opened }
        var skippedSpare = false
        let later = try SegmentFiles.list(directory).filter {
            $0.lane == lane && Int64($0.number) > (lastOpened.map(Int64.init) ?? -1)
        }
        listed = later.map(\.number)
        for (index, name) in later.enumerated() {
            let path = SegmentFiles.path(directory, name)
            var next = try SegmentWindow(path: path, name: name)
            let size = next.byteCount
            let headBytes = min(size, SegmentLayout.headerBytes)
            guard let bytes = try next.bytes(at: 0, count: headBytes) else { continue }
            switch SegmentHeader.read(bytes, count: headBytes, name: name) {
            case .spare:
                skippedSpare = true
                if try isBlank(&next) { continue }
                // Records without a head: the writer has just begun, or a page was lost.
                guard try isInUse(&next, name) else {
                    throw .corrupt(file: path, offset: 0, sequence: expected)
                }
                return try openNext()
            case .foreign: throw .notASegment(file: path)
            case .otherVersion(let version): throw .unsupportedVersion(file: path, version: version)
            case .damaged:
                // A writer that is just taking the segment, or one that was killed doing so.
                if try isInUse(&next, name) { return try openNext() }
                if index == later.count - 1, try isBlank(&next) { continue }
                throw .corrupt(file: path, offset: 0, sequence: expected)
            case .valid(let header):
                if skippedSpare, !isSecondLook, header.firstSequence != expected {
                    // The writer has taken what was a spare a moment ago, and filled it.
                    return try openNext(isSecondLook: true)
                }
                if try !isContinued(by: header, path) { return .none }
                begin(header, name)
                window = consume next
                return .opened
            }
        }
        return .none
    }

    private mutating func begin(_ header: SegmentHeader, _ name: SegmentName) {
        expected = header.firstSequence
        oldestVersion = min(oldestVersion, header.version)
        epoch = header.epoch
        offset = SegmentLayout.headerBytes
        lastOpened = name.number
    }

    /// Opens the segment behind the current one without listing the directory anew, when it is known
    /// and plainly goes on: a long journal has thousands. `false`: whoever looks closer decides.
    private mutating func opensNextListed() throws(JournalFailure) -> Bool {
        guard let lastOpened, expected > 0,
            let place = listed.firstIndex(of: lastOpened &+ 1)
        else { return false }
        listed.removeFirst(place)
        let name = SegmentName(lane: lane, number: lastOpened &+ 1)
        guard var next = try? SegmentWindow(path: SegmentFiles.path(directory, name), name: name),
            case let headBytes = min(next.byteCount, SegmentLayout.headerBytes),
            let bytes = try next.bytes(at: 0, count: headBytes),
            case .valid(let header) = SegmentHeader.read(bytes, count: headBytes, name: name),
            header.firstSequence == expected
        else { return false }
        begin(header, name)
        window = consume next
        return true
    }

    /// Whether the segment begins where the current one ends.
    private mutating func isContinued(
        by header: SegmentHeader, _ path: String
    ) throws(JournalFailure) -> Bool {
        if expected == 0 || header.firstSequence == expected { return true }
        window?.forget()
        if case .record = try inspect(at: offset) { return false }
        if let current = window?.path, case .damaged = try inspect(at: offset) {
            throw .corrupt(file: current, offset: offset, sequence: expected)
        }
        throw .gap(file: path, expected: expected, found: header.firstSequence)
    }

    /// Whether the head is whole at a second look: the writer may have been at it during the first.
    private func isInUse(
        _ window: inout SegmentWindow, _ name: SegmentName
    ) throws(JournalFailure) -> Bool {
        window.forget()
        guard let bytes = try window.bytes(at: 0, count: SegmentLayout.headerBytes),
            case .valid = SegmentHeader.read(
                bytes, count: SegmentLayout.headerBytes, name: name)
        else { return false }
        return true
    }

    private func isBlank(_ window: inout SegmentWindow) throws(JournalFailure) -> Bool {
        guard let bytes = try window.bytes(at: SegmentLayout.headerBytes, count: 8) else {
            return true
        }
        return bytes.load(as: UInt32.self) == 0
    }

    // MARK: - The end

    /// At the end of the last segment: nothing, a torn tail, or damage with records behind it;
    /// `false` when the journal has grown and it is not the end.
    private mutating func settleEnd() throws(JournalFailure) -> Bool {
        tornBytes = 0
        if isFollowing, case .end = try inspect(at: offset) { return true }
        guard let lastByte = try window?.lastUsed(from: offset), lastByte > offset else {
            return true
        }
        let isDamaged = try hasRecord(between: offset + 8, and: lastByte)
        // What was found may have been appended since the look at the end.
        window?.forget()
        if case .record = try inspect(at: offset) { return false }
        if isDamaged {
            throw .corrupt(
                file: window?.path ?? directory, offset: offset, sequence: expected)
        }
        tornBytes = lastByte - offset
        return true
    }

    /// Whether a whole, later record lies in the range: then what is before it is damage.
    private mutating func hasRecord(
        between start: Int, and end: Int
    ) throws(JournalFailure) -> Bool {
        var place = start
        let most = UInt64((end - offset) / RecordLayout.headerBytes)
        while place + RecordLayout.headerBytes <= end {
            // A payload may hold a copy of an old record, never of a later one.
            if try window?.isPlausible(
                at: place, lane: lane, sequences: expected...expected + most) ?? false,
                case .record = try inspect(at: place) {
                return true
            }
            place += 8
        }
        return false
    }
}
