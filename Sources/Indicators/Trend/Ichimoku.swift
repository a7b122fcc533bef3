/// Ichimoku's lines: middles of three ranges and the cloud that they draw ahead.
@frozen
public struct Ichimoku: IndicatorFormula {
    @usableFromInline let displacement: Int
    @usableFromInline var conversion: DONCHIAN
    @usableFromInline var base: DONCHIAN
    @usableFromInline var lead: DONCHIAN
    /// Both edges of the cloud as they were computed, to be shown `displacement` bars later.
    @usableFromInline var cloud: Ring<SamplePair>
    @usableFromInline var closes: Ring<Double>

    /// Periods 2...100,000, in rising order; `displacement` 1...100,000.
    public init(
        conversionPeriod: Int = 9, basePeriod: Int = 26, leadPeriod: Int = 52,
        displacement: Int = 26
    ) throws(IndicatorFailure) {
        if conversionPeriod > basePeriod || basePeriod > leadPeriod {
            throw .contradiction("conversionPeriod, basePeriod and leadPeriod do not rise")
        }
        conversion = try DONCHIAN(period: conversionPeriod)
        base = try DONCHIAN(period: basePeriod)
        lead = try DONCHIAN(period: leadPeriod)
        self.displacement = try displacement.checked("displacement")
        cloud = Ring(length: displacement)
        closes = Ring(length: displacement)
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { lead.warmUp &+ displacement }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> IchimokuLines? {
        let turning = conversion.step(bar)?.middle
        let standard = base.step(bar)?.middle
        closes.push(bar.close)
        guard let second = lead.step(bar)?.middle, let turning, let standard else { return nil }
        cloud.push(SamplePair((turning + standard) / 2, second))
        if cloud.pushed <= displacement { return nil }
        let edges = cloud[displacement]
        return IchimokuLines(
            conversion: turning, base: standard, leadA: edges.first, leadB: edges.second,
            lagging: bar.close - closes[displacement])
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        conversion.visitRings(&visitor)
        base.visitRings(&visitor)
        lead.visitRings(&visitor)
        visitor.visit(&cloud)
        visitor.visit(&closes)
    }
}

/// The lines of ``Ichimoku`` at one bar.
@frozen
public struct IchimokuLines: IndicatorOutput, Sendable {
    public var conversion: Double
    public var base: Double
    /// The cloud's edges over this bar, computed `displacement` bars before.
    public var leadA: Double
    public var leadB: Double
    /// The lagging line above the price it is drawn over: close − close `displacement` bars before.
    public var lagging: Double

    @inlinable @inline(__always)
    public init(conversion: Double, base: Double, leadA: Double, leadB: Double, lagging: Double) {
        self.conversion = conversion
        self.base = base
        self.leadA = leadA
        self.leadB = leadB
        self.lagging = lagging
    }

    public static var names: [String] { ["conversion", "base", "leadA", "leadB", "lagging"] }
    public var numbers: [Double] { [conversion, base, leadA, leadB, lagging] }
}
