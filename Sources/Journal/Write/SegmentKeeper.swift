import CLinuxURing
import Glibc
import Machine
import MarketModel
import Rings

/// What the keeper has done so far.
struct KeeperFigures: Equatable, Sendable {
    var syncs: Int64 = 0
    /// Appended bytes that the last sync covered.
    var syncedBytes: Int64 = 0
    var segmentsRemoved: Int64 = 0
    /// What the system refused last, `nil` once a segment could be prepared again.
    var failure: JournalFailure?
}

/// Prepares segments ahead of the writer and looks after those behind it.
///
/// One thread calls ``turn(now:)`` over and over; nothing in it waits for the writer. Time is an
/// argument, so a test can run it by hand.
struct SegmentKeeper: ~Copyable {
    let directory: String
    let lane: UInt8
    let epoch: UInt32
    let options: JournalOptions
    let counters: WriterCounters
    private var ready: RingProducer<MappedSegment>
    private var used: RingConsumer<MappedSegment>
    /// Segments the writer has or will have, oldest first.
    private var held: [MappedSegment] = []
    private var nextNumber: UInt32
    private var lastSync: Timestamp
    private var lastRetention = Timestamp.unknown
    private var lastAttempt = Timestamp.unknown
    private var isDiskFull = false
    private var populatedTo = (number: UInt32(0), offset: 0)
    private(set) var figures = KeeperFigures()

    init(
        directory: String, lane: UInt8, epoch: UInt32, options: JournalOptions,
        counters: WriterCounters, firstNumber: UInt32,
        ready: consuming RingProducer<MappedSegment>,
        used: consuming RingConsumer<MappedSegment>, now: Timestamp
    ) {
        self.directory = directory
        self.lane = lane
        self.epoch = epoch
        self.options = options
        self.counters = counters
        self.ready = ready
        self.used = used
        nextNumber = firstNumber
        lastSync = now
    }

    /// Everything that is due; the failure of one duty does not stop the others.
    mutating func turn(now: Timestamp) {
        attempt { keeper throws(JournalFailure) in try keeper.takeBack() }
        // A full disk is asked again once a second, not a thousand times.
        if !isDiskFull || isDue(.seconds(1), since: lastAttempt, now) {
            lastAttempt = now
            isDiskFull = !attempt { keeper throws(JournalFailure) in try keeper.prepare(now: now) }
        }
        populateAhead()
        if let interval = options.syncInterval, isDue(interval, since: lastSync, now) {
            lastSync = now
            attempt { keeper throws(JournalFailure) in try keeper.sync() }
        }
        if isDue(.seconds(1), since: lastRetention, now) {
            lastRetention = now
            attempt { keeper throws(JournalFailure) in try keeper.retain(now: now) }
        }
    }

    /// A clock that was set back makes everything due rather than nothing.
    private func isDue(_ interval: Nanoseconds, since last: Timestamp, _ now: Timestamp) -> Bool {
        now < last || now - last >= interval
    }

    @discardableResult
    private mutating func attempt(
        _ duty: (inout SegmentKeeper) throws(JournalFailure) -> Void
    ) -> Bool {
        do throws(JournalFailure) {
            try duty(&self)
            return true
        } catch {
            figures.failure = error
            return false
        }
    }

    // MARK: - Ahead of the writer

    /// Keeps the ring of prepared segments filled.
    mutating func prepare(now: Timestamp) throws(JournalFailure) {
        while ready.count < options.preparedSegments {
            let segment = try create(now: now)
            held.append(segment)
            // The ring has a slot for every segment that can exist.
            precondition(ready.tryPush(segment), "the ring of prepared segments has room")
            if counters.closing.value == JournalClosing.open { figures.failure = nil }
        }
    }

    /// Bytes whose pages are present ahead of the writer; more would only fill the memory.
    private static var populatedAhead: Int { 4 << 20 }

    /// A new file of full size, its blocks reserved, mapped, its first pages present.
    private mutating func create(now: Timestamp) throws(JournalFailure) -> MappedSegment {
        let name = SegmentName(lane: lane, number: nextNumber)
        let path = SegmentFiles.path(directory, name)
        let byteCount = options.segmentBytes
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .system(operation: "create", path: path, errno: errno)
        }
        func giveUp(_ operation: String, _ number: Int32) -> JournalFailure {
            Glibc.close(descriptor)
            unlink(path)
            return .system(operation: operation, path: path, errno: number)
        }
        // Reserved now: a full disk must show here, not as a fault in the writer.
        let refusal = options.disk.reserve(descriptor, byteCount)
        guard refusal == 0 else { throw giveUp("reserve", refusal) }
        let mapping = mmap(
            nil, byteCount, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
        guard let mapping, mapping != MAP_FAILED else { throw giveUp("map", errno) }
        let fault = clinux_uring_populate(mapping, min(byteCount, Self.populatedAhead))
        guard fault == 0 else {
            munmap(mapping, byteCount)
            throw giveUp("populate", fault)
        }
        SegmentHeader(
            firstSequence: 0, created: now.nanoseconds, segmentBytes: UInt64(byteCount),
            number: nextNumber, epoch: epoch, lane: lane
        ).write(to: mapping)
        nextNumber += 1
        SegmentFiles.syncDirectory(directory)
        return MappedSegment(
            base: mapping, byteCount: byteCount, descriptor: descriptor, number: name.number,
            end: 0)
    }

