import CLinuxURing
import MarketModel
import Testing

@testable import Journal

struct DamageTests {
    /// A closed journal of a few records in one segment.
    private func closedJournal(_ directory: TemporaryDirectory, count: Int = 6) throws -> [UInt8] {
        let journal = try Journal(
            directory: directory.path, lane: 0, epoch: 1,
            options: JournalOptions(segmentBytes: 4096), now: Sample.time)
        let writer = TestWriter(journal)
        for index in 0..<count {
            writer.put(text: [UInt8](repeating: UInt8(index + 1), count: index * 3 + 1))
        }
        journal.stop()
        return directory.read("apus-0-00000001.journal")
    }

    @Test func `a file cut at any byte gives the whole records before the cut`() throws {
        let directory = TemporaryDirectory()
        let bytes = try closedJournal(directory)
        let whole = try records(in: directory)
        #expect(whole.count == 6)
        var ends = [SegmentLayout.headerBytes]
        for record in whole {
            ends.append(ends[ends.count - 1] + 40 + (record.tail.count + 7) & ~7)
        }
        #expect(ends.last == bytes.count)

        for cut in 0...bytes.count {
            directory.write(Array(bytes[..<cut]), to: "apus-0-00000001.journal")
            let expected = ends.dropFirst().count { $0 <= cut }
            var reader = try JournalReader(directory: directory.path)
            var kept: [KeptRecord] = []
            while let view = try reader.next() { kept.append(KeptRecord(view)) }
            #expect(kept == Array(whole[..<expected]), "cut at \(cut)")
            if cut >= SegmentLayout.headerBytes, cut < bytes.count {
                let rest = bytes[ends[expected]..<cut]
                let last = rest.lastIndex { $0 != 0 }
                let torn = reader.tornBytes
                #expect(torn == last.map { $0 + 1 - ends[expected] } ?? 0)
            }
        }
    }

    @Test func `recovery cuts a torn tail and the next run goes on with the sequence`() throws {
        let directory = TemporaryDirectory()
        let bytes = try closedJournal(directory)
        directory.write(Array(bytes[..<(bytes.count - 5)]), to: "apus-0-00000001.journal")
        let journal = try Journal(
            directory: directory.path, lane: 0, epoch: 2,
            options: JournalOptions(segmentBytes: 4096), now: Sample.time)
        #expect(journal.recovery.lastSequence == 5)
        #expect(journal.recovery.tornBytes > 0)
        let writer = TestWriter(journal)
        writer.put(text: [9])
        journal.stop()
        #expect(try records(in: directory).map(\.sequence) == [1, 2, 3, 4, 5, 6])
        #expect(directory.segments.count == 2)
    }

    @Test func `a flipped bit is never taken for data`() throws {
        let directory = TemporaryDirectory()
        let bytes = try closedJournal(directory)
        let whole = try records(in: directory)
        for bit in 0..<(bytes.count * 8) {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            directory.write(flipped, to: "apus-0-00000001.journal")
            do throws(JournalFailure) {
                let kept = try records(in: directory)
                #expect(Array(whole.prefix(kept.count)) == kept, "bit \(bit)")
                // Without an error only the last record, or an unused segment, may be missing.
                #expect(kept.count >= whole.count - 1, "bit \(bit)")
            } catch {
                switch error {
                case .corrupt, .notASegment, .unsupportedVersion: break
                default: Issue.record("bit \(bit): \(error)")
                }
            }
        }
    }

    @Test func `damage before the end is an error with its place`() throws {
        let directory = TemporaryDirectory()
        var bytes = try closedJournal(directory)
        let second = SegmentLayout.headerBytes + 48
        bytes[second + 41] ^= 1
        directory.write(bytes, to: "apus-0-00000001.journal")
        let file = directory.path + "/apus-0-00000001.journal"
        let failure = JournalFailure.corrupt(file: file, offset: second, sequence: 2)
        #expect(throws: failure) { try records(in: directory) }
        // Nothing is repaired that a person has to look at.
        #expect(throws: failure) { try JournalRecovery.repair(directory.path) }
        #expect(directory.read("apus-0-00000001.journal") == bytes)
    }

