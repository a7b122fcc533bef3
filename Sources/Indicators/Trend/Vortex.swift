/// Vortex: Σ|high − low before| and Σ|low − high before|, each over Σ true range.
@frozen
public struct VORTEX: IndicatorFormula {
    public let period: Int
    @usableFromInline var upward: RollingSum
    @usableFromInline var downward: RollingSum
    @usableFromInline var ranges: RollingSum
    @usableFromInline var previous = PriceBar(open: 0, high: 0, low: 0, close: 0, volume: 0)
    @usableFromInline var isStarted = false

    /// `period` 1...100,000.
    public init(period: Int = 14) throws(IndicatorFailure) {
        self.period = try period.checked("period")
        upward = RollingSum(checked: period)
        downward = upward
        ranges = upward
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { period }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> VortexLines? {
        let before = previous
        previous = bar
        if !isStarted {
            isStarted = true
            return nil
        }
        let up = upward.step((bar.high - before.low).magnitude)
        let down = downward.step((bar.low - before.high).magnitude)
        guard let range = ranges.step(bar.trueRange(after: before.close)), let up, let down else {
            return nil
        }
        if range.isNegligible { return VortexLines(plus: 0, minus: 0) }
        return VortexLines(plus: up / range, minus: down / range)
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        upward.visitRings(&visitor)
        downward.visitRings(&visitor)
        ranges.visitRings(&visitor)
    }
}

/// The two lines of ``VORTEX``.
@frozen
public struct VortexLines: IndicatorOutput, Sendable {
    public var plus: Double
    public var minus: Double

    @inlinable @inline(__always)
    public init(plus: Double, minus: Double) {
        self.plus = plus
        self.minus = minus
    }

    public static var names: [String] { ["plus", "minus"] }
    public var numbers: [Double] { [plus, minus] }
}
