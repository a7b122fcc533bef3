extension Double {
    /// Closer to zero than TA-Lib divides by.
    @inlinable @inline(__always)
    var isNegligible: Bool { magnitude < 1e-14 }

    /// Whether it is a rounding error next to `scale`: about 90 units in its last place.
    @inlinable @inline(__always)
    func isNegligible(beside scale: Double) -> Bool { magnitude <= 1e-14 * scale }

    /// Whether it is finite, in one comparison.
    @inlinable @inline(__always)
    var isBounded: Bool { magnitude <= .greatestFiniteMagnitude }

    /// Itself where the condition holds, else 0, without a branch.
    @inlinable @inline(__always)
    func `where`(_ condition: Bool) -> Double {
        let all = UInt64(bitPattern: -(condition ? 1 : 0))
        return Double(bitPattern: bitPattern & all)
    }

    /// `self + factor · other`, rounded once.
    @inlinable @inline(__always)
    func adding(_ factor: Double, times other: Double) -> Double { addingProduct(factor, other) }
}

/// The larger and the smaller of two numbers that are not NaN: one instruction each.
@inlinable @inline(__always)
func larger(_ left: Double, _ right: Double) -> Double { left > right ? left : right }

@inlinable @inline(__always)
func smaller(_ left: Double, _ right: Double) -> Double { left < right ? left : right }

/// A whole number, not 0 and 2⁵⁰ at most in magnitude, to divide by: two products instead of a
/// division, the same to the bit from 10⁻²⁷⁰ on and for 0, whose sign may differ, and within a unit
/// of the last place between. Beyond 2⁵⁰ it could round the other way where a quotient lies within
/// 2⁻¹⁰⁵ of the middle of two numbers, which none is known to.
///
/// The reciprocal is known to twice the digits of a number, and no quotient by a whole number of b
/// bits lies nearer than 2⁻⁵⁴⁻ᵇ, of itself, to the middle of two numbers.
@frozen
@usableFromInline
struct WholeDivisor: BitwiseCopyable, Codable, Sendable {
    @usableFromInline let reciprocal: Double
    @usableFromInline let rest: Double

    @inlinable
    init(_ number: Int) { self.init(Double(number)) }

    @inlinable
    init(_ divisor: Double) {
        reciprocal = 1 / divisor
        rest = (1.0).adding(-reciprocal, times: divisor) / divisor
    }
}

extension Double {
    @inlinable @inline(__always)
    func divided(by divisor: WholeDivisor) -> Double {
        (self * divisor.rest).adding(self, times: divisor.reciprocal)
    }
}
