/// Where the close lies in the range of the last `period` bars.
@frozen
@usableFromInline
struct RangePosition: BitwiseCopyable, Codable {
    @usableFromInline var range: BlockRange

    init(period: Int) { range = BlockRange(length: period) }

    @inlinable @inline(__always)
    var warmUp: Int { range.length &- 1 }

    @inlinable @inline(__always)
    mutating func push(high: Double, low: Double) { range.push(high: high, low: low) }

    /// 0...100; 0 without a range. `nil` before the window is full.
    @inlinable @inline(__always)
    func percent(_ close: Double) -> Double? {
        if !range.isFull { return nil }
        let (ceiling, floor) = range.span
        let height = ceiling - floor
        return height.isNegligible(beside: ceiling.magnitude + floor.magnitude)
            ? 0 : 100 * ((close - floor) / height)
    }

    mutating func visitRings(_ visitor: inout some RingVisitor) { range.visitRings(&visitor) }
}

/// Stochastic: the position of the close in the range, averaged once (K) and twice (D).
@frozen
public struct STOCH: IndicatorFormula {
    @usableFromInline var position: RangePosition
    @usableFromInline var slowK: MovingAverage
    @usableFromInline var slowD: MovingAverage
    /// Whether both averages are simple.
    @usableFromInline let isSimple: Bool

    /// Periods 1...100,000.
    public init(
        fastKPeriod: Int = 5, slowKPeriod: Int = 3, slowKKind: MovingAverageKind = .sma,
        slowDPeriod: Int = 3, slowDKind: MovingAverageKind = .sma
    ) throws(IndicatorFailure) {
        position = RangePosition(period: try fastKPeriod.checked("fastKPeriod"))
        slowK = MovingAverage(slowKKind, checked: try slowKPeriod.checked("slowKPeriod"))
        slowD = MovingAverage(slowDKind, checked: try slowDPeriod.checked("slowDPeriod"))
        isSimple = slowK.kind == .sma && slowD.kind == .sma
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { position.warmUp &+ slowK.warmUp &+ slowD.warmUp }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> StochasticLines? {
        position.push(high: bar.high, low: bar.low)
        guard let fast = position.percent(bar.close) else { return nil }
        if _fastPath(isSimple) {
            guard let k = slowK.simple.step(fast), let d = slowD.simple.step(k) else { return nil }
            return StochasticLines(k: k, d: d)
        }
        guard let k = slowK.step(fast), let d = slowD.step(k) else { return nil }
        return StochasticLines(k: k, d: d)
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        position.visitRings(&visitor)
        slowK.visitRings(&visitor)
        slowD.visitRings(&visitor)
    }
}

/// Fast stochastic: the position of the close in the range (K) and its average (D).
@frozen
public struct STOCHF: IndicatorFormula {
    @usableFromInline var position: RangePosition
    @usableFromInline var fastD: MovingAverage

    /// Periods 1...100,000.
    public init(
        fastKPeriod: Int = 5, fastDPeriod: Int = 3, fastDKind: MovingAverageKind = .sma
    ) throws(IndicatorFailure) {
        position = RangePosition(period: try fastKPeriod.checked("fastKPeriod"))
        fastD = MovingAverage(fastDKind, checked: try fastDPeriod.checked("fastDPeriod"))
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { position.warmUp &+ fastD.warmUp }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> StochasticLines? {
        step(high: bar.high, low: bar.low, close: bar.close)
    }

    @inlinable @inline(__always)
    mutating func step(high: Double, low: Double, close: Double) -> StochasticLines? {
        position.push(high: high, low: low)
        guard let k = position.percent(close), let d = fastD.step(k) else { return nil }
        return StochasticLines(k: k, d: d)
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        position.visitRings(&visitor)
        fastD.visitRings(&visitor)
    }
}

/// Fast stochastic of the relative strength index.
@frozen
public struct STOCHRSI: IndicatorFormula {
    @usableFromInline var strength: RSI
    @usableFromInline var stochastic: STOCHF

    /// `period` 2...100,000, the others 1...100,000.
    public init(
        period: Int = 14, fastKPeriod: Int = 5, fastDPeriod: Int = 3,
        fastDKind: MovingAverageKind = .sma
    ) throws(IndicatorFailure) {
        strength = try RSI(period: period)
        stochastic = try STOCHF(
            fastKPeriod: fastKPeriod, fastDPeriod: fastDPeriod, fastDKind: fastDKind)
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { strength.warmUp &+ stochastic.warmUp }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> StochasticLines? {
        guard let value = strength.step(sample) else { return nil }
        return stochastic.step(high: value, low: value, close: value)
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        stochastic.visitRings(&visitor)
    }
}

/// Williams %R: −100 at the low of the range, 0 at its high.
@frozen
public struct WILLR: IndicatorFormula {
    @usableFromInline var range: BlockRange

    /// `period` 2...100,000.
    public init(period: Int = 14) throws(IndicatorFailure) {
        range = BlockRange(length: try period.checked("period", in: 2...Int.longestPeriod))
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { range.length &- 1 }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> Double? {
        range.push(high: bar.high, low: bar.low)
        if !range.isFull { return nil }
        let (ceiling, floor) = range.span
        let height = ceiling - floor
        return height == 0 ? 0 : -100 * ((ceiling - bar.close) / height)
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        range.visitRings(&visitor)
    }
}

/// The stochastic of East Asia: K and D after Wilder, and J = 3·K − 2·D.
@frozen
public struct KDJ: IndicatorFormula {
    @usableFromInline var position: RangePosition
    @usableFromInline var slowK: MovingAverage
    @usableFromInline var slowD: MovingAverage

    /// Periods 1...100,000.
    public init(
        fastKPeriod: Int = 9, slowKPeriod: Int = 3, slowKKind: MovingAverageKind = .rma,
        slowDPeriod: Int = 3, slowDKind: MovingAverageKind = .rma
    ) throws(IndicatorFailure) {
        position = RangePosition(period: try fastKPeriod.checked("fastKPeriod"))
        slowK = MovingAverage(slowKKind, checked: try slowKPeriod.checked("slowKPeriod"))
        slowD = MovingAverage(slowDKind, checked: try slowDPeriod.checked("slowDPeriod"))
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { position.warmUp &+ slowK.warmUp &+ slowD.warmUp }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> KDJLines? {
        position.push(high: bar.high, low: bar.low)
        guard let fast = position.percent(bar.close), let k = slowK.step(fast),
            let d = slowD.step(k)
        else { return nil }
        return KDJLines(k: k, d: d, j: 3 * k - 2 * d)
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        position.visitRings(&visitor)
        slowK.visitRings(&visitor)
        slowD.visitRings(&visitor)
    }
}

/// The three lines of ``KDJ``.
@frozen
public struct KDJLines: IndicatorOutput, Sendable {
    public var k: Double
    public var d: Double
    public var j: Double

    @inlinable @inline(__always)
    public init(k: Double, d: Double, j: Double) {
        self.k = k
        self.d = d
        self.j = j
    }

    public static var names: [String] { ["k", "d", "j"] }
    public var numbers: [Double] { [k, d, j] }
}
