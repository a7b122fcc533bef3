/// Simple moving average: the mean of the last `period` samples.
@frozen
public struct SMA: IndicatorFormula {
    public let period: Int
    @usableFromInline var window: Ring<Double>
    @usableFromInline var total = 0.0

    /// `period` 1...100,000.
    public init(period: Int = 30) throws(IndicatorFailure) {
        self.init(checked: try period.checked("period"))
    }

    init(checked period: Int) {
        self.period = period
        window = Ring(length: period)
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { period &- 1 }

    @inlinable
    public mutating func step(_ sample: Double) -> Double? {
        window.push(sample)
        total += sample
        if !window.isFull { return nil }
        if window.isAnchorDue { total = window.sum() }
        let mean = total / Double(period)
        total -= window.oldest
        return mean
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) { visitor.visit(&window) }
}

/// The sum of the last `period` samples.
@frozen
public struct RollingSum: IndicatorFormula {
    public let period: Int
    @usableFromInline var window: Ring<Double>
    @usableFromInline var total = 0.0

    /// `period` 1...100,000.
    public init(period: Int = 30) throws(IndicatorFailure) {
        self.init(checked: try period.checked("period"))
    }

    init(checked period: Int) {
        self.period = period
        window = Ring(length: period)
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { period &- 1 }

    @inlinable
    public mutating func step(_ sample: Double) -> Double? {
        window.push(sample)
        total += sample
        if !window.isFull { return nil }
        if window.isAnchorDue { total = window.sum() }
        let sum = total
        total -= window.oldest
        return sum
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) { visitor.visit(&window) }
}
