import Rings
import Testing

@Suite("MPSC ring")
struct MPSCRingTests {
    struct Command: BitwiseCopyable, Sendable {
        var sender: UInt64
        var number: UInt64
        var check: UInt64
    }

    @Test(arguments: [1, 2, 7, 64])
    func `keeps order and refuses exactly when it is full`(capacity: Int) {
        let ends = MPSCRing.make(of: Int.self, capacity: capacity)
        let producer = ends.producer
        var consumer = ends.consumer
        let slots = producer.gauge.capacity
        for round in 0..<4 {
            for index in 0..<slots { #expect(producer.tryPush(round * 100 + index) == true) }
            #expect(producer.tryPush(-1) == false)
            for index in 0..<slots { #expect(consumer.tryPop() == round * 100 + index) }
            #expect(consumer.tryPop() == nil)
        }
        #expect(producer.gauge.refusedCount == 4)
        #expect(producer.gauge.highWaterMark == slots)
    }

    @Test func `each sender's records arrive whole and in its order`() {
        let seed = TestSeed.next()
        let perSender: UInt64 = 30_000
        let ends = MPSCRing.make(of: Command.self, capacity: 64)
        let producer = ends.producer
        var consumer = ends.consumer
        let senders = (0..<4).map { sender in
            OnThread {
                var random = SplitMix(seed: seed &+ UInt64(sender))
                var number: UInt64 = 0
                while number < perSender {
                    let command = Command(
                        sender: UInt64(sender), number: number, check: number ^ UInt64(sender))
                    if producer.tryPush(command) { number += 1 } else { yieldCore() }
                    if random.next() % 512 == 0 { yieldCore() }
                }
            }
        }
        var next: [UInt64] = [0, 0, 0, 0]
        var broken = 0
        var received: UInt64 = 0
        while received < 4 * perSender {
            guard let command = hotPop(&consumer) else {
                yieldCore()
                continue
            }
            let sender = Int(command.sender)
            if command.number != next[sender] || command.check != command.number ^ command.sender {
                broken += 1
            }
            next[sender] = command.number + 1
            received += 1
        }
        for sender in senders { sender.join() }
        #expect(broken == 0, "seed \(seed)")
        #expect(next == [perSender, perSender, perSender, perSender])
        #expect(consumer.tryPop() == nil)
    }
}

/// Compiling is the test.
@_noLocks
private func hotPop(_ consumer: inout MPSCConsumer<MPSCRingTests.Command>)
    -> MPSCRingTests.Command?
{
    consumer.tryPop()
}
