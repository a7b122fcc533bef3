/// How wide Bollinger bands are, and where the sample lies in them.
@frozen
public struct BollingerWidth: IndicatorFormula {
    @usableFromInline var bands: BBANDS

    /// As ``BBANDS`` around a simple average.
    public init(period: Int = 20, width: Double = 2) throws(IndicatorFailure) {
        bands = try BBANDS(period: period, widthUp: width, widthDown: width)
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { bands.warmUp }

    /// `nil` where the middle is 0.
    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> BandPosition? {
        guard let lines = bands.step(sample), lines.middle != 0 else { return nil }
        let reach = lines.upper - lines.lower
        return BandPosition(
            width: reach / lines.middle, position: reach > 0 ? (sample - lines.lower) / reach : 0.5)
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        bands.visitRings(&visitor)
    }
}

/// The numbers of ``BollingerWidth``.
@frozen
public struct BandPosition: IndicatorOutput, Sendable {
    /// (upper − lower) / middle.
    public var width: Double
    /// 0 at the lower band, 1 at the upper; 0.5 without a width.
    public var position: Double

    @inlinable @inline(__always)
    public init(width: Double, position: Double) {
        self.width = width
        self.position = position
    }

    public static var names: [String] { ["width", "position"] }
    public var numbers: [Double] { [width, position] }
}

/// Highest high and lowest low of the `period` bars before this one: the levels it may break.
@frozen
public struct PriorRange: IndicatorFormula {
    @usableFromInline var channel: DONCHIAN
    @usableFromInline var before: Bands?

    /// `period` 2...100,000.
    public init(period: Int = 20) throws(IndicatorFailure) {
        channel = try DONCHIAN(period: period)
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { channel.warmUp &+ 1 }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> Bands? {
        let levels = before
        before = channel.step(bar)
        return levels
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        channel.visitRings(&visitor)
    }
}

/// Change of a simple average over `lag` samples, in percent of what it was, per sample.
@frozen
public struct AverageSlope: IndicatorFormula {
    @usableFromInline var average: SMA
    @usableFromInline var window: Ring<Double>

    /// `period` and `lag` 1...100,000.
    public init(period: Int = 200, lag: Int = 5) throws(IndicatorFailure) {
        average = try SMA(period: period)
        window = Ring(length: try lag.checked("lag"))
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { average.warmUp &+ window.length }

    /// `nil` where the average was 0.
    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        guard let now = average.step(sample) else { return nil }
        window.push(now)
        if window.pushed <= window.length { return nil }
        let before = window[window.length]
        return before == 0 ? nil : (now - before) / before * 100 / Double(window.length)
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        average.visitRings(&visitor)
        visitor.visit(&window)
    }
}
