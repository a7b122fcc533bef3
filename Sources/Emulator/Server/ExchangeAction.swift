import MarketModel

/// Something the exchange's operator does while it runs.
public enum ExchangeAction: Sendable, Equatable {
    /// Money arrives (positive) or leaves, in units of 1e-8; an account cannot go below zero.
    case deposit(account: String, asset: String, amount: Int64)
    /// A part of the free balance is locked (positive) or released by something else.
    case lockExternally(account: String, asset: String, amount: Int64)
    /// A symbol opens or closes; open orders stay.
    case setStatus(symbol: String, SymbolStatus)
    /// The venue ends every open order of a symbol.
    case expireOrders(symbol: String)
    /// The account's owner cancels every open order of a symbol, by other means than ours.
    case cancelOrders(account: String, symbol: String)
    /// The venue closes a position itself: every open order of the account in the symbol ends, and
    /// so much of the base asset is sold at the market, in an order that the account did not place.
    case liquidate(account: String, symbol: String, quantity: Int64)
    /// A key is valid no longer; sessions that used it are told.
    case revoke(apiKey: String)
    /// The WebSocket API ends its connections and refuses new ones, or serves again; streams and
    /// REST go on.
    case serveAPI(Bool)
    /// Every WebSocket that is open is told that its server is about to shut down, and ends so many
    /// milliseconds later; whoever connects meanwhile or afterwards is served.
    case retireConnections(noticeMilliseconds: Int64)
    /// Every user stream ends; its connection stays.
    case endUserStreams
}
