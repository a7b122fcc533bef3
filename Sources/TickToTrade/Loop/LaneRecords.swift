import MarketModel

/// What the lane tells the outer ring as it happens; lossy, counted when dropped.
@frozen
public enum LaneEventKind: UInt8, BitwiseCopyable, Sendable {
    case halted = 1
    case resumed = 2
    case linkUp = 3
    case linkDown = 4
    case bookInvalid = 5
    case bookSynced = 6
    case denied = 7
    case rejected = 8
    case unknownOutcome = 9
    case fill = 10
    case venueCode = 11
    case malformedMessage = 12
    case orderUnknownToUs = 13
    case journalFull = 14
    case clockStep = 15
    case strategyStarted = 16
    case strategyStopped = 17
    case limitChanged = 18
    case illegalTransition = 19
    case started = 20
    case stopped = 21
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
