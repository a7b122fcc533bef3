/// Logarithm and exponential for draws, to ten digits.
///
/// The C library chooses between several by the processor, which differ in the last bit now and then:
/// enough for the same seed to make another market on another machine. Additions, multiplications
/// and divisions do not.
enum PortableMath {
    /// The bits of a number behind its exponent.
    private static let fraction: UInt64 = 1 << 52 - 1

    /// Natural logarithm of a positive, normal number: 2 artanh((m - 1) / (m + 1)) of a mantissa
    /// around 1, as a series.
    static func logarithm(_ value: Double) -> Double {
        // The two halves of its bits: what `significand` and `exponent` say of any number costs more.
        var mantissa = Double(bitPattern: value.bitPattern & fraction | (1.0).bitPattern)
        var exponent = Double(Int(value.bitPattern >> 52) - 1_023)
        if mantissa > 1.414_213_562_373_095_1 {
            mantissa /= 2
            exponent += 1
        }
        let ratio = (mantissa - 1) / (mantissa + 1)
        let square = ratio * ratio
        // Terms two by two: the processor works on several sums at a time.
        let fourth = square * square
        let low = 1 + square * (1.0 / 3) + fourth * (1.0 / 5 + square * (1.0 / 7))
        let high = 1.0 / 9 + square * (1.0 / 11) + fourth * (1.0 / 13 + square * (1.0 / 15))
        let sum = low + fourth * fourth * high
        return exponent * 0.693_147_180_559_945_3 + 2 * ratio * sum
    }

    /// e to a power in -700...700.
    static func exponential(_ power: Double) -> Double {
        let doublings = (power * 1.442_695_040_888_963_4).rounded()
        let rest = power - doublings * 0.693_147_180_559_945_3
        // The inverse factorials of 0 to 11.
        let square = rest * rest
        let fourth = square * square
        let low = 1 + rest + square * (1.0 / 2 + rest * (1.0 / 6))
        let middle = 1.0 / 24 + rest * (1.0 / 120) + square * (1.0 / 720 + rest * (1.0 / 5_040))
        let high = 1.0 / 40_320 + rest * (1.0 / 362_880)
            + square * (1.0 / 3_628_800 + rest * (1.0 / 39_916_800))
        let sum = low + fourth * (middle + fourth * high)
        return sum * Double(bitPattern: UInt64(Int(doublings) + 1_023) << 52)
    }
}
