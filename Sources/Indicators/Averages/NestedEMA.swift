/// Double exponential moving average: 2·E1 − E2, where E2 is the EMA of the EMA E1.
@frozen
public struct DEMA: IndicatorFormula, Sendable {
    @usableFromInline var first: EMA
    @usableFromInline var second: EMA

    /// `period` 1...100,000; 1 follows its input.
    public init(period: Int = 30) throws(IndicatorFailure) {
        self.init(checked: try period.checked("period"))
    }

    init(checked period: Int) {
        first = EMA(checked: period)
        second = first
    }

    @inlinable
    public var warmUp: Int { 2 &* first.warmUp }

    @inlinable
    public mutating func step(_ sample: Double) -> Double? {
        guard let once = first.step(sample), let twice = second.step(once) else { return nil }
        return 2 * once - twice
    }
}

/// Triple exponential moving average: 3·E1 − 3·E2 + E3 of nested EMAs.
@frozen
public struct TEMA: IndicatorFormula, Sendable {
    @usableFromInline var first: EMA
    @usableFromInline var second: EMA
    @usableFromInline var third: EMA

    /// `period` 1...100,000; 1 follows its input.
    public init(period: Int = 30) throws(IndicatorFailure) {
        self.init(checked: try period.checked("period"))
    }

    init(checked period: Int) {
        first = EMA(checked: period)
        second = first
        third = first
    }

    @inlinable
    public var warmUp: Int { 3 &* first.warmUp }

    @inlinable
    public mutating func step(_ sample: Double) -> Double? {
        guard let once = first.step(sample), let twice = second.step(once),
            let thrice = third.step(twice)
        else { return nil }
        return thrice + (3 * once - 3 * twice)
    }
}

/// Tillson's T3: six nested EMAs combined by the volume factor v.
///
/// c1·E6 + c2·E5 + c3·E4 + c4·E3 with c1 = −v³, c2 = 3v² + 3v³, c3 = −6v² − 3v − 3v³,
/// c4 = 1 + 3v + v³ + 3v².
@frozen
public struct T3: IndicatorFormula, Sendable {
    @usableFromInline var first: EMA
    @usableFromInline var second: EMA
    @usableFromInline var third: EMA
    @usableFromInline var fourth: EMA
    @usableFromInline var fifth: EMA
    @usableFromInline var sixth: EMA
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
        first = EMA(checked: period)
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
    public var warmUp: Int { 6 &* first.warmUp }

    @inlinable
    public mutating func step(_ sample: Double) -> Double? {
        guard let e1 = first.step(sample), let e2 = second.step(e1), let e3 = third.step(e2),
            let e4 = fourth.step(e3), let e5 = fifth.step(e4), let e6 = sixth.step(e5)
        else { return nil }
        return weight6 * e6 + weight5 * e5 + weight4 * e4 + weight3 * e3
    }
}
