/// Tillson's T3: six nested EMAs combined by the volume factor v. Each is weighted before it is
/// added, which rounds otherwise than in ``EMA``.
///
/// c1·E6 + c2·E5 + c3·E4 + c4·E3 with c1 = −v³, c2 = 3v² + 3v³, c3 = −6v² − 3v − 3v³,
/// c4 = 1 + 3v + v³ + 3v².
@frozen
public struct T3: IndicatorFormula, Sendable {
    @usableFromInline let period: Int
    @usableFromInline let weight: Double
    @usableFromInline let keep: Double
    @usableFromInline let weight6: Double
    @usableFromInline let weight5: Double
    @usableFromInline let weight4: Double
    @usableFromInline let weight3: Double
    /// Samples until the first value.
    @usableFromInline var missing: Int
    @usableFromInline var first = 0.0
    @usableFromInline var second = 0.0
    @usableFromInline var third = 0.0
    @usableFromInline var fourth = 0.0
    @usableFromInline var fifth = 0.0
    @usableFromInline var sixth = 0.0

    /// `period` 1...100,000, `volumeFactor` 0...1.
    public init(period: Int = 5, volumeFactor: Double = 0.7) throws(IndicatorFailure) {
        self.init(
            checked: try period.checked("period"),
            volumeFactor: try volumeFactor.checked("volumeFactor", in: 0...1))
    }

    init(checked period: Int, volumeFactor: Double) {
        self.period = period
        weight = 2 / Double(period + 1)
        keep = 1 - weight
        missing = 6 * (period - 1) + 1
        let square = volumeFactor * volumeFactor
        weight6 = -(square * volumeFactor)
        weight5 = 3 * (square - weight6)
        weight4 = -6 * square - 3 * (volumeFactor - weight6)
        weight3 = 1 + 3 * volumeFactor - weight6 + 3 * square
    }

    @inlinable
    public var warmUp: Int { 6 &* (period &- 1) }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        if _fastPath(missing <= 0) {
            Self.follow(&first, sample, weight, keep)
            Self.follow(&second, first, weight, keep)
            Self.follow(&third, second, weight, keep)
            Self.follow(&fourth, third, weight, keep)
            Self.follow(&fifth, fourth, weight, keep)
            Self.follow(&sixth, fifth, weight, keep)
        } else {
            self = seeded(sample)
            if missing > 0 { return nil }
        }
        return (weight5 * fifth).adding(weight6, times: sixth).adding(weight4, times: fourth)
            .adding(weight3, times: third)
    }

    /// Out of line and on a copy, so that a loop of steps keeps the rest in registers.
    @inlinable @inline(never)
    func seeded(_ sample: Double) -> Self {
        var next = self
        next.missing &-= 1
        let taken = warmUp &+ 1 &- next.missing
        // Each misses what the one before needs for its first value.
        let late = period &- 1
        if Self.seed(&next.first, sample, taken, of: self),
            Self.seed(&next.second, next.first, taken &- late, of: self),
            Self.seed(&next.third, next.second, taken &- 2 &* late, of: self),
            Self.seed(&next.fourth, next.third, taken &- 3 &* late, of: self),
            Self.seed(&next.fifth, next.fourth, taken &- 4 &* late, of: self)
        {
            _ = Self.seed(&next.sixth, next.fifth, taken &- 5 &* late, of: self)
        }
        return next
    }

    /// Whether the stage has a value with `sample`, its input of that number.
    @inlinable @inline(__always)
    static func seed(
        _ state: inout Double, _ sample: Double, _ number: Int, of formula: T3
    ) -> Bool {
        if number > formula.period {
            follow(&state, sample, formula.weight, formula.keep)
            return true
        }
        state += sample
        if number < formula.period { return false }
        state /= Double(formula.period)
        return true
    }

    @inlinable @inline(__always)
    static func follow(_ state: inout Double, _ sample: Double, _ weight: Double, _ keep: Double) {
        state = (weight * sample).adding(keep, times: state)
    }
}
