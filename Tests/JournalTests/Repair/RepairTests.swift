import MarketModel
import Testing

@testable import Journal

struct RepairTests {
    private let directory = TemporaryDirectory()

    /// A stopped journal of several segments; text records of 1000 bytes, three in a segment.
    private func journal(segments: Int = 1, snapshotAt: UInt64 = 0) throws -> [KeptRecord] {
        let journal = try Journal(
            directory: directory.path, lane: 0, epoch: 1,
            options: JournalOptions(segmentBytes: 4096), now: Sample.time)
        let writer = TestWriter(journal)
        while writer.sequence < UInt64(segments * 3) {
            let isSnapshot = writer.sequence + 1 == snapshotAt
            let text = [UInt8](repeating: UInt8(writer.sequence + 1), count: 1000)
            writer.put(text: text, isSnapshot ? .snapshot : .note)
            journal.turn(now: Sample.time)
        }
        journal.stop()
        return try records(in: directory)
    }

    private func file(_ number: UInt32) -> String { SegmentName(lane: 0, number: number).file }

    /// Where the records of the first segment begin, and where the last one ends.
    private let boundaries = [64, 1104, 2144, 3184]

    private func damage(_ number: UInt32, at offset: Int) {
        var bytes = directory.read(file(number))
        bytes[offset] ^= 1
        directory.write(bytes, to: file(number))
    }

    private func repair(
        until offset: Int, segment: UInt32? = nil, isDryRun: Bool = false
    ) throws(JournalFailure) -> JournalRepair {
        try JournalRepair.run(
            directory.path, until: offset, segment: segment, isDryRun: isDryRun)
    }

    @Test func `a damaged middle is cut there, and the next run goes on with the sequence`() throws {
        let whole = try journal(segments: 3, snapshotAt: 2)
        damage(2, at: boundaries[1] + 50)
        let before = directory.read(file(2))
        let found = JournalFailure.corrupt(
            file: directory.path + "/" + file(2), offset: boundaries[1], sequence: 5)
        #expect(throws: found) { try records(in: directory) }

        let repair = try repair(until: boundaries[1])
        #expect(repair.place == JournalPlace(segment: 2, offset: boundaries[1]))
        #expect(repair.kept.count == 4 && repair.kept.lastSequence == 4)
        // Record 5 is the damage; 6 to 9 can be read and go too.
        #expect(repair.lost.count == 4 && repair.lost.firstSequence == 6)
        #expect(repair.lost.lastSequence == 9 && repair.lastSnapshot == 2)
        #expect(try records(in: directory) == Array(whole.prefix(4)))

        let journal = try Journal(
            directory: directory.path, lane: 0, epoch: 2,
            options: JournalOptions(segmentBytes: 4096), now: Sample.time)
        TestWriter(journal).put(text: [9])
        journal.stop()
        #expect(try records(in: directory).map(\.sequence) == [1, 2, 3, 4, 5])

        // What was cut is all there.
        let kept = directory.read(file(2) + ".cut-\(boundaries[1])")
        #expect(kept == Array(before[boundaries[1]...].prefix(kept.count)))
        #expect(before.count - boundaries[1] - kept.count < 8)
        #expect(repair.setAside.count == 2 && repair.lostBytes > Int64(kept.count))
        #expect(directory.files.contains(file(3) + ".cut-0"))
    }

    @Test func `a dry run says the same and changes nothing`() throws {
        _ = try journal(segments: 3)
        damage(2, at: boundaries[1] + 50)
        let files = directory.files
        let bytes = files.map { directory.read($0) }
        let dry = try repair(until: boundaries[1], isDryRun: true)
        #expect(directory.files == files)
        #expect(directory.files.map { directory.read($0) } == bytes)
        #expect(try repair(until: boundaries[1]) == dry)
    }

    @Test func `a byte that is no boundary is refused with the nearest ones`() throws {
        _ = try journal()
        let path = directory.path + "/" + file(1)
        let table: [(offset: Int, before: Int?, after: Int?)] = [
            (1, 0, 64), (63, 0, 64), (65, 64, 1104), (1103, 64, 1104), (1105, 1104, 2144),
            (3183, 2144, 3184), (3185, 3184, nil), (99_999, 3184, nil),
        ]
        for row in table {
            let refusal = JournalFailure.notABoundary(
                file: path, offset: row.offset, before: row.before, after: row.after)
            #expect(throws: refusal) { try repair(until: row.offset) }
        }
        #expect(directory.read(file(1)).count == boundaries[3])
    }

