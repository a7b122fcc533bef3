import CLibm

extension PriceBar {
    /// (high + low) / 2.
    @inlinable @inline(__always)
    public var medianPrice: Double { (high + low) / 2 }

    /// The largest of high − low, |high − close before|, |low − close before|: the range with that
    /// close in it, which is the same to the bit, for rounding keeps the order of differences.
    @inlinable @inline(__always)
    public func trueRange(after previousClose: Double) -> Double {
        let (ends, before) = (SIMD2(high, low), SIMD2(repeating: previousClose))
        return clibm_larger(ends, before)[0] - clibm_smaller(ends, before)[1]
    }

    /// ((close − low) − (high − close)) / (high − low): where in the range it closed, −1...1; 0
    /// without a range.
    @inlinable @inline(__always)
    public var closeLocation: Double {
        let range = high - low
        return range > 0 ? ((close - low) - (high - close)) / range : 0
    }
}
