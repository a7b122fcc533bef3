/// One public trade.
@frozen
public struct Trade: BitwiseCopyable, Sendable, Equatable, Codable {
    public var id: TradeID
    public var price: Price
    public var quantity: Quantity
    public var venueTime: Timestamp
    public var receiveTime: Timestamp
    /// Number of venue trades folded into this record: 1, or more for an aggregate trade.
    public var count: UInt32
    public var instrument: InstrumentIndex
    /// The aggressor's side. Binance's `m` (buyer is the maker) true means the aggressor sold.
    public var aggressor: Side
    public var isAggregate: Bool

    @inlinable
    public init(
        instrument: InstrumentIndex, id: TradeID, price: Price, quantity: Quantity,
        aggressor: Side, venueTime: Timestamp, receiveTime: Timestamp, count: UInt32 = 1,
        isAggregate: Bool = false
    ) {
        self.instrument = instrument
        self.id = id
        self.price = price
        self.quantity = quantity
        self.aggressor = aggressor
        self.venueTime = venueTime
        self.receiveTime = receiveTime
        self.count = count
        self.isAggregate = isAggregate
    }
}

/// Best bid and best ask as the venue announces them.
@frozen
public struct TopOfBook: BitwiseCopyable, Sendable, Equatable {
    public var updateID: Int64
    public var bidPrice: Price
    public var bidQuantity: Quantity
    public var askPrice: Price
    public var askQuantity: Quantity
    /// `unknown` where the venue sends no time (Binance spot bookTicker).
    public var venueTime: Timestamp
    public var receiveTime: Timestamp
    public var instrument: InstrumentIndex

    @inlinable
    public init(
        instrument: InstrumentIndex, updateID: Int64, bidPrice: Price, bidQuantity: Quantity,
        askPrice: Price, askQuantity: Quantity, venueTime: Timestamp, receiveTime: Timestamp
    ) {
        self.instrument = instrument
        self.updateID = updateID
        self.bidPrice = bidPrice
        self.bidQuantity = bidQuantity
        self.askPrice = askPrice
        self.askQuantity = askQuantity
        self.venueTime = venueTime
        self.receiveTime = receiveTime
    }
}

/// One price level: its absolute quantity; 0 removes it in a diff.
@frozen
public struct BookLevel: BitwiseCopyable, Sendable, Equatable {
    public var price: Price
    public var quantity: Quantity
    @inlinable @inline(__always)
    public static func == (left: BookLevel, right: BookLevel) -> Bool {
        left.price.raw == right.price.raw && left.quantity.raw == right.quantity.raw
    }
    @inlinable @inline(__always)
    public init(price: Price, quantity: Quantity) {
        self.price = price
        self.quantity = quantity
    }
}

/// The head of a depth message; its levels lie beside it, bids first, then asks.
@frozen
public struct DepthHeader: BitwiseCopyable, Sendable, Equatable {
    /// First update id in this event (`U`); for a snapshot equal to ``lastUpdateID``.
    public var firstUpdateID: Int64
    /// Last update id in this event (`u`), or the snapshot's `lastUpdateId`.
    public var lastUpdateID: Int64
    public var venueTime: Timestamp
    public var receiveTime: Timestamp
    public var bidCount: UInt32
    public var askCount: UInt32
    public var instrument: InstrumentIndex
    public var isSnapshot: Bool

    @inlinable
    public init(
        instrument: InstrumentIndex, isSnapshot: Bool, firstUpdateID: Int64, lastUpdateID: Int64,
        bidCount: UInt32, askCount: UInt32, venueTime: Timestamp, receiveTime: Timestamp
    ) {
        self.instrument = instrument
        self.isSnapshot = isSnapshot
        self.firstUpdateID = firstUpdateID
        self.lastUpdateID = lastUpdateID
        self.bidCount = bidCount
        self.askCount = askCount
        self.venueTime = venueTime
        self.receiveTime = receiveTime
    }

    @inlinable @inline(__always)
    public var levelCount: Int { Int(bidCount) &+ Int(askCount) }
}

/// One bar. Prices are trades; the times are the bar's first and last instant.
@frozen
public struct Candle: BitwiseCopyable, Sendable, Equatable, Codable {
    public var openTime: Timestamp
    /// Last nanosecond that belongs to the bar.
    public var closeTime: Timestamp
    public var open: Price
    public var high: Price
    public var low: Price
    public var close: Price
    public var volume: Quantity
    /// Volume bought by aggressors.
    public var takerBuyVolume: Quantity
    public var quoteVolume: Notional
    public var tradeCount: UInt32
    public var instrument: InstrumentIndex
    public var marks: CandleMarks

    @inlinable
    public init(
        instrument: InstrumentIndex, openTime: Timestamp, closeTime: Timestamp, open: Price,
        high: Price, low: Price, close: Price, volume: Quantity, takerBuyVolume: Quantity,
        quoteVolume: Notional, tradeCount: UInt32, isClosed: Bool, isPartial: Bool = false
    ) {
        self.instrument = instrument
        self.openTime = openTime
        self.closeTime = closeTime
        self.open = open
        self.high = high
        self.low = low
        self.close = close
        self.volume = volume
        self.takerBuyVolume = takerBuyVolume
        self.quoteVolume = quoteVolume
        self.tradeCount = tradeCount
        marks = CandleMarks(rawValue: (isClosed ? 1 : 0) | (isPartial ? 2 : 0))
    }

    /// Final: no later trade changes it.
    @inlinable @inline(__always)
    public var isClosed: Bool {
        get { marks.contains(.closed) }
        set { marks.set(.closed, newValue) }
    }

    /// Trades of it are missing, or may be: nobody saw its beginning, or the stream was lost.
    @inlinable @inline(__always)
    public var isPartial: Bool {
        get { marks.contains(.partial) }
        set { marks.set(.partial, newValue) }
    }
}

/// What is known of a bar besides its numbers. Journals keep the byte: a bit never changes its
/// meaning.
@frozen
public struct CandleMarks: OptionSet, BitwiseCopyable, Sendable, Codable {
    public let rawValue: UInt8

    @inlinable @inline(__always)
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Final: no later trade changes the bar.
    @inlinable @inline(__always)
    public static var closed: CandleMarks { CandleMarks(rawValue: 1) }
    /// Trades of the bar are missing, or may be.
    @inlinable @inline(__always)
    public static var partial: CandleMarks { CandleMarks(rawValue: 2) }

    @inlinable @inline(__always)
    mutating func set(_ mark: CandleMarks, _ isSet: Bool) {
        self = CandleMarks(
            rawValue: isSet ? rawValue | mark.rawValue : rawValue & ~mark.rawValue)
    }
}
