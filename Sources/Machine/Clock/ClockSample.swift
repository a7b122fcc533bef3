import CLinuxURing
import Glibc

/// One reading of a system clock and of the counter at the same instant.
@usableFromInline
struct ClockSample: BitwiseCopyable, Sendable {
    @usableFromInline var ticks: UInt64
    @usableFromInline var nanoseconds: Int64

    /// The tightest of a few bracketed readings: one that no interrupt stretched.
    static func read(_ clock: clockid_t) -> ClockSample {
        var best = ClockSample(ticks: 0, nanoseconds: 0)
        var tightest = UInt64.max
        for _ in 0..<5 {
            var reading = timespec()
            let before = clinux_uring_rdtsc()
            clock_gettime(clock, &reading)
            let after = clinux_uring_rdtsc()
            if after &- before < tightest {
                tightest = after &- before
                best.ticks = before &+ (after &- before) / 2
                best.nanoseconds = Int64(reading.tv_sec) * 1_000_000_000 + Int64(reading.tv_nsec)
            }
        }
        return best
    }

    /// Nanoseconds per tick between two samples, times 2^32.
    func rate(to later: ClockSample) -> UInt64 {
        Self.rate(nanoseconds: later.nanoseconds &- nanoseconds, ticks: later.ticks &- ticks)
    }

    static func rate(nanoseconds: Int64, ticks: UInt64) -> UInt64 {
        precondition(nanoseconds > 0 && ticks > 0, "clock and counter advance")
        let shifted = UInt64(nanoseconds).multipliedFullWidth(by: 1 << 32)
        precondition(shifted.high < ticks, "the counter runs faster than 1 Hz")
        return ticks.dividingFullWidth((shifted.high, shifted.low)).quotient
    }
}
