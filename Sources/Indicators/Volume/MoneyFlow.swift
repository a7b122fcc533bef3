/// Money flow index: 100 · flow on rises / all flow, over the last `period` changes of the typical
/// price; flow is typical price · volume. 0 without any flow.
@frozen
public struct MFI: IndicatorFormula {
    /// Flow on a rise and on a fall.
    @usableFromInline var flows: WeightedSums
    @usableFromInline var previous = 0.0
    @usableFromInline var isStarted = false

    /// `period` 2...100,000.
    public init(period: Int = 14) throws(IndicatorFailure) {
        flows = WeightedSums(length: try period.checked("period", in: 2...Int.longestPeriod))
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { flows.length }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> Double? {
        let typical = bar.typicalPrice
        let before = previous
        previous = typical
        if !isStarted {
            isStarted = true
            return nil
        }
        let change = typical - before
        let isStill = change.isNegligible(beside: typical.magnitude + before.magnitude)
        let flow = isStill ? 0 : typical * bar.volume
        // By the sign's bit: a choice would become a branch that nothing can foresee.
        let fall = UInt64(bitPattern: Int64(bitPattern: change.bitPattern) >> 63)
        flows.push(
            Double(bitPattern: flow.bitPattern & ~fall), Double(bitPattern: flow.bitPattern & fall),
            isEmpty: flow == 0)
        if !flows.isFull { return nil }
        let rising = flows.first
        let total = rising + flows.second
        return total <= 0 ? 0 : 100 * (smaller(larger(rising, 0), total) / total)
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        flows.visitRings(&visitor)
    }
}

/// Chaikin money flow: Σ volume weighted by where the close lies in the range / Σ volume; 0 without
/// volume.
@frozen
public struct CMF: IndicatorFormula {
    /// Weighted and plain volume.
    @usableFromInline var flows: WeightedSums

    /// `period` 1...100,000.
    public init(period: Int = 20) throws(IndicatorFailure) {
        flows = WeightedSums(length: try period.checked("period"))
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { flows.length &- 1 }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> Double? {
        flows.push(bar.closeLocation * bar.volume, bar.volume, isEmpty: bar.volume == 0)
        if !flows.isFull { return nil }
        return flows.second > 0 ? flows.first / flows.second : 0
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        flows.visitRings(&visitor)
    }
}

/// Elder's force: exponential average of the change of the close times the volume.
@frozen
public struct EFI: IndicatorFormula, Sendable {
    @usableFromInline var average: EMA
    @usableFromInline var previous = 0.0
    @usableFromInline var isStarted = false

    /// `period` 1...100,000.
    public init(period: Int = 13) throws(IndicatorFailure) { average = try EMA(period: period) }

    @inlinable
    public var warmUp: Int { average.period }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> Double? {
        let change = bar.close - previous
        previous = bar.close
        if !isStarted {
            isStarted = true
            return nil
        }
        let force = change * bar.volume
        return average.period == 1 ? force : average.step(force)
    }
}

/// Market facilitation: (high − low) / volume; 0 without volume.
@frozen
public struct MARKETFI: IndicatorFormula, Sendable {
    public init() {}

    @inlinable
    public var warmUp: Int { 0 }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> Double? {
        bar.volume == 0 ? 0 : (bar.high - bar.low) / bar.volume
    }
}

/// Relative volume: the bar's volume / the mean of the `period` bars before; `nil` if those had
/// none.
@frozen
public struct RVOL: IndicatorFormula {
    @usableFromInline var window: Ring<Double>
    @usableFromInline var total = 0.0
    @usableFromInline var emptyBars = 0

    /// `period` 1...100,000.
    public init(period: Int = 20) throws(IndicatorFailure) {
        window = Ring(length: try period.checked("period"))
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { window.length }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> Double? {
        let isReady = window.isFull
        let baseline = total / Double(window.length)
        if isReady { total -= window.oldest }
        window.push(bar.volume)
        total += bar.volume
        if window.isAnchorDue && isReady { total = window.sum() }
        emptyBars = bar.volume == 0 ? emptyBars &+ 1 : 0
        if emptyBars >= window.length {
            emptyBars = window.length
            total = 0
        }
        if !isReady { return nil }
        let ratio = bar.volume / baseline
        return ratio.isFinite ? ratio : nil
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) { visitor.visit(&window) }
}

/// Moving average of the close weighted by volume; `nil` while the window has none.
@frozen
public struct VWMA: IndicatorFormula {
    /// Close · volume, and volume.
    @usableFromInline var terms: WeightedSums

    /// `period` 1...100,000; 1 follows the close.
    public init(period: Int = 30) throws(IndicatorFailure) {
        terms = WeightedSums(length: try period.checked("period"))
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { terms.length &- 1 }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> Double? {
        if terms.length == 1 { return bar.close }
        terms.push(bar.close * bar.volume, bar.volume, isEmpty: bar.volume == 0)
        if !terms.isFull { return nil }
        let count = Double(terms.length)
        let average = (terms.first / count) / (terms.second / count)
        return average.isFinite ? average : nil
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        terms.visitRings(&visitor)
    }
}
