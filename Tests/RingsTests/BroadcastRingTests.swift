import Rings
import Testing

@Suite("Broadcast ring")
struct BroadcastRingTests {
    /// An odd size, so that the last word is only partly the element's.
    struct Sample: BitwiseCopyable, Sendable {
        var number: UInt64
        var check: UInt64
        var tail: UInt8
    }

    static func sample(_ number: UInt64) -> Sample {
        Sample(
            number: number, check: number &* 0x9E37_79B9_7F4A_7C15,
            tail: UInt8(truncatingIfNeeded: number))
    }

    @Test func `every reader sees what is published after it came`() {
        let ends = BroadcastRing.make(of: Sample.self, capacity: 8)
        var producer = ends.producer
        let source = ends.source
        var early = source.makeReader()
        producer.push(Self.sample(0))
        var late = source.makeReader()
        producer.push(Self.sample(1))
        #expect(early.tryRead()?.number == 0)
        #expect(early.tryRead()?.number == 1)
        #expect(early.tryRead() == nil)
        #expect(late.tryRead()?.number == 1)
        #expect(late.tryRead() == nil)
        #expect(early.lost == 0 && late.lost == 0)
        #expect(source.published == 2 && producer.published == 2)
    }

    @Test(arguments: [8, 9, 12, 100, 1000])
    func `a reader that was overtaken learns how many it lost`(published: Int) {
        let ends = BroadcastRing.make(of: Sample.self, capacity: 8)
        var producer = ends.producer
        var reader = ends.source.makeReader()
        for number in 0..<published { producer.push(Self.sample(UInt64(number))) }
        var seen: [UInt64] = []
        while let sample = reader.tryRead() { seen.append(sample.number) }
        #expect(seen.last == UInt64(published - 1))
        #expect(seen == Array(seen[0]...UInt64(published - 1)))
        #expect(Int(reader.lost) + seen.count == published)
    }

    @Test func `no read is torn while the writer runs`() {
        let total: UInt64 = 300_000
        let ends = BroadcastRing.make(of: Sample.self, capacity: 16)
        var producer = ends.producer
        let source = ends.source
        let readers = (0..<2).map { _ in ReaderOutcome(source, until: total) }
        for number in 0..<total {
            hotPush(&producer, Self.sample(number))
            if number % 64 == 0 { yieldCore() }
        }
        for reader in readers {
            reader.thread?.join()
            #expect(reader.torn == 0)
            #expect(reader.outOfOrder == 0)
            #expect(reader.seen + reader.lost == total - reader.first)
        }
    }

    /// What one reading thread found.
    final class ReaderOutcome {
        var torn = 0
        var outOfOrder = 0
        var seen: UInt64 = 0
        var lost: UInt64 = 0
        let first: UInt64
        var thread: OnThread?

        init(_ source: BroadcastSource<Sample>, until total: UInt64) {
            var reader = source.makeReader()
            first = 0
            thread = OnThread { [unowned self] in
                var last: UInt64?
                while last != total - 1 {
                    guard let sample = reader.tryRead() else {
                        yieldCore()
                        continue
                    }
                    if sample.check != sample.number &* 0x9E37_79B9_7F4A_7C15
                        || sample.tail != UInt8(truncatingIfNeeded: sample.number)
                    {
                        torn += 1
                    }
                    if let last, sample.number <= last { outOfOrder += 1 }
                    last = sample.number
                    seen += 1
                }
                lost = reader.lost
            }
        }
    }
}

/// Compiling is the test.
@_noLocks
private func hotPush(
    _ producer: inout BroadcastProducer<BroadcastRingTests.Sample>,
    _ sample: BroadcastRingTests.Sample
) {
    producer.push(sample)
}
