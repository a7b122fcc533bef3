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
    /// The part of ``fee`` that was paid in the base asset: so much less is held after a buy.
    public var baseFee: Quantity
    /// The commission as it was paid, in units of 1e-8 of ``commissionAsset``.
    public var commission: Int64
    /// The commission was in an asset without a known rate and is not in ``fee``.
    public var isFeeUnvalued: Bool
    public var time: Timestamp
    public var instrument: InstrumentIndex
    public var strategy: StrategyIndex
    public var commissionAsset: AssetIndex
    public var side: Side
    public var isMaker: Bool

    @_noLocks
    public init(
        clientOrderID: ClientOrderID, tradeID: TradeID, instrument: InstrumentIndex,
        strategy: StrategyIndex, side: Side, price: Price, quantity: Quantity, fee: Notional,
        baseFee: Quantity = .zero, commission: Int64 = 0, commissionAsset: AssetIndex = .none,
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
        self.baseFee = baseFee
        self.commission = commission
        self.commissionAsset = commissionAsset
        self.isFeeUnvalued = isFeeUnvalued
        self.isMaker = isMaker
        self.time = time
    }

    /// What the trade moves the position by: its quantity after a commission in the base asset.
    ///
    /// With ``fee`` valued at the trade's price this keeps position, balance and profit exact:
    /// buying q for a commission of f is holding q - f at the price, f × price being the fee.
    public var positionQuantity: Quantity {
        @_noLocks get { side == .buy ? quantity - baseFee : quantity + baseFee }
    }
}
