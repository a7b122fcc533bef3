/// What the core asks the venue to do.
@frozen
public enum RequestKind: UInt8, BitwiseCopyable, Sendable, CaseIterable {
    @inlinable @inline(__always)
    public static func == (left: RequestKind, right: RequestKind) -> Bool {
        unsafeBitCast(left, to: UInt8.self) == unsafeBitCast(right, to: UInt8.self)
    }
    @inlinable @inline(__always)
    public static func != (left: RequestKind, right: RequestKind) -> Bool { !(left == right) }

    case place = 1
    case cancel = 2
    /// Cancel one order and place another in one request; the cancel must succeed first.
    case cancelReplace = 3
    /// Cancel every open order of one instrument.
    case cancelAll = 4
    /// Ask for an order's state by its client order id: how an unknown outcome is resolved.
    case query = 5
    /// Make an order smaller without losing its turn: `quantity` is the new total.
    case amend = 6
    /// One order of a list; the requests of a list follow each other and share a number.
    case placeLeg = 7

    /// Whether it can only take orders out of the market.
    @inlinable @inline(__always)
    public var onlyCancels: Bool { self == .cancel || self == .cancelAll }
}

/// In which state alone an order is to be cancelled; in another one the venue refuses the cancel.
@frozen
public enum CancelRestriction: UInt8, BitwiseCopyable, Sendable, CaseIterable {
    @inlinable @inline(__always)
    public static func == (left: CancelRestriction, right: CancelRestriction) -> Bool {
        unsafeBitCast(left, to: UInt8.self) == unsafeBitCast(right, to: UInt8.self)
    }
    @inlinable @inline(__always)
    public static func != (left: CancelRestriction, right: CancelRestriction) -> Bool {
        !(left == right)
    }

    case none = 0
    /// While nothing of it has traded.
    case onlyNew = 1
    /// After a part of it has traded.
    case onlyPartiallyFilled = 2
}

/// One request to the venue: the only thing that leaves the core.
///
/// Journaled before it is encoded; replaying the inputs must reproduce it byte for byte.
@frozen
public struct OrderRequest: BitwiseCopyable, Sendable, Equatable {
    /// Number of this request within the lane, from 1; the venue echoes it.
    public var requestID: UInt64
    /// The order concerned; for `cancelReplace` the new order.
    public var clientOrderID: ClientOrderID
    /// For `cancelReplace` the order to cancel.
    public var replacedOrderID: ClientOrderID
    public var price: Price
    public var quantity: Quantity
    public var terms: SpecialTerms
    /// For `cancel` and the cancel of `cancelReplace`.
    public var restriction: CancelRestriction
    /// For `cancelReplace`: the old order is cancelled even when the venue's limit of orders leaves
    /// no room for the new one.
    public var cancelsAtLimit: Bool
    @usableFromInline let filler8: Filler<UInt8>
    @usableFromInline let filler16: Filler<UInt16>
    /// When the core decided it: the cycle's one clock reading.
    public var decisionTime: Timestamp
    public var instrument: InstrumentIndex
    public var strategy: StrategyIndex
    public var kind: RequestKind
    public var side: Side
    public var type: OrderType
    public var timeInForce: TimeInForce
    public var isReduceOnly: Bool
    /// For `cancelReplace`: the new order is placed even if the cancel fails.
    public var mayKeepReplaced: Bool
    /// For `placeLeg`: the list's kind and the order's place in it.
    public var contingency: Contingency
    public var leg: UInt8

    @inlinable
    public init(
        kind: RequestKind, requestID: UInt64, clientOrderID: ClientOrderID,
        replacedOrderID: ClientOrderID = .none, instrument: InstrumentIndex,
        strategy: StrategyIndex, side: Side, type: OrderType, timeInForce: TimeInForce,
        price: Price, quantity: Quantity, terms: SpecialTerms = .none,
        restriction: CancelRestriction = .none, cancelsAtLimit: Bool = false,
        isReduceOnly: Bool = false, mayKeepReplaced: Bool = false,
        contingency: Contingency = .none, leg: UInt8 = 0, decisionTime: Timestamp
    ) {
        self.kind = kind
        self.requestID = requestID
        self.clientOrderID = clientOrderID
        self.replacedOrderID = replacedOrderID
        self.instrument = instrument
        self.strategy = strategy
        self.side = side
        self.type = type
        self.timeInForce = timeInForce
        self.price = price
        self.quantity = quantity
        self.terms = terms
        self.restriction = restriction
        self.cancelsAtLimit = cancelsAtLimit
        filler8 = Filler<UInt8>()
        filler16 = Filler<UInt16>()
        self.isReduceOnly = isReduceOnly
        self.mayKeepReplaced = mayKeepReplaced
        self.contingency = contingency
        self.leg = leg
        self.decisionTime = decisionTime
    }

