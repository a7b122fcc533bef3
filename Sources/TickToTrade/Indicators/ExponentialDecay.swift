import MarketModel

/// e^(-t·ln 2 / half-life) without the C library, which the hot path may not call.
@frozen
@usableFromInline
struct ExponentialDecay: BitwiseCopyable, Sendable {
    /// Half-lives in a nanosecond.
    private let rate: Double

    init(halfLife: Nanoseconds) { rate = 1 / Double(halfLife.count) }

    /// The share that is left after `elapsed`, which must not be negative: 1 falling to 0.
    ///
    /// 2^-x = 2^-n · e^(-f·ln 2) with n the nearest integer: |f·ln 2| ≤ 0.347, where ten terms of
    /// the series are within 3e-13.
    @_noLocks
    func factor(over elapsed: Nanoseconds) -> Double {
        let halvings = Double(elapsed.count) * rate
        if halvings >= 1000 { return 0 }
        let whole = Int64(halvings + 0.5)
        let exponent = (Double(whole) - halvings) * 0.693_147_180_559_945_3
        var sum = 1.0
        var term = 10.0
        while term >= 1 {
            sum = 1 + sum * exponent / term
            term -= 1
        }
        return sum * Double(bitPattern: UInt64(1023 &- whole) &<< 52)
    }
}
