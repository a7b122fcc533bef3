/// Simple moving average: the mean of the last `period` samples.
@frozen
public struct SMA: IndicatorFormula {
    @usableFromInline var sum: RollingSum
    @usableFromInline let divisor: WholeDivisor

    /// `period` 1...100,000.
    public init(period: Int = 30) throws(IndicatorFailure) {
        self.init(checked: try period.checked("period"))
    }

    init(checked period: Int) {
        sum = RollingSum(checked: period)
        divisor = WholeDivisor(period)
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var period: Int { sum.period }

    @inlinable
    public var warmUp: Int { sum.warmUp }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        guard let sum = sum.step(sample) else { return nil }
        return sum.divided(by: divisor)
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        sum.visitRings(&visitor)
    }
}

/// The sum of the last `period` samples.
@frozen
public struct RollingSum: IndicatorFormula {
    public let period: Int
    @usableFromInline var window: Ring<Double>
    @usableFromInline var total = 0.0
    /// Pushes with which the sum is taken anew next; 0 while the window fills.
    @usableFromInline var nextAnchor = 0

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

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        window.push(sample)
        var sum = total + sample
        if _slowPath(window.pushed >= nextAnchor) {
            if !window.isFull {
                total = sum
                return nil
            }
            if window.isAnchorDue { sum = window.sum() }
            nextAnchor = window.nextAnchor
        }
        total = sum - window.oldest
        return sum
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) { visitor.visit(&window) }
}
