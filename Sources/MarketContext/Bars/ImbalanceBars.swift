import MarketModel

/// Bars that close when takers have leaned one way further than expected (López de Prado,
/// "Advances in Financial Machine Learning", 2.3.2.1).
///
/// θ is the sum of the trades' sizes since the last bar, bought positive and sold negative; the
/// taker's side is the venue's, not guessed from prices. A bar closes when |θ| reaches the expected
/// length of a bar times the expected |θ| of a trade. Both expectations are exponential averages
/// over closed bars. Left alone they are known to run away, to bars of one trade or of a day:
/// so a bar has at least `shortest` and at most `longest` trades. The first bar, without
/// expectations yet, has `shortest`.
@frozen
public struct ImbalanceBars: BitwiseCopyable, Sendable, Codable {
    /// What a trade counts.
    @frozen
    public enum Size: UInt8, BitwiseCopyable, Sendable, Codable {
        case one, volume, quoteVolume
    }

    public let size: Size
    private let shortest: Int64
    private let longest: Int64
    private let weight: Double

    private var bar: Candle
    private var isOpen = false
    private var lacksTrades = false
    private var trades: Int64 = 0
    private var imbalance = 0.0
    private var expectedTrades = 0.0
    private var expectedImbalance = 0.0
    private var hasExpectations = false

    /// `shortest` 1...`longest` trades; averages over about `span` bars, at least 1.
    public init(
        of size: Size, shortest: Int, longest: Int, span: Int, instrument: InstrumentIndex
    ) throws(ContextFailure) {
        if shortest < 1 { throw .notPositive("shortest bar") }
        if longest < shortest { throw .contradiction("the longest bar is the shorter one") }
        if span < 1 { throw .notPositive("span") }
        self.size = size
        self.shortest = Int64(shortest)
        self.longest = Int64(longest)
        weight = 2 / (Double(span) + 1)
        bar = Candle(instrument, from: .unknown, to: .unknown)
    }

    /// The running bar; `nil` when no trade has opened one.
    public var current: Candle? {
        @_noLocks get {
            if !isOpen { return nil }
            var bar = bar
            bar.isPartial = lacksTrades
            return bar
        }
    }

    /// Trades right before the next one are missing: the running bar, or the next, is partial.
    @_noLocks
    public mutating func markIncomplete() { lacksTrades = true }

    /// |θ| at which the running bar closes; `nil` before the first bar has.
    public var threshold: Double? {
        @_noLocks get {
            hasExpectations ? expectedTrades * expectedImbalance.magnitude : nil
        }
    }

    /// Takes the next trade; the bar that it closes, if it does.
    @_noLocks
    public mutating func update(_ trade: Trade) -> Candle? {
        if !isOpen {
            bar = Candle(openedBy: trade, from: trade.time, to: trade.time)
            isOpen = true
        }
        bar.add(trade)
        if trade.time > bar.closeTime { bar.closeTime = trade.time }
        trades &+= 1
        imbalance += trade.aggressor == .buy ? measure(trade) : -measure(trade)
        if trades < shortest { return nil }
        if trades < longest, let threshold, imbalance.magnitude < threshold { return nil }
        learn()
        isOpen = false
        bar.isClosed = true
        bar.isPartial = lacksTrades
        lacksTrades = false
        return bar
    }

    private func measure(_ trade: Trade) -> Double {
        switch size {
        case .one: 1
        case .volume: Double(trade.quantity.raw)
        case .quoteVolume: Double(trade.price.raw) * Double(trade.quantity.raw)
        }
    }

    private mutating func learn() {
        let mean = imbalance / Double(trades)
        if hasExpectations {
            expectedTrades += weight * (Double(trades) - expectedTrades)
            expectedImbalance += weight * (mean - expectedImbalance)
        } else {
            expectedTrades = Double(trades)
            expectedImbalance = mean
            hasExpectations = true
        }
        trades = 0
        imbalance = 0
    }
}
