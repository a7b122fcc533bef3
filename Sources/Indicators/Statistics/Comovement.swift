import CLibm

/// Sums over the last `period` pairs, as distances from a pair near the window; see ``VAR``. What
/// both series have of a kind lies and moves as one vector.
@frozen
@usableFromInline
struct PairSums: BitwiseCopyable, Codable {
    @usableFromInline let period: Int
    @usableFromInline var window: Ring<SIMD2<Double>>
    @usableFromInline var origin = SIMD2<Double>()
    @usableFromInline var sums = SIMD2<Double>()
    @usableFromInline var squares = SIMD2<Double>()
    @usableFromInline var products = 0.0
    /// Squared distances of the pair that left last.
    @usableFromInline var left = SIMD2<Double>()
    /// Pushes with which the sums are taken anew next.
    @usableFromInline var nextAnchor: Int

    init(period: Int) {
        self.period = period
        window = Ring(length: period)
        nextAnchor = 33 * period - 1
    }

    /// Whether the window is full.
    @inlinable @inline(__always)
    mutating func push(_ pair: SIMD2<Double>) -> Bool {
        window.push(pair)
        if _slowPath(window.pushed <= period) {
            if window.pushed == 1 { origin = pair }
            add(pair)
            return window.isFull
        }
        add(pair)
        return true
    }

    @inlinable @inline(__always)
    mutating func add(_ pair: SIMD2<Double>) {
        let distances = pair - origin
        sums += distances
        squares += distances * distances
        products += distances[0] * distances[1]
    }

    /// Takes the oldest pair off; the next push completes the window again.
    @inlinable @inline(__always)
    mutating func removeOldest() {
        let distances = window.oldest - origin
        left = distances * distances
        sums -= distances
        squares -= left
        products -= distances[0] * distances[1]
    }

    /// Whether the sums are to be taken anew: now and then, and where what left last was so many
    /// times what all that stay come to.
    @inlinable @inline(__always)
    func isAnchorDue(outlier times: Double) -> Bool {
        window.pushed >= nextAnchor || clibm_any_above(left, times * squares)
    }

    /// The sums anew, around the means of the window; dividing rounds otherwise than multiplying by
    /// the reciprocal does.
    /// Out of line and on a copy, so that a loop of steps keeps the rest in registers.
    @inlinable @inline(never)
    func anchored(dividing: Bool) -> Self {
        var next = self
        next.anchor(dividing: dividing)
        return next
    }

    @inlinable @inline(__always)
    mutating func anchor(dividing: Bool) {
        nextAnchor = window.pushed &+ 32 &* period
        let totals = window.sums(ofNewest: period)
        let count = Double(period)
        origin = dividing ? totals / count : totals * (1 / count)
        sums = SIMD2()
        squares = SIMD2()
        products = 0
        var age = period &- 1
        while age >= 0 {
            add(window[age])
            age &-= 1
        }
    }
}

extension PairSums {
    /// Slope of the second on the first after taking `pair`; 0 where the first does not vary, `nil`
    /// before the window is full.
    @inlinable @inline(__always)
    mutating func slope(after pair: SIMD2<Double>) -> Double? {
        if !push(pair) { return nil }
        let count = Double(period)
        var scale = count * squares[0]
        var divisor = scale - sums[0] * sums[0]
        if _slowPath(divisor < 1e-6 * scale || isAnchorDue(outlier: 1e3)) {
            self = anchored(dividing: true)
            scale = count * squares[0]
            divisor = larger(scale - sums[0] * sums[0], 0)
        }
        let product = count * products - sums[0] * sums[1]
        removeOldest()
        return divisor > 1e-14 * scale ? product / divisor : 0
    }

    /// Population covariance after taking `pair`; `nil` before the window is full.
    @inlinable @inline(__always)
    mutating func covariance(after pair: SIMD2<Double>) -> Double? {
        if !push(pair) { return nil }
        if _slowPath(isAnchorDue(outlier: 1e3)) { self = anchored(dividing: true) }
        let count = Double(period)
        let covariance = (products - sums[0] * sums[1] / count) / count
        removeOldest()
        return covariance
    }
}

/// Pearson's correlation of two series over the last `period` pairs; 0 where one does not vary.
@frozen
public struct CORREL: IndicatorFormula {
    @usableFromInline let share: Double
    @usableFromInline var pairs: PairSums

    /// `period` 1...100,000.
    public init(period: Int = 30) throws(IndicatorFailure) {
        pairs = PairSums(period: try period.checked("period"))
        share = 1 / Double(period)
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { pairs.period &- 1 }

    @inlinable @inline(__always)
    public mutating func step(_ pair: SamplePair) -> Double? {
        if !pairs.push(SIMD2(pair.first, pair.second)) { return nil }
        var spread = self.spread
        if _slowPath(
            clibm_any_above(1e-6 * pairs.squares, spread) || pairs.isAnchorDue(outlier: 1e6))
        {
            pairs = pairs.anchored(dividing: false)
            spread = clibm_larger(self.spread, SIMD2())
        }
        let product = pairs.products - pairs.sums[0] * pairs.sums[1] * share
        let varies = clibm_both_above(spread, 1e-14 * pairs.squares)
        pairs.removeOldest()
        if !varies { return 0 }
        return larger(-1, smaller(1, product / clibm_sqrt(spread[0] * spread[1])))
    }

    /// Sums of squares around the means.
    @inlinable @inline(__always)
    var spread: SIMD2<Double> { pairs.squares - pairs.sums * pairs.sums * share }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        visitor.visit(&pairs.window)
    }
}

/// Beta: slope of the regression of the second series' returns on those of the first, over the last
/// `period` returns; 0 where the first does not vary.
@frozen
public struct BETA: IndicatorFormula {
    @usableFromInline var returns: PairSums
    @usableFromInline var previous = SIMD2<Double>()
    @usableFromInline var isStarted = false

    /// `period` 1...100,000.
    public init(period: Int = 5) throws(IndicatorFailure) {
        returns = PairSums(period: try period.checked("period"))
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { returns.period }

    @inlinable @inline(__always)
    public mutating func step(_ prices: SamplePair) -> Double? {
        let (now, before) = (SIMD2(prices.first, prices.second), previous)
        previous = now
        if !isStarted {
            isStarted = true
            return nil
        }
        // Both divided at once.
        var changes = (now - before) / before
        if _slowPath(before[0].isNegligible) { changes[0] = 0 }
        if _slowPath(before[1].isNegligible) { changes[1] = 0 }
        return returns.slope(after: changes)
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        visitor.visit(&returns.window)
    }
}
