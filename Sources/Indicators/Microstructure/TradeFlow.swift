/// Volume bought by takers less volume sold by them, since the start.
@frozen
public struct CumulativeDelta: IndicatorFormula, Sendable {
    @usableFromInline var total = 0.0

    public init() {}

    @inlinable
    public var warmUp: Int { 0 }

    @inlinable @inline(__always)
    public mutating func step(_ trade: TradePrint) -> Double? {
        total += trade.signedSize
        return total
    }
}

/// (bought − sold) / (bought + sold) by takers over the last `period` trades, −1...1.
@frozen
public struct TradeFlowImbalance: IndicatorFormula {
    @usableFromInline var signed: BlockSum
    @usableFromInline var sizes: BlockSum

    /// `period` 1...100,000 trades.
    public init(period: Int = 100) throws(IndicatorFailure) {
        signed = BlockSum(length: try period.checked("period"))
        sizes = signed
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { signed.length &- 1 }

    @inlinable @inline(__always)
    public mutating func step(_ trade: TradePrint) -> Double? {
        signed.push(trade.signedSize)
        sizes.push(trade.signedSize.magnitude)
        return signed.isFull ? signed.value / sizes.value : nil
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        signed.visitRings(&visitor)
        sizes.visitRings(&visitor)
    }
}

/// Volume-synchronised probability of informed trading: mean |bought − sold| / volume of the last
/// `buckets` buckets of equal volume (Easley, López de Prado and O'Hara 2012), with the taker's
/// side as it is instead of estimated from prices. 0...1.
///
/// Constant time for trades below a bucket; a larger one takes a step for each bucket it fills, at
/// most `buckets` of them.
@frozen
public struct VPIN: IndicatorFormula {
    @usableFromInline let bucketVolume: Double
    @usableFromInline var imbalances: BlockSum
    @usableFromInline var filled = 0.0
    @usableFromInline var balance = 0.0

    /// `bucketVolume` 10⁻¹²...10¹⁵ in units of the size; `buckets` 1...100,000.
    public init(bucketVolume: Double = 100, buckets: Int = 50) throws(IndicatorFailure) {
        self.bucketVolume = try bucketVolume.checked("bucketVolume", in: 1e-12...1e15)
        imbalances = BlockSum(length: try buckets.checked("buckets"))
    }

    public static var cost: UpdateCost { .amortised }

    /// At least so many trades; how many it takes depends on their sizes.
    @inlinable
    public var warmUp: Int { 0 }

    @inlinable @inline(__always)
    public mutating func step(_ trade: TradePrint) -> Double? {
        var rest = trade.signedSize.magnitude
        let room = bucketVolume - filled
        if rest >= room {
            rest -= room
            let whole = rest / bucketVolume
            // A trade that fills all buckets leaves nothing of the one that it completes: a window
            // takes no more in a step than it holds.
            let fillsAll = whole >= Double(imbalances.length)
            if !fillsAll { close(balance + trade.direction * room) }
            var steps = fillsAll ? imbalances.length : Int(whole)
            rest -= bucketVolume * Double(Int(smaller(whole, 1e15)))
            rest = smaller(larger(rest, 0), bucketVolume)
            while steps > 0 {
                close(bucketVolume)
                steps &-= 1
            }
            filled = rest
            balance = trade.direction * rest
        } else {
            filled += rest
            balance += trade.signedSize
        }
        if !imbalances.isFull { return nil }
        return imbalances.value / (bucketVolume * Double(imbalances.length))
    }

    @inlinable @inline(__always)
    mutating func close(_ imbalance: Double) { imbalances.push(imbalance.magnitude) }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        imbalances.visitRings(&visitor)
    }
}

/// Kyle's lambda: slope of the regression of price changes from trade to trade on the signed sizes,
/// over the last `period` trades: the price of taking one unit. 0 where sizes do not vary.
@frozen
public struct KyleLambda: IndicatorFormula {
    /// Signed sizes and price changes.
    @usableFromInline var pairs: PairSums
    @usableFromInline var previousPrice = 0.0

    /// `period` 2...100,000 trades.
    public init(period: Int = 100) throws(IndicatorFailure) {
        pairs = PairSums(period: try period.checked("period", in: 2...Int.longestPeriod))
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { pairs.period }

    @inlinable @inline(__always)
    public mutating func step(_ trade: TradePrint) -> Double? {
        let before = previousPrice
        previousPrice = trade.price
        if before == 0 { return nil }
        return pairs.slope(after: SIMD2(trade.signedSize, trade.price - before))
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        visitor.visit(&pairs.window)
    }
}
