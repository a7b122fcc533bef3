import CLinuxURing
import Machine
import MarketModel
import Rings
import Synchronization

/// The lane's end of the journal: appends records to mapped memory.
///
/// One owner, no system call, no allocation. A record is in the page cache the instant
/// ``append(_:time:venueTime:head:headCount:tail:tailCount:)`` returns, so it outlives the process.
public struct JournalWriter: ~Copyable, @unchecked Sendable {
    // SAFETY (unchecked): not copyable; the mapped memory belongs to the writer until it hands
    // the segment back, and the counters are atomics.
    private var base: UnsafeMutableRawPointer?
    private var segment: MappedSegment?
    private var offset = 0
    private var capacity = 0
    /// Length of the record that waits for ``commit()``.
    private var begun = 0
    /// Up to here everything is taken; behind it is the reserve.
    private var comfort = 0
    private var nextSequence: UInt64
    private let lane: UInt8
    /// Bytes of a segment that are kept for what orders need.
    private let reserve: Int
    private var ready: RingConsumer<MappedSegment>
    private var used: RingProducer<MappedSegment>
    private let counters: WriterCounters
    private let place = InPlace()

    init(
        lane: UInt8, firstSequence: UInt64, reserve: Int,
        ready: consuming RingConsumer<MappedSegment>,
        used: consuming RingProducer<MappedSegment>, counters: WriterCounters
    ) {
        self.lane = lane
        self.reserve = reserve
        nextSequence = firstSequence
        self.ready = ready
        self.used = used
        self.counters = counters
    }

    /// Sequence of the last record, 0 before the first.
    public var sequence: UInt64 {
        @_noLocks get { nextSequence &- 1 }
    }

    /// The segment that the next record goes to, as far as is known before it.
    public var segmentNumber: Int64 { counters.segment.value }

    /// Whether records of any kind of up to 4 KiB would be taken: `false` once little more than the
    /// reserve is left.
    public var hasRoom: Bool {
        @_noLocks get {
            counters.closing.value == JournalClosing.open
                && (comfort &- offset >= 4096 || !ready.isEmpty)
        }
    }

    /// Bytes appended by this writer, without segment heads.
    public var bytesWritten: Int64 {
        @_noLocks get { counters.bytes.value }
    }

    /// Appends one record; `false` when it could not be taken.
    ///
    /// It is refused, and counted, when no prepared segment is left; the last 64 KiB are kept for
    /// what orders need (``JournalRecordType/yieldsReserve``). Also when the record is larger
    /// than a segment's room or its head than 65,535 bytes, after the journal was stopped, and
    /// after the disk has lost bytes.
    /// Nothing is written then, and the sequence does not advance. A trade takes 26 to 45 ns.
    ///
    /// - Parameters:
    ///   - head: a fixed-size record, `headCount` bytes; `nil` for none.
    ///   - tail: what follows it (levels, text), `tailCount` bytes.
    @_noLocks
    public mutating func append(
        _ type: JournalRecordType, time: Timestamp, venueTime: Timestamp, head: UnsafeRawPointer?,
        headCount: Int, tail: UnsafeRawPointer?, tailCount: Int
    ) -> Bool {
        guard
            let body = begin(
                type, time: time, venueTime: venueTime, headCount: headCount, tailCount: tailCount)
        else { return false }
        if let head, headCount > 0 { body.copyMemory(from: head, byteCount: headCount) }
        if let tail, tailCount > 0 {
            (body + RecordLayout.padded(headCount)).copyMemory(from: tail, byteCount: tailCount)
        }
        commit()
        return true
    }

