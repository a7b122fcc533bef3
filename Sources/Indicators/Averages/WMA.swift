/// The running sums of a linearly weighted average over the newest `period` samples of a window,
/// which may be longer and serve others too.
///
/// Constant time amortised: every 8 · period values the sums are taken anew from the window, so
/// that rounding cannot pile up (as TA-Lib does, at the same places).
@frozen
@usableFromInline
struct WeightedSum: BitwiseCopyable, Codable {
    @usableFromInline let period: Int
    /// Samples that it misses first.
    @usableFromInline let delay: Int
    @usableFromInline let newestWeight: Double
    @usableFromInline let divisor: WholeDivisor
    /// The plain sum and the weighted sum of what is in the window.
    @usableFromInline var sum = 0.0
    @usableFromInline var weighted = 0.0
    /// Pushes with which the sums are taken anew next; 0 while the window fills, and always with a
    /// period of 1, which follows its input.
    @usableFromInline var nextAnchor = 0

    init(period: Int, delay: Int = 0) {
        self.period = period
        self.delay = delay
        newestWeight = Double(period)
        divisor = WholeDivisor(period * (period + 1) / 2)
    }

    /// Takes the newest sample of `window`, whose length is `period` at least.
    @inlinable @inline(__always)
    mutating func step(_ sample: Double, in window: Ring<Double>) -> Double? {
        if _slowPath(window.pushed >= nextAnchor) {
            self = renewed(sample, in: window)
            if window.pushed < delay &+ period { return nil }
            if period == 1 { return sample }
        } else {
            sum = sum + sample - window[period]
            weighted += sample * newestWeight
        }
        let average = weighted.divided(by: divisor)
        weighted -= sum
        return average
    }

    /// Out of line and on a copy, so that a loop of steps keeps the rest in registers.
    @inlinable @inline(never)
    func renewed(_ sample: Double, in window: Ring<Double>) -> Self {
        var next = self
        let count = window.pushed &- delay
        if period == 1 || count <= 0 { return next }
        if count <= period {
            next.sum += sample
            next.weighted += sample * Double(count)
            if count == period { next.nextAnchor = window.pushed &+ 8 &* period &- 1 }
        } else {
            next.anchor(in: window)
        }
        return next
    }

    @inlinable @inline(__always)
    mutating func anchor(in window: Ring<Double>) {
        nextAnchor = window.pushed &+ 8 &* period
        sum = 0
        weighted = 0
        for place in 1...period {
            let sample = window[period &- place]
            sum += sample
            weighted += sample * Double(place)
        }
    }
}

/// Linearly weighted average: the newest of `period` samples weighs `period`, the oldest 1.
@frozen
public struct WMA: IndicatorFormula {
    @usableFromInline var sums: WeightedSum
    @usableFromInline var window: Ring<Double>

    /// `period` 1...100,000; 1 follows its input.
    public init(period: Int = 30) throws(IndicatorFailure) {
        self.init(checked: try period.checked("period"))
    }

    init(checked period: Int) {
        sums = WeightedSum(period: period)
        window = Ring(length: period)
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var period: Int { sums.period }

    @inlinable
    public var warmUp: Int { period &- 1 }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        window.push(sample)
        return sums.step(sample, in: window)
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) { visitor.visit(&window) }
}

/// Hull moving average: WMA of 2·WMA(period / 2) − WMA(period), over √period.
@frozen
public struct HMA: IndicatorFormula {
    /// Of the same window; the half starts so late that both have their first value together.
    @usableFromInline var half: WeightedSum
    @usableFromInline var full: WeightedSum
    @usableFromInline var window: Ring<Double>
    @usableFromInline var smooth: WMA

    /// `period` 1...100,000; 1 follows its input.
    public init(period: Int = 20) throws(IndicatorFailure) {
        self.init(checked: try period.checked("period"))
    }

    init(checked period: Int) {
        let short = max(period / 2, 1)
        half = WeightedSum(period: short, delay: period - short)
        full = WeightedSum(period: period)
        window = Ring(length: period)
        smooth = WMA(checked: max(Int(Double(period).squareRoot()), 1))
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { full.period &- 1 &+ smooth.warmUp }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        window.push(sample)
        let fast = half.step(sample, in: window)
        guard let slow = full.step(sample, in: window), let fast else { return nil }
        return smooth.step(2 * fast - slow)
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        visitor.visit(&window)
        smooth.visitRings(&visitor)
    }
}