    @Test func `every boundary is accepted and keeps the records before it`() throws {
        let whole = try journal(segments: 2)
        for (index, offset) in boundaries.enumerated() {
            let repair = try repair(until: offset, segment: 2, isDryRun: true)
            #expect(repair.kept.count == Int64(3 + index))
            #expect(repair.lost.count == Int64(whole.count - 3 - index))
        }
        try #expect(repair(until: 0, segment: 2).kept.count == 3)
        #expect(try records(in: directory) == Array(whole.prefix(3)))
        #expect(directory.files.contains(file(2) + ".cut-0"))
    }

    @Test func `a cut behind the damage is refused, it would stay`() throws {
        _ = try journal(segments: 2)
        damage(1, at: boundaries[1] + 50)
        let found = JournalFailure.corrupt(
            file: directory.path + "/" + file(1), offset: boundaries[1], sequence: 2)
        for (offset, segment) in [(boundaries[2], nil), (boundaries[1], 2), (0, 2)] as [(Int, UInt32?)] {
            #expect(throws: JournalFailure.behindDamage(offset: offset, found)) {
                try repair(until: offset, segment: segment)
            }
        }
    }

    @Test func `a damaged head is cut with its segment`() throws {
        let whole = try journal(segments: 3)
        damage(2, at: 20)
        try #expect(repair(until: 0).place.segment == 2)
        #expect(try records(in: directory) == Array(whole.prefix(3)))
        #expect(directory.segments == [file(1)])
    }

    @Test func `a missing segment is ended before the gap`() throws {
        let whole = try journal(segments: 3)
        directory.write([], to: file(2))
        try #expect(repair(until: boundaries[3], segment: 1).kept.count == 3)
        #expect(try records(in: directory) == Array(whole.prefix(3)))
    }

    @Test func `a cut that leaves nothing and a segment that is not there are refused`() throws {
        _ = try journal()
        for (offset, segment) in [(0, 1), (64, 1), (64, 7)] as [(Int, UInt32)] {
            do throws(JournalFailure) {
                _ = try repair(until: offset, segment: segment)
                Issue.record("cut at \(offset) of \(segment)")
            } catch {
                guard case .invalidOption = error else {
                    Issue.record("\(error)")
                    continue
                }
            }
        }
        #expect(try records(in: directory).count == 3)
    }

    @Test func `a journal that is being written is not cut`() throws {
        let journal = try Journal(
            directory: directory.path, lane: 0, epoch: 1,
            options: JournalOptions(segmentBytes: 4096), now: Sample.time)
        defer { journal.stop() }
        TestWriter(journal).put(text: [1])
        for isDryRun in [true, false] {
            #expect(throws: JournalFailure.inUse(directory: directory.path, lane: 0)) {
                try repair(until: 64, isDryRun: isDryRun)
            }
        }
    }

    @Test func `two repairs at one place keep both files`() throws {
        _ = try journal()
        _ = try repair(until: boundaries[2])
        let journal = try Journal(
            directory: directory.path, lane: 0, epoch: 2,
            options: JournalOptions(segmentBytes: 4096), now: Sample.time)
        journal.stop()
        directory.write(
            directory.read(file(1)) + [UInt8](repeating: 7, count: 16), to: file(1))
        let second = try repair(until: boundaries[2], segment: 1)
        #expect(second.setAside == [directory.path + "/" + file(1) + ".cut-\(boundaries[2])-2"])
        let kept = directory.files.filter { $0.contains(".cut-") }
        #expect(kept.count == 2)
    }

    @Test func `any damaged bit can be repaired where the reader names it`() throws {
        let seed: UInt64 = 0x0A51_0005
        var generator = SeededGenerator(state: seed)
        let whole = try journal(segments: 2)
        let originals = directory.files.map { ($0, directory.read($0)) }
        for _ in 0..<200 {
            for file in directory.files where originals.allSatisfy({ $0.0 != file }) {
                directory.remove(file)
            }
            for (name, bytes) in originals { directory.write(bytes, to: name) }
            let number = UInt32.random(in: 1...2, using: &generator)
            damage(number, at: Int.random(in: 64..<boundaries[2], using: &generator))
            do throws(JournalFailure) {
                _ = try records(in: directory)
            } catch {
                guard case .corrupt(_, let offset, let sequence) = error else {
                    Issue.record("\(error), seed \(seed)")
                    continue
                }
                if offset == 64, number == 1 { continue }
                _ = try repair(until: offset)
                let kept = try records(in: directory)
                #expect(kept == Array(whole.prefix(Int(sequence) - 1)), "seed \(seed)")
            }
        }
    }
}
