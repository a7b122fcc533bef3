/// The difference to the sample `period` before.
@frozen
public struct MOM: IndicatorFormula {
    @usableFromInline var window: Ring<Double>

    /// `period` 1...100,000.
    public init(period: Int = 10) throws(IndicatorFailure) {
        window = Ring(length: try period.checked("period"))
    }

    @inlinable
    public var warmUp: Int { window.length }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        window.push(sample)
        if _slowPath(window.pushed <= window.length) { return nil }
        return sample - window[window.length]
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) { visitor.visit(&window) }
}

extension MOM: ColumnFormula {
    public func fill(_ values: UnsafeMutableBufferPointer<Double>, from columns: NumberColumn) {
        values.fill(columns.numbers, distance: window.length) { $0 - $1 }
    }
}

/// A scale of rates of change.
public protocol ChangeScale: SendableMetatype {
    /// `before` is not 0.
    static func rate(_ now: Double, _ before: Double) -> Double
}

/// Rate of change against the sample `period` before; 0 where that was 0.
@frozen
public struct RateOfChange<Scale: ChangeScale>: IndicatorFormula {
    @usableFromInline var window: Ring<Double>

    /// `period` 1...100,000.
    public init(period: Int = 10) throws(IndicatorFailure) {
        self.init(checked: try period.checked("period"))
    }

    init(checked period: Int) { window = Ring(length: period) }

    @inlinable
    public var warmUp: Int { window.length }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        window.push(sample)
        if _slowPath(window.pushed <= window.length) { return nil }
        return Self.rate(sample, window[window.length])
    }

    @inlinable @inline(__always)
    static func rate(_ now: Double, _ before: Double) -> Double {
        _fastPath(before.magnitude > 0) ? Scale.rate(now, before) : 0
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) { visitor.visit(&window) }
}

extension RateOfChange: ColumnFormula {
    public func fill(_ values: UnsafeMutableBufferPointer<Double>, from columns: NumberColumn) {
        values.fill(columns.numbers, distance: window.length) {
            $1 == 0 ? 0 : Scale.rate($0, $1)
        }
    }
}

public typealias ROC = RateOfChange<PercentChange>
public typealias ROCP = RateOfChange<FractionalChange>
public typealias ROCR = RateOfChange<ChangeRatio>
public typealias ROCR100 = RateOfChange<PercentRatio>

/// 100 · (x / before − 1).
public enum PercentChange: ChangeScale {
    @inlinable @inline(__always)
    public static func rate(_ now: Double, _ before: Double) -> Double { (now / before - 1) * 100 }
}

/// (x − before) / before.
public enum FractionalChange: ChangeScale {
    @inlinable @inline(__always)
    public static func rate(_ now: Double, _ before: Double) -> Double { (now - before) / before }
}

/// x / before.
public enum ChangeRatio: ChangeScale {
    @inlinable @inline(__always)
    public static func rate(_ now: Double, _ before: Double) -> Double { now / before }
}

/// 100 · x / before.
public enum PercentRatio: ChangeScale {
    @inlinable @inline(__always)
    public static func rate(_ now: Double, _ before: Double) -> Double { now / before * 100 }
}

/// Change over one sample of a triple exponential average, in percent.
@frozen
public struct TRIX: IndicatorFormula, Sendable {
    @usableFromInline var averages: TripleEMA

    /// `period` 1...100,000.
    public init(period: Int = 30) throws(IndicatorFailure) {
        averages = TripleEMA(checked: try period.checked("period"))
    }

    @inlinable
    public var warmUp: Int { averages.warmUp &+ 1 }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        if _slowPath(!averages.isSeeded) {
            averages.seed(sample)
            return nil
        }
        let before = averages.third.state
        averages.follow(sample)
        return ROC.rate(averages.third.state, before)
    }
}

/// Coppock curve: WMA of the sum of two rates of change.
@frozen
public struct COPPOCK: IndicatorFormula {
    @usableFromInline let firstPeriod: Int
    @usableFromInline let secondPeriod: Int
    /// For both rates.
    @usableFromInline var window: Ring<Double>
    @usableFromInline var average: WMA

    /// Periods 1...100,000.
    public init(
        averagePeriod: Int = 10, firstPeriod: Int = 11, secondPeriod: Int = 14
    ) throws(IndicatorFailure) {
        average = WMA(checked: try averagePeriod.checked("averagePeriod"))
        self.firstPeriod = try firstPeriod.checked("firstPeriod")
        self.secondPeriod = try secondPeriod.checked("secondPeriod")
        window = Ring(length: max(firstPeriod, secondPeriod))
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { window.length &+ average.warmUp }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        window.push(sample)
        if _slowPath(window.pushed <= window.length) { return nil }
        let one = ROC.rate(sample, window[firstPeriod])
        return average.step(one + ROC.rate(sample, window[secondPeriod]))
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        visitor.visit(&window)
        average.visitRings(&visitor)
    }
}

/// Detrended price: the sample period / 2 + 1 before, less the average of the window.
@frozen
public struct DPO: IndicatorFormula {
    @usableFromInline var sum: WindowSum
    @usableFromInline let divisor: WholeDivisor
    @usableFromInline let distance: Int
    /// For the sum and the sample before; full once there is a sum.
    @usableFromInline var window: Ring<Double>

    /// `period` 2...100,000.
    public init(period: Int = 20) throws(IndicatorFailure) {
        distance = try period.checked("period", in: 2...Int.longestPeriod) / 2 + 1
        sum = WindowSum(period: period, delay: max(distance - period + 1, 0))
        divisor = WholeDivisor(period)
        window = Ring(length: max(period, distance + 1))
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { window.length &- 1 }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        window.push(sample)
        guard let sum = sum.step(sample, in: window) else { return nil }
        return window[distance] - sum.divided(by: divisor)
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) { visitor.visit(&window) }
}
