/// Exponential moving average with weight 2 / (period + 1).
///
/// The first value, at sample number `period`, is the plain mean of the samples so far (the
/// convention of TA-Lib). Its influence fades: TA-Lib calls the first values unstable.
@frozen
public struct EMA: IndicatorFormula, Sendable {
    public let period: Int
    @usableFromInline let weight: Double
    /// Samples until the first value.
    @usableFromInline var missing: Int
    /// The sum of the samples until there are `period` of them, then the average.
    @usableFromInline var state = 0.0

    @inlinable @inline(__always)
    var isSeeded: Bool { missing <= 0 }

    @inlinable @inline(__always)
    public static var holdsValue: Bool { true }

    @inlinable @inline(__always)
    public var value: Double? { isSeeded ? state : nil }

    /// `period` 1...100,000; 1 follows its input.
    public init(period: Int = 30) throws(IndicatorFailure) {
        self.init(checked: try period.checked("period"))
    }

    init(checked period: Int) {
        self.init(checked: period, weight: 2 / Double(period + 1))
    }

    init(checked period: Int, weight: Double) {
        self.period = period
        self.weight = weight
        missing = period
    }

    @inlinable
    public var warmUp: Int { period &- 1 }

    /// Takes a sample once it is seeded.
    @inlinable @inline(__always)
    mutating func follow(_ sample: Double) -> Double {
        state = state.adding(sample - state, times: weight)
        return state
    }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        if _fastPath(isSeeded) { return follow(sample) }
        missing &-= 1
        state += sample
        if missing > 0 { return nil }
        state /= Double(period)
        return state
    }
}

/// Wilder's smoothed average: each sample weighs 1 / period, seeded by the mean of the first ones.
@frozen
public struct RMA: IndicatorFormula, Sendable {
    public let period: Int
    @usableFromInline let keep: Double
    @usableFromInline let weight: Double
    /// Samples until the first value.
    @usableFromInline var missing: Int
    @usableFromInline var state = 0.0

    /// `period` 1...100,000; 1 follows its input.
    public init(period: Int = 30) throws(IndicatorFailure) {
        self.init(checked: try period.checked("period"))
    }

    init(checked period: Int) {
        self.period = period
        keep = Double(period - 1) / Double(period)
        weight = 1 - keep
        missing = period
    }

    @inlinable
    public var warmUp: Int { period &- 1 }

    @inlinable @inline(__always)
    var isSeeded: Bool { missing <= 0 }

    @inlinable @inline(__always)
    public static var holdsValue: Bool { true }

    @inlinable @inline(__always)
    public var value: Double? { isSeeded ? state : nil }

    /// Takes a sample once it is seeded.
    @inlinable @inline(__always)
    mutating func follow(_ sample: Double) -> Double {
        state = (sample * weight).adding(state, times: keep)
        return state
    }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        if _fastPath(isSeeded) { return follow(sample) }
        missing &-= 1
        state += sample
        if missing > 0 { return nil }
        state /= Double(period)
        return state
    }
}

/// Exponential average of a sample projected forward by its own lag:
/// EMA(2·x − x[(period − 1) / 2]).
@frozen
public struct ZLEMA: IndicatorFormula {
    public let period: Int
    @usableFromInline var average: EMA
    @usableFromInline var window: Ring<Double>

    /// `period` 1...100,000; 1 follows its input.
    public init(period: Int = 30) throws(IndicatorFailure) {
        self.init(checked: try period.checked("period"))
    }

    init(checked period: Int) {
        self.period = period
        average = EMA(checked: period)
        window = Ring(length: (period - 1) / 2)
    }

    @inlinable
    public var warmUp: Int { window.length &+ average.warmUp }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        window.push(sample)
        if window.pushed <= window.length { return nil }
        return average.step(2 * sample - window[window.length])
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) { visitor.visit(&window) }
}
