import Glibc
import Machine
import MarketModel
import Synchronization
import Testing

@testable import Journal

struct KeeperTests {
    private let small = JournalOptions(segmentBytes: 4096, preparedSegments: 1)

    @Test func `records go on in the next segment with the sequence`() throws {
        let directory = TemporaryDirectory()
        let journal = try Journal(
            directory: directory.path, lane: 0, epoch: 1, options: small, now: Sample.time)
        let writer = TestWriter(journal)
        for index in 0..<100 {
            #expect(writer.put(text: [UInt8](repeating: UInt8(index), count: 500)))
            journal.turn(now: Sample.time)
        }
        #expect(journal.status.segment == 15)
        journal.stop()
        let kept = try records(in: directory)
        #expect(kept.map(\.sequence) == Array(1...100))
        #expect(kept.map { $0.tail[0] } == (0..<100).map { UInt8($0) })
        // What was only prepared is gone, what was used is cut to its end.
        #expect(directory.segments.count == 15)
        #expect(directory.read(directory.segments[14]).count < 4096)
    }

    @Test func `without a prepared segment appends are refused and counted until there is one`()
        throws
    {
        let directory = TemporaryDirectory()
        let journal = try Journal(
            directory: directory.path, lane: 0, epoch: 1, options: small, now: Sample.time)
        let writer = TestWriter(journal)
        var taken = 0
        while writer.put(text: [UInt8](repeating: 1, count: 900)) { taken += 1 }
        #expect(taken == 4)
        #expect(!writer.put(.trade, Sample.trade, tail: [UInt8](repeating: 1, count: 300)))
        #expect(journal.status.refused == 2)
        #expect(writer.sequence == 4)
        journal.turn(now: Sample.time)
        #expect(writer.put(text: [UInt8](repeating: 2, count: 900)))
        journal.stop()
        #expect(try records(in: directory).count == 5)
    }

    @Test func `the last of the room is for orders, not for the market`() throws {
        let directory = TemporaryDirectory()
        let journal = try Journal(
            directory: directory.path, lane: 0, epoch: 1,
            options: JournalOptions(segmentBytes: 1 << 20, preparedSegments: 1), now: Sample.time)
        let writer = TestWriter(journal)
        let tail = [UInt8](repeating: 1, count: 900)
        var trades = 0
        while writer.put(.trade, Sample.trade, tail: tail) { trades += 1 }
        #expect(!writer.hasRoom)
        var commands = 0
        while writer.put(.command, Command(kind: .halt, id: 1, time: Sample.time)) { commands += 1 }
        #expect(commands > 400)
        #expect(!writer.put(.trade, Sample.trade))
        // The next segment is there: the market is taken again.
        journal.turn(now: Sample.time)
        #expect(writer.hasRoom)
        #expect(writer.put(.trade, Sample.trade, tail: tail))
        journal.stop()
        #expect(try records(in: directory).count == trades + commands + 1)
    }

    @Test func `time goes on from the reserve, of which a journal may keep more or less`() throws {
        let directory = TemporaryDirectory()
        var options = JournalOptions(segmentBytes: 64 << 10, preparedSegments: 1)
        options.reserveBytes = 16 << 10
        let journal = try Journal(
            directory: directory.path, lane: 0, epoch: 1, options: options, now: Sample.time)
        let writer = TestWriter(journal)
        let tail = [UInt8](repeating: 1, count: 900)
        while writer.put(.trade, Sample.trade, tail: tail) {}
        #expect(writer.bytesWritten > 46 << 10 && writer.bytesWritten < 48 << 10)
        var timers = 0
        while writer.put(.timer, Sample.time) { timers += 1 }
        #expect(timers > 300)
        journal.stop()
    }

    @Test func `a journal that was ended takes nothing more, whatever room there is`() throws {
        let directory = TemporaryDirectory()
        let journal = try Journal(
            directory: directory.path, lane: 0, epoch: 1, options: small, now: Sample.time)
        let writer = TestWriter(journal)
        #expect(writer.put(text: [1]) && !journal.status.hasEnded)
        writer.end()
        journal.turn(now: Sample.time)
        #expect(journal.status.hasEnded && !writer.hasRoom)
        #expect(!writer.put(.command, Command(kind: .halt, id: 1, time: Sample.time)))
        journal.stop()
        #expect(try records(in: directory).count == 1)
    }

