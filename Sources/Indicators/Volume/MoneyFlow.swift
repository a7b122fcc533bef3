/// Money flow index: 100 · flow on rises / all flow, over the last `period` changes of the typical
/// price; flow is typical price · volume. 0 without any flow.
@frozen
public struct MFI: IndicatorFormula {
    @usableFromInline let period: Int
    /// Flow on a rise and on a fall.
    @usableFromInline var flows: Ring<SamplePair>
    @usableFromInline var rising = 0.0
    @usableFromInline var falling = 0.0
    @usableFromInline var previous = 0.0
    @usableFromInline var isStarted = false
    /// Bars without flow since the last one with any: once they fill the window the sums hold
    /// nothing but rounding.
    @usableFromInline var stillBars = 0

    /// `period` 2...100,000.
    public init(period: Int = 14) throws(IndicatorFailure) {
        self.period = try period.checked("period", in: 2...Int.longestPeriod)
        flows = Ring(length: period)
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { period }

    @inlinable
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
        if flows.isFull {
            rising -= flows.oldest.first
            falling -= flows.oldest.second
        }
        let pair = SamplePair(change < 0 ? 0 : flow, change < 0 ? flow : 0)
        flows.push(pair)
        rising += pair.first
        falling += pair.second
        if flows.isAnchorDue && flows.isFull {
            let sums = flows.sums(ofNewest: period)
            rising = sums.first
            falling = sums.second
        }
        stillBars = flow == 0 ? stillBars &+ 1 : 0
        if stillBars >= period {
            stillBars = period
            rising = 0
            falling = 0
        }
        if !flows.isFull { return nil }
        let total = rising + falling
        return total <= 0 ? 0 : 100 * (smaller(larger(rising, 0), total) / total)
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) { visitor.visit(&flows) }
}

/// Chaikin money flow: Σ volume weighted by where the close lies in the range / Σ volume; 0 without
/// volume.
@frozen
public struct CMF: IndicatorFormula {
    @usableFromInline let period: Int
    /// Weighted and plain volume.
    @usableFromInline var flows: Ring<SamplePair>
    @usableFromInline var weighted = 0.0
    @usableFromInline var volume = 0.0
    @usableFromInline var emptyBars = 0

    /// `period` 1...100,000.
    public init(period: Int = 20) throws(IndicatorFailure) {
        self.period = try period.checked("period")
        flows = Ring(length: period)
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { period &- 1 }

    @inlinable
    public mutating func step(_ bar: PriceBar) -> Double? {
        if flows.isFull {
            weighted -= flows.oldest.first
            volume -= flows.oldest.second
        }
        let pair = SamplePair(bar.closeLocation * bar.volume, bar.volume)
        flows.push(pair)
        weighted += pair.first
        volume += pair.second
        if flows.isAnchorDue && flows.isFull {
            let sums = flows.sums(ofNewest: period)
            weighted = sums.first
            volume = sums.second
        }
        emptyBars = bar.volume == 0 ? emptyBars &+ 1 : 0
        if emptyBars >= period {
            emptyBars = period
            weighted = 0
            volume = 0
        }
        if !flows.isFull { return nil }
        return volume > 0 ? weighted / volume : 0
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) { visitor.visit(&flows) }
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

    @inlinable
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

    @inlinable
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

    @inlinable
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
    @usableFromInline let period: Int
    /// Close · volume, and volume.
    @usableFromInline var terms: Ring<SamplePair>
    @usableFromInline var weighted = 0.0
    @usableFromInline var volume = 0.0
    @usableFromInline var emptyBars = 0

    /// `period` 1...100,000; 1 follows the close.
    public init(period: Int = 30) throws(IndicatorFailure) {
        self.period = try period.checked("period")
        terms = Ring(length: period)
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { period &- 1 }

    @inlinable
    public mutating func step(_ bar: PriceBar) -> Double? {
        if period == 1 { return bar.close }
        let term = SamplePair(bar.close * bar.volume, bar.volume)
        terms.push(term)
        weighted += term.first
        volume += term.second
        if terms.isAnchorDue && terms.isFull {
            let sums = terms.sums(ofNewest: period)
            weighted = sums.first
            volume = sums.second
        }
        emptyBars = bar.volume == 0 ? emptyBars &+ 1 : 0
        if emptyBars >= period {
            emptyBars = period
            weighted = 0
            volume = 0
        }
        if !terms.isFull { return nil }
        let average = (weighted / Double(period)) / (volume / Double(period))
        weighted -= terms.oldest.first
        volume -= terms.oldest.second
        return average.isFinite ? average : nil
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) { visitor.visit(&terms) }
}
