import Glibc
import Machine
import MarketModel
import Testing

@testable import Journal

struct LiveJournalTests {
    private let small = JournalOptions(segmentBytes: 4096, preparedSegments: 2)

    @Test func `a following reader sees each record once it is written, across segments`() throws {
        let directory = TemporaryDirectory()
        let journal = try Journal(
            directory: directory.path, lane: 0, epoch: 1, options: small, now: Sample.time)
        let writer = TestWriter(journal)
        var reader = try JournalReader(directory: directory.path, follow: true)
        let end1 = try reader.next()
        #expect(end1 == nil)
        for index in 1...60 {
            writer.put(text: [UInt8](repeating: UInt8(index), count: 300))
            journal.turn(now: Sample.time)
            let next = try reader.next()
            let record = try #require(next)
            #expect(record.sequence == UInt64(index))
            #expect(record.tail[0] == UInt8(index))
            let end2 = try reader.next()
            #expect(end2 == nil)
        }
        journal.stop()
        let end3 = try reader.next()
        #expect(end3 == nil)
    }

    @Test func `a reader on another thread follows a running writer without an error`() throws {
        let directory = TemporaryDirectory()
        let journal = try Journal(
            directory: directory.path, lane: 0, epoch: 1,
            options: JournalOptions(segmentBytes: 1 << 16, syncInterval: nil))
        let outcome = Outcome()
        let path = directory.path
        let thread = try PinnedThread.start(name: "follow", core: nil, realTimePriority: nil) {
            outcome.run(path, until: 3_000)
        }
        let writer = TestWriter(journal)
        for _ in 0..<3_000 {
            while !writer.put(.trade, Sample.trade) { sched_yield() }
        }
        thread.join()
        journal.stop()
        #expect(outcome.count == 3_000)
        #expect(outcome.failure == nil)
    }

    @Test func `everything appended survives a process that ends without a word`() throws {
        let directory = TemporaryDirectory()
        try abandon(directory)
        // Nothing was stopped, synced or cut: a reader with its own file sees every record.
        var reader = try JournalReader(directory: directory.path)
        var count = 0
        while try reader.next() != nil { count += 1 }
        #expect(count == 50)
        let torn = reader.tornBytes
        #expect(torn == 0)
        let before = try JournalSummary.verify(directory: directory.path)

        let outcome = try JournalRecovery.repair(directory.path)
        #expect(outcome.lastSequence == 50)
        #expect(outcome.sparesRemoved > 0)
        var after = try JournalSummary.verify(directory: directory.path)
        after.directory = before.directory
        #expect(after == before)
        #expect(try JournalRecovery.repair(directory.path).sparesRemoved == 0)
    }

    @Test func `an append that was never finished is a torn tail`() throws {
        let directory = TemporaryDirectory()
        try abandon(directory)
        let last = try #require(directory.segments.dropLast(2).last)
        var reader = try JournalReader(directory: directory.path)
        while try reader.next() != nil {}
        let end = reader.endOffset
        // The body is there, the length, which is stored last, is not.
        var bytes = directory.read(last)
        for place in (end + 4)..<(end + 90) { bytes[place] = 0xEE }
        directory.write(bytes, to: last)
        #expect(try JournalSummary.verify(directory: directory.path).tornBytes == 90)
        let outcome = try JournalRecovery.repair(directory.path)
        #expect(outcome.tornBytes == 90)
        #expect(outcome.lastSequence == 50)
        #expect(directory.read(last).count == end)
    }

    /// Writes 50 records and lets go of everything as a killed process would.
    private func abandon(_ directory: TemporaryDirectory) throws {
        let journal = try Journal(
            directory: directory.path, lane: 0, epoch: 1, options: small, now: Sample.time)
        let writer = TestWriter(journal)
        for index in 0..<50 {
            writer.put(text: [UInt8](repeating: UInt8(index), count: 200))
            journal.turn(now: Sample.time)
        }
    }
}

/// What a reading thread found.
private final class Outcome: @unchecked Sendable {
    // SAFETY (unchecked): written by one thread, read after it was joined.
    var count = 0
    var failure: JournalFailure?

    func run(_ path: String, until wanted: Int) {
        do throws(JournalFailure) {
            var reader = try JournalReader(directory: path, follow: true)
            while count < wanted {
                if let record = try reader.next() {
                    count += 1
                    if record.sequence != UInt64(count) { return }
                } else {
                    sched_yield()
                }
            }
        } catch { failure = error }
    }
}
