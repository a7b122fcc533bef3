import MarketModel

/// One order from decision to end, in the order table.
@frozen
public struct Order: BitwiseCopyable, Sendable, Equatable {
    public var id: ClientOrderID
    /// The order this one replaces, or `none`.
    public var replaces: ClientOrderID
    public var venueID: VenueOrderID
    public var price: Price
    public var quantity: Quantity
    public var filled: Quantity
    /// Σ price × quantity of its fills, exact.
    public var filledNotional: Notional
    /// Reserved while it may trade: quote for buys (price × remaining, with fee), base for sells.
    public var reservedQuote: Notional
    public var reservedBase: Quantity
    public var createdTime: Timestamp
    public var changedTime: Timestamp
    /// Highest execution id applied: reports of one order do not run backwards.
    public var lastExecutionID: Int64
    public var terms: SpecialTerms
    /// Another report was lost while the venue was being asked for the order: asked for again.
    var mustAskAgain = false
    public var instrument: InstrumentIndex
    public var strategy: StrategyIndex
    public var side: Side
    public var type: OrderType
    public var timeInForce: TimeInForce
    public var state: OrderState
    public var isReduceOnly: Bool
    public var contingency: Contingency
    /// Its place in the list; 0 for an order by itself.
    public var leg: UInt8
    /// Stands in the book, as far as is known.
    public var isWorking: Bool
    /// Waits in a list for the working order: holds nothing yet.
    var isDormant: Bool
    /// An operator's command waits for its end.
    var isAwaited = false
    /// Trades whose reports were lost are booked at their average price: reports that such a booking
    /// covers are not booked again.
    var isAveraged = false
    /// How often it has been made smaller; 255: that often or more.
    var amendments: UInt8 = 0
    /// Neighbours in the list of open orders of its instrument; -1 at the ends.
    var next: Int32
    var previous: Int32

    @_noLocks
    init(
        id: ClientOrderID, intent: OrderIntent, strategy: StrategyIndex, time: Timestamp
    ) {
        self = withUnsafePointer(to: intent) {
            Order(id: id, intent: $0, strategy: strategy, time: time)
        }
    }

    @inline(__always) @_noLocks
    init(
        id: ClientOrderID, intent: UnsafePointer<OrderIntent>, strategy: StrategyIndex,
        time: Timestamp
    ) {
        self.id = id
        replaces = .none
        venueID = .none
        price = intent.pointee.price
        quantity = intent.pointee.quantity
        filled = .zero
        filledNotional = .zero
        reservedQuote = .zero
        reservedBase = .zero
        createdTime = time
        changedTime = time
        lastExecutionID = 0
        instrument = intent.pointee.instrument
        self.strategy = strategy
        side = intent.pointee.side
        type = intent.pointee.type
        timeInForce = intent.pointee.timeInForce
        state = .initialized
        isReduceOnly = intent.pointee.isReduceOnly
        terms = intent.pointee.terms
        contingency = .none
        leg = 0
        // An order that waits for nothing is in the book as soon as it is there at all.
        isWorking = !intent.pointee.type.isConditional
        isDormant = false
        next = -1
        previous = -1
    }

    public var remaining: Quantity {
        @_noLocks get { quantity - filled }
    }

    /// Claimed, and the venue has not said yet what it is.
    var isUndescribed: Bool {
        @_noLocks get { quantity.raw == 0 && id.isClaimed }
    }

    /// The venue has never said anything of it.
    public var isUnheard: Bool {
        @_noLocks get { venueID == .none && lastExecutionID == 0 }
    }

    /// The same order for the run that follows, in its numbers: what became of it is unknown.
    public func handedOn(
        in instrument: InstrumentIndex, to strategy: StrategyIndex, now: Timestamp
    ) -> Order {
        var order = self
        // A clock that was set back does not make its time longer.
        order.createdTime = min(createdTime, now)
        order.instrument = instrument
        order.strategy = strategy
        order.state = .unknown
        order.isAwaited = false
        order.mustAskAgain = false
        return order
    }

    /// The order `leg` places after the first of the same list.
    @_noLocks
    func sibling(_ other: UInt8) -> ClientOrderID {
        // The orders of a list have consecutive numbers.
        ClientOrderID(raw: id.raw &+ UInt64(other) &- UInt64(leg))
    }
}

/// What a strategy wants, before normalisation and risk.
@frozen
public struct OrderIntent: BitwiseCopyable, Sendable, Equatable {
    public var price: Price
    public var quantity: Quantity
    public var instrument: InstrumentIndex
    public var side: Side
    public var type: OrderType
    public var timeInForce: TimeInForce
    /// Only ever brings the position closer to zero; passes a halt (BUG-174).
    public var isReduceOnly: Bool
    /// The strategy manages a stop and a target for this entry (RSK-09).
    public var hasProtection: Bool
    /// What would lie undefined here: denials are journaled.
    private let filler = Filler<UInt8>()
    public var terms: SpecialTerms

    @_noLocks
    public init(
        instrument: InstrumentIndex, side: Side, type: OrderType, timeInForce: TimeInForce,
        price: Price, quantity: Quantity, isReduceOnly: Bool = false, hasProtection: Bool = false,
        terms: SpecialTerms = .none
    ) {
        self.instrument = instrument
        self.side = side
        self.type = type
        self.timeInForce = timeInForce
        self.price = price
        self.quantity = quantity
        self.isReduceOnly = isReduceOnly
        self.hasProtection = hasProtection
        self.terms = terms
    }
}
