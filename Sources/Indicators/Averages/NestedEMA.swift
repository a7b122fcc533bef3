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

/// Three exponential averages, each of the one before.
@frozen
@usableFromInline
struct TripleEMA: BitwiseCopyable, Codable, Sendable {
    @usableFromInline var first: EMA
    @usableFromInline var second: EMA
    @usableFromInline var third: EMA

    init(checked period: Int) {
        first = EMA(checked: period)
        second = first
        third = first
    }

    @inlinable
    var warmUp: Int { 3 &* first.warmUp }

    /// Whether the last one, and so each, has a value.
    @inlinable @inline(__always)
    var isSeeded: Bool { third.isSeeded }

    @inlinable @inline(__always)
    mutating func seed(_ sample: Double) {
        if let once = first.step(sample), let twice = second.step(once) { _ = third.step(twice) }
    }

    /// Takes a sample once they are seeded.
    @inlinable @inline(__always)
    mutating func follow(_ sample: Double) {
        _ = third.follow(second.follow(first.follow(sample)))
    }
}

/// Triple exponential moving average: 3·E1 − 3·E2 + E3 of nested EMAs.
@frozen
public struct TEMA: IndicatorFormula, Sendable {
    @usableFromInline var averages: TripleEMA

    /// `period` 1...100,000; 1 follows its input.
    public init(period: Int = 30) throws(IndicatorFailure) {
        self.init(checked: try period.checked("period"))
    }

    init(checked period: Int) { averages = TripleEMA(checked: period) }

    @inlinable
    public var warmUp: Int { averages.warmUp }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        if _fastPath(averages.isSeeded) {
            averages.follow(sample)
        } else {
            averages.seed(sample)
            if !averages.isSeeded { return nil }
        }
        let (once, twice) = (averages.first.state, averages.second.state)
        return averages.third.state + (3 * once - 3 * twice)
    }
}
