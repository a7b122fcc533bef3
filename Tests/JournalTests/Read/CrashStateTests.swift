import MarketModel
import Testing

@testable import Journal

/// What a process or a machine can leave behind at particular instants.
struct CrashStateTests {
    private let small = JournalOptions(segmentBytes: 16_384, preparedSegments: 2)

    @Test func `a segment that lost its first page is never removed as a spare`() throws {
        let directory = TemporaryDirectory()
        let journal = try Journal(
            directory: directory.path, lane: 0, epoch: 1, options: small, now: Sample.time)
        let writer = TestWriter(journal)
        for _ in 0..<100 { writer.put(.trade, Sample.trade) }
        journal.stop()
        let file = try #require(directory.segments.last)
        var bytes = directory.read(file)
        for index in 0..<4096 { bytes[index] = 0 }
        directory.write(bytes, to: file)
        #expect(throws: JournalFailure.self) { try JournalRecovery.repair(directory.path) }
        #expect(directory.read(file) == bytes)
    }

    @Test func `killed while it takes a segment, the journal is whole`() throws {
        let directory = TemporaryDirectory()
        let journal = try Journal(
            directory: directory.path, lane: 0, epoch: 1, options: small, now: Sample.time)
        let writer = TestWriter(journal)
        writer.put(.trade, Sample.trade)
        journal.turn(now: Sample.time)
        // The checksum is there, the first sequence, which is stored last, is not.
        let file = try #require(directory.segments.dropFirst().first)
        var bytes = directory.read(file)
        for index in 0..<4 { bytes[SegmentLayout.checksumOffset + index] = 0xC3 }
        directory.write(bytes, to: file)
        #expect(directory.segments.count == 3)
        #expect(try records(in: directory).count == 1)
        journal.stop()
    }

    @Test func `stopping while the lane still appends keeps every record that was taken`() throws {
        let directory = TemporaryDirectory()
        let journal = try Journal(
            directory: directory.path, lane: 0, epoch: 1, options: small, now: Sample.time)
        let writer = TestWriter(journal)
        var taken = 0
        // Ends on the second segment with the first still in the ring of used ones.
        while taken < 300, writer.put(.trade, Sample.trade) { taken += 1 }
        journal.stop()
        while writer.put(.trade, Sample.trade), taken < 1000 { taken += 1 }
        #expect(taken == 300)
        #expect(try records(in: directory).count == taken)
    }

    @Test func `a journal that is being written is not repaired`() throws {
        let directory = TemporaryDirectory()
        let journal = try Journal(
            directory: directory.path, lane: 0, epoch: 1, options: small, now: Sample.time)
        #expect(throws: JournalFailure.inUse(directory: directory.path, lane: 0)) {
            try JournalRecovery.repair(directory.path)
        }
        journal.stop()
    }
}
