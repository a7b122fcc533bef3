import Foundation

/// SplitMix64: the same numbers for the same seed, everywhere.
///
/// `APUS_TEST_SEED` replaces the seed of every property test.
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64
    let seed: UInt64

    init(seed: UInt64) {
        let chosen = ProcessInfo.processInfo.environment["APUS_TEST_SEED"].flatMap { UInt64($0) }
        self.seed = chosen ?? seed
        state = self.seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func number(_ range: ClosedRange<Int64>) -> Int64 {
        Int64.random(in: range, using: &self)
    }

    mutating func chance(_ percent: Int64) -> Bool { number(0...99) < percent }
}
