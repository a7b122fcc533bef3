import MarketModel

/// One public trade.
struct PublicTrade: BitwiseCopyable, Equatable, Sendable {
    var id: Int64
    var price: Price
    var quantity: Quantity
    var time: Timestamp
    var takerSide: Side
}

/// The trades of one taker order at one price.
struct AggregateTrade: BitwiseCopyable, Equatable, Sendable {
    var id: Int64
    var price: Price
    var quantity: Quantity
    var firstTradeID: Int64
    var lastTradeID: Int64
    var time: Timestamp
    var takerSide: Side
}

/// Something every subscriber of a symbol may see.
enum PublicEvent: BitwiseCopyable, Sendable {
    case trade(market: Int32, PublicTrade)
    case aggregate(market: Int32, AggregateTrade)
    case top(market: Int32, updateID: Int64, BookTop)
}

/// The newest public trades of a symbol.
struct TradeTape {
    /// Enough for the history that engines ask for within a test or a demonstration of some hours.
    private static let capacity = 1 << 20

    private(set) var trades = BoundedQueue<PublicTrade>(capacity: capacity)
    private(set) var aggregates = BoundedQueue<AggregateTrade>(capacity: capacity)
    private(set) var lastAggregateID: Int64 = 0

    /// Numbers go on after this one.
    mutating func resume(after id: Int64) { lastAggregateID = max(lastAggregateID, id) }

    mutating func append(_ trade: PublicTrade) { trades.append(trade) }

    /// Numbers and keeps an aggregate.
    mutating func append(_ aggregate: AggregateTrade) -> AggregateTrade {
        lastAggregateID += 1
        var numbered = aggregate
        numbered.id = lastAggregateID
        aggregates.append(numbered)
        return numbered
    }
}
