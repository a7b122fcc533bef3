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
        let isFull = flows.push(
            Double(bitPattern: flow.bitPattern & ~fall), Double(bitPattern: flow.bitPattern & fall),
            isEmpty: flow == 0)
        if !isFull { return nil }
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
        let isFull = flows.push(
            bar.closeLocation * bar.volume, bar.volume, isEmpty: !(bar.volume > 0))
        if !isFull { return nil }
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
    @usableFromInline let divisor: WholeDivisor
    @usableFromInline var total = 0.0
    /// Pushes with the last bar that had a volume.
    @usableFromInline var lastFilled = 0
    /// Pushes with which the sum is taken anew next; 0 while the window fills.
    @usableFromInline var nextAnchor = 0

    /// `period` 1...100,000.
    public init(period: Int = 20) throws(IndicatorFailure) {
        divisor = WholeDivisor(try period.checked("period"))
        window = Ring(length: try period.checked("period"))
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { window.length }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> Double? {
        let baseline = total.divided(by: divisor)
        window.push(bar.volume)
        var isReady = true
        if _slowPath(window.pushed >= nextAnchor) {
            isReady = window.pushed > window.length
            total = isReady ? window.sum() : total + bar.volume
            if window.isFull { nextAnchor = window.nextAnchor }
        } else {
            total = total - window[window.length] + bar.volume
        }
        if _fastPath(bar.volume > 0) {
            lastFilled = window.pushed
        } else if window.pushed &- lastFilled >= window.length {
            total = 0
        }
        if !isReady { return nil }
        let ratio = bar.volume / baseline
        return ratio.isBounded ? ratio : nil
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) { visitor.visit(&window) }
}

/// Moving average of the close weighted by volume; `nil` while the window has none.
@frozen
public struct VWMA: IndicatorFormula {
    /// Close · volume, and volume.
    @usableFromInline var terms: WeightedSums
    @usableFromInline let divisor: WholeDivisor

    /// `period` 1...100,000; 1 follows the close.
    public init(period: Int = 30) throws(IndicatorFailure) {
        divisor = WholeDivisor(try period.checked("period"))
        terms = WeightedSums(length: try period.checked("period"))
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { terms.length &- 1 }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> Double? {
        if terms.length == 1 { return bar.close }
        let isFull = terms.push(
            bar.close * bar.volume, bar.volume, isEmpty: !(bar.volume > 0))
        if !isFull { return nil }
        let average = terms.first.divided(by: divisor) / terms.second.divided(by: divisor)
        return average.isBounded ? average : nil
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        terms.visitRings(&visitor)
    }
}
