/// A small generator for seeding: every state gives a different, well mixed sequence.
///
/// Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
struct SplitMix64: Sendable {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// xoshiro256** with the draws the market needs; the same seed gives the same sequence.
///
/// Source: Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2018.
struct RandomSource: Sendable {
    private var state: (UInt64, UInt64, UInt64, UInt64)

    init(seed: UInt64) {
        var mixer = SplitMix64(state: seed)
        state = (mixer.next(), mixer.next(), mixer.next(), mixer.next())
    }

    mutating func next() -> UInt64 {
        let product = state.1 &* 5
        let result = (product << 7 | product >> 57) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = state.3 << 45 | state.3 >> 19
        return result
    }

    /// Uniform in 0..<1.
    mutating func uniform() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// Uniform in 0..<bound; bound must be positive.
    mutating func below(_ bound: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// Exponential with mean 1.
    mutating func exponential() -> Double {
        -PortableMath.logarithm(1 - uniform())
    }

    /// Standard normal: the sum of twelve uniforms, near enough for a market and cheap.
    mutating func normal() -> Double {
        // Six sums of 16 bits in each half of a word.
        let halves: UInt64 = 0x0000_FFFF_0000_FFFF
        var sums: UInt64 = 0
        for _ in 0..<3 {
            let bits = next()
            sums += (bits & halves) + (bits >> 16 & halves)
        }
        return Double(sums >> 32 + sums & 0xFFFF_FFFF) / 65_536 - 6
    }
}

extension SplitMix64 {
    /// A generator's seed for one named purpose, so that purposes do not share a sequence.
    static func seed(_ seed: UInt64, for name: String) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        var mixer = SplitMix64(state: seed ^ hash)
        return mixer.next()
    }
}
