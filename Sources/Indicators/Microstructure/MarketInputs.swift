/// Best bid and ask with what rests there.
@frozen
public struct BestQuotes: IndicatorInput, Equatable, Sendable, Codable {
    public var bidPrice: Double
    public var bidSize: Double
    public var askPrice: Double
    public var askSize: Double

    @inlinable @inline(__always)
    public init(bidPrice: Double, bidSize: Double, askPrice: Double, askSize: Double) {
        self.bidPrice = bidPrice
        self.bidSize = bidSize
        self.askPrice = askPrice
        self.askSize = askSize
    }

    /// In range, 0 < bid ≤ ask, sizes not negative and not both 0.
    @inlinable @inline(__always)
    public var isValid: Bool {
        bidPrice > 0 && bidPrice <= askPrice && askPrice <= .largestInput && bidSize >= 0
            && bidSize <= .largestInput && askSize >= 0 && askSize <= .largestInput
            && bidSize + askSize > 0
    }

    @inlinable @inline(__always)
    public var mid: Double { (bidPrice + askPrice) / 2 }

    /// (bid size − ask size) / (bid size + ask size), −1...1.
    @inlinable @inline(__always)
    public var imbalance: Double { (bidSize - askSize) / (bidSize + askSize) }
}

/// A trade with the side of its taker.
@frozen
public struct TradePrint: IndicatorInput, Equatable, Sendable, Codable {
    public var price: Double
    /// Above zero if the taker bought, below zero if they sold.
    public var signedSize: Double

    @inlinable @inline(__always)
    public init(price: Double, signedSize: Double) {
        self.price = price
        self.signedSize = signedSize
    }

    /// In range, a price above zero and a size.
    @inlinable @inline(__always)
    public var isValid: Bool {
        price > 0 && price <= .largestInput && signedSize != 0 && signedSize.isValid
    }

    /// 1 for a taker's buy, −1 for a sell.
    @inlinable @inline(__always)
    public var direction: Double { signedSize > 0 ? 1 : -1 }
}

/// A trade with the middle of the book just before it.
@frozen
public struct QuotedTrade: IndicatorInput, Equatable, Sendable {
    public var trade: TradePrint
    public var mid: Double

    @inlinable @inline(__always)
    public init(trade: TradePrint, mid: Double) {
        self.trade = trade
        self.mid = mid
    }

    @inlinable @inline(__always)
    public var isValid: Bool { trade.isValid && mid > 0 && mid <= .largestInput }
}

/// The best levels of a book, best first, at most ``capacity`` a side.
@frozen
public struct BookLevels: IndicatorInput, Sendable {
    @inlinable @inline(__always)
    public static var capacity: Int { 20 }

    @usableFromInline var bids = InlineArray<20, SamplePair>(repeating: SamplePair(0, 0))
    @usableFromInline var asks = InlineArray<20, SamplePair>(repeating: SamplePair(0, 0))
    @usableFromInline var heldBids = 0
    @usableFromInline var heldAsks = 0

    @inlinable
    public init() {}

    @inlinable @inline(__always)
    public var bidCount: Int { heldBids }

    @inlinable @inline(__always)
    public var askCount: Int { heldAsks }

    /// Adds the next worse bid; levels past the capacity are left out.
    @inlinable
    public mutating func appendBid(price: Double, size: Double) {
        if bidCount == Self.capacity { return }
        bids[bidCount] = SamplePair(price, size)
        heldBids &+= 1
    }

    /// Adds the next worse ask; levels past the capacity are left out.
    @inlinable
    public mutating func appendAsk(price: Double, size: Double) {
        if askCount == Self.capacity { return }
        asks[askCount] = SamplePair(price, size)
        heldAsks &+= 1
    }

    /// Both sides have a level, in order, finite, not crossed, sizes not negative.
    @inlinable
    public var isValid: Bool {
        if bidCount == 0 || askCount == 0 { return false }
        return withLevels { bids, asks in
            if !(bids[0].first <= asks[0].first) { return false }
            var outer = asks[0].first
            for place in 0..<askCount {
                let level = asks[place]
                if !(level.first >= outer && level.first <= .largestInput && level.second >= 0
                    && level.second <= .largestInput)
                {
                    return false
                }
                outer = level.first
            }
            outer = bids[0].first
            for place in 0..<bidCount {
                let level = bids[place]
                if !(level.first <= outer && level.first > 0 && level.second >= 0
                    && level.second <= .largestInput)
                {
                    return false
                }
                outer = level.first
            }
            return true
        }
    }

    /// The levels where they lie: an element taken of the array itself is taken of a copy of all.
    @inlinable @inline(__always)
    func withLevels<Answer>(
        _ body: (_ bids: UnsafePointer<SamplePair>, _ asks: UnsafePointer<SamplePair>) -> Answer
    ) -> Answer {
        withUnsafePointer(to: bids) { bids in
            withUnsafePointer(to: asks) { asks in
                body(
                    UnsafeRawPointer(bids).assumingMemoryBound(to: SamplePair.self),
                    UnsafeRawPointer(asks).assumingMemoryBound(to: SamplePair.self))
            }
        }
    }

    @inlinable @inline(__always)
    public var mid: Double { (bids[0].first + asks[0].first) / 2 }
}