    /// Faults pages in again that write-back has write-protected, ahead of the writer.
    private mutating func populateAhead() {
        let window = Self.populatedAhead
        // Where nothing is written back, pages stay as ``create(now:)`` has left them.
        if !options.disk.writesBack, options.segmentBytes <= window { return }
        guard let current = currentSegment else { return }
        let offset = Int(counters.offset.value)
        let isPresent = populatedTo.offset - offset > window / 2
            || populatedTo.offset == current.byteCount
        if populatedTo.number == current.number, isPresent { return }
        let start = offset & ~4095
        let count = min(window, current.byteCount - start)
        if count <= 0 { return }
        _ = clinux_uring_populate(current.base + start, count)
        populatedTo = (current.number, start + count)
    }

    private var currentSegment: MappedSegment? {
        let number = counters.segment.value
        return held.first { Int64($0.number) == number }
    }

    // MARK: - Behind the writer

    /// Closes the segments that the writer has given back.
    private mutating func takeBack() throws(JournalFailure) {
        while let segment = used.tryPop() {
            held.removeAll { $0.number == segment.number }
            defer { Glibc.close(segment.descriptor) }
            munmap(segment.base, segment.byteCount)
            // The cut first: a sync then covers the size as well.
            try cut(segment, to: segment.end)
            if options.syncInterval != nil { try force(segment) }
        }
    }

    /// Forces what the writer has appended to the disk.
    private mutating func sync() throws(JournalFailure) {
        let written = counters.bytes.value
        if written == figures.syncedBytes { return }
        try takeBack()
        if let current = currentSegment {
            try force(current)
        }
        figures.syncs += 1
        figures.syncedBytes = written
        // Write-back has write-protected the page the writer is on.
        populatedTo = (0, 0)
        populateAhead()
    }

    /// Bytes the disk has refused are lost, whatever a later sync says: appends end, the lane
    /// halts.
    private func force(_ segment: MappedSegment) throws(JournalFailure) {
        let refusal = options.disk.force(segment.descriptor)
        if refusal == 0 { return }
        if counters.closing.value == JournalClosing.open {
            counters.closing.store(JournalClosing.failed)
        }
        throw .system(operation: "sync", path: path(segment.number), errno: refusal)
    }

    /// Removes the oldest closed segments while they are too many bytes or too old.
    private mutating func retain(now: Timestamp) throws(JournalFailure) {
        if options.retentionBytes == nil, options.retentionAge == nil { return }
        let firstHeld = held.map(\.number).min() ?? nextNumber
        let closed = try SegmentFiles.list(directory).filter {
            $0.lane == lane && $0.number < firstHeld
        }
        var sizes = closed.map { Int64(SegmentFiles.size(SegmentFiles.path(directory, $0)) ?? 0) }
        var total = sizes.reduce(0, +)
        for name in closed {
            let isTooMuch = options.retentionBytes.map { total > $0 } ?? false
            guard isTooMuch || isTooOld(name, now) else { break }
            try SegmentFiles.remove(SegmentFiles.path(directory, name))
            total -= sizes.removeFirst()
            figures.segmentsRemoved += 1
        }
    }

    private func isTooOld(_ name: SegmentName, _ now: Timestamp) -> Bool {
        guard let age = options.retentionAge,
            var window = try? SegmentWindow(
                path: SegmentFiles.path(directory, name), name: name, capacity: 4096),
            let bytes = try? window.bytes(at: 0, count: SegmentLayout.headerBytes),
            case .valid(let header) = SegmentHeader.read(
                bytes, count: SegmentLayout.headerBytes, name: name)
        else { return false }
        let (elapsed, isHuge) = now.nanoseconds.subtractingReportingOverflow(header.created)
        return isHuge ? false : elapsed > age.count
    }

    // MARK: - The end

    /// Ends the journal: syncs, cuts the last segment to its end, removes what was only prepared.
    ///
    /// The writer's memory stays valid: its file is swapped for anonymous pages first, so an
    /// append that comes too late is lost and never a fault.
    mutating func finish() {
        attempt { keeper throws(JournalFailure) in try keeper.takeBack() }
        for segment in held {
            attempt { keeper throws(JournalFailure) in try keeper.close(segment) }
        }
        held = []
        figures.syncs += 1
        figures.syncedBytes = counters.bytes.value
        SegmentFiles.syncDirectory(directory)
    }

    private mutating func close(_ segment: MappedSegment) throws(JournalFailure) {
        defer { Glibc.close(segment.descriptor) }
        let isUsed =
            segment.base.load(
                fromByteOffset: SegmentLayout.firstSequenceOffset, as: UInt64.self) != 0
        let end = Self.end(of: segment)
        let blank = mmap(
            segment.base, segment.byteCount, PROT_READ | PROT_WRITE,
            MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1, 0)
        guard blank != MAP_FAILED else {
            throw .system(operation: "detach", path: path(segment.number), errno: errno)
        }
        if !isUsed {
            try SegmentFiles.remove(path(segment.number))
            return
        }
        try cut(segment, to: end)
        try force(segment)
    }

    private func cut(_ segment: MappedSegment, to count: Int) throws(JournalFailure) {
        let refusal = options.disk.cut(segment.descriptor, count)
        if refusal == 0 { return }
        throw .system(operation: "cut", path: path(segment.number), errno: refusal)
    }

    /// Behind the last record whose length is there.
    private static func end(of segment: MappedSegment) -> Int {
        var end = SegmentLayout.headerBytes
        while end + RecordLayout.headerBytes <= segment.byteCount {
            let length = Int(segment.base.load(fromByteOffset: end, as: UInt32.self))
            if length < RecordLayout.headerBytes || length > segment.byteCount - end { break }
            end += length
        }
        return end
    }

    private func path(_ number: UInt32) -> String {
        SegmentFiles.path(directory, SegmentName(lane: lane, number: number))
    }
}
