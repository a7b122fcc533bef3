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

/// A whole number 1...131,072 to divide by: two products instead of a division, the same to the bit
/// from 10⁻²⁷⁰ on and for 0, which is positive then, and within a unit of the last place between.
///
/// The reciprocal is known to twice the digits of a number, and no quotient by so small a whole
/// number lies so near to the middle of two numbers that the rest could turn its rounding.
@frozen
@usableFromInline
struct WholeDivisor: BitwiseCopyable, Codable, Sendable {
    @usableFromInline let reciprocal: Double
    @usableFromInline let rest: Double

    @inlinable
    init(_ number: Int) {
        let divisor = Double(number)
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
