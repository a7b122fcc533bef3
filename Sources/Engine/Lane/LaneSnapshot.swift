import Journal
import MarketModel
import TickToTrade
import Wire

/// The account goes to the journal from time to time, so that a recovery reads little.
extension Lane where Wires: ~Copyable, Strategies: ~Copyable {
    @inlinable
    static var snapshotInterval: Nanoseconds { .seconds(10) }

    /// Journals a snapshot with each segment, and when it is time and something has happened since
    /// the last one: a recovery reads no more than two segments.
    @inlinable
    mutating func snapshotWhenDue() {
        if now < nextSnapshot && journal.segmentNumber == describedSegment { return }
        nextSnapshot = now + Self.snapshotInterval
        if journal.sequence &- snapshotSequence < 64 { return }
        recordSnapshot()
    }

    /// Journals the account; ahead of it, once a segment, what its numbers stand for, since
    /// retention may have taken the segments before. Again when a segment ended between the two.
    @usableFromInline
    mutating func recordSnapshot() {
        if journal.segmentNumber != describedSegment { describe() }
        appendSnapshot()
        if journal.segmentNumber == describedSegment { return }
        describe()
        appendSnapshot()
    }

    mutating func appendSnapshot() {
        let count = loop.state.pointee.writeSnapshot(into: snapshotMemory, now: now)
        let isTaken = journal.append(
            .snapshot, time: now, venueTime: .unknown, head: nil, headCount: 0,
            tail: UnsafeRawPointer(snapshotMemory), tailCount: count)
        if !isTaken { journalRefused(.snapshot) }
        snapshotSequence = journal.sequence
    }

    /// Journals the instruments and the names of assets and strategies.
    mutating func describe() {
        describedSegment = journal.segmentNumber
        for slot in 0..<loop.state.pointee.instrumentCount {
            let index = InstrumentIndex(UInt16(slot))
            record(.instrument, loop.state.pointee.instrument(index).pointee, at: now)
        }
        // By place: unoptimised code allocates to walk through an array's elements.
        for place in 0..<names.count {
            staging.storeBytes(of: names[place].0, as: JournalName.self)
            let isTaken = names[place].1.withUnsafeBytes { text in
                journal.append(
                    .name, time: now, venueTime: now, head: UnsafeRawPointer(staging),
                    headCount: MemoryLayout<JournalName>.size, tail: text.baseAddress,
                    tailCount: text.count)
            }
            if !isTaken { journalRefused(.name) }
        }
    }
}
