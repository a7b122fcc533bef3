/// What an operator may ask of a lane; travels the command ring.
@frozen
public enum CommandKind: UInt8, BitwiseCopyable, Sendable, CaseIterable {
    @inlinable @inline(__always)
    public static func == (left: CommandKind, right: CommandKind) -> Bool {
        unsafeBitCast(left, to: UInt8.self) == unsafeBitCast(right, to: UInt8.self)
    }
    @inlinable @inline(__always)
    public static func != (left: CommandKind, right: CommandKind) -> Bool { !(left == right) }

    /// Stop new risk at once and cancel entry orders.
    case halt = 1
    case resume = 2
    case cancelAll = 3
    /// Cancel everything, then close every position with reduce-only orders.
    case flatten = 4
    case setLimit = 5
    case startStrategy = 6
    case stopStrategy = 7
    case setParameter = 8
    /// Emit a record for each open order / position / limit on the reply ring.
    case listOrders = 9
    case listPositions = 10
    case listLimits = 11
    /// Cancel entries, then stop the lane.
    case shutdown = 12
    /// Stop new risk in one instrument for the cause that the key names. Key 0 ends the halt: with a
    /// value only when it has that cause.
    case haltInstrument = 13
    /// What one unit of the asset with the number of the key is worth in quote money, in 1e-8: for
    /// commissions in an asset that no instrument of the lane trades.
    case setRate = 14
    /// Take over the open order with the venue's number of the key, which somebody else has placed.
    /// The value is how much of it was filled when it was found; negative: as the venue says.
    case claim = 15
    /// Ask the venue for the order with the client order id of the key, and go by its answer.
    case askOrder = 16
    /// How many orders the venue lets the account have open over all instruments: the key is a number
    /// of ``AccountOrderLimits/numbered``, 0 ends the limit.
    case setAccountLimit = 17
}

/// One command to a lane.
@frozen
public struct Command: BitwiseCopyable, Sendable, Equatable {
    /// Number of the command; the reply carries it. 0: the engine's own, whose reply nobody reads.
    public var id: UInt64
    /// Meaning depends on the kind: a limit's or a parameter's number.
    public var key: Int64
    /// A limit's or a parameter's value, in the unit of its key.
    public var value: Int64
    public var time: Timestamp
    public var instrument: InstrumentIndex
    public var strategy: StrategyIndex
    public var kind: CommandKind

    @inlinable
    public init(
        kind: CommandKind, id: UInt64, instrument: InstrumentIndex = .none,
        strategy: StrategyIndex = .none, key: Int64 = 0, value: Int64 = 0, time: Timestamp
    ) {
        self.kind = kind
        self.id = id
        self.instrument = instrument
        self.strategy = strategy
        self.key = key
        self.value = value
        self.time = time
    }
}

/// What the conversation with the venue tells the core about itself.
@frozen
public enum LinkEvent: UInt8, BitwiseCopyable, Sendable, CaseIterable {
    @inlinable @inline(__always)
    public static func == (left: LinkEvent, right: LinkEvent) -> Bool {
        unsafeBitCast(left, to: UInt8.self) == unsafeBitCast(right, to: UInt8.self)
    }
    @inlinable @inline(__always)
    public static func != (left: LinkEvent, right: LinkEvent) -> Bool { !(left == right) }

    case marketStreamUp = 1
    case marketStreamDown = 2
    case orderSessionUp = 3
    case orderSessionDown = 4
    /// The instrument's book lost its sequence: not to be traded on until `bookSynced`.
    case bookInvalid = 5
    case bookSynced = 6
    /// Balances, open orders and fills have been compared with the venue.
    case reconciled = 7
    /// Orders go another way, on which nobody tells what becomes of them: they can be cancelled,
    /// closed and asked for; new risk waits.
    case orderFallbackUp = 8
    /// The same, and new risk may be taken.
    case orderFallbackPlacing = 9
}

/// A change of a connection or of a book's validity; an input of the core like any other.
@frozen
public struct LinkState: BitwiseCopyable, Sendable, Equatable {
    public var time: Timestamp
    public var instrument: InstrumentIndex
    public var event: LinkEvent

    @inlinable
    public init(event: LinkEvent, instrument: InstrumentIndex = .none, time: Timestamp) {
        self.event = event
        self.instrument = instrument
        self.time = time
    }
}
