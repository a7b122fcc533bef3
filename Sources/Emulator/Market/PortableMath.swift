/// Logarithm and exponential for draws, to ten digits.
///
/// The C library chooses between several by the processor, which differ in the last bit now and then:
/// enough for the same seed to make another market on another machine. Additions, multiplications
/// and divisions do not.
enum PortableMath {
    /// Natural logarithm of a positive, normal number: 2 artanh((m - 1) / (m + 1)) of a mantissa
    /// around 1, as a series.
    static func logarithm(_ value: Double) -> Double {
        var mantissa = value.significand
        var exponent = Double(value.exponent)
        if mantissa > 1.414_213_562_373_095_1 {
            mantissa /= 2
            exponent += 1
        }
        let ratio = (mantissa - 1) / (mantissa + 1)
        let square = ratio * ratio
        var sum = 1.0 / 15
        sum = sum * square + 1.0 / 13
        sum = sum * square + 1.0 / 11
        sum = sum * square + 1.0 / 9
        sum = sum * square + 1.0 / 7
        sum = sum * square + 1.0 / 5
        sum = sum * square + 1.0 / 3
        sum = sum * square + 1
        return exponent * 0.693_147_180_559_945_3 + 2 * ratio * sum
    }

    /// e to a power in -700...700.
    static func exponential(_ power: Double) -> Double {
        let doublings = (power * 1.442_695_040_888_963_4).rounded()
        let rest = power - doublings * 0.693_147_180_559_945_3
        // The inverse factorials of 10 down to 0.
        var sum = 1.0 / 3_628_800
        sum = sum * rest + 1.0 / 362_880
        sum = sum * rest + 1.0 / 40_320
        sum = sum * rest + 1.0 / 5_040
        sum = sum * rest + 1.0 / 720
        sum = sum * rest + 1.0 / 120
        sum = sum * rest + 1.0 / 24
        sum = sum * rest + 1.0 / 6
        sum = sum * rest + 1.0 / 2
        sum = sum * rest + 1
        sum = sum * rest + 1
        return sum * Double(sign: .plus, exponent: Int(doublings), significand: 1)
    }
}
