/// SplitMix64 (Steele, Lea, Flood 2014): a reproducible stream of 64-bit numbers from one seed.
///
/// For WebSocket masks and reconnect jitter: the seed is an argument, and secrecy is TLS's work.
public struct SeededRandom: RandomNumberGenerator, BitwiseCopyable, Sendable {
    private var state: UInt64

    /// The same seed gives the same numbers.
    public init(seed: UInt64) { state = seed }

    /// The next number.
    @_noLocks public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed &>> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed &>> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed &>> 31)
    }
}
