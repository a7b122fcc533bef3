import MarketModel

/// A tick or lot size, with floor and remainder by multiplication instead of a 64-bit division
/// (tens of cycles each; a check needs several).
struct StepGrid: BitwiseCopyable {
    /// The step in raw units, at least 1.
    let step: Int64
    /// ⌈2^63 / step⌉.
    private let reciprocal: UInt64

    /// A step below 1 switches the rule off, as on the venues: everything is a multiple of 1.
    init(_ size: Int64) {
        step = Swift.max(size, 1)
        reciprocal = ((1 &<< 63) &+ UInt64(step) &- 1) / UInt64(step)
    }

    /// `value`, 0...2^62, down to a multiple of the step.
    ///
    /// The product is ⌊value / step⌋ or one above it: with ⌈2^63 / step⌉ = (2^63 + e) / step and
    /// e < step the error is value · e / (step · 2^63) < 1.
    @_noLocks
    func floor(_ value: Int64) -> Int64 {
        let doubled = UInt64(bitPattern: value) &<< 1
        let steps = Int64(bitPattern: doubled.multipliedFullWidth(by: reciprocal).high)
        let product = steps &* step
        return product > value ? product &- step : product
    }

    /// `value`, 0...2^61, up to a multiple of the step.
    @_noLocks
    func ceiling(_ value: Int64) -> Int64 {
        let below = floor(value)
        return below == value ? value : below &+ step
    }

    @_noLocks
    func holds(_ value: Int64) -> Bool { floor(value) == value }
}
