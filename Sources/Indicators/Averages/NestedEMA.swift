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

    @inlinable @inline(__always)
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

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        guard let once = first.step(sample), let twice = second.step(once),
            let thrice = third.step(twice)
        else { return nil }
        return thrice + (3 * once - 3 * twice)
    }
}