    /// Whether more orders of the same list follow.
    @inlinable @inline(__always)
    public var hasMoreLegs: Bool { leg &+ 1 < contingency.legCount }
}

/// The venue's order status, as far as venues share one.
@frozen
public enum VenueOrderStatus: UInt8, BitwiseCopyable, Sendable, CaseIterable {
    @inlinable @inline(__always)
    public static func == (left: VenueOrderStatus, right: VenueOrderStatus) -> Bool {
        unsafeBitCast(left, to: UInt8.self) == unsafeBitCast(right, to: UInt8.self)
    }
    @inlinable @inline(__always)
    public static func != (left: VenueOrderStatus, right: VenueOrderStatus) -> Bool { !(left == right) }

    case new = 1
    case partiallyFilled = 2
    case filled = 3
    case canceled = 4
    case rejected = 5
    case expired = 6
    case pendingNew = 7
    case pendingCancel = 8
    /// A status this engine does not know: raises an alert and a query, never a guess.
    case unrecognized = 255

    /// Whether an order may still trade.
    public var isOpen: Bool {
        switch self {
        case .new, .partiallyFilled, .pendingNew, .pendingCancel: true
        case .filled, .canceled, .rejected, .expired, .unrecognized: false
        }
    }
}

/// What happened to an order, as far as venues share it.
@frozen
public enum ExecutionType: UInt8, BitwiseCopyable, Sendable, CaseIterable {
    @inlinable @inline(__always)
    public static func == (left: ExecutionType, right: ExecutionType) -> Bool {
        unsafeBitCast(left, to: UInt8.self) == unsafeBitCast(right, to: UInt8.self)
    }
    @inlinable @inline(__always)
    public static func != (left: ExecutionType, right: ExecutionType) -> Bool { !(left == right) }

    case new = 1
    case canceled = 2
    case replaced = 3
    case rejected = 4
    case trade = 5
    case expired = 6
    case tradePrevention = 7
    /// The answer to a query rather than an event: the order's state as of now.
    case status = 8
    case unrecognized = 255
}

/// One report on an order from the venue's user stream or from a query.
@frozen
public struct ExecutionReport: BitwiseCopyable, Sendable, Equatable {
    /// The order's client id; for a cancel the id of the order, not of the cancel request.
    /// `none` for an order that is not ours.
    public var clientOrderID: ClientOrderID
    public var venueOrderID: VenueOrderID
    /// Venue's execution id: orders and de-duplicates the reports of one order; 0 when absent.
    public var executionID: Int64
    public var tradeID: TradeID
    public var price: Price
    public var quantity: Quantity
    public var lastPrice: Price
    public var lastQuantity: Quantity
    public var cumulativeQuantity: Quantity
    /// Quote amount traded so far, at the instrument's price scale.
    public var cumulativeQuote: Price
    /// What self-trade prevention has taken off the order's quantity so far.
    public var preventedQuantity: Quantity
    /// Commission of this fill, in units of 1e-8 of ``commissionAsset``.
    public var commission: Int64
    public var venueTime: Timestamp
    public var receiveTime: Timestamp
    public var instrument: InstrumentIndex
    public var commissionAsset: AssetIndex
    public var executionType: ExecutionType
    public var status: VenueOrderStatus
    public var side: Side
    public var type: OrderType
    public var timeInForce: TimeInForce
    public var isMaker: Bool
    /// Whether the order rests in the book.
    public var isWorking: Bool

