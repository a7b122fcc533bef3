import CLibm

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
    /// 1 below the market, −1 above it. All that follows is multiplied by it, so that one rule does for
    /// both: the near end of a bar lies towards the stop, the far end away from it.
    @usableFromInline var side = 1.0
    @usableFromInline var stop = 0.0
    /// The extreme and the acceleration, which change together.
    @usableFromInline var pace = SIMD2<Double>()
    @usableFromInline var previousNear = 0.0
    @usableFromInline var previousFar = 0.0
    /// Of this side.
    @usableFromInline var accelerationStep = 0.0
    @usableFromInline var accelerationLimit = 0.0
    /// −1 where the stop is given as a negative number.
    @usableFromInline var shownSide = 1.0

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
        if _slowPath(count < 2) {
            count &+= 1
            if count == 1 {
                previousNear = bar.low
                previousFar = bar.high
                return nil
            }
            self = begun(bar)
        }
        let (low, high) = (bar.low * side, bar.high * side)
        let (near, far) = (smaller(low, high), larger(low, high))
        let value: Double
        if near <= stop {
            value = reverse(near: near, far: far)
        } else {
            value = shown(stop)
            let faster = smaller(pace[1] + accelerationStep, accelerationLimit)
            pace = clibm_first_at_least(pace, SIMD2(far, faster))
            follow(near: near)
            previousNear = near
            previousFar = far
        }
        return value
    }

    /// A zero is positive but for its side.
    @inlinable @inline(__always)
    func shown(_ stop: Double) -> Double { (stop * side + 0) * shownSide }

    /// Moves the stop towards the extreme, but not into the last two bars.
    @inlinable @inline(__always)
    mutating func follow(near: Double) {
        stop = stop.adding(pace[1], times: pace[0] - stop)
        stop = smaller(smaller(stop, previousNear), near)
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
        let up = bar.high - previousFar
        let down = previousNear - bar.low
        let isLong = firstStop == 0 ? !(down > 0 && up < down) : firstStop > 0
        stop = isLong ? previousNear : -previousFar
        turn(toLong: isLong)
        if firstStop != 0 { stop = firstStop.magnitude * side }
        previousNear = isLong ? bar.low : -bar.high
        previousFar = isLong ? bar.high : -bar.low
        pace[0] = previousFar
    }

    /// The near end has reached the stop. Returns the stop that is shown.
    @inlinable @inline(__always)
    mutating func reverse(near: Double, far: Double) -> Double {
        var turning = larger(larger(pace[0], previousFar), far)
        if reversalOffset != 0 { turning += turning * reversalOffset * side }
        turn(toLong: side < 0)
        stop = -turning
        let value = shown(stop)
        pace[0] = -near
        previousNear = -previousFar
        follow(near: -far)
        previousNear = -far
        previousFar = -near
        return value
    }

    @inlinable @inline(__always)
    mutating func turn(toLong isLong: Bool) {
        side = isLong ? 1 : -1
        shownSide = isLong || !isSigned ? 1 : -1
        let acceleration = isLong ? long : short
        pace[1] = acceleration.start
        accelerationStep = acceleration.step
        accelerationLimit = acceleration.limit
    }
}
