import Rings

/// A record of several words that must agree: one that is read half would show.
struct RacedRecord: BitwiseCopyable, Sendable {
    private var number: UInt64
    private var words: InlineArray<6, UInt64>

    init(_ number: UInt64) {
        self.number = number
        words = .init(repeating: ~number)
    }

    /// The number, or 15 when the words do not agree; below 15.
    var digit: UInt64 {
        for index in words.indices where words[index] != ~number { return 15 }
        return number
    }
}

/// Digits one after the other.
func digits(_ values: UInt64...) -> UInt64 { values.reduce(0) { $0 << 4 | $1 } }

/// An SPSC ring for one race; each end belongs to one actor.
final class RacedSPSC {
    private var producer: RingProducer<RacedRecord>
    private var consumer: RingConsumer<RacedRecord>

    /// Already holds the records 1...`filled`.
    init(capacity: Int, filled: UInt64 = 0) {
        let ends = SPSCRing.make(of: RacedRecord.self, capacity: capacity)
        producer = ends.producer
        consumer = ends.consumer
        var number: UInt64 = 1
        while number <= filled {
            _ = producer.tryPush(RacedRecord(number))
            number += 1
        }
    }

    /// Its number when it was taken, else 0.
    func push(_ number: UInt64) -> UInt64 { producer.tryPush(RacedRecord(number)) ? number : 0 }

    /// 0 for nothing.
    func pop() -> UInt64 { consumer.tryPop()?.digit ?? 0 }

    /// What two drains take, as digits.
    func drainTwice() -> UInt64 {
        var seen: UInt64 = 0
        _ = consumer.drain(atMost: 4) { seen = digits(seen, $0.digit) }
        _ = consumer.drain(atMost: 4) { seen = digits(seen, $0.digit) }
        return seen
    }
}

/// An MPSC ring for one race.
final class RacedMPSC {
    private let producer: MPSCProducer<RacedRecord>
    private var consumer: MPSCConsumer<RacedRecord>

    init(capacity: Int, filled: UInt64 = 0) {
        let ends = MPSCRing.make(of: RacedRecord.self, capacity: capacity)
        producer = ends.producer
        consumer = ends.consumer
        for number in 0..<filled { _ = producer.tryPush(RacedRecord(number + 1)) }
    }

    func push(_ number: UInt64) -> UInt64 { producer.tryPush(RacedRecord(number)) ? number : 0 }
    func pop() -> UInt64 { consumer.tryPop()?.digit ?? 0 }
}

/// A broadcast ring for one race, with two readers that have read nothing.
final class RacedBroadcast {
    private var producer: BroadcastProducer<RacedRecord>
    private var first: BroadcastReader<RacedRecord>
    private var second: BroadcastReader<RacedRecord>

    init(capacity: Int, filled: UInt64 = 0) {
        let ends = BroadcastRing.make(of: RacedRecord.self, capacity: capacity)
        producer = ends.producer
        first = ends.source.makeReader()
        second = ends.source.makeReader()
        var number: UInt64 = 1
        while number <= filled {
            producer.push(RacedRecord(number))
            number += 1
        }
    }

    func push(_ number: UInt64) -> UInt64 {
        producer.push(RacedRecord(number))
        return number
    }

    func readFirst() -> UInt64 { first.tryRead()?.digit ?? 0 }
    func readSecond() -> UInt64 { second.tryRead()?.digit ?? 0 }
    var lostByFirst: UInt64 { first.lost }
}

/// A block of words for one race, as large as a record; it holds the record 1.
final class RacedWords {
    private let words = SequencedWords(count: MemoryLayout<RacedRecord>.size / 8)

    init() { _ = change(to: 1) }
    deinit { words.deallocate() }

    func change(to number: UInt64) -> UInt64 {
        withUnsafeBytes(of: RacedRecord(number)) { record in
            guard let source = record.baseAddress else { return }
            words.beginChange()
            words.store(0..<words.count, of: source)
            words.endChange()
        }
        return number
    }

    func read() -> UInt64 {
        var record = RacedRecord(0)
        withUnsafeMutableBytes(of: &record) { bytes in
            if let target = bytes.baseAddress { words.copy(to: target) }
        }
        return record.digit
    }
}
