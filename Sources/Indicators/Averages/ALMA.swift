import CLibm

/// Arnaud Legoux moving average: Gaussian weights whose middle lies at `offset` of the window.
///
/// O(period): a Gaussian has no recurrence that would not drift.
@frozen
public struct ALMA: IndicatorFormula {
    @usableFromInline let middle: Double
    @usableFromInline let twiceSquare: Double
    @usableFromInline var window: Ring<Double>
    /// Of the oldest sample first; computed with the first one.
    @usableFromInline var weights: Ring<Double>

    /// `period` 1...100,000; `sigma`, the window's width in deviations, 0.01...1000; `offset` 0
    /// (oldest)...1 (newest).
    public init(
        period: Int = 9, sigma: Double = 6, offset: Double = 0.85
    ) throws(IndicatorFailure) {
        window = Ring(length: try period.checked("period"))
        weights = window
        let spread = Double(period) / (try sigma.checked("sigma", in: 0.01...1000))
        twiceSquare = 2 * spread * spread
        let place = try offset.checked("offset", in: 0...1) * Double(period - 1)
        middle = place.rounded(.down)
    }

    public static var cost: UpdateCost { .window }

    @inlinable
    public var warmUp: Int { window.length &- 1 }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        if window.pushed == 0 { weigh() }
        window.push(sample)
        if !window.isFull { return nil }
        var sum = 0.0
        for place in 0..<window.length {
            sum += weights[slot: place] * window[window.length &- 1 &- place]
        }
        return sum
    }

    @inlinable @inline(never)
    func weigh() {
        var total = 0.0
        for place in 0..<window.length {
            let distance = Double(place) - middle
            let weight = clibm_exp(-(distance * distance) / twiceSquare)
            weights[slot: place] = weight
            total += weight
        }
        for place in 0..<window.length { weights[slot: place] /= total }
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        visitor.visit(&window)
        visitor.visit(&weights)
    }
}
