/// Which way an order or a trade goes.
@frozen
public enum Side: UInt8, BitwiseCopyable, Sendable, CaseIterable, Codable {
    @inlinable @inline(__always)
    public static func == (left: Side, right: Side) -> Bool {
        unsafeBitCast(left, to: UInt8.self) == unsafeBitCast(right, to: UInt8.self)
    }
    @inlinable @inline(__always)
    public static func != (left: Side, right: Side) -> Bool { !(left == right) }

    case buy = 1
    case sell = 2

    @inlinable @inline(__always)
    public var opposite: Side { self == .buy ? .sell : .buy }
    /// +1 for a buy, -1 for a sell.
    @inlinable @inline(__always)
    public var sign: Int64 { self == .buy ? 1 : -1 }
}

/// How an order is to be executed.
@frozen
public enum OrderType: UInt8, BitwiseCopyable, Sendable, CaseIterable {
    @inlinable @inline(__always)
    public static func == (left: OrderType, right: OrderType) -> Bool {
        unsafeBitCast(left, to: UInt8.self) == unsafeBitCast(right, to: UInt8.self)
    }
    @inlinable @inline(__always)
    public static func != (left: OrderType, right: OrderType) -> Bool { !(left == right) }

    case limit = 1
    /// Post-only: refused by the venue if it would take liquidity.
    case limitMaker = 2
    case market = 3
    case stopLoss = 4
    case stopLossLimit = 5
    case takeProfit = 6
    case takeProfitLimit = 7

    /// Waits for a price before it goes to work.
    @inlinable @inline(__always)
    public var isConditional: Bool {
        switch self {
        case .limit, .limitMaker, .market: false
        case .stopLoss, .stopLossLimit, .takeProfit, .takeProfitLimit: true
        }
    }

    /// Has a limit price; the others trade at the market's.
    @inlinable @inline(__always)
    public var isPriced: Bool {
        switch self {
        case .limit, .limitMaker, .stopLossLimit, .takeProfitLimit: true
        case .market, .stopLoss, .takeProfit: false
        }
    }

    /// Must say how long it lives.
    @inlinable @inline(__always)
    public var takesTimeInForce: Bool {
        switch self {
        case .limit, .stopLossLimit, .takeProfitLimit: true
        case .limitMaker, .market, .stopLoss, .takeProfit: false
        }
    }

    /// Waits for the market to come up to its price rather than down: a stop that buys, a profit
    /// taken by selling. Of conditional types.
    @inlinable @inline(__always)
    public func waitsAbove(_ side: Side) -> Bool {
        switch self {
        case .takeProfit, .takeProfitLimit: side == .sell
        case .limit, .limitMaker, .market, .stopLoss, .stopLossLimit: side == .buy
        }
    }
}

/// How long an order lives.
@frozen
public enum TimeInForce: UInt8, BitwiseCopyable, Sendable, CaseIterable {
    @inlinable @inline(__always)
    public static func == (left: TimeInForce, right: TimeInForce) -> Bool {
        unsafeBitCast(left, to: UInt8.self) == unsafeBitCast(right, to: UInt8.self)
    }
    @inlinable @inline(__always)
    public static func != (left: TimeInForce, right: TimeInForce) -> Bool { !(left == right) }

    /// Good till cancelled.
    case gtc = 1
    /// Immediate or cancel: what does not trade at once expires.
    case ioc = 2
    /// Fill or kill: all at once or nothing.
    case fok = 3
    /// The type allows none (market, post-only on Binance).
    case none = 4
}
