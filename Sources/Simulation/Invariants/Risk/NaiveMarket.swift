import Journal
import MarketModel

/// The markets of all instruments that the records tell of.
struct NaiveMarkets {
    private var markets: [NaiveMarket?] = []

    /// Ascending.
    var numbers: [UInt16] {
        markets.indices.filter { markets[$0] != nil }.map { UInt16($0) }
    }

    subscript(number: UInt16) -> NaiveMarket? {
        get { Int(number) < markets.count ? markets[Int(number)] : nil }
        _modify {
            while markets.count <= Int(number) { markets.append(nil) }
            yield &markets[Int(number)]
        }
    }
}

/// What the records say about one instrument's market: the book as a dictionary, the last trade.
struct NaiveMarket {
    private var bids: [Int64: Int64] = [:]
    private var asks: [Int64: Int64] = [:]
    private var bookID: Int64 = -1
    private var top: TopOfBook?
    private var newestTrade: Int64 = -1
    /// Raw prices, 0 while unknown.
    private(set) var last: Int64 = 0
    private(set) var sessionOpen: Int64 = 0
    private(set) var dataTime: Timestamp?
    private var day = Int64.min

    mutating func take(_ trade: Trade, at now: Timestamp) {
        dataTime = now
        if trade.id.raw <= newestTrade { return }
        newestTrade = trade.id.raw
        last = trade.price.raw
        if sessionOpen == 0 { sessionOpen = trade.price.raw }
    }

    mutating func take(_ top: TopOfBook, at now: Timestamp) {
        dataTime = now
        if top.updateID > self.top?.updateID ?? -1 { self.top = top }
    }

    mutating func take(
        _ header: DepthHeader, _ levels: UnsafeBufferPointer<BookLevel>, at now: Timestamp
    ) {
        dataTime = now
        if header.isSnapshot {
            bids = [:]
            asks = [:]
        }
        bookID = header.lastUpdateID
        for (place, level) in levels.enumerated() {
            let quantity = level.quantity.raw > 0 ? level.quantity.raw : nil
            if place < Int(header.bidCount) {
                bids[level.price.raw] = quantity
            } else {
                asks[level.price.raw] = quantity
            }
        }
    }

    /// A new connection counts from wherever it likes.
    mutating func forgetTop() { top = nil }

    /// The first trade of a new UTC day opens its session.
    mutating func pass(to now: Timestamp) {
        if now.utcDay <= day { return }
        if day != .min { sessionOpen = 0 }
        day = now.utcDay
    }

    /// Best prices, 0 where there are none: of the book, or of a newer announcement.
    func best() -> (bid: Int64, ask: Int64) {
        if let top, top.updateID > bookID { return (top.bidPrice.raw, top.askPrice.raw) }
        return (bids.keys.max() ?? 0, asks.keys.min() ?? 0)
    }

    /// Between what a unit may be worth whatever it is measured by.
    func worth() -> ClosedRange<Double>? {
        let (bid, ask) = best()
        let prices = [bid, ask, last].filter { $0 > 0 }.map { Double($0) / 1e8 }
        guard let low = prices.min(), let high = prices.max() else { return nil }
        return (low * 0.9999)...(high * 1.0001)
    }
}
