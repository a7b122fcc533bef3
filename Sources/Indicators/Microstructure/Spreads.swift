import CLibm

/// Roll's spread: 2 · √−cov of successive price changes over the last `period` pairs of them; 0
/// where they go together (Roll 1984).
@frozen
public struct RollSpread: IndicatorFormula {
    @usableFromInline var pairs: PairSums
    @usableFromInline var previousPrice = 0.0
    @usableFromInline var previousChange = 0.0
    @usableFromInline var count = 0

    /// `period` 2...100,000.
    public init(period: Int = 100) throws(IndicatorFailure) {
        pairs = PairSums(period: try period.checked("period", in: 2...Int.longestPeriod))
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { pairs.period &+ 1 }

    @inlinable @inline(__always)
    public mutating func step(_ price: Double) -> Double? {
        let change = price - previousPrice
        let before = previousChange
        previousPrice = price
        previousChange = change
        count = min(count &+ 1, 3)
        if count < 3 { return nil }
        guard let covariance = pairs.covariance(after: SIMD2(change, before)) else {
            return nil
        }
        return covariance < 0 ? 2 * clibm_sqrt(-covariance) : 0
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        visitor.visit(&pairs.window)
    }
}

/// Effective spread: 2 · |price − mid| for the taker, mean of the last `period` trades weighted by
/// size; in price and in basis points of the mid.
@frozen
public struct EffectiveSpread: IndicatorFormula {
    @usableFromInline var prices: BlockSum
    @usableFromInline var points: BlockSum
    @usableFromInline var sizes: BlockSum

    /// `period` 1...100,000 trades.
    public init(period: Int = 100) throws(IndicatorFailure) {
        prices = BlockSum(length: try period.checked("period"))
        points = prices
        sizes = prices
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { prices.length &- 1 }

    @inlinable @inline(__always)
    public mutating func step(_ input: QuotedTrade) -> TradeSpread? {
        let size = input.trade.signedSize.magnitude
        let cost = 2 * input.trade.direction * (input.trade.price - input.mid)
        return step(cost: cost, mid: input.mid, size: size)
    }

    @inlinable @inline(__always)
    mutating func step(cost: Double, mid: Double, size: Double) -> TradeSpread? {
        prices.push(cost * size)
        points.push(cost / mid * 10_000 * size)
        sizes.push(size)
        if !sizes.isFull { return nil }
        let volume = sizes.value
        return TradeSpread(price: prices.value / volume, basisPoints: points.value / volume)
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        prices.visitRings(&visitor)
        points.visitRings(&visitor)
        sizes.visitRings(&visitor)
    }
}

/// Realised spread: 2 · (price − mid `delay` trades later) in the taker's direction, mean of
/// `period` trades weighted by size: what is left of the effective spread after the market moved.
@frozen
public struct RealisedSpread: IndicatorFormula {
    @usableFromInline let delay: Int
    /// Price and signed size of the trades whose later mid is not known yet.
    @usableFromInline var waiting: Ring<SamplePair>
    @usableFromInline var mids: Ring<Double>
    @usableFromInline var spread: EffectiveSpread

    /// `period` and `delay` 1...100,000 trades.
    public init(period: Int = 100, delay: Int = 50) throws(IndicatorFailure) {
        spread = try EffectiveSpread(period: period)
        self.delay = try delay.checked("delay")
        waiting = Ring(length: delay)
        mids = Ring(length: delay)
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { delay &+ spread.warmUp }

    @inlinable @inline(__always)
    public mutating func step(_ input: QuotedTrade) -> TradeSpread? {
        waiting.push(SamplePair(input.trade.price, input.trade.signedSize))
        mids.push(input.mid)
        if waiting.pushed <= delay { return nil }
        let trade = TradePrint(price: waiting[delay].first, signedSize: waiting[delay].second)
        let cost = 2 * trade.direction * (trade.price - input.mid)
        return spread.step(cost: cost, mid: mids[delay], size: trade.signedSize.magnitude)
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        visitor.visit(&waiting)
        visitor.visit(&mids)
        spread.visitRings(&visitor)
    }
}

/// A spread in price and in basis points of the mid at the trade.
@frozen
public struct TradeSpread: IndicatorOutput, Sendable {
    public var price: Double
    public var basisPoints: Double

    @inlinable @inline(__always)
    public init(price: Double, basisPoints: Double) {
        self.price = price
        self.basisPoints = basisPoints
    }

    public static var names: [String] { ["price", "basisPoints"] }
    public var numbers: [Double] { [price, basisPoints] }
}

/// Amihud's illiquidity: mean of |logarithmic return| / (close · volume) of the last `period` bars
/// that traded, times a million (Amihud 2002).
@frozen
public struct Amihud: IndicatorFormula {
    @usableFromInline var ratios: BlockSum
    @usableFromInline var previousClose = 0.0

    /// `period` 1...100,000 bars.
    public init(period: Int = 20) throws(IndicatorFailure) {
        ratios = BlockSum(length: try period.checked("period"))
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { ratios.length }

    /// A bar without volume or with a close at or below zero says nothing and is passed over.
    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> Double? {
        let before = previousClose
        if bar.close > 0 { previousClose = bar.close }
        if before > 0 && bar.close > 0 && bar.volume > 0 {
            let change = clibm_log(bar.close / before).magnitude
            ratios.push(1e6 * change / (bar.close * bar.volume))
        }
        return ratios.isFull ? ratios.value / Double(ratios.length) : nil
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        ratios.visitRings(&visitor)
    }
}
