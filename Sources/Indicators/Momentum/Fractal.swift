import CLibm

/// Williams fractal: a bar whose high is above, or low below, those of its neighbours.
///
/// Confirmed, and reported as 100, `rightBars` later; 0 elsewhere. O(neighbours).
@frozen
public struct FRACTAL: IndicatorFormula {
    @usableFromInline let left: Int
    @usableFromInline let right: Int
    /// Highs, and lows negated: both are the larger of two then.
    @usableFromInline var ends: Ring<SIMD2<Double>>

    /// Neighbours on each side, 1...100.
    public init(leftBars: Int = 2, rightBars: Int = 2) throws(IndicatorFailure) {
        left = try leftBars.checked("leftBars", in: 1...100)
        right = try rightBars.checked("rightBars", in: 1...100)
        ends = Ring(length: left + right + 1)
    }

    public static var cost: UpdateCost { .window }

    @inlinable
    public var warmUp: Int { left &+ right }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> FractalSwings? {
        ends.push(SIMD2(bar.high, -bar.low))
        if !ends.isFull { return nil }
        var others = SIMD2(repeating: -Double.greatestFiniteMagnitude)
        for age in 0..<right { others = clibm_larger(others, ends[age]) }
        for age in 1...left { others = clibm_larger(others, ends[right &+ age]) }
        let middle = ends[right]
        return FractalSwings(
            high: (others[0] .< middle[0]).verdict(100), low: (others[1] .< middle[1]).verdict(100))
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        visitor.visit(&ends)
    }
}

/// The two marks of ``FRACTAL``.
@frozen
public struct FractalSwings: IndicatorOutput, Sendable {
    public var high: Int
    public var low: Int

    @inlinable @inline(__always)
    public init(high: Int, low: Int) {
        self.high = high
        self.low = low
    }

    public static var names: [String] { ["high", "low"] }
    public var numbers: [Double] { [Double(high), Double(low)] }
}
