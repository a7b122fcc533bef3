import MarketModel

/// A known message that carries nothing the engine uses.
public enum IgnoredFrame: UInt8, BitwiseCopyable, Sendable, Equatable {
    /// 24hrTicker.
    case ticker = 1
    /// 24hrMiniTicker.
    case miniTicker = 2
    /// Rolling-window statistics: 1hTicker, 4hTicker, 1dTicker.
    case windowTicker = 3
    case averagePrice = 4
    case referencePrice = 5
    /// Off-book: must not be mixed into trades.
    case blockTrade = 6
    /// An array of tickers of many symbols.
    case array = 7
    /// Valid JSON of a kind that the documents do not name. To be counted and looked at.
    case unrecognized = 255
}

/// The venue's answer to SUBSCRIBE, UNSUBSCRIBE and the property requests.
public struct ControlReply: BitwiseCopyable, Sendable, Equatable {
    /// The request's id; -1 where the venue sends null or a text.
    public var id: Int64
    public var isAccepted: Bool
    /// The venue's error code (0 unknown property ... 3 invalid JSON); 0 when accepted.
    public var code: Int32

    @_noLocks
    public init(id: Int64, isAccepted: Bool, code: Int32) {
        self.id = id
        self.isAccepted = isAccepted
        self.code = code
    }
}

/// One message of the market data streams.
public enum MarketFrame: BitwiseCopyable, Sendable, Equatable {
    /// `trade` or `aggTrade`.
    case trade(Trade)
    /// Several trades in one binary message.
    case trades(TradeCursor)
    case top(TopOfBook)
    /// `depthUpdate` or a partial-depth snapshot; the levels are in the decoder's scratch.
    case depth(DepthHeader)
    case candle(Candle)
    case acknowledged(ControlReply)
    /// The venue is about to close the connection: open another at once.
    case serverShutdown
    case ignored(IgnoredFrame)
    case malformed(DecodeFailure)
}
