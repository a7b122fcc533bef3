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
    /// 2^-x = 2^-n · e^f with n the integer nearest to x and |f| ≤ ln 2 / 2, where nine terms of
    /// the series are within 1e-11. Even and odd terms apart: two short chains instead of a long one.
    @_noLocks
    func factor(over elapsed: Nanoseconds) -> Double {
        let halvings = Double(elapsed.count) * rate
        if halvings >= 1000 { return 0 }
        let whole = Int64(halvings + 0.5)
        let exponent = (Double(whole) - halvings) * 0.693_147_180_559_945_3
        let square = exponent * exponent
        var even = 1.0 / 40_320
        even = even * square + 1.0 / 720
        even = even * square + 1.0 / 24
        even = even * square + 0.5
        even = even * square + 1
        var odd = 1.0 / 362_880
        odd = odd * square + 1.0 / 5_040
        odd = odd * square + 1.0 / 120
        odd = odd * square + 1.0 / 6
        odd = odd * square + 1
        return (even + exponent * odd) * Double(bitPattern: UInt64(1023 &- whole) &<< 52)
    }
}
