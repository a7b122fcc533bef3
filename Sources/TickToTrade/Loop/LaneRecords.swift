import MarketModel

/// What the lane tells the outer ring as it happens; lossy, counted when dropped.
@frozen
public enum LaneEventKind: UInt8, BitwiseCopyable, Sendable {
    case halted = 1
    case resumed = 2
    case bookInvalid = 3
    case bookSynced = 4
    case denied = 5
    case rejected = 6
    case unknownOutcome = 7
    case fill = 8
    case venueCode = 9
    case orderUnknownToUs = 10
    case strategyStarted = 11
    case strategyStopped = 12
    case limitChanged = 13
    case illegalTransition = 14
    case instrumentHalted = 15
    case instrumentResumed = 16
    case tradesMissing = 17
}

/// One event with its numbers; the words are put together off the lane.
@frozen
public struct LaneEvent: BitwiseCopyable, Sendable {
    public var time: Timestamp
    public var orderID: ClientOrderID
    /// Meaning depends on the kind: a violation set, a venue code, halt reasons...
    public var code: Int64
    public var price: Price
    public var quantity: Quantity
    public var instrument: InstrumentIndex
    public var strategy: StrategyIndex
    public var kind: LaneEventKind
    public var side: Side

    @_noLocks
    public init(
        _ kind: LaneEventKind, time: Timestamp, instrument: InstrumentIndex = .none,
        strategy: StrategyIndex = .none, orderID: ClientOrderID = .none, code: Int64 = 0,
        price: Price = .zero, quantity: Quantity = .zero, side: Side = .buy
    ) {
        self.kind = kind
        self.time = time
        self.instrument = instrument
        self.strategy = strategy
        self.orderID = orderID
        self.code = code
        self.price = price
        self.quantity = quantity
        self.side = side
    }
}
