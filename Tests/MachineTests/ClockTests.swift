import Glibc
import Testing

@testable import Machine

@Suite("TSC clock")
struct ClockTests {
    /// A counter of exactly 2.5 GHz, with the system's clocks given by the test.
    static let ticksPerNanosecond = 2.5

    static func sample(_ nanoseconds: Int64, wall: Int64) -> ClockSample {
        ClockSample(ticks: UInt64(Double(nanoseconds) * ticksPerNanosecond), nanoseconds: wall)
    }

    static func clock(wall: Int64) -> TSCClock {
        let rate = ClockSample.rate(nanoseconds: 1_000_000_000, ticks: 2_500_000_000)
        return TSCClock(
            rate: rate, wall: sample(0, wall: wall), baseline: sample(0, wall: 0))
    }

    static func realtime() -> Int64 {
        var reading = timespec()
        clock_gettime(CLOCK_REALTIME, &reading)
        return Int64(reading.tv_sec) * 1_000_000_000 + Int64(reading.tv_nsec)
    }

    @Test func `agrees with the system's clock`() {
        var clock = TSCClock.calibrated()
        for _ in 0..<1000 {
            let before = Self.realtime()
            let ours = clock.now()
            let after = Self.realtime()
            #expect(ours >= before - 50_000 && ours <= after + 50_000)
        }
        #expect(clock.resync().offset.magnitude < 100_000)
    }

    @Test func `never goes backwards, not even over corrections`() {
        var clock = TSCClock.calibrated()
        var last = clock.now()
        for round in 0..<200_000 {
            if round % 1000 == 0 { clock.resync() }
            let now = clock.now()
            if now < last {
                Issue.record("\(last) then \(now) in round \(round)")
                break
            }
            last = now
        }
    }

    @Test func `converts durations both ways`() {
        let clock = Self.clock(wall: 0)
        #expect(abs(clock.nanoseconds(2_500_000_000) - 1_000_000_000) <= 1)
        #expect(clock.nanoseconds(0) == 0)
        #expect(clock.nanoseconds(UInt64(bitPattern: -2500)) == -1000)
        for nanoseconds: Int64 in [0, 1, 999, 1_000_000, 60_000_000_000] {
            let ticks = clock.ticks(nanoseconds: nanoseconds)
            #expect(abs(clock.nanoseconds(ticks) - nanoseconds) <= 2)
        }
        #expect(clock.ticks(nanoseconds: -5) == 0)
        #expect(clock.ticks(nanoseconds: .max) == clock.ticks(nanoseconds: 1_000_000_000_000_000))
    }

    @Test(arguments: [400_000, -400_000, 3, -3, 0] as [Int64])
    func `works a small offset off within a second`(offset: Int64) {
        var clock = Self.clock(wall: 1_000_000_000_000)
        let second: Int64 = 1_000_000_000
        let wall = 1_000_000_000_000 + second + offset
        let found = clock.resync(
            wall: Self.sample(second, wall: wall), steady: Self.sample(second, wall: second))
        #expect(abs(found.offset - offset) <= 2 && !found.jumped)
        // At once: the old line; a second later and ever after: the system's.
        #expect(abs(clock.time(at: Self.sample(second, wall: 0).ticks) - (wall - offset)) <= 2)
        for later in [1, 2, 10] as [Int64] {
            let at = Self.sample(second * (1 + later), wall: 0).ticks
            #expect(abs(clock.time(at: at) - (wall + later * second)) <= 50)
        }
    }

    @Test func `slews back and never steps back when the system's clock is set back`() {
        var clock = Self.clock(wall: 1_000_000_000_000)
        let second: Int64 = 1_000_000_000
        var last: Int64 = 0
        for step in 1...20 as ClosedRange<Int64> {
            // Set back by 5 ms at the start.
            let wall = 1_000_000_000_000 + step * second - 5_000_000
            let sample = Self.sample(step * second, wall: wall)
            _ = clock.resync(
                wall: sample, steady: Self.sample(step * second, wall: step * second))
            for part in 0..<10 as Range<Int64> {
                let at = Self.sample(step * second + part * 100_000_000, wall: 0).ticks
                let now = clock.time(at: at)
                #expect(now >= last)
                last = now
            }
        }
        // 0.5 ms a second: after 10 s the 5 ms are gone.
        let end = Self.sample(21 * second, wall: 0).ticks
        #expect(abs(clock.time(at: end) - (1_000_000_000_000 + 21 * second - 5_000_000)) < 1000)
    }

    @Test func `jumps ahead when it is far behind`() {
        var clock = Self.clock(wall: 0)
        let second: Int64 = 1_000_000_000
        let found = clock.resync(
            wall: Self.sample(second, wall: 10 * second), steady: Self.sample(second, wall: second))
        #expect(found.jumped && found.offset > 8 * second)
        #expect(abs(clock.time(at: Self.sample(second, wall: 0).ticks) - 10 * second) <= 1)
    }

    @Test func `follows a drifting counter to within a millisecond over minutes`() {
        // The calibration was 40 ppm off and the system's clock is being slewed by 100 ppm.
        let rate = ClockSample.rate(nanoseconds: 1_000_040_000, ticks: 2_500_000_000)
        var clock = TSCClock(
            rate: rate, wall: Self.sample(0, wall: 0), baseline: Self.sample(0, wall: 0))
        let second: Int64 = 1_000_000_000
        for step in 1...600 as ClosedRange<Int64> {
            let wall = step * second + step * 100_000
            let at = Self.sample(step * second, wall: wall)
            #expect(abs(clock.time(at: at.ticks) - wall) < 1_000_000, "after \(step) s")
            _ = clock.resync(wall: at, steady: at)
        }
    }

    /// Against 128 bits; both signs, short and long, every rate of a counter from 250 MHz on.
    @Test func `durations are exact to the last bit`() {
        let seed: UInt64 = 20_261_121
        var random = LatencyTests.Random(state: seed)
        for _ in 0..<100_000 {
            let magnitude = random.next() >> (6 + random.next() % 58)
            let ticks = random.next() & 1 == 0 ? Int64(magnitude) : -Int64(magnitude)
            let rate = random.next() >> (30 + random.next() % 8)
            let exact = Int64(truncatingIfNeeded: (Int128(ticks) * Int128(rate)) >> 32)
            let found = TSCClock.scaled(UInt64(bitPattern: ticks), rate)
            if found != exact { Issue.record("seed \(seed): \(ticks) ticks at rate \(rate)") }
        }
    }

    @Test func `a baseline that a pause has spoilt is given up`() {
        var clock = Self.clock(wall: 0)
        let second: Int64 = 1_000_000_000
        // The machine slept: the counter stood still for an hour of the system's time.
        let found = clock.resync(
            wall: Self.sample(second, wall: 3600 * second),
            steady: Self.sample(second, wall: 3600 * second))
        #expect(found.jumped)
        #expect(abs(clock.nanosecondsPerTick - 0.4) < 1e-6)
    }
}