    /// The place of a record's head, `headCount` bytes to be stored there before ``commit()``; `nil`
    /// when the record is refused, as by ``append(_:time:venueTime:head:headCount:tail:tailCount:)``.
    ///
    /// Spares a record that has just been made the way through other memory.
    @_noLocks
    public mutating func begin(
        _ type: JournalRecordType, time: Timestamp, venueTime: Timestamp, headCount: Int,
        tailCount: Int = 0
    ) -> UnsafeMutableRawPointer? {
        let headRoom = RecordLayout.padded(headCount)
        let tailRoom = RecordLayout.padded(tailCount)
        let length = RecordLayout.headerBytes &+ headRoom &+ tailRoom
        if headCount < 0 || headCount > 0xFFFF || tailCount < 0 || tailCount > 1 << 31
            || counters.closing.value != JournalClosing.open
        {
            return refuse()
        }
        if length > comfort &- offset && !makeRoom(for: type, length) { return refuse() }
        guard let base else { return refuse() }

        let record = base + offset
        record.storeBytes(
            of: type.number, toByteOffset: RecordLayout.typeOffset, as: UInt16.self)
        record.storeBytes(
            of: UInt16(truncatingIfNeeded: headCount), toByteOffset: RecordLayout.headCountOffset,
            as: UInt16.self)
        record.storeBytes(of: lane, toByteOffset: RecordLayout.laneOffset, as: UInt8.self)
        record.storeBytes(
            of: UInt8(truncatingIfNeeded: tailRoom &- tailCount),
            toByteOffset: RecordLayout.flagsOffset, as: UInt8.self)
        record.storeBytes(of: 0, toByteOffset: RecordLayout.reservedOffset, as: UInt16.self)
        record.storeBytes(
            of: nextSequence, toByteOffset: RecordLayout.sequenceOffset, as: UInt64.self)
        record.storeBytes(
            of: time.nanoseconds, toByteOffset: RecordLayout.timeOffset, as: Int64.self)
        record.storeBytes(
            of: venueTime.nanoseconds, toByteOffset: RecordLayout.venueTimeOffset, as: Int64.self)
        let body = record + RecordLayout.headerBytes
        // Padding is within the last word of each part.
        if headRoom > 0 { (body + (headRoom &- 8)).storeBytes(of: 0, as: UInt64.self) }
        if tailRoom > 0 {
            (body + (headRoom &+ tailRoom &- 8)).storeBytes(of: 0, as: UInt64.self)
        }
        begun = length
        return body
    }

    /// Completes the record that ``begin(_:time:venueTime:headCount:tailCount:)`` has begun.
    @_noLocks
    public mutating func commit() {
        guard let base, begun > 0 else { return }
        let length = begun
        begun = 0
        let record = base + offset
        record.storeBytes(
            of: RecordLayout.checksum(record, length: length),
            toByteOffset: RecordLayout.checksumOffset, as: UInt32.self)
        // Last, and in release order: whoever sees the length sees the record.
        record.assumingMemoryBound(to: Atomic<UInt32>.self).pointee
            .store(UInt32(truncatingIfNeeded: length), ordering: .releasing)

        offset &+= length
        nextSequence &+= 1
        counters.offset.store(Int64(offset))
        counters.sequence.store(Int64(bitPattern: nextSequence &- 1))
        counters.records.add()
        counters.bytes.add(Int64(length))
    }

    /// Ends the journal here, as it is, for the rest of the run: what follows lacks something.
    @_noLocks
    public mutating func end() {
        if counters.closing.value == JournalClosing.open {
            counters.closing.store(JournalClosing.failed)
        }
    }

    @inline(__always)
    private func refuse() -> UnsafeMutableRawPointer? {
        counters.refused.add()
        return nil
    }

    /// Room for one of the last records of a segment, or in the next one; `false` when there is none.
    @inline(never) @_noLocks
    private mutating func makeRoom(for type: JournalRecordType, _ length: Int) -> Bool {
        if length > capacity &- offset { return turnPage(for: length) }
        return !type.yieldsReserve || !ready.isEmpty
    }

    /// Gives the full segment back and starts the next prepared one; `false` when there is none.
    @inline(never) @_noLocks
    private mutating func turnPage(for length: Int) -> Bool {
        // A record that fits no segment must not burn one after the other.
        if length > counters.segmentBytes &- SegmentLayout.headerBytes { return false }
        guard let next = ready.tryPop() else { return false }
        if var finished = segment {
            finished.end = offset
            // Cannot be refused: the ring has a slot for every segment that exists.
            if !used.tryPush(finished) { return false }
        }
        next.base.storeBytes(
            of: SegmentLayout.checksum(next.base, firstSequence: nextSequence),
            toByteOffset: SegmentLayout.checksumOffset, as: UInt32.self)
        (next.base + SegmentLayout.firstSequenceOffset)
            .assumingMemoryBound(to: Atomic<UInt64>.self).pointee
            .store(nextSequence, ordering: .releasing)
        segment = next
        base = next.base
        offset = SegmentLayout.headerBytes
        capacity = next.byteCount
        comfort = capacity &- reserve
        counters.offset.store(Int64(offset))
        counters.segment.store(Int64(next.number))
        return true
    }
}

/// The writer's figures, readable from any thread; keeps their page alive.
struct WriterCounters: Sendable {
    let sequence, records, bytes, refused, segment, offset, closing: Counter
    let segmentBytes: Int
    private let page: CounterPage

    init(segmentBytes: Int) {
        let page = CounterPage(capacity: WriterCounter.allCases.count)
        sequence = page[WriterCounter.sequence.rawValue]
        records = page[WriterCounter.records.rawValue]
        bytes = page[WriterCounter.bytes.rawValue]
        refused = page[WriterCounter.refused.rawValue]
        segment = page[WriterCounter.segment.rawValue]
        offset = page[WriterCounter.offset.rawValue]
        closing = page[WriterCounter.closing.rawValue]
        self.segmentBytes = segmentBytes
        self.page = page
    }
}
