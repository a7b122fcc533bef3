import CLinuxURing
import Machine

/// Time between two readings of the processor's time stamp counter.
struct Stopwatch {
    let nanosecondsPerTick: Double

    init() { nanosecondsPerTick = TSCClock.calibrated().nanosecondsPerTick }

    /// A reading that earlier work cannot overtake.
    @_noLocks @inline(__always)
    static func ticks() -> UInt64 { clinux_uring_rdtscp() }

    func nanoseconds(_ ticks: UInt64) -> Double { Double(ticks) * nanosecondsPerTick }
}
