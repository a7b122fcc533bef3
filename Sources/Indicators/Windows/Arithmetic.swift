extension Double {
    /// Closer to zero than TA-Lib divides by.
    @inlinable @inline(__always)
    var isNegligible: Bool { self > -1e-14 && self < 1e-14 }

    /// Whether it is a rounding error next to `scale`: about 90 units in its last place.
    @inlinable @inline(__always)
    func isNegligible(beside scale: Double) -> Bool { magnitude <= 1e-14 * scale }

    /// `self + factor · other`, rounded once.
    @inlinable @inline(__always)
    func adding(_ factor: Double, times other: Double) -> Double { addingProduct(factor, other) }
}

/// The larger and the smaller of two numbers that are not NaN: one instruction each.
@inlinable @inline(__always)
func larger(_ left: Double, _ right: Double) -> Double { left > right ? left : right }

@inlinable @inline(__always)
func smaller(_ left: Double, _ right: Double) -> Double { left < right ? left : right }
