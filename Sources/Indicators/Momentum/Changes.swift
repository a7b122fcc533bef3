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
        if window.pushed <= window.length { return nil }
        return sample - window[window.length]
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) { visitor.visit(&window) }
}

extension MOM: ColumnFormula {
    public func fill(_ values: UnsafeMutableBufferPointer<Double>, from columns: NumberColumn) {
        values.fill(columns.numbers, distance: window.length) { $0 - $1 }
    }
}

/// Rate of change against the sample `period` before, in one of four scales.
@frozen
public struct ROC: IndicatorFormula {
    @frozen
    public enum Scale: UInt8, Codable, Sendable {
        /// 100 · (x / before − 1).
        case percent
        /// (x − before) / before.
        case fraction
        /// x / before.
        case ratio
        /// 100 · x / before.
        case ratio100
    }

    @usableFromInline let scale: Scale
    @usableFromInline var window: Ring<Double>

    /// `period` 1...100,000.
    public init(period: Int = 10, scale: Scale = .percent) throws(IndicatorFailure) {
        self.init(checked: try period.checked("period"), scale: scale)
    }

    init(checked period: Int, scale: Scale = .percent) {
        self.scale = scale
        window = Ring(length: period)
    }

    @inlinable
    public var warmUp: Int { window.length }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        window.push(sample)
        if window.pushed <= window.length { return nil }
        let before = window[window.length]
        if before == 0 { return 0 }
        switch scale {
        case .percent: return (sample / before - 1) * 100
        case .fraction: return (sample - before) / before
        case .ratio: return sample / before
        case .ratio100: return sample / before * 100
        }
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) { visitor.visit(&window) }
}

extension ROC: ColumnFormula {
    public func fill(_ values: UnsafeMutableBufferPointer<Double>, from columns: NumberColumn) {
        let (column, distance) = (columns.numbers, window.length)
        switch scale {
        case .percent:
            values.fill(column, distance: distance) { $1 == 0 ? 0 : ($0 / $1 - 1) * 100 }
        case .fraction:
            values.fill(column, distance: distance) { $1 == 0 ? 0 : ($0 - $1) / $1 }
        case .ratio: values.fill(column, distance: distance) { $1 == 0 ? 0 : $0 / $1 }
        case .ratio100:
            values.fill(column, distance: distance) { $1 == 0 ? 0 : $0 / $1 * 100 }
        }
    }
}

/// Change over one sample of a triple exponential average, in percent.
@frozen
public struct TRIX: IndicatorFormula {
    @usableFromInline var first: EMA
    @usableFromInline var second: EMA
    @usableFromInline var third: EMA
    @usableFromInline var change: ROC

    /// `period` 1...100,000.
    public init(period: Int = 30) throws(IndicatorFailure) {
        first = EMA(checked: try period.checked("period"))
        second = first
        third = first
        change = ROC(checked: 1)
    }

    @inlinable
    public var warmUp: Int { 3 &* first.warmUp &+ 1 }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        guard let once = first.step(sample), let twice = second.step(once),
            let thrice = third.step(twice)
        else { return nil }
        return change.step(thrice)
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        change.visitRings(&visitor)
    }
}

/// Coppock curve: WMA of the sum of two rates of change.
@frozen
public struct COPPOCK: IndicatorFormula {
    @usableFromInline var first: ROC
    @usableFromInline var second: ROC
    @usableFromInline var average: WMA

    /// Periods 1...100,000.
    public init(
        averagePeriod: Int = 10, firstPeriod: Int = 11, secondPeriod: Int = 14
    ) throws(IndicatorFailure) {
        average = WMA(checked: try averagePeriod.checked("averagePeriod"))
        first = ROC(checked: try firstPeriod.checked("firstPeriod"))
        second = ROC(checked: try secondPeriod.checked("secondPeriod"))
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { max(first.warmUp, second.warmUp) &+ average.warmUp }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        let one = first.step(sample)
        let two = second.step(sample)
        guard let one, let two else { return nil }
        return average.step(one + two)
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        first.visitRings(&visitor)
        second.visitRings(&visitor)
        average.visitRings(&visitor)
    }
}

/// Detrended price: the sample period / 2 + 1 before, less the average of the window.
@frozen
public struct DPO: IndicatorFormula {
    @usableFromInline var average: Late<SMA>
    @usableFromInline var window: Ring<Double>

    /// `period` 2...100,000.
    public init(period: Int = 20) throws(IndicatorFailure) {
        let mean = SMA(checked: try period.checked("period", in: 2...Int.longestPeriod))
        window = Ring(length: period / 2 + 1)
        average = Late(mean, by: max(window.length - mean.warmUp, 0))
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { average.warmUp }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        window.push(sample)
        guard let mean = average.step(sample) else { return nil }
        return window[window.length] - mean
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        average.visitRings(&visitor)
        visitor.visit(&window)
    }
}
