import MarketModel
import Testing

@testable import Journal

/// The last record of a type, found backward, against a reader that goes through everything.
struct SeekingTests {
    @Test(arguments: [4_096, 65_536, 1 << 20])
    func `is where a reading of everything finds it`(segmentBytes: Int) throws {
        let seed = UInt64.random(in: 1...UInt64.max)
        var random = RandomSource(state: seed)
        for round in 0..<9 {
            let directory = TemporaryDirectory()
            let share = [3, 50, 1_000][round % 3]
            let count = Int(random.next() % 400) + 1
            try write(
                count, snapshotEvery: share, segmentBytes: segmentBytes, to: directory, &random)
            try compare(directory, "seed \(seed), round \(round)")
            // As a kill leaves it: the last segment with zeros behind, the last record torn.
            guard let last = directory.segments.last else { continue }
            var bytes = directory.read(last)
            let cut = Int(random.next() % UInt64(bytes.count)) + 1
            let isHeadWhole = cut >= SegmentLayout.headerBytes
            if !isHeadWhole { continue }
            bytes = Array(bytes[..<cut]) + [UInt8](repeating: 0, count: max(segmentBytes - cut, 0))
            directory.write(bytes, to: last)
            try compare(directory, "seed \(seed), round \(round), cut at \(cut)")
        }
    }

    @Test func `what looks like one inside a payload is none`() throws {
        let directory = TemporaryDirectory()
        let journal = try Journal(
            directory: directory.path, lane: 0, epoch: 1,
            options: JournalOptions(segmentBytes: 65_536), now: Sample.time)
        let writer = TestWriter(journal)
        writer.put(text: [1, 2, 3], .snapshot)
        var sign = [UInt8](repeating: 0, count: 48)
        sign[0] = 48
        sign[RecordLayout.typeOffset] = UInt8(JournalRecordType.snapshot.rawValue)
        for _ in 0..<100 { writer.put(text: sign) }
        journal.stop()
        try compare(directory, "signs in payloads")
    }

    @Test func `damage in a journal without one is told`() throws {
        let directory = TemporaryDirectory()
        var random = RandomSource(state: 5)
        try write(50, snapshotEvery: .max, segmentBytes: 65_536, to: directory, &random)
        #expect(try JournalReader.lastPlace(of: .snapshot, in: directory.path) == nil)
        let file = try #require(directory.segments.first)
        var bytes = directory.read(file)
        bytes[bytes.count / 2] ^= 1
        directory.write(bytes, to: file)
        #expect(throws: JournalFailure.self) {
            try JournalReader.lastPlace(of: .snapshot, in: directory.path)
        }
    }

    @Test func `a reader does not begin where no record does`() throws {
        let directory = TemporaryDirectory()
        var random = RandomSource(state: 6)
        try write(50, snapshotEvery: 3, segmentBytes: 65_536, to: directory, &random)
        var place = try #require(try JournalReader.lastPlace(of: .snapshot, in: directory.path))
        place.offset += 8
        #expect(throws: JournalFailure.self) {
            _ = try JournalReader.reading(directory.path, from: place)
        }
    }

    // MARK: - Parts

    private func compare(_ directory: TemporaryDirectory, _ what: String) throws {
        var all: [KeptRecord] = []
        var expected: (place: JournalPlace, index: Int)?
        var reader = try JournalReader(directory: directory.path)
        while let view = try reader.next() {
            if view.type == .snapshot {
                expected = (JournalPlace(segment: view.segment, offset: view.offset), all.count)
            }
            all.append(KeptRecord(view))
        }
        let found = try JournalReader.lastPlace(of: .snapshot, in: directory.path)
        #expect(found == expected?.place, "\(what)")
        guard let found, let expected else { return }
        var tail: [KeptRecord] = []
        var second = try JournalReader.reading(directory.path, from: found)
        while let view = try second.next() { tail.append(KeptRecord(view)) }
        #expect(tail == Array(all[expected.index...]), "\(what)")
    }

    private func write(
        _ count: Int, snapshotEvery share: Int, segmentBytes: Int, to directory: TemporaryDirectory,
        _ random: inout RandomSource
    ) throws {
        let journal = try Journal(
            directory: directory.path, lane: 0, epoch: 1,
            options: JournalOptions(segmentBytes: segmentBytes), now: Sample.time)
        let writer = TestWriter(journal)
        for _ in 0..<count {
            let isSnapshot = random.next() % UInt64(share) == 0
            let length = Int(random.next() % 3_000)
            let text = (0..<length).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            while !writer.put(text: text, isSnapshot ? .snapshot : .note) {
                journal.turn(now: Sample.time)
            }
        }
        journal.stop()
    }
}

/// SplitMix64, its seed printed with a failure.
private struct RandomSource {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
