import CLinuxURing
import Glibc

/// Wall-clock time from the time stamp counter: nanoseconds since the epoch, never backwards.
///
/// A reading costs one RDTSC and one multiplication and makes no system call. Between two calls of
/// ``resync()`` the clock is a straight line through the counter, so it is monotonic; ``resync()``
/// bends the line towards CLOCK_REALTIME rather than stepping it back. Call it about once a second
/// outside the hot path; then the clock stays within a few microseconds of the system's.
///
/// Each thread owns its copy. Copies drift apart by less than their distance from the system's
/// clock. On a machine without an invariant counter (``MachineReport/hasInvariantTSC``) the
/// readings are not to be trusted.
@frozen
public struct TSCClock: BitwiseCopyable, Sendable {
    /// Where the current line begins.
    @usableFromInline var anchorTicks: UInt64
    @usableFromInline var anchorNanoseconds: Int64
    /// Nanoseconds per tick, times 2^32: while a correction is worked off, and afterwards.
    @usableFromInline var slewedRate: UInt64
    @usableFromInline var rate: UInt64
    /// Ticks after the anchor at which the correction is complete, and the nanoseconds till then.
    @usableFromInline var slewTicks: UInt64
    @usableFromInline var slewNanoseconds: Int64

    /// Long baseline for the rate, against CLOCK_MONOTONIC, which is never stepped.
    var baseline: ClockSample

    /// Corrections are worked off over this time...
    static let horizon: Int64 = 1_000_000_000
    /// ...bending the line by at most this many nanoseconds a second, as ntpd's kernel slew does.
    static let largestSlew: Int64 = 500_000
    /// Further behind than this the clock jumps ahead; further ahead it is slewed all the same.
    static let jumpAhead: Int64 = 100_000_000
    /// The rate is measured against a baseline renewed after this time.
    static let baselineLength: Int64 = 64_000_000_000
    /// A sample worse than this says nothing about the rate.
    static let shortestBaseline: Int64 = 5_000_000

    /// Measures the counter's rate for about 20 ms and starts at CLOCK_REALTIME. Cold.
    public static func calibrated() -> TSCClock {
        let first = ClockSample.read(CLOCK_MONOTONIC)
        var last = first
        while last.nanoseconds &- first.nanoseconds < 20_000_000 {
            last = ClockSample.read(CLOCK_MONOTONIC)
        }
        let wall = ClockSample.read(CLOCK_REALTIME)
        return TSCClock(rate: first.rate(to: last), wall: wall, baseline: first)
    }

    /// A clock that stands until ``stand(at:)`` moves it, whatever the counter does: the time of a
    /// simulation. Durations in ticks are zero on it.
    package static func standing(at nanoseconds: Int64) -> TSCClock {
        let sample = ClockSample(ticks: 0, nanoseconds: nanoseconds)
        return TSCClock(rate: 0, wall: sample, baseline: sample)
    }

    package var isStanding: Bool { rate == 0 }

    /// Sets a standing clock; a running one stops.
    @usableFromInline package mutating func stand(at nanoseconds: Int64) {
        rate = 0
        slewedRate = 0
        anchorNanoseconds = nanoseconds
        slewTicks = 0
        slewNanoseconds = 0
    }

    init(rate: UInt64, wall: ClockSample, baseline: ClockSample) {
        precondition(rate < 1 << 34, "a counter of at least 250 MHz")
        self.rate = rate
        self.baseline = baseline
        slewedRate = rate
        anchorTicks = wall.ticks
        anchorNanoseconds = wall.nanoseconds
        slewTicks = 0
        slewNanoseconds = 0
    }

    /// The raw counter.
    @_noLocks
    @inlinable @inline(__always)
    public static func ticks() -> UInt64 { clinux_uring_rdtsc() }

    /// Nanoseconds since 1970-01-01 UTC.
    @_noLocks
    @inlinable @inline(__always)
    public func now() -> Int64 { time(at: clinux_uring_rdtsc()) }

    /// The time of an earlier or later counter reading of this machine, on the present line.
    @_noLocks
    @inlinable @inline(__always)
    public func time(at ticks: UInt64) -> Int64 {
        let elapsed = ticks &- anchorTicks
        if Int64(bitPattern: elapsed) < Int64(bitPattern: slewTicks) {
            return anchorNanoseconds &+ Self.scaled(elapsed, slewedRate)
        }
        return anchorNanoseconds &+ slewNanoseconds &+ Self.scaled(elapsed &- slewTicks, rate)
    }