    @inlinable
    public init(
        instrument: InstrumentIndex, clientOrderID: ClientOrderID, venueOrderID: VenueOrderID,
        executionType: ExecutionType, status: VenueOrderStatus, side: Side, type: OrderType,
        timeInForce: TimeInForce, price: Price, quantity: Quantity
    ) {
        self.instrument = instrument
        self.clientOrderID = clientOrderID
        self.venueOrderID = venueOrderID
        self.executionType = executionType
        self.status = status
        self.side = side
        self.type = type
        self.timeInForce = timeInForce
        self.price = price
        self.quantity = quantity
        executionID = 0
        tradeID = .none
        lastPrice = .zero
        lastQuantity = .zero
        cumulativeQuantity = .zero
        cumulativeQuote = .zero
        preventedQuantity = .zero
        commission = 0
        venueTime = .unknown
        receiveTime = .unknown
        commissionAsset = .none
        isMaker = false
        isWorking = false
    }
}

/// How the venue answered one request.
@frozen
public enum RequestOutcome: UInt8, BitwiseCopyable, Sendable, CaseIterable {
    @inlinable @inline(__always)
    public static func == (left: RequestOutcome, right: RequestOutcome) -> Bool {
        unsafeBitCast(left, to: UInt8.self) == unsafeBitCast(right, to: UInt8.self)
    }
    @inlinable @inline(__always)
    public static func != (left: RequestOutcome, right: RequestOutcome) -> Bool { !(left == right) }

    /// Taken: the order (or its cancel) is at the venue.
    case accepted = 1
    /// Definitely refused: the venue's code says why.
    case rejected = 2
    /// Nobody knows: a time-out, a disconnect, a 5xx. To be resolved by query, never by a resend.
    case unknown = 3
    /// A query or a cancel found no such order.
    case noSuchOrder = 4
    /// Nothing has left this engine: the code, one of our own, says why.
    case notSent = 5
}

/// What became of the cancel in a request that cancels one order and places another.
@frozen
public enum CancelHalf: UInt8, BitwiseCopyable, Sendable, CaseIterable {
    @inlinable @inline(__always)
    public static func == (left: CancelHalf, right: CancelHalf) -> Bool {
        unsafeBitCast(left, to: UInt8.self) == unsafeBitCast(right, to: UInt8.self)
    }
    @inlinable @inline(__always)
    public static func != (left: CancelHalf, right: CancelHalf) -> Bool { !(left == right) }

    /// Not asked for, or not told.
    case untold = 0
    case done = 1
    /// There is no such order, or not any more.
    case noSuchOrder = 2
    /// The order stands as it was.
    case refused = 3
}

/// The venue's answer to an ``OrderRequest``.
@frozen
public struct RequestReply: BitwiseCopyable, Sendable, Equatable {
    public var requestID: UInt64
    /// 0 when unknown.
    public var venueOrderID: VenueOrderID
    public var venueTime: Timestamp
    public var receiveTime: Timestamp
    /// The venue's error code (Binance: -2010...), 0 when accepted.
    public var venueCode: Int32
    public var outcome: RequestOutcome
    /// For `cancelReplace`: what became of the cancel; the outcome is the new order's.
    public var cancel: CancelHalf
    /// For `cancelReplace`: whether the cancel half succeeded, although the request may not have.
    @inlinable @inline(__always)
    public var didCancel: Bool { cancel == .done }

    @inlinable
    public init(
        requestID: UInt64, outcome: RequestOutcome, venueOrderID: VenueOrderID = .none,
        venueCode: Int32 = 0, cancel: CancelHalf = .untold,
        venueTime: Timestamp = .unknown, receiveTime: Timestamp
    ) {
        self.requestID = requestID
        self.outcome = outcome
        self.venueOrderID = venueOrderID
        self.venueCode = venueCode
        self.cancel = cancel
        self.venueTime = venueTime
        self.receiveTime = receiveTime
    }
}

/// One asset's balance as the venue holds it: absolute, in units of 1e-8 of the asset.
@frozen
public struct Balance: BitwiseCopyable, Sendable, Equatable {
    public var free: Int64
    public var locked: Int64
    public var venueTime: Timestamp
    public var receiveTime: Timestamp
    public var asset: AssetIndex

    @inlinable
    public init(
        asset: AssetIndex, free: Int64, locked: Int64, venueTime: Timestamp,
        receiveTime: Timestamp
    ) {
        self.asset = asset
        self.free = free
        self.locked = locked
        self.venueTime = venueTime
        self.receiveTime = receiveTime
    }
}
