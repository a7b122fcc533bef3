/// Klinger volume oscillator: difference of two exponential averages of the volume force, and the
/// average of that.
///
/// Force is 100 · volume · |2 · range / cumulative range − 1| with the sign of the change of
/// high + low + close; ranges accumulate while that sign lasts.
@frozen
public struct Klinger: IndicatorFormula, Sendable {
    @usableFromInline var fast: EMA
    @usableFromInline var slow: EMA
    @usableFromInline var signal: EMA
    @usableFromInline var count = 0
    @usableFromInline var previousSum = 0.0
    @usableFromInline var previousRange = 0.0
    @usableFromInline var cumulativeRange = 0.0
    @usableFromInline var trend = 0.0

    /// Periods 2...100,000, the signal's 1...100,000; the fast one below the slow one.
    public init(
        fastPeriod: Int = 34, slowPeriod: Int = 55, signalPeriod: Int = 13
    ) throws(IndicatorFailure) {
        let allowed = 2...Int.longestPeriod
        fast = EMA(checked: try fastPeriod.checked("fastPeriod", in: allowed))
        slow = EMA(checked: try slowPeriod.checked("slowPeriod", in: allowed))
        signal = EMA(checked: try signalPeriod.checked("signalPeriod"))
        if fastPeriod >= slowPeriod { throw .contradiction("fastPeriod is not below slowPeriod") }
    }

    @inlinable
    public var warmUp: Int { 1 &+ slow.warmUp &+ signal.warmUp }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> SignalledLine? {
        let sum = bar.high + bar.low + bar.close
        let range = bar.high - bar.low
        let direction = sum > previousSum ? 1.0 : -1.0
        let rangeBefore = previousRange
        previousSum = sum
        previousRange = range
        count &+= 1
        if count == 1 { return nil }
        cumulativeRange = direction == trend ? cumulativeRange + range : rangeBefore + range
        trend = direction
        let share = cumulativeRange > 0 ? (2 * (range / cumulativeRange) - 1).magnitude : 0
        let force = 100 * bar.volume * share * direction
        let quick = fast.step(force)
        guard let long = slow.step(force), let quick, let smooth = signal.step(quick - long) else {
            return nil
        }
        return SignalledLine(line: quick - long, signal: smooth)
    }
}
