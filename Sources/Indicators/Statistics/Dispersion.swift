import CLibm

/// Population variance of the last `period` samples.
@frozen
public struct VAR: IndicatorFormula {
    public let period: Int
    @usableFromInline var window: Ring<Double>
    @usableFromInline var sum = 0.0
    @usableFromInline var squares = 0.0

    /// `period` 1...100,000.
    public init(period: Int = 5) throws(IndicatorFailure) {
        self.period = try period.checked("period")
        window = Ring(length: period)
    }

    @inlinable
    public var warmUp: Int { period &- 1 }

    @inlinable
    public mutating func step(_ sample: Double) -> Double? {
        window.push(sample)
        sum += sample
        squares += sample * sample
        if !window.isFull { return nil }
        let mean = sum / Double(period)
        let variance = squares / Double(period) - mean * mean
        let leaving = window.oldest
        sum -= leaving
        squares -= leaving * leaving
        return variance
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) { visitor.visit(&window) }
}

/// Population standard deviation of the last `period` samples, times `width`.
@frozen
public struct STDDEV: IndicatorFormula {
    @usableFromInline let width: Double
    @usableFromInline var variance: VAR

    /// `period` 2...100,000.
    public init(period: Int = 5, width: Double = 1) throws(IndicatorFailure) {
        self.width = try width.checked("width", in: -3e37...3e37)
        variance = try VAR(period: try period.checked("period", in: 2...Int.longestPeriod))
    }

    @inlinable
    public var warmUp: Int { variance.warmUp }

    @inlinable
    public mutating func step(_ sample: Double) -> Double? {
        guard let variance = variance.step(sample) else { return nil }
        return variance < 1e-14 ? 0 : clibm_sqrt(variance) * width
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        variance.visitRings(&visitor)
    }
}
