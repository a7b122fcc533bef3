import Machine
import MarketModel

/// One instrument's market as the core sees it: book, announced top, last trade, candles.
struct Market: ~Copyable {
    var book: OrderBook
    var top: MarketTop
    /// What the venue's percent-price band is measured from.
    var average: AveragePrice
    /// When anything about this market last arrived.
    var lastDataTime = Timestamp.unknown
    /// The venue's clock in its newest message, and when that came.
    private var venueTime = Timestamp.unknown
    private var venueTimeCame = Timestamp.unknown
    var resyncs: Int32 = 0
    /// Price of the first trade of the UTC day.
    var sessionOpen = Price.zero
    /// Why this instrument takes no new risk.
    var halt = InstrumentHalt.none

    init(_ instrument: Instrument, levelCapacity: Int, in tables: TableMemory) {
        book = OrderBook(instrument: instrument.index, levelCapacity: levelCapacity, in: tables)
        top = MarketTop(instrument: instrument.index)
        average = AveragePrice(instrument)
    }

    /// Notes an arrival; the venue's clock does not run backwards here.
    @_noLocks
    mutating func arrived(at now: Timestamp, venueTime time: Timestamp) {
        lastDataTime = now
        if time <= venueTime { return }
        venueTime = time
        venueTimeCame = now
        average.advance(to: time)
    }

    /// The market's own clock: the venue's, and what has passed here since it was last told.
    @_noLocks
    func time(_ now: Timestamp) -> Timestamp {
        venueTime == .unknown ? now : venueTime + (now - venueTimeCame)
    }

    /// The best levels to trade on: the announced top when it is newer than the book.
    @_noLocks
    func quote() -> Quote {
        var quote = Quote(
            bid: BookLevel(price: .zero, quantity: .zero),
            ask: BookLevel(price: .zero, quantity: .zero), isValid: false)
        write(quote: &quote)
        return quote
    }

    /// The same, written where it is needed.
    @inline(__always) @_noLocks
    func write(quote: inout Quote) {
        if top.top.updateID > book.lastUpdateID {
            quote.bid = BookLevel(price: top.top.bidPrice, quantity: top.top.bidQuantity)
            quote.ask = BookLevel(price: top.top.askPrice, quantity: top.top.askQuantity)
        } else {
            quote.bid = book.bestBid
            quote.ask = book.bestAsk
        }
        quote.isValid =
            book.isValid && quote.bid.quantity.raw > 0 && quote.ask.quantity.raw > 0
            && quote.bid.price < quote.ask.price
    }

    /// Where a position is valued: the mid, or the last trade while there is no quote.
    @_noLocks
    func mark() -> Price {
        let quote = quote()
        if !quote.isValid { return top.lastPrice }
        return Price(raw: quote.bid.price.raw &+ (quote.ask.price.raw &- quote.bid.price.raw) / 2)
    }
}
