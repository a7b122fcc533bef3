/// How fast a parabolic stop closes in on one side: start, step and limit of its acceleration.
@frozen
public struct StopAcceleration: BitwiseCopyable, Codable, Sendable, Equatable {
    public let start: Double
    public let step: Double
    public let limit: Double

    /// All three 0...3·10³⁷; a start or step above the limit becomes the limit.
    public init(
        start: Double = 0.02, step: Double = 0.02, limit: Double = 0.2
    ) throws(IndicatorFailure) {
        let allowed = 0...3e37
        self.limit = try limit.checked("limit", in: allowed)
        self.start = min(try start.checked("start", in: allowed), limit)
        self.step = min(try step.checked("step", in: allowed), limit)
    }
}

/// Wilder's parabolic stop-and-reverse.
///
/// The first bar gives the first stop; the direction is down if the second bar's low moved further
/// than its high (the convention of TA-Lib).
@frozen
public struct ParabolicStop: IndicatorFormula, Sendable {
    @usableFromInline let long: StopAcceleration
    @usableFromInline let short: StopAcceleration
    @usableFromInline let firstStop: Double
    @usableFromInline let reversalOffset: Double
    /// Whether a stop above the market is given as a negative number.
    @usableFromInline let isSigned: Bool
    @usableFromInline var count = 0
    @usableFromInline var isLong = true
    @usableFromInline var acceleration = 0.0
    @usableFromInline var extreme = 0.0
    @usableFromInline var stop = 0.0
    @usableFromInline var previousHigh = 0.0
    @usableFromInline var previousLow = 0.0

    /// TA-Lib's SAR: one `acceleration` up to `maximum` for both sides.
    public init(acceleration: Double = 0.02, maximum: Double = 0.2) throws(IndicatorFailure) {
        let both = try StopAcceleration(start: acceleration, step: acceleration, limit: maximum)
        long = both
        short = both
        firstStop = 0
        reversalOffset = 0
        isSigned = false
    }

    /// TA-Lib's SAREXT. `firstStop` above 0 begins long there, below 0 short at its magnitude; a
    /// stop above the market is given as a negative number. `reversalOffset`: share of itself by
    /// which a stop moves away at a reversal.
    public init(
        firstStop: Double, reversalOffset: Double, long: StopAcceleration, short: StopAcceleration
    ) throws(IndicatorFailure) {
        self.firstStop = try firstStop.checked("firstStop", in: -3e37...3e37)
        self.reversalOffset = try reversalOffset.checked("reversalOffset", in: 0...3e37)
        self.long = long
        self.short = short
        isSigned = true
    }

    @inlinable
    public var warmUp: Int { 1 }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> Double? {
        count &+= 1
        if count == 1 {
            previousHigh = bar.high
            previousLow = bar.low
            return nil
        }
        if count == 2 { self = begun(bar) }
        let value = isLong ? stepLong(bar) : stepShort(bar)
        previousHigh = bar.high
        previousLow = bar.low
        return value
    }

    /// Out of line and on a copy, so that a loop of steps keeps the rest in registers.
    @inlinable @inline(never)
    func begun(_ bar: PriceBar) -> Self {
        var next = self
        next.begin(bar)
        return next
    }

    @inlinable @inline(__always)
    mutating func begin(_ bar: PriceBar) {
        let up = bar.high - previousHigh
        let down = previousLow - bar.low
        isLong = firstStop == 0 ? !(down > 0 && up < down) : firstStop > 0
        extreme = isLong ? bar.high : bar.low
        stop = isLong ? previousLow : previousHigh
        if firstStop != 0 { stop = firstStop.magnitude }
        acceleration = isLong ? long.start : short.start
        previousHigh = bar.high
        previousLow = bar.low
    }

    @inlinable @inline(__always)
    mutating func stepLong(_ bar: PriceBar) -> Double {
        if bar.low <= stop {
            isLong = false
            stop = larger(larger(extreme, previousHigh), bar.high)
            if reversalOffset != 0 { stop += stop * reversalOffset }
            let shown = stop
            acceleration = short.start
            extreme = bar.low
            follow()
            stop = larger(larger(stop, previousHigh), bar.high)
            return isSigned ? -shown : shown
        }
        let shown = stop
        if bar.high > extreme {
            extreme = bar.high
            acceleration = smaller(acceleration + long.step, long.limit)
        }
        follow()
        stop = smaller(smaller(stop, previousLow), bar.low)
        return shown
    }

    @inlinable @inline(__always)
    mutating func stepShort(_ bar: PriceBar) -> Double {
        if bar.high >= stop {
            isLong = true
            stop = smaller(smaller(extreme, previousLow), bar.low)
            if reversalOffset != 0 { stop -= stop * reversalOffset }
            let shown = stop
            acceleration = long.start
            extreme = bar.high
            follow()
            stop = smaller(smaller(stop, previousLow), bar.low)
            return shown
        }
        let shown = stop
        if bar.low < extreme {
            extreme = bar.low
            acceleration = smaller(acceleration + short.step, short.limit)
        }
        follow()
        stop = larger(larger(stop, previousHigh), bar.high)
        return isSigned ? -shown : shown
    }

    @inlinable @inline(__always)
    mutating func follow() { stop = stop.adding(acceleration, times: extreme - stop) }
}
