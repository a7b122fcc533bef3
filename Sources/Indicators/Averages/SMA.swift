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

/// The moving sum of the newest `period` samples of a window, which may be longer and serve others
/// too.
@frozen
@usableFromInline
struct WindowSum: BitwiseCopyable, Codable {
    @usableFromInline let period: Int
    /// Samples that it misses first.
    @usableFromInline let delay: Int
    @usableFromInline var total = 0.0
    /// Pushes with which the sum is taken anew next; 0 while the window fills.
    @usableFromInline var nextAnchor = 0

    init(period: Int, delay: Int = 0) {
        self.period = period
        self.delay = delay
    }

    /// Whether the newest sample of `window` does no more than move it on. Sums of one window that
    /// have their first value together agree.
    @inlinable @inline(__always)
    func onlyMoves(in window: Ring<Double>) -> Bool { window.pushed < nextAnchor }

    /// Takes the newest sample of `window`, where it ``onlyMoves(in:)``.
    @inlinable @inline(__always)
    mutating func move(_ sample: Double, in window: Ring<Double>) -> Double {
        let sum = total + sample
        total = sum - window[period &- 1]
        return sum
    }

    /// Takes the newest sample of `window`.
    @inlinable @inline(__always)
    mutating func step(_ sample: Double, in window: Ring<Double>) -> Double? {
        var sum = total + sample
        if _slowPath(!onlyMoves(in: window)) {
            if window.pushed < delay &+ period {
                if window.pushed > delay { total = sum }
                return nil
            }
            if window.isAnchorDue { sum = window.sum(ofNewest: period) }
            nextAnchor = window.nextAnchor
        }
        total = sum - window[period &- 1]
        return sum
    }
}

/// The sum of the last `period` samples.
@frozen
public struct RollingSum: IndicatorFormula {
    @usableFromInline var window: Ring<Double>
    @usableFromInline var sum: WindowSum

    /// `period` 1...100,000.
    public init(period: Int = 30) throws(IndicatorFailure) {
        self.init(checked: try period.checked("period"))
    }

    init(checked period: Int) {
        window = Ring(length: period)
        sum = WindowSum(period: period)
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var period: Int { sum.period }

    @inlinable
    public var warmUp: Int { period &- 1 }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        window.push(sample)
        return sum.step(sample, in: window)
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) { visitor.visit(&window) }
}
