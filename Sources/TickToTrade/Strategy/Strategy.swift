import MarketContext
import MarketModel

/// A trading strategy: a struct that turns what happens into orders.
///
/// Conform in your own package, hand the type to the engine, and the compiler specialises the
/// whole path for it: no dynamic dispatch, no allocation. Every method runs on the lane's pinned
/// thread and must return in well under a microsecond; time comes from ``StrategyContext/now``,
/// never from a clock, so that live, replayed and simulated runs decide alike.
///
/// Every method has an empty default: implement what you need.
public protocol Strategy: ~Copyable {
    /// How much closed-candle history it wants before its first event, and at which interval.
    var warmUp: WarmUp { get }

    /// Once, after instruments, balances and history are known.
    mutating func onStart(_ context: StrategyContext)
    /// The book of one of its instruments changed (a diff or a snapshot was applied).
    mutating func onBook(_ instrument: InstrumentIndex, _ context: StrategyContext)
    /// The venue announced a new best bid or ask.
    mutating func onTop(_ top: TopOfBook, _ context: StrategyContext)
    mutating func onTrade(_ trade: Trade, _ context: StrategyContext)
    /// A bar closed: first the history of ``warmUp`` in order, then live ones. Only intervals with
    /// trades have bars, in history and live alike. One that trades are missing of is marked
    /// `isPartial`: the first ones live, in the middle of which the stream began, and those of a gap.
    mutating func onCandle(_ candle: Candle, interval: Nanoseconds, _ context: StrategyContext)
    /// A session opened or closed, or the regime changed, in a market context that it asked for.
    mutating func onContext(
        _ event: ContextEvent, _ instrument: InstrumentIndex, _ context: StrategyContext)
    /// A timer set by ``StrategyContext/setTimer(_:at:)`` is due.
    mutating func onTimer(_ timer: UInt32, _ context: StrategyContext)
    /// One of its orders changed state.
    mutating func onOrder(_ update: OrderUpdate, _ context: StrategyContext)
    /// One of its orders traded. Comes before the matching ``onOrder(_:_:)``.
    mutating func onFill(_ fill: Fill, _ context: StrategyContext)
    /// Trading or one instrument was halted or resumed, by the venue or here; a book became invalid
    /// or valid; a session went up or down.
    mutating func onState(_ change: StateChange, _ context: StrategyContext)
    /// The operator sets a parameter while running. `false` refuses the key or the value.
    mutating func setParameter(_ key: Int64, _ value: Int64) -> Bool
}

extension Strategy where Self: ~Copyable {
    @inlinable public var warmUp: WarmUp { .none }
    @inlinable public mutating func onStart(_ context: StrategyContext) {}
    @inlinable
    public mutating func onBook(_ instrument: InstrumentIndex, _ context: StrategyContext) {}
    @inlinable public mutating func onTop(_ top: TopOfBook, _ context: StrategyContext) {}
    @inlinable public mutating func onTrade(_ trade: Trade, _ context: StrategyContext) {}
    @inlinable
    public mutating func onCandle(
        _ candle: Candle, interval: Nanoseconds, _ context: StrategyContext
    ) {}
    @inlinable
    public mutating func onContext(
        _ event: ContextEvent, _ instrument: InstrumentIndex, _ context: StrategyContext
    ) {}
    @inlinable public mutating func onTimer(_ timer: UInt32, _ context: StrategyContext) {}
    @inlinable public mutating func onOrder(_ update: OrderUpdate, _ context: StrategyContext) {}
    @inlinable public mutating func onFill(_ fill: Fill, _ context: StrategyContext) {}
    @inlinable public mutating func onState(_ change: StateChange, _ context: StrategyContext) {}
    @inlinable public mutating func setParameter(_ key: Int64, _ value: Int64) -> Bool { false }
}

/// The history a strategy declares in time, not in bars (BUG-088).
@frozen
public struct WarmUp: BitwiseCopyable, Sendable, Equatable {
    /// Bar length; zero for no history.
    public var interval: Nanoseconds
    /// How far back the history reaches.
    public var duration: Nanoseconds

    @_noLocks
    public init(interval: Nanoseconds, duration: Nanoseconds) {
        self.interval = interval
        self.duration = duration
    }

    @inlinable
    public static var none: WarmUp { WarmUp(interval: .zero, duration: .zero) }
}

/// What changed around a strategy.
@frozen
public enum StateChange: BitwiseCopyable, Sendable, Equatable {
    case halted
    case resumed
    case bookInvalid(InstrumentIndex)
    case bookValid(InstrumentIndex)
    case marketStreamDown
    case marketStreamUp
    case orderSessionDown
    case orderSessionUp
    /// Orders go over REST after the session was down: entries wait unless the configuration allows
    /// them, and news of orders come late, when they are asked for.
    case orderFallbackUp
    /// The instrument takes no new risk; its entries have been cancelled.
    case instrumentHalted(InstrumentIndex, InstrumentHalt)
    case instrumentResumed(InstrumentIndex)
}

/// An order's change of state as its strategy sees it.
@frozen
public struct OrderUpdate: BitwiseCopyable, Sendable {
    public var clientOrderID: ClientOrderID
    public var instrument: InstrumentIndex
    public var side: Side
    public var previous: OrderState
    public var state: OrderState
    public var price: Price
    public var remaining: Quantity
    /// Stands in the book; false while it waits for a price or for another order. An update whose
    /// two states are the same says that it has begun to work.
    public var isWorking: Bool

    @_noLocks
    public init(
        clientOrderID: ClientOrderID, instrument: InstrumentIndex, side: Side,
        previous: OrderState, state: OrderState, price: Price, remaining: Quantity,
        isWorking: Bool
    ) {
        self.clientOrderID = clientOrderID
        self.instrument = instrument
        self.side = side
        self.previous = previous
        self.state = state
        self.price = price
        self.remaining = remaining
        self.isWorking = isWorking
    }
}
