/// Linearly weighted average: the newest of `period` samples weighs `period`, the oldest 1.
///
/// Constant time amortised: every 8 · period values the sums are taken anew from the window, so
/// that rounding cannot pile up (as TA-Lib does, at the same places).
@frozen
public struct WMA: IndicatorFormula {
    public let period: Int
    @usableFromInline let divisor: Double
    @usableFromInline var window: Ring<Double>
    /// The plain sum and the weighted sum of what is in the window.
    @usableFromInline var sum = 0.0
    @usableFromInline var weighted = 0.0
    @usableFromInline var leaving = 0.0
    @usableFromInline var untilAnchor: Int

    /// `period` 1...100,000; 1 follows its input.
    public init(period: Int = 30) throws(IndicatorFailure) {
        self.init(checked: try period.checked("period"))
    }

    init(checked period: Int) {
        self.period = period
        divisor = Double(period * (period + 1) / 2)
        window = Ring(length: period)
        untilAnchor = 8 * period
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { period &- 1 }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        if period == 1 { return sample }
        window.push(sample)
        if !window.isFull {
            sum += sample
            weighted += sample * Double(window.pushed)
            return nil
        }
        untilAnchor &-= 1
        if untilAnchor == 0 {
            self = anchored()
        } else {
            sum += sample
            sum -= leaving
            weighted += sample * Double(period)
        }
        leaving = window.oldest
        let average = weighted / divisor
        weighted -= sum
        return average
    }

    /// Out of line and on a copy, so that a loop of steps keeps the rest in registers.
    @inlinable @inline(never)
    func anchored() -> Self {
        var next = self
        next.anchor()
        return next
    }

    @inlinable @inline(__always)
    mutating func anchor() {
        untilAnchor = 8 &* period
        sum = 0
        weighted = 0
        for place in 1...period {
            let sample = window[period &- place]
            sum += sample
            weighted += sample * Double(place)
        }
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) { visitor.visit(&window) }
}

/// Hull moving average: WMA of 2·WMA(period / 2) − WMA(period), over √period.
@frozen
public struct HMA: IndicatorFormula {
    @usableFromInline var half: Late<WMA>
    @usableFromInline var full: WMA
    @usableFromInline var smooth: WMA

    /// `period` 1...100,000; 1 follows its input.
    public init(period: Int = 20) throws(IndicatorFailure) {
        self.init(checked: try period.checked("period"))
    }

    init(checked period: Int) {
        let short = max(period / 2, 1)
        half = Late(WMA(checked: short), by: period - short)
        full = WMA(checked: period)
        smooth = WMA(checked: max(Int(Double(period).squareRoot()), 1))
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { full.warmUp &+ smooth.warmUp }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        let fast = half.step(sample)
        guard let slow = full.step(sample), let fast else { return nil }
        return smooth.step(2 * fast - slow)
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        half.visitRings(&visitor)
        full.visitRings(&visitor)
        smooth.visitRings(&visitor)
    }
}
