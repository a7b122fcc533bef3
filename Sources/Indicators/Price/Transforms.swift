/// How one price is made of a bar's four.
public protocol BarPriceRule: SendableMetatype {
    static func price(_ open: Double, _ high: Double, _ low: Double, _ close: Double) -> Double
}

/// One price for a bar.
@frozen
public struct BarPrice<Rule: BarPriceRule>: IndicatorFormula, Sendable {
    public init() {}

    @inlinable
    public var warmUp: Int { 0 }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> Double? {
        Rule.price(bar.open, bar.high, bar.low, bar.close)
    }
}

extension BarPrice: ColumnFormula {
    public func fill(_ values: UnsafeMutableBufferPointer<Double>, from columns: BarColumns) {
        values.fill(columns.open, columns.high, columns.low, columns.close, Rule.price)
    }
}

public typealias AVGPRICE = BarPrice<AveragePrice>
public typealias MEDPRICE = BarPrice<MedianPrice>
public typealias TYPPRICE = BarPrice<TypicalPrice>
public typealias WCLPRICE = BarPrice<WeightedClose>

/// (open + high + low + close) / 4.
public enum AveragePrice: BarPriceRule {
    @inlinable @inline(__always)
    public static func price(
        _ open: Double, _ high: Double, _ low: Double, _ close: Double
    ) -> Double { (high + low + close + open) / 4 }
}

/// (high + low) / 2.
public enum MedianPrice: BarPriceRule {
    @inlinable @inline(__always)
    public static func price(
        _ open: Double, _ high: Double, _ low: Double, _ close: Double
    ) -> Double { (high + low) / 2 }
}

/// (high + low + close) / 3.
public enum TypicalPrice: BarPriceRule {
    @inlinable @inline(__always)
    public static func price(
        _ open: Double, _ high: Double, _ low: Double, _ close: Double
    ) -> Double { (high + low + close).divided(by: WholeDivisor(3)) }
}

/// (high + low + 2 · close) / 4.
public enum WeightedClose: BarPriceRule {
    @inlinable @inline(__always)
    public static func price(
        _ open: Double, _ high: Double, _ low: Double, _ close: Double
    ) -> Double { (high + low + close * 2) / 4 }
}

/// Middle between the highest and the lowest of the last `period` samples.
@frozen
public struct MIDPOINT: IndicatorFormula {
    @usableFromInline var extremes: MINMAX

    /// `period` 2...100,000.
    public init(period: Int = 14) throws(IndicatorFailure) { extremes = try MINMAX(period: period) }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { extremes.warmUp }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        guard let window = extremes.step(sample) else { return nil }
        return (window.highest + window.lowest) / 2
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        extremes.visitRings(&visitor)
    }
}

/// Middle between the highest high and the lowest low of the last `period` bars.
@frozen
public struct MIDPRICE: IndicatorFormula {
    @usableFromInline var channel: DONCHIAN

    /// `period` 2...100,000.
    public init(period: Int = 14) throws(IndicatorFailure) {
        channel = try DONCHIAN(period: period)
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { channel.warmUp }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> Double? { channel.step(bar)?.middle }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        channel.visitRings(&visitor)
    }
}

/// Heikin-Ashi candles: the close is the bar's average, the open the middle of the candle before.
@frozen
public struct HA: IndicatorFormula, Sendable {
    @usableFromInline var open = 0.0
    @usableFromInline var close = 0.0
    @usableFromInline var isStarted = false

    public init() {}

    @inlinable
    public var warmUp: Int { 0 }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> SmoothedCandle? {
        open = isStarted ? (open + close) / 2 : (bar.open + bar.close) / 2
        isStarted = true
        close = (bar.open + bar.high + bar.low + bar.close) / 4
        return SmoothedCandle(
            open: open, high: larger(larger(bar.high, open), close),
            low: smaller(smaller(bar.low, open), close), close: close)
    }
}

/// The candle of ``HA``.
@frozen
public struct SmoothedCandle: IndicatorOutput, Sendable {
    public var open: Double
    public var high: Double
    public var low: Double
    public var close: Double

    @inlinable @inline(__always)
    public init(open: Double, high: Double, low: Double, close: Double) {
        self.open = open
        self.high = high
        self.low = low
        self.close = close
    }

    public static var names: [String] { ["open", "high", "low", "close"] }
    public var numbers: [Double] { [open, high, low, close] }
}
