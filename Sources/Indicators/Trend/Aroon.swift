/// How recent the extremes of the last `period` + 1 bars are: 100 for now, 0 for the oldest.
@frozen
public struct AROON: IndicatorFormula {
    public let period: Int
    @usableFromInline let factor: Double
    @usableFromInline var highest: RollingHighest
    @usableFromInline var lowest: RollingLowest

    /// `period` 2...100,000.
    public init(period: Int = 14) throws(IndicatorFailure) {
        self.period = try period.checked("period", in: 2...Int.longestPeriod)
        factor = 100 / Double(period)
        highest = RollingHighest(length: period + 1)
        lowest = RollingLowest(length: period + 1)
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { period }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> DirectionPair? {
        highest.push(bar.high)
        lowest.push(bar.low)
        if !highest.isFull { return nil }
        let newest = highest.newest.number
        return DirectionPair(
            down: factor * Double(period &- (newest &- lowest.sample.number)),
            up: factor * Double(period &- (newest &- highest.sample.number)))
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
        guard case .some = aroon.step(bar) else { return nil }
        return aroon.factor
            * Double(aroon.highest.sample.number &- aroon.lowest.sample.number)
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        aroon.visitRings(&visitor)
    }
}
