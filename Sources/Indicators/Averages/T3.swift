/// One of T3's exponential averages: as ``EMA``, but weighted before it is added, which rounds
/// differently.
@frozen
@usableFromInline
struct T3Stage: BitwiseCopyable, Codable, Sendable {
    @usableFromInline let period: Int
    @usableFromInline let weight: Double
    @usableFromInline var count = 0
    @usableFromInline var state = 0.0

    init(period: Int) {
        self.period = period
        weight = 2 / Double(period + 1)
    }

    @inlinable @inline(__always)
    mutating func step(_ sample: Double) -> Double? {
        if count >= period {
            state = (weight * sample).adding(1 - weight, times: state)
            return state
        }
        count &+= 1
        state += sample
        if count < period { return nil }
        state /= Double(period)
        return state
    }
}

/// Tillson's T3: six nested EMAs combined by the volume factor v.
///
/// c1·E6 + c2·E5 + c3·E4 + c4·E3 with c1 = −v³, c2 = 3v² + 3v³, c3 = −6v² − 3v − 3v³,
/// c4 = 1 + 3v + v³ + 3v².
@frozen
public struct T3: IndicatorFormula, Sendable {
    @usableFromInline var first: T3Stage
    @usableFromInline var second: T3Stage
    @usableFromInline var third: T3Stage
    @usableFromInline var fourth: T3Stage
    @usableFromInline var fifth: T3Stage
    @usableFromInline var sixth: T3Stage
    @usableFromInline let weight6: Double
    @usableFromInline let weight5: Double
    @usableFromInline let weight4: Double
    @usableFromInline let weight3: Double

    /// `period` 1...100,000, `volumeFactor` 0...1.
    public init(period: Int = 5, volumeFactor: Double = 0.7) throws(IndicatorFailure) {
        self.init(
            checked: try period.checked("period"),
            volumeFactor: try volumeFactor.checked("volumeFactor", in: 0...1))
    }

    init(checked period: Int, volumeFactor: Double) {
        first = T3Stage(period: period)
        second = first
        third = first
        fourth = first
        fifth = first
        sixth = first
        let square = volumeFactor * volumeFactor
        weight6 = -(square * volumeFactor)
        weight5 = 3 * (square - weight6)
        weight4 = -6 * square - 3 * (volumeFactor - weight6)
        weight3 = 1 + 3 * volumeFactor - weight6 + 3 * square
    }

    @inlinable
    public var warmUp: Int { 6 &* (first.period &- 1) }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        guard let e1 = first.step(sample), let e2 = second.step(e1), let e3 = third.step(e2),
            let e4 = fourth.step(e3), let e5 = fifth.step(e4), let e6 = sixth.step(e5)
        else { return nil }
        return (weight5 * e5).adding(weight6, times: e6).adding(weight4, times: e4)
            .adding(weight3, times: e3)
    }
}
