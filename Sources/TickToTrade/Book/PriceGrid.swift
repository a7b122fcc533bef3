/// The step that all prices of a book are multiples of, with exact division by multiplication.
struct PriceGrid: BitwiseCopyable {
    /// The step, in raw price units; at least 1.
    let step: Int64
    /// ⌈2^63 / step⌉.
    private let reciprocal: UInt64

    @_noLocks
    init(step: Int64) {
        precondition(step > 0, "a price step is positive")
        self.step = step
        reciprocal = ((1 &<< 63) &+ UInt64(step) &- 1) / UInt64(step)
    }

    /// How many steps a positive `price` is; `nil` for a price between two steps.
    ///
    /// For p = t·step the product is t·2^63 + t·e with e < step, and t·e < p < 2^63: the high part
    /// is exactly t. For any other p no t passes the check.
    @inline(__always) @_noLocks
    func steps(_ price: Int64) -> Int? {
        let doubled = UInt64(bitPattern: price) &<< 1
        let steps = Int64(bitPattern: doubled.multipliedFullWidth(by: reciprocal).high)
        return steps &* step == price ? Int(steps) : nil
    }

    /// The coarsest grid that holds this one's prices and `price` as well.
    @_noLocks
    func refined(for price: Int64) -> PriceGrid {
        PriceGrid(step: Self.greatestCommonDivisor(step, price))
    }

    /// Euclid's algorithm for positive numbers.
    private static func greatestCommonDivisor(_ first: Int64, _ second: Int64) -> Int64 {
        var larger = first
        var smaller = second
        while smaller != 0 {
            let rest = larger % smaller
            larger = smaller
            smaller = rest
        }
        return larger
    }
}
