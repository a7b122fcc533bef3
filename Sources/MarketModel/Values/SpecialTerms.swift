/// What an order may ask for beyond type, price, quantity and time in force. All zero: nothing.
@frozen
public struct SpecialTerms: BitwiseCopyable, Sendable, Equatable {
    /// Price that wakes a conditional order; for a trailing one the price from which it follows.
    public var stopPrice: Price
    /// For a market order: the amount of quote asset to spend or to receive instead of a quantity,
    /// at the instrument's price scale.
    public var quoteQuantity: Price
    /// The part of the quantity that shows in the book.
    public var icebergQuantity: Quantity
    /// Distance that a trailing stop keeps from the best price since it follows, in units of 1e-4
    /// of that price.
    public var trailingDelta: UInt16
    public var selfTradePrevention: SelfTradePrevention

    @inlinable @inline(__always)
    public init(
        stopPrice: Price = .zero, trailingDelta: UInt16 = 0, icebergQuantity: Quantity = .zero,
        quoteQuantity: Price = .zero, selfTradePrevention: SelfTradePrevention = .venueDefault
    ) {
        self.stopPrice = stopPrice
        self.trailingDelta = trailingDelta
        self.icebergQuantity = icebergQuantity
        self.quoteQuantity = quoteQuantity
        self.selfTradePrevention = selfTradePrevention
    }

    @inlinable @inline(__always)
    public static var none: SpecialTerms { SpecialTerms() }

    /// Whether nothing special is asked for: the way of almost every order.
    @inlinable @inline(__always)
    public var isNone: Bool {
        let rest = Int64(trailingDelta) | Int64(unsafeBitCast(selfTradePrevention, to: UInt8.self))
        return stopPrice.raw | quoteQuantity.raw | icebergQuantity.raw | rest == 0
    }
}

/// What the venue does when an order would trade with another one of the same account.
@frozen
public enum SelfTradePrevention: UInt8, BitwiseCopyable, Sendable, CaseIterable {
    @inlinable @inline(__always)
    public static func == (left: SelfTradePrevention, right: SelfTradePrevention) -> Bool {
        unsafeBitCast(left, to: UInt8.self) == unsafeBitCast(right, to: UInt8.self)
    }
    @inlinable @inline(__always)
    public static func != (left: SelfTradePrevention, right: SelfTradePrevention) -> Bool {
        !(left == right)
    }

    /// What the instrument's rules say when the order says nothing.
    case venueDefault = 0
    /// They trade.
    case none = 1
    case expireTaker = 2
    case expireMaker = 3
    case expireBoth = 4
    /// The smaller one expires, the larger one loses as much.
    case decrement = 5
    case transfer = 6

    /// Its bit in ``Instrument/selfTradePreventionModes``.
    @inlinable @inline(__always)
    public var bit: UInt8 { 1 &<< unsafeBitCast(self, to: UInt8.self) }
}

/// How the orders of one list depend on each other.
@frozen
public enum Contingency: UInt8, BitwiseCopyable, Sendable, CaseIterable {
    @inlinable @inline(__always)
    public static func == (left: Contingency, right: Contingency) -> Bool {
        unsafeBitCast(left, to: UInt8.self) == unsafeBitCast(right, to: UInt8.self)
    }
    @inlinable @inline(__always)
    public static func != (left: Contingency, right: Contingency) -> Bool { !(left == right) }

    /// An order by itself.
    case none = 0
    /// One cancels the other: the one above the market, then the one below.
    case oneCancelsOther = 1
    /// One triggers the other: the working order, then the one that its fill puts to work.
    case oneTriggersOther = 2
    /// One triggers a pair: the working order, then the pair's above and below.
    case oneTriggersPair = 3

    /// Orders in the list; 1 for an order by itself.
    @inlinable @inline(__always)
    public var legCount: UInt8 {
        switch self {
        case .none: 1
        case .oneCancelsOther, .oneTriggersOther: 2
        case .oneTriggersPair: 3
        }
    }

    /// Whether leg `leg` waits for the list's working order to be filled.
    @inlinable @inline(__always)
    public func isPending(_ leg: UInt8) -> Bool {
        switch self {
        case .none, .oneCancelsOther: false
        case .oneTriggersOther, .oneTriggersPair: leg > 0
        }
    }

    /// The leg that ends when leg `leg` trades, `nil` for none.
    @inlinable @inline(__always)
    public func counterpart(of leg: UInt8) -> UInt8? {
        switch self {
        case .none, .oneTriggersOther: nil
        case .oneCancelsOther: 1 &- leg
        case .oneTriggersPair: leg == 0 ? nil : 3 &- leg
        }
    }
}