    @Test func `a missing segment is a gap`() throws {
        let directory = TemporaryDirectory()
        let journal = try Journal(
            directory: directory.path, lane: 0, epoch: 1,
            options: JournalOptions(segmentBytes: 4096), now: Sample.time)
        let writer = TestWriter(journal)
        while directory.segments.count < 6 {
            writer.put(text: [UInt8](repeating: 1, count: 1000))
            journal.turn(now: Sample.time)
        }
        journal.stop()
        directory.write([], to: "apus-0-00000002.journal")
        let file = directory.path + "/apus-0-00000003.journal"
        #expect(throws: JournalFailure.gap(file: file, expected: 4, found: 7)) {
            try records(in: directory)
        }
    }

    @Test func `ten thousand mutated journals never trap`() throws {
        let seed: UInt64 = 0x0A51_0001
        var generator = SeededGenerator(state: seed)
        let directory = TemporaryDirectory()
        let journal = try Journal(
            directory: directory.path, lane: 0, epoch: 1,
            options: JournalOptions(segmentBytes: 4096), now: Sample.time)
        let writer = TestWriter(journal)
        writer.putAll()
        journal.stop()
        let bytes = directory.read("apus-0-00000001.journal")
        var failures = 0
        var lines = 0
        for _ in 0..<10_000 {
            let mutated = mutate(bytes, &generator)
            directory.write(mutated, to: "apus-0-00000001.journal")
            do throws(JournalFailure) {
                var listing = try JournalListing(directory: directory.path)
                while try listing.next() != nil { lines += 1 }
            } catch { failures += 1 }
        }
        #expect(failures > 100 && lines > 10_000, "seed \(seed)")
    }

    /// Found by fuzzing: the search for records behind the damage counted past the last number.
    @Test(arguments: [UInt64.max, UInt64.max - 3, (1 << 62) + 1] as [UInt64])
    func `a sequence that no journal reaches is damage, not arithmetic`(sequence: UInt64) throws {
        let directory = TemporaryDirectory()
        var bytes = try closedJournal(directory)
        bytes.withUnsafeMutableBytes {
            $0.storeBytes(
                of: sequence, toByteOffset: SegmentLayout.firstSequenceOffset, as: UInt64.self)
        }
        sealAgain(&bytes)
        directory.write(bytes, to: "apus-0-00000001.journal")
        #expect(throws: JournalFailure.self) { _ = try records(in: directory) }
        #expect(throws: JournalFailure.self) { try JournalRecovery.repair(directory.path) }
    }

    /// Changes bytes; half the time makes the checksums right again, so that the reader has to
    /// look at what they protect.
    private func mutate(_ bytes: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        var mutated = bytes
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            let place = Int.random(in: 0..<mutated.count, using: &generator)
            mutated[place] = [0, 1, 0x7F, 0xFF, UInt8.random(in: 0...255, using: &generator)]
                .randomElement(using: &generator) ?? 0
        }
        if Bool.random(using: &generator) {
            mutated = Array(mutated[..<Int.random(in: 0...mutated.count, using: &generator)])
        }
        if Bool.random(using: &generator) { sealAgain(&mutated) }
        return mutated
    }

    private func sealAgain(_ bytes: inout [UInt8]) {
        bytes.withUnsafeMutableBytes { buffer in
            guard let base = buffer.baseAddress else { return }
            if buffer.count >= SegmentLayout.headerBytes {
                base.storeBytes(
                    of: SegmentLayout.checksum(
                        base,
                        firstSequence: base.load(
                            fromByteOffset: SegmentLayout.firstSequenceOffset, as: UInt64.self)),
                    toByteOffset: SegmentLayout.checksumOffset, as: UInt32.self)
            }
            var place = SegmentLayout.headerBytes
            while place + RecordLayout.headerBytes <= buffer.count {
                let length = Int(base.loadUnaligned(fromByteOffset: place, as: UInt32.self))
                if length < RecordLayout.headerBytes || place + length > buffer.count { return }
                (base + place).storeBytes(
                    of: RecordLayout.checksum(base + place, length: length),
                    toByteOffset: RecordLayout.checksumOffset, as: UInt32.self)
                place += length
            }
        }
    }
}