    @Test func `a full disk, a short write and a file that cannot be cut lose no record`() throws {
        let directory = TemporaryDirectory()
        let trouble = DiskTrouble()
        var options = small
        options.disk = trouble.disk
        let journal = try Journal(
            directory: directory.path, lane: 0, epoch: 1, options: options, now: Sample.time)
        let writer = TestWriter(journal)
        let text = [UInt8](repeating: 1, count: 900)
        var taken = 0
        for second in 0..<40 {
            trouble.turn = second
            let now = Sample.time + .seconds(Int64(second))
            for _ in 0..<3 where writer.put(text: text) { taken += 1 }
            journal.turn(now: now)
        }
        journal.stop()
        #expect(taken < 120 && taken > 40)
        #expect(journal.status.refused == Int64(120 - taken))
        #expect(try records(in: directory).map(\.sequence) == (1...UInt64(taken)).map { $0 })
    }

    @Test func `bytes that the disk has lost end the journal`() throws {
        let directory = TemporaryDirectory()
        var options = small
        options.disk.force = { _ in EIO }
        let journal = try Journal(
            directory: directory.path, lane: 0, epoch: 1, options: options, now: Sample.time)
        let writer = TestWriter(journal)
        #expect(writer.put(text: [1]))
        journal.turn(now: Sample.time + .seconds(1))
        #expect(journal.status.hasEnded && journal.status.failure != nil)
        #expect(!writer.put(text: [2]))
        journal.stop()
    }

    @Test func `with a segment prepared the reserve is room like any other`() throws {
        let directory = TemporaryDirectory()
        let journal = try Journal(
            directory: directory.path, lane: 0, epoch: 1,
            options: JournalOptions(segmentBytes: 1 << 20, preparedSegments: 2), now: Sample.time)
        let writer = TestWriter(journal)
        let tail = [UInt8](repeating: 1, count: 900)
        var first: Int64 = 0
        while journal.status.segment < 2 {
            first = writer.bytesWritten
            try #require(writer.put(.trade, Sample.trade, tail: tail))
        }
        #expect(first > 1 << 20 - 2_000)
        journal.stop()
    }

    @Test func `a record that fits no segment is refused and uses none up`() throws {
        let directory = TemporaryDirectory()
        let journal = try Journal(
            directory: directory.path, lane: 0, epoch: 1, options: small, now: Sample.time)
        let writer = TestWriter(journal)
        let room = 4096 - SegmentLayout.headerBytes - RecordLayout.headerBytes
        #expect(!writer.put(text: [UInt8](repeating: 1, count: room + 1)))
        #expect(writer.put(text: [UInt8](repeating: 1, count: room)))
        #expect(journal.status.refused == 1)
        journal.stop()
        #expect(try records(in: directory).map(\.tail.count) == [room])
    }

    @Test func `after the end appends are refused, and one that comes too late does no harm`()
        throws
    {
        let directory = TemporaryDirectory()
        let journal = try Journal(
            directory: directory.path, lane: 0, epoch: 1, options: small, now: Sample.time)
        let writer = TestWriter(journal)
        writer.put(text: [1])
        journal.stop()
        journal.stop()
        #expect(!writer.put(text: [2]))
        #expect(try records(in: directory).count == 1)
        let isTaken = journal.takeWriter() == nil
        #expect(isTaken)
    }

    @Test func `the thread keeps up with a writer through many segments`() throws {
        let directory = TemporaryDirectory()
        let journal = try Journal(
            directory: directory.path, lane: 0, epoch: 1,
            options: JournalOptions(segmentBytes: 16_384, syncInterval: .milliseconds(5)))
        let writer = TestWriter(journal)
        var refusals = 0
        for _ in 0..<5_000 {
            while !writer.put(.trade, Sample.trade) {
                refusals += 1
                sched_yield()
            }
        }
        journal.stop()
        let status = journal.status
        #expect(status.records == 5_000)
        #expect(status.refused == Int64(refusals))
        #expect(status.lagBytes == 0)
        #expect(status.failure == nil)
        let summary = try JournalSummary.verify(directory: directory.path)
        #expect(summary.records == 5_000)
        #expect(summary.bytes == status.bytes)
    }

