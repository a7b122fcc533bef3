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

/// Trade ids already booked, for one instrument: the last few thousand (BUG-064).
///
/// Venue trade ids ascend within an instrument, so a direct-mapped table remembers at least the
/// last `capacity` ids. The side belongs to the key: both sides of a self-trade are ours.
struct BookedTrades: ~Copyable {
    private let keys: UnsafeMutablePointer<Int64>
    private let mask: Int64

    /// `capacity` must be a power of two.
    init(capacity: Int) {
        precondition(capacity > 0 && capacity & (capacity - 1) == 0, "capacity: a power of two")
        keys = .allocate(capacity: capacity)
        keys.initialize(repeating: -1, count: capacity)
        mask = Int64(capacity - 1)
    }

    deinit { keys.deallocate() }

    /// `true` the first time; `false` for a repeat or for a report without a trade.
    @_noLocks
    mutating func book(_ id: TradeID, _ side: Side) -> Bool {
        if id.raw < 0 { return false }
        let key = id.raw &* 2 &+ (side == .buy ? 0 : 1)
        let slot = Int(key & mask)
        if keys[slot] == key { return false }
        keys[slot] = key
        return true
    }
}
