import Testing
import Wire

@Suite("Backoff")
struct BackoffTests {
    @Test(arguments: 0..<50 as Range<UInt64>)
    func `no delay leaves its range, and the cap holds after the jitter`(seed: UInt64) {
        // BUG-068: jitter applied after the cap used to exceed it.
        var backoff = Backoff(base: 100, cap: 30_000, floor: 10, seed: seed)
        for attempt in 0..<200 {
            let delay = backoff.nextDelay()
            let ceiling = attempt < 9 ? min(30_000, 100 << attempt) : 30_000
            #expect(delay >= 10 && delay <= ceiling, "seed \(seed) attempt \(attempt)")
        }
    }

    @Test func `clients that lost the same server come back at different moments`() {
        // BUG-038: a fixed delay, the same for every attempt.
        let delays = (0..<100 as Range<UInt64>).map { seed -> Int64 in
            var backoff = Backoff(base: 1_000_000, cap: 1_000_000_000, seed: seed)
            return (0..<8).map { _ in backoff.nextDelay() }.last ?? 0
        }
        #expect(Set(delays).count > 95)
        let mean = delays.reduce(0, +) / 100
        #expect(mean > 40_000_000 && mean < 90_000_000)
    }

    @Test func `the same seed gives the same delays, and success starts over`() {
        var first = Backoff(base: 50, cap: 800, seed: 3)
        var second = Backoff(base: 50, cap: 800, seed: 3)
        #expect((0..<10).map { _ in first.nextDelay() } == (0..<10).map { _ in second.nextDelay() })
        first.succeeded()
        #expect(first.attempts == 0)
        #expect(first.nextDelay() <= 50)
    }

    @Test func `the largest range does not overflow`() {
        var backoff = Backoff(base: 1, cap: .max, seed: 1)
        for _ in 0..<200 { #expect(backoff.nextDelay() >= 0) }
    }
}