    @Test func `retention removes the oldest closed segments by size and by age`() throws {
        let directory = TemporaryDirectory()
        var options = small
        options.retentionBytes = 10_000
        let journal = try Journal(
            directory: directory.path, lane: 0, epoch: 1, options: options, now: Sample.time)
        let writer = TestWriter(journal)
        for index in 0..<40 {
            writer.put(text: [UInt8](repeating: 1, count: 1000))
            journal.turn(now: Sample.time + .seconds(Int64(index)))
        }
        journal.stop()
        #expect(journal.status.segmentsRemoved > 5)
        #expect(directory.segments.count <= 5)
        let kept = try records(in: directory)
        #expect(kept.last?.sequence == 40)

        options.retentionBytes = nil
        options.retentionAge = .seconds(60)
        let later = Sample.time + .seconds(3600)
        let next = try Journal(
            directory: directory.path, lane: 0, epoch: 2, options: options, now: later)
        next.turn(now: later)
        #expect(next.status.segmentsRemoved > 0)
        #expect(directory.segments.count == 1)
        next.stop()
    }

    @Test func `a lane has one journal at a time, other lanes have their own`() throws {
        let directory = TemporaryDirectory()
        let first = try Journal(
            directory: directory.path, lane: 0, epoch: 1, options: small, now: Sample.time)
        #expect(throws: JournalFailure.inUse(directory: directory.path, lane: 0)) {
            try Journal(
                directory: directory.path, lane: 0, epoch: 1, options: small, now: Sample.time)
        }
        let second = try Journal(
            directory: directory.path, lane: 1, epoch: 1, options: small, now: Sample.time)
        let writer = TestWriter(second)
        writer.put(text: [1])
        #expect(throws: JournalFailure.severalLanes([0, 1])) { try records(in: directory) }
        #expect(try records(in: directory, lane: 1).count == 1)
        first.stop()
        second.stop()
    }

    @Test func `options outside their range and directories that cannot be made are refused`() {
        let directory = TemporaryDirectory()
        #expect(throws: JournalFailure.self) {
            try Journal(
                directory: directory.path, lane: 0, epoch: 1,
                options: JournalOptions(segmentBytes: 100))
        }
        #expect(throws: JournalFailure.self) {
            try Journal(directory: "/proc/none", lane: 0, epoch: 1)
        }
        #expect(throws: JournalFailure.noJournal(directory: directory.path)) {
            try JournalReader(directory: directory.path).lane
        }
    }

    @Test func `a million appends: what one costs`() throws {
        let directory = TemporaryDirectory()
        let journal = try Journal(
            directory: directory.path, lane: 0, epoch: 1,
            options: JournalOptions(segmentBytes: 128 << 20, syncInterval: nil))
        let writer = TestWriter(journal)
        let clock = TSCClock.calibrated()
        let count = 1_000_000
        let start = TSCClock.ticks()
        for _ in 0..<count { writer.put(.trade, Sample.trade) }
        let elapsed = clock.nanoseconds(TSCClock.ticks() - start)
        print("journal append of a trade (\(journal.status.bytes / Int64(count)) bytes):",
            Double(elapsed) / Double(count), "ns")
        journal.stop()
        #expect(journal.status.records == Int64(count))
    }
}

/// A disk that refuses in turn, by the test's clock: no room, room for a half, no cut.
private final class DiskTrouble: Sendable {
    private let state = Mutex(0)

    var turn: Int {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }

    var disk: JournalDisk {
        JournalDisk(
            reserve: { descriptor, count in
                switch self.turn % 8 {
                case 2, 3: return ENOSPC
                case 4:
                    _ = ftruncate(descriptor, count / 2)
                    return ENOSPC
                default: return posix_fallocate(descriptor, 0, count)
                }
            },
            cut: { descriptor, count in
                self.turn % 3 == 0 ? EIO : ftruncate(descriptor, count) == 0 ? 0 : errno
            },
            force: { _ in 0 })
    }
}
