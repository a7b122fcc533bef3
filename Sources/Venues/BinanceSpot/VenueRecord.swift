import MarketModel
import Wire

/// What one step of a conversation yields: a record for the core, or work for the driver.
public enum VenueRecord {
    /// Nothing more for now.
    case none
    /// A message as it came, ahead of what it says; only when the configuration asks for it.
    /// The bytes are valid until the next step.
    case frame(UnsafeRawPointer, Int, isBinary: Bool)
    case trade(Trade)
    case top(TopOfBook)
    /// A snapshot or a diff that continues the book; the levels are valid until the next step.
    case depth(DepthHeader, UnsafePointer<BookLevel>)
    /// A closed candle of the venue's own.
    case candle(Candle)
    case report(ExecutionReport)
    case reply(RequestReply)
    case balance(Balance)
    case link(LinkState)
    /// A message this engine cannot read: counted, reported, never guessed at.
    case malformed
    /// The link has opened: call `opened(_:now:)`.
    case opened
    /// A handshake or a REST answer goes on by `progress(_:now:)`.
    case needsCold
    /// The link has ended: call `ended(_:now:)`.
    case closed
}

/// The connections of a Binance Spot session.
public enum SpotLink {
    /// Combined market data streams.
    public static var market: Int { @_noLocks get { 0 } }
    /// The WebSocket API: orders out, replies and user events in.
    public static var orders: Int { @_noLocks get { 1 } }
    /// REST: snapshots and the venue's clock.
    public static var rest: Int { @_noLocks get { 2 } }
    /// Follows the market link when that has grown old; mostly down.
    public static var relief: Int { @_noLocks get { 3 } }
    /// Orders over REST while the WebSocket API is down; mostly down itself.
    public static var fallback: Int { @_noLocks get { 4 } }
    /// Follows the order link when that has grown old; mostly down.
    public static var orderRelief: Int { @_noLocks get { 5 } }
    public static var count: Int { @_noLocks get { 6 } }
    /// Those that are shown: all that are meant to be up.
    public static var shownCount: Int { 3 }

    /// As in logs and panels.
    public static func name(_ link: Int) -> String {
        ["market", "orders", "rest", "market relief", "orders over REST", "order relief"][link]
    }
}
