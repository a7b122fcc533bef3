import MarketModel

/// One trade of one of our orders, counted once by its trade id.
@frozen
public struct Fill: BitwiseCopyable, Sendable, Equatable {
    public var clientOrderID: ClientOrderID
    public var tradeID: TradeID
    public var price: Price
    public var quantity: Quantity
    /// Commission in quote money at the instrument's notional scale; a rebate is negative.
    public var fee: Notional
    /// The commission was in an asset without a known rate and is not in ``fee``.
    public var isFeeUnvalued: Bool
    public var time: Timestamp
    public var instrument: InstrumentIndex
    public var strategy: StrategyIndex
    public var side: Side
    public var isMaker: Bool

    @_noLocks
    public init(
        clientOrderID: ClientOrderID, tradeID: TradeID, instrument: InstrumentIndex,
        strategy: StrategyIndex, side: Side, price: Price, quantity: Quantity, fee: Notional,
        isFeeUnvalued: Bool = false, isMaker: Bool, time: Timestamp
    ) {
        self.clientOrderID = clientOrderID
        self.tradeID = tradeID
        self.instrument = instrument
        self.strategy = strategy
        self.side = side
        self.price = price
        self.quantity = quantity
        self.fee = fee
        self.isFeeUnvalued = isFeeUnvalued
        self.isMaker = isMaker
        self.time = time
    }
}
