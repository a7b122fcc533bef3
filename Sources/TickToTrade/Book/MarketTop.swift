import MarketModel

/// The latest announced top of book and the last trade of one instrument.
///
/// Kept beside the book: on most venues the top-of-book stream is ahead of the diffs. A record of
/// values; the order of arrival is not trusted, update and trade ids are.
@frozen
public struct MarketTop: BitwiseCopyable, Sendable, Equatable {
    /// The newest announced top of book; update id 0 and zero levels before the first.
    public private(set) var top: TopOfBook
    /// The newest trade's price, quantity, id and times; price zero before the first.
    public private(set) var lastPrice = Price.zero
    public private(set) var lastQuantity = Quantity.zero
    public private(set) var lastTradeID = TradeID.none
    public private(set) var lastTradeTime = Timestamp.unknown
    public private(set) var lastTradeVenueTime = Timestamp.unknown

    @_noLocks
    public init(instrument: InstrumentIndex) { top = Self.nothing(instrument) }

    /// Whether a top of book is known since the start or the last ``forgetTop()``.
    public var hasTop: Bool { @_noLocks get { top.updateID != 0 } }

    /// Takes the announcement unless a newer one is known; returns whether it was taken.
    ///
    /// The same id again is taken: Binance's rule is `u` not below the known id.
    @_noLocks
    public mutating func apply(_ next: TopOfBook) -> Bool {
        if next.updateID < top.updateID { return false }
        top = next
        return true
    }

    /// Takes the trade unless a newer one is known; returns whether it was taken.
    @_noLocks
    public mutating func apply(_ trade: Trade) -> Bool {
        if trade.id.raw <= lastTradeID.raw { return false }
        lastPrice = trade.price
        lastQuantity = trade.quantity
        lastTradeID = trade.id
        lastTradeTime = trade.receiveTime
        lastTradeVenueTime = trade.venueTime
        return true
    }

    /// After a lost connection: the next announcement is taken whatever its id.
    @_noLocks
    public mutating func forgetTop() { top = Self.nothing(top.instrument) }

    private static func nothing(_ instrument: InstrumentIndex) -> TopOfBook {
        TopOfBook(
            instrument: instrument, updateID: 0, bidPrice: .zero, bidQuantity: .zero,
            askPrice: .zero, askQuantity: .zero, venueTime: .unknown, receiveTime: .unknown)
    }
}
