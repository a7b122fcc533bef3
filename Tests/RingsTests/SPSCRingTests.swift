import Rings
import Synchronization
import Testing

@Suite("SPSC ring")
struct SPSCRingTests {
    @Test(arguments: [1, 2, 3, 5, 8, 100])
    func `keeps order and refuses exactly when it is full`(capacity: Int) {
        let ends = SPSCRing.make(of: Int.self, capacity: capacity)
        var producer = ends.producer
        var consumer = ends.consumer
        #expect(producer.capacity >= capacity)
        #expect(producer.capacity.nonzeroBitCount == 1)
        for round in 0..<5 {
            for index in 0..<producer.capacity {
                #expect(producer.tryPush(round * 1000 + index) == true)
            }
            #expect(producer.tryPush(-1) == false)
            #expect(producer.count == producer.capacity)
            #expect(consumer.count == producer.capacity)
            for index in 0..<producer.capacity {
                #expect(consumer.tryPop() == round * 1000 + index)
            }
            #expect(consumer.tryPop() == nil)
            #expect(consumer.isEmpty == true)
        }
    }

    /// Memory that says when it goes.
    private final class Space {
        let base = UnsafeMutableRawPointer.allocate(byteCount: 4096, alignment: 128)
        private let onEnd: () -> Void

        init(_ onEnd: @escaping () -> Void) { self.onEnd = onEnd }

        deinit {
            onEnd()
            base.deallocate()
        }
    }

    @Test func `a ring lies where it is told, and keeps that as long as an end lives`() {
        let hasEnded = Atomic(false)
        withExtendedLifetime(hasEnded) {
            var space: Space? = Space { hasEnded.store(true, ordering: .relaxed) }
            var asked = 0
            let base = space?.base
            let ends = SPSCRing.make(
                of: UInt64.self, capacity: 8,
                in: space.map { owner in
                    RingPlace(owner: owner) { bytes in
                        asked = bytes
                        return base
                    }
                })
            #expect(asked <= RingPlace.footprint(of: UInt64.self, capacity: 8))
            space = nil
            var producer = ends.producer
            var consumer = ends.consumer
            #expect(producer.tryPush(0xABCD) == true)
            #expect(base?.load(fromByteOffset: 256, as: UInt64.self) == 0xABCD)
            #expect(hasEnded.load(ordering: .relaxed) == false)
            #expect(consumer.tryPop() == 0xABCD)
        }
        #expect(hasEnded.load(ordering: .relaxed) == true)
    }

    @Test func `without room in its place a ring lies on the heap`() {
        let ends = SPSCRing.make(
            of: UInt64.self, capacity: 8, in: RingPlace(owner: Space {}) { _ in nil })
        var producer = ends.producer
        var consumer = ends.consumer
        #expect(producer.tryPush(7) == true)
        #expect(consumer.tryPop() == 7)
    }

    @Test func `behaves as a queue under a random sequence of operations`() {
        let seed = TestSeed.next()
        var random = SplitMix(seed: seed)
        let ends = SPSCRing.make(of: UInt64.self, capacity: 16)
        var producer = ends.producer
        var consumer = ends.consumer
        var oracle: [UInt64] = []
        for step in 0..<100_000 {
            switch random.next() % 4 {
            case 0, 1:
                let value = random.next()
                let taken = producer.tryPush(value)
                #expect(taken == (oracle.count < 16), "seed \(seed) step \(step)")
                if taken { oracle.append(value) }
            case 2:
                let value = consumer.tryPop()
                #expect(value == oracle.first, "seed \(seed) step \(step)")
                if value != nil { oracle.removeFirst() }
            default:
                var drained: [UInt64] = []
                let limit = Int(random.next() % 8)
                let count = consumer.drain(atMost: limit) { drained.append($0) }
                #expect(count == drained.count && count <= limit)
                #expect(Array(oracle.prefix(count)) == drained, "seed \(seed) step \(step)")
                oracle.removeFirst(count)
            }
            #expect(producer.count == oracle.count)
        }
    }

    /// A record whose words must agree: a slot published before it was written would show.
    struct Pair: BitwiseCopyable, Sendable {
        var number: UInt64
        var mixed: UInt64
        var padding: (UInt64, UInt64, UInt64) = (0, 0, 0)
    }

    @Test(arguments: [1, 4, 1024])
    func `hands every record over whole between two threads`(capacity: Int) async {
        let seed = TestSeed.next()
        let total: UInt64 = 200_000
        let ends = SPSCRing.make(of: Pair.self, capacity: capacity)
        let gauge = ends.consumer.gauge
        var producer = ends.producer
        var consumer = ends.consumer
        let sending = OnThread {
            var random = SplitMix(seed: seed)
            var number: UInt64 = 0
            while number < total {
                let pair = Pair(number: number, mixed: number &* 0x9E37_79B9_7F4A_7C15)
                if producer.tryPush(pair) { number += 1 } else { yieldCore() }
                if random.next() % 4096 == 0 { yieldCore() }
            }
        }
        var random = SplitMix(seed: seed &+ 1)
        var expected: UInt64 = 0
        var broken = 0
        while expected < total {
            guard let pair = consumer.tryPop() else {
                yieldCore()
                continue
            }
            if pair.number != expected { broken += 1 }
            if pair.mixed != pair.number &* 0x9E37_79B9_7F4A_7C15 { broken += 1 }
            expected += 1
            if random.next() % 4096 == 0 { yieldCore() }
        }
        sending.join()
        #expect(broken == 0, "seed \(seed)")
        #expect(consumer.tryPop() == nil)
        #expect(gauge.count == 0)
        #expect(gauge.highWaterMark >= 1 && gauge.highWaterMark <= gauge.capacity)
    }

    @Test func `the gauge shows the fullest moment`() {
        let ends = SPSCRing.make(of: Int.self, capacity: 8)
        var producer = ends.producer
        var consumer = ends.consumer
        let gauge = consumer.gauge
        #expect(gauge.highWaterMark == 0)
        for value in 0..<3 { _ = producer.tryPush(value) }
        #expect(gauge.count == 3)
        while consumer.tryPop() != nil {}
        #expect(gauge.highWaterMark == 3 && gauge.refusedCount == 0)
        for value in 0..<9 { _ = producer.tryPush(value) }
        #expect(gauge.refusedCount == 1)
        #expect(gauge.highWaterMark == 8)
    }

    @Test func `the surviving end keeps the memory`() {
        var consumer = { () -> RingConsumer<Int> in
            let ends = SPSCRing.make(of: Int.self, capacity: 4)
            var producer = ends.producer
            _ = producer.tryPush(7)
            return ends.consumer
        }()
        #expect(consumer.tryPop() == 7)
    }

    @Test func `ends pass the hot-path check`() {
        let ends = SPSCRing.make(of: Pair.self, capacity: 4)
        var producer = ends.producer
        var consumer = ends.consumer
        #expect(hotRoundTrip(&producer, &consumer, 42) == 42)
    }
}

/// Compiling is the test: no lock, no allocation, no reference count on a push and a pop.
@_noLocks
private func hotRoundTrip(
    _ producer: inout RingProducer<SPSCRingTests.Pair>,
    _ consumer: inout RingConsumer<SPSCRingTests.Pair>, _ number: UInt64
) -> UInt64 {
    if !producer.tryPush(SPSCRingTests.Pair(number: number, mixed: 0)) { return 0 }
    if let pair = consumer.tryPop() { return pair.number }
    return 0
}
