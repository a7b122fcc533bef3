/// How recent the extremes of the last `period` + 1 bars are: 100 for now, 0 for the oldest.
@frozen
public struct AROON: IndicatorFormula {
    public let period: Int
    @usableFromInline let factor: Double
    @usableFromInline var highest: BlockExtreme<NewestHighest>
    /// Of the lows negated.
    @usableFromInline var lowest: BlockExtreme<NewestHighest>

    /// `period` 2...100,000.
    public init(period: Int = 14) throws(IndicatorFailure) {
        self.period = try period.checked("period", in: 2...Int.longestPeriod)
        factor = 100 / Double(period)
        highest = BlockExtreme(length: period + 1)
        lowest = highest
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { period }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> DirectionPair? {
        push(bar)
        if !highest.isFull { return nil }
        let oldest = highest.newest - Double(period)
        return DirectionPair(
            down: factor * (lowest.highest[1] - oldest), up: factor * (highest.highest[1] - oldest))
    }

    @inlinable @inline(__always)
    mutating func push(_ bar: PriceBar) {
        highest.push(bar.high)
        lowest.push(-bar.low)
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        highest.visitRings(&visitor)
        lowest.visitRings(&visitor)
    }
}

/// Aroon up less Aroon down, −100...100.
@frozen
public struct AROONOSC: IndicatorFormula {
    @usableFromInline var aroon: AROON

    /// `period` 2...100,000.
    public init(period: Int = 14) throws(IndicatorFailure) { aroon = try AROON(period: period) }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { aroon.warmUp }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> Double? {
        aroon.push(bar)
        if !aroon.highest.isFull { return nil }
        return aroon.factor * (aroon.highest.highest[1] - aroon.lowest.highest[1])
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        aroon.visitRings(&visitor)
    }
}