    /// A duration in nanoseconds from one in ticks; negative durations (two's complement) stay so.
    @_noLocks
    @inlinable @inline(__always)
    public func nanoseconds(_ ticks: UInt64) -> Int64 { Self.scaled(ticks, rate) }

    /// A duration in ticks from one in nanoseconds, limited to 0...10^15 (11 days).
    @_noLocks
    @inlinable @inline(__always)
    public func ticks(nanoseconds: Int64) -> UInt64 {
        let longest: Int64 = 1_000_000_000_000_000
        let wanted = nanoseconds < 0 ? 0 : nanoseconds > longest ? longest : nanoseconds
        let shifted = UInt64(wanted).multipliedFullWidth(by: 1 << 32)
        return rate.dividingFullWidth((shifted.high, shifted.low)).quotient
    }

    /// Signed product shifted right by 32, rounded down, of fewer than 2^59 ticks (years).
    ///
    /// Shifting both factors up by 32 together leaves the upper half of one multiplication: putting
    /// it together from both halves takes twice as long.
    @_noLocks
    @inlinable @inline(__always)
    static func scaled(_ ticks: UInt64, _ rate: UInt64) -> Int64 {
        Int64(bitPattern: ticks << 4).multipliedFullWidth(by: Int64(bitPattern: rate << 28)).high
    }

    /// Nanoseconds per tick.
    public var nanosecondsPerTick: Double { Double(rate) / 4_294_967_296 }
}

/// What ``TSCClock/resync()`` found and did.
public struct ClockCorrection: Sendable, Equatable {
    /// CLOCK_REALTIME minus this clock at the moment of the call, in nanoseconds.
    public var offset: Int64
    /// Whether the clock was more than 100 ms behind and jumped ahead rather than slewed.
    public var jumped: Bool
}

extension TSCClock {
    /// Measures the distance from CLOCK_REALTIME and works it off over the next second, at most
    /// 500 us of it; a clock more than 100 ms behind jumps ahead. Never goes backwards.
    ///
    /// Cold: a few clock readings through the vDSO, about 0.5 us. The offset in the answer is what
    /// decides whether the clock is sane enough to trade (design law 9).
    @discardableResult
    public mutating func resync() -> ClockCorrection {
        // A standing clock has no other to follow.
        if rate == 0 { return ClockCorrection(offset: 0, jumped: false) }
        return resync(wall: ClockSample.read(CLOCK_REALTIME), steady: ClockSample.read(CLOCK_MONOTONIC))
    }

    /// As ``resync()`` with given samples: the clock's arithmetic without a clock.
    mutating func resync(wall: ClockSample, steady: ClockSample) -> ClockCorrection {
        let current = time(at: wall.ticks)
        let offset = wall.nanoseconds &- current
        measureRate(until: steady)
        anchorTicks = wall.ticks
        anchorNanoseconds = current
        if offset > Self.jumpAhead {
            anchorNanoseconds = wall.nanoseconds
            slewTicks = 0
            slewNanoseconds = 0
            slewedRate = rate
            return ClockCorrection(offset: offset, jumped: true)
        }
        slewTicks = ticks(nanoseconds: Self.horizon)
        slewNanoseconds = Self.horizon &+ max(-Self.largestSlew, min(Self.largestSlew, offset))
        // Rounded down: the slewed stretch must not end above where the next one begins.
        slewedRate = ClockSample.rate(nanoseconds: slewNanoseconds, ticks: slewTicks)
        return ClockCorrection(offset: offset, jumped: false)
    }

    private mutating func measureRate(until steady: ClockSample) {
        let age = steady.nanoseconds &- baseline.nanoseconds
        if age < Self.shortestBaseline { return }
        let measured = baseline.rate(to: steady)
        let change = Int64(bitPattern: measured &- rate).magnitude
        if change > rate / 1000 {
            // The machine slept or moved: this baseline says nothing, the next one will.
            baseline = steady
            return
        }
        rate = measured
        if age >= Self.baselineLength { baseline = steady }
    }
}
