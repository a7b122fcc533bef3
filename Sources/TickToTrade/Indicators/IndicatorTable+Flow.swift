import Indicators
import MarketModel

/// What comes in between candles: quotes, books and trades, for those that take them.
extension IndicatorTable {
    @_noLocks
    func wants(_ feed: IndicatorFeed, of slot: Int) -> Bool { feeds[slot] & feed.bit != 0 }

    /// Takes the best quotes of an instrument if they are valid and have changed. They go on where
    /// they were before a gap.
    @_noLocks
    mutating func take(_ quote: Quote, of slot: Int) {
        if !quote.isValid || Self.areSame(quote, quotes[slot]) { return }
        quotes[slot] = quote
        var position = starts[slot]
        while position < starts[slot &+ 1] {
            let entry = entries + position
            position &+= 1
            guard case .quotes = entry.pointee.feed, case .flow(let shelf) = entry.pointee.place.shelf
            else { continue }
            let quotes = BestQuotes(
                bidPrice: entry.pointee.price(quote.bid.price),
                bidSize: entry.pointee.size(quote.bid.quantity),
                askPrice: entry.pointee.price(quote.ask.price),
                askSize: entry.pointee.size(quote.ask.quantity))
            entry.pointee.reading = shelves.pointee.flows.take(
                quotes, at: entry.pointee.place.number, on: shelf)
        }
    }

    private static func areSame(_ one: Quote, _ other: Quote) -> Bool {
        one.bid.price.raw == other.bid.price.raw && one.bid.quantity.raw == other.bid.quantity.raw
            && one.ask.price.raw == other.ask.price.raw
            && one.ask.quantity.raw == other.ask.quantity.raw
    }

    /// Takes the best levels of an instrument's book. O(levels), 20 a side at most.
    @_noLocks
    mutating func take(_ book: borrowing OrderBook, of slot: Int) {
        if !book.isValid { return }
        var position = starts[slot]
        while position < starts[slot &+ 1] {
            let entry = entries + position
            position &+= 1
            guard case .book = entry.pointee.feed, case .flow(let shelf) = entry.pointee.place.shelf
            else { continue }
            var levels = BookLevels()
            var depth = 0
            while depth < BookLevels.capacity {
                let (bid, ask) = (book.level(.buy, depth: depth), book.level(.sell, depth: depth))
                if bid.quantity.raw > 0 {
                    levels.appendBid(
                        price: entry.pointee.price(bid.price), size: entry.pointee.size(bid.quantity))
                }
                if ask.quantity.raw > 0 {
                    levels.appendAsk(
                        price: entry.pointee.price(ask.price), size: entry.pointee.size(ask.quantity))
                }
                if bid.quantity.raw <= 0 && ask.quantity.raw <= 0 { break }
                depth &+= 1
            }
            entry.pointee.reading = shelves.pointee.flows.take(
                levels, at: entry.pointee.place.number, on: shelf)
        }
    }

    /// Takes a trade with the quote that stood just before it.
    @_noLocks
    mutating func take(_ trade: Trade, _ quote: Quote, of slot: Int) {
        var position = starts[slot]
        while position < starts[slot &+ 1] {
            let entry = entries + position
            position &+= 1
            guard case .trades = entry.pointee.feed, case .flow(let shelf) = entry.pointee.place.shelf
            else { continue }
            let size = entry.pointee.size(trade.quantity)
            let print = TradePrint(
                price: entry.pointee.price(trade.price),
                signedSize: trade.aggressor == .buy ? size : -size)
            let mid = quote.isValid
                ? (entry.pointee.price(quote.bid.price) + entry.pointee.price(quote.ask.price)) / 2
                : 0
            entry.pointee.reading = shelves.pointee.flows.take(
                QuotedTrade(trade: print, mid: mid), at: entry.pointee.place.number, on: shelf)
        }
    }
}
