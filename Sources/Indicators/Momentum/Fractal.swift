/// Williams fractal: a bar whose high is above, or low below, those of its neighbours.
///
/// Confirmed, and reported as 100, `rightBars` later; 0 elsewhere. O(neighbours).
@frozen
public struct FRACTAL: IndicatorFormula {
    @usableFromInline let left: Int
    @usableFromInline let right: Int
    @usableFromInline var highs: Ring<Double>
    @usableFromInline var lows: Ring<Double>

    /// Neighbours on each side, 1...100.
    public init(leftBars: Int = 2, rightBars: Int = 2) throws(IndicatorFailure) {
        left = try leftBars.checked("leftBars", in: 1...100)
        right = try rightBars.checked("rightBars", in: 1...100)
        highs = Ring(length: left + right + 1)
        lows = highs
    }

    public static var cost: UpdateCost { .window }

    @inlinable
    public var warmUp: Int { left &+ right }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> FractalSwings? {
        highs.push(bar.high)
        lows.push(bar.low)
        if !highs.isFull { return nil }
        let high = highs[right]
        let low = lows[right]
        var isHigh = true
        var isLow = true
        for age in 0...(left &+ right) where age != right {
            if highs[age] >= high { isHigh = false }
            if lows[age] <= low { isLow = false }
        }
        return FractalSwings(high: isHigh ? 100 : 0, low: isLow ? 100 : 0)
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        visitor.visit(&highs)
        visitor.visit(&lows)
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
