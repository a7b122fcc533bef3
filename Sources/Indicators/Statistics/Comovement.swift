import CLibm

/// Sums over the last `period` pairs, as distances from a pair near the window; see ``VAR``.
@frozen
@usableFromInline
struct PairSums: BitwiseCopyable, Codable {
    @usableFromInline let period: Int
    @usableFromInline var window: Ring<SamplePair>
    @usableFromInline var origin = SamplePair(0, 0)
    @usableFromInline var sums = SamplePair(0, 0)
    @usableFromInline var squares = SamplePair(0, 0)
    @usableFromInline var products = 0.0
    /// Squared distances of the pair that left last.
    @usableFromInline var left = SamplePair(0, 0)
    @usableFromInline var untilAnchor: Int

    init(period: Int) {
        self.period = period
        window = Ring(length: period)
        untilAnchor = 32 * period
    }

    @inlinable @inline(__always)
    mutating func push(_ pair: SamplePair) {
        if window.pushed == 0 { origin = pair }
        window.push(pair)
        add(pair)
    }

    @inlinable @inline(__always)
    mutating func add(_ pair: SamplePair) {
        let first = pair.first - origin.first
        let second = pair.second - origin.second
        sums.first += first
        sums.second += second
        squares.first += first * first
        squares.second += second * second
        products += first * second
    }

    /// Takes the oldest pair off; the next push completes the window again.
    @inlinable @inline(__always)
    mutating func removeOldest() {
        let oldest = window.oldest
        let first = oldest.first - origin.first
        let second = oldest.second - origin.second
        left = SamplePair(first * first, second * second)
        sums.first -= first
        sums.second -= second
        squares.first -= left.first
        squares.second -= left.second
        products -= first * second
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
        untilAnchor = 32 &* period
        var totals = SamplePair(0, 0)
        var age = period &- 1
        while age >= 0 {
            totals.first += window[age].first
            totals.second += window[age].second
            age &-= 1
        }
        let share = 1 / Double(period)
        origin = dividing
            ? SamplePair(totals.first / Double(period), totals.second / Double(period))
            : SamplePair(totals.first * share, totals.second * share)
        sums = SamplePair(0, 0)
        squares = SamplePair(0, 0)
        products = 0
        age = period &- 1
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
    mutating func slope(after pair: SamplePair) -> Double? {
        push(pair)
        if !window.isFull { return nil }
        let count = Double(period)
        var scale = count * squares.first
        var divisor = scale - sums.first * sums.first
        untilAnchor &-= 1
        if divisor < 1e-6 * scale || left.first > 1e3 * squares.first
            || left.second > 1e3 * squares.second || untilAnchor <= 0
        {
            self = anchored(dividing: true)
            scale = count * squares.first
            divisor = larger(scale - sums.first * sums.first, 0)
        }
        let product = count * products - sums.first * sums.second
        removeOldest()
        return divisor > 1e-14 * scale ? product / divisor : 0
    }

    /// Population covariance after taking `pair`; `nil` before the window is full.
    @inlinable @inline(__always)
    mutating func covariance(after pair: SamplePair) -> Double? {
        push(pair)
        if !window.isFull { return nil }
        untilAnchor &-= 1
        if left.first > 1e3 * squares.first || left.second > 1e3 * squares.second
            || untilAnchor <= 0
        {
            self = anchored(dividing: true)
        }
        let count = Double(period)
        let covariance = (products - sums.first * sums.second / count) / count
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
        pairs.push(pair)
        if !pairs.window.isFull { return nil }
        var spread = self.spread
        pairs.untilAnchor &-= 1
        if spread.first < 1e-6 * pairs.squares.first || spread.second < 1e-6 * pairs.squares.second
            || pairs.left.first > 1e6 * pairs.squares.first
            || pairs.left.second > 1e6 * pairs.squares.second || pairs.untilAnchor <= 0
        {
            pairs = pairs.anchored(dividing: false)
            spread = self.spread
            spread.first = larger(spread.first, 0)
            spread.second = larger(spread.second, 0)
        }
        let product = pairs.products - pairs.sums.first * pairs.sums.second * share
        let varies = spread.first > 1e-14 * pairs.squares.first
            && spread.second > 1e-14 * pairs.squares.second
        pairs.removeOldest()
        if !varies { return 0 }
        return larger(-1, smaller(1, product / clibm_sqrt(spread.first * spread.second)))
    }

    /// Sums of squares around the means.
    @inlinable @inline(__always)
    var spread: SamplePair {
        let sums = pairs.sums
        return SamplePair(
            pairs.squares.first - sums.first * sums.first * share,
            pairs.squares.second - sums.second * sums.second * share)
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        visitor.visit(&pairs.window)
    }
}

/// Beta: slope of the regression of the second series' returns on those of the first, over the last
/// `period` returns; 0 where the first does not vary.
@frozen
public struct BETA: IndicatorFormula {
    @usableFromInline var returns: PairSums
    @usableFromInline var previous = SamplePair(0, 0)
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
        let before = previous
        previous = prices
        if !isStarted {
            isStarted = true
            return nil
        }
        return returns.slope(
            after: SamplePair(
                Self.change(prices.first, after: before.first),
                Self.change(prices.second, after: before.second)))
    }

    @inlinable @inline(__always)
    static func change(_ price: Double, after before: Double) -> Double {
        before.isNegligible ? 0 : (price - before) / before
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        visitor.visit(&returns.window)
    }
}
