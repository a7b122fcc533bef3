/// Vortex: Σ|high − low before| and Σ|low − high before|, each over Σ true range.
@frozen
public struct VORTEX: IndicatorFormula {
    public let period: Int
    /// Of each bar the two movements and its true range; they lie and move as one vector.
    @usableFromInline var window: Ring<SIMD4<Double>>
    /// The sums without the oldest.
    @usableFromInline var sums = SIMD4<Double>()
    /// Pushes with which the sums are taken anew next; 0 while the window fills.
    @usableFromInline var nextAnchor = 0
    @usableFromInline var previousHigh = 0.0
    @usableFromInline var previousLow = 0.0
    @usableFromInline var previousClose = 0.0
    @usableFromInline var isStarted = false

    /// `period` 1...100,000.
    public init(period: Int = 14) throws(IndicatorFailure) {
        self.period = try period.checked("period")
        window = Ring(length: period)
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { period }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> VortexLines? {
        let terms = SIMD4(
            (bar.high - previousLow).magnitude, (bar.low - previousHigh).magnitude,
            bar.trueRange(after: previousClose), 0)
        previousHigh = bar.high
        previousLow = bar.low
        previousClose = bar.close
        if _slowPath(!isStarted) {
            isStarted = true
            return nil
        }
        window.push(terms)
        var whole = sums + terms
        if _slowPath(window.pushed >= nextAnchor) {
            if !window.isFull {
                sums = whole
                return nil
            }
            if window.isAnchorDue { whole = window.sum() }
            nextAnchor = window.nextAnchor
        }
        sums = whole - window.oldest
        if whole[2].isNegligible { return VortexLines(plus: 0, minus: 0) }
        return VortexLines(plus: whole[0] / whole[2], minus: whole[1] / whole[2])
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) { visitor.visit(&window) }
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
