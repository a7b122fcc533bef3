import Testing

@testable import Venues

/// Who is next when several books want a snapshot.
@Suite("Snapshot queue")
struct SnapshotQueueTests {
    @Test func `sixty-four instruments are taken once each, without a pause between them`() {
        var queue = SnapshotQueue()
        for slot in (0..<64).reversed() { queue.add(slot) }
        queue.add(7)
        for slot in 0..<64 {
            #expect(!queue.isEmpty)
            #expect(queue.nextTime == 0)
            #expect(queue.take(now: 1_000) == slot)
        }
        #expect(queue.isEmpty)
        #expect(queue.nextTime == 1_000 + SnapshotQueue.pause)
    }

    @Test func `one that fails again and again does not keep the others from theirs`() {
        var queue = SnapshotQueue()
        for slot in [0, 5, 63] { queue.add(slot) }
        var taken: [Int] = []
        for _ in 0..<4 {
            let slot = queue.take(now: 0)
            taken.append(slot)
            if slot == 0 { queue.add(slot) }
        }
        #expect(taken == [0, 5, 63, 0])
    }

    @Test func `a wait is not cut short by a shorter one`() {
        var queue = SnapshotQueue()
        queue.add(3)
        queue.wait(until: 1_000_000_000)
        queue.wait(until: 5)
        #expect(queue.nextTime == 1_000_000_000)
    }
}
