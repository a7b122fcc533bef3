/// Order-flow imbalance of the last `period` updates of the best bid and ask: what came to the bid
/// less what came to the ask (Cont, Kukanov and Stoikov 2014).
///
/// An update adds the bid's size if its price did not fall, takes off the size before if it did not
/// rise; the ask the other way round.
@frozen
public struct OrderFlowImbalance: IndicatorFormula {
    @usableFromInline var flows: BlockSum
    @usableFromInline var previous = BestQuotes(bidPrice: 0, bidSize: 0, askPrice: 0, askSize: 0)

    /// `period` 1...100,000 updates.
    public init(period: Int = 100) throws(IndicatorFailure) {
        flows = BlockSum(length: try period.checked("period"))
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { flows.length }

    @inlinable @inline(__always)
    public mutating func step(_ top: BestQuotes) -> Double? {
        let before = previous
        previous = top
        if before.bidPrice == 0 { return nil }
        var flow = 0.0
        if top.bidPrice >= before.bidPrice { flow += top.bidSize }
        if top.bidPrice <= before.bidPrice { flow -= before.bidSize }
        if top.askPrice <= before.askPrice { flow -= top.askSize }
        if top.askPrice >= before.askPrice { flow += before.askSize }
        flows.push(flow)
        return flows.isFull ? flows.value : nil
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        flows.visitRings(&visitor)
    }
}

/// (bid size − ask size) / (bid size + ask size) at the best prices, −1...1.
@frozen
public struct QueueImbalance: IndicatorFormula, Sendable {
    public init() {}

    @inlinable
    public var warmUp: Int { 0 }

    @inlinable @inline(__always)
    public mutating func step(_ top: BestQuotes) -> Double? { top.imbalance }
}

/// Best prices weighted by the size on the other side: nearer to the side about to be used up.
@frozen
public struct WeightedMid: IndicatorFormula, Sendable {
    public init() {}

    @inlinable
    public var warmUp: Int { 0 }

    @inlinable @inline(__always)
    public mutating func step(_ top: BestQuotes) -> Double? {
        let size = top.bidSize + top.askSize
        return (top.bidPrice * top.askSize + top.askPrice * top.bidSize) / size
    }
}

/// Mid plus the move that is to be expected of it from the queue imbalance, learnt as it goes (the
/// first term of Stoikov's micro-price, 2018).
///
/// Imbalances fall into `bins` of equal width. Whenever the mid moves, every update since the move
/// before counts that move for its bin, and its opposite for the mirrored bin: buyers and sellers
/// are taken to be alike. Until a bin has seen a move its expectation is 0.
/// O(bins) when the mid moves, constant time otherwise.
@frozen
public struct MicroPrice: IndicatorFormula {
    @usableFromInline let bins: Int
    /// Sum of the moves and number of updates per bin; then updates since the last move.
    @usableFromInline var table: Ring<Double>
    @usableFromInline var previousMid = 0.0

    /// `bins` 2...100.
    public init(bins: Int = 10) throws(IndicatorFailure) {
        self.bins = try bins.checked("bins", in: 2...100)
        table = Ring(length: 3 * bins)
    }

    public static var cost: UpdateCost { .window }

    @inlinable
    public var warmUp: Int { 0 }

    @inlinable @inline(__always)
    public mutating func step(_ top: BestQuotes) -> Double? {
        if previousMid == 0 { clear() }
        let value = estimate(top)
        let mid = top.mid
        if previousMid != 0 && mid != previousMid { learn(mid - previousMid) }
        previousMid = mid
        table[slot: 2 &* bins &+ bin(of: top)] += 1
        return value
    }

    /// What has been learnt before the input says about it.
    @inlinable
    public func peek(_ top: BestQuotes) -> Double? { previousMid == 0 ? top.mid : estimate(top) }

    @inlinable @inline(__always)
    func bin(of top: BestQuotes) -> Int {
        min(Int((top.imbalance + 1) / 2 * Double(bins)), bins &- 1)
    }

    @inlinable @inline(__always)
    func estimate(_ top: BestQuotes) -> Double {
        let bin = bin(of: top)
        let count = table[slot: bins &+ bin]
        return count > 0 ? top.mid + table[slot: bin] / count : top.mid
    }

    @inlinable
    func learn(_ move: Double) {
        for bin in 0..<bins {
            let updates = table[slot: 2 &* bins &+ bin]
            if updates == 0 { continue }
            let mirrored = bins &- 1 &- bin
            table[slot: bin] += updates * move
            table[slot: mirrored] -= updates * move
            table[slot: bins &+ bin] += updates
            table[slot: bins &+ mirrored] += updates
            table[slot: 2 &* bins &+ bin] = 0
        }
    }

    @inlinable
    func clear() {
        for place in 0..<3 &* bins { table[slot: place] = 0 }
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) { visitor.visit(&table) }
}
