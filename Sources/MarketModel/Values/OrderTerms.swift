/// Which way an order or a trade goes.
@frozen
public enum Side: UInt8, BitwiseCopyable, Sendable, CaseIterable {
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
    case limit = 1
    /// Post-only: refused by the venue if it would take liquidity.
    case limitMaker = 2
    case market = 3
    case stopLoss = 4
    case stopLossLimit = 5
    case takeProfit = 6
    case takeProfitLimit = 7
}

/// How long an order lives.
@frozen
public enum TimeInForce: UInt8, BitwiseCopyable, Sendable, CaseIterable {
    /// Good till cancelled.
    case gtc = 1
    /// Immediate or cancel: what does not trade at once expires.
    case ioc = 2
    /// Fill or kill: all at once or nothing.
    case fok = 3
    /// The type allows none (market, post-only on Binance).
    case none = 4
}
