import MarketModel

/// Messages of the binary market streams: schema 1, version 0 (sheet section 15.2).
enum StreamBinary {
    private static let schema: UInt16 = 1

    /// The trades of one order at one moment.
    static func trades(
        _ trades: [PublicTrade], of market: borrowing BinarySymbol, to text: inout TextBuffer
    ) {
        guard let time = trades.first?.time else { return }
        let price = market.price.fitting(trades) { $0.price.raw }
        let quantity = market.quantity.fitting(trades) { $0.quantity.raw }
        text.header(length: 18, id: 10_000, schema: schema, version: 0)
        text.microseconds(time)
        text.microseconds(time)
        text.exponents(price.exponent, quantity.exponent)
        text.little(25, width: 2)
        text.little(Int64(trades.count), width: 4)
        for trade in trades {
            text.little(trade.id, width: 8)
            text.little(price.of(trade.price.raw), width: 8)
            text.little(quantity.of(trade.quantity.raw), width: 8)
            text.little(trade.takerSide == .sell ? 1 : 0, width: 1)
        }
        text.symbol(market)
    }

    static func bestBidAsk(
        _ top: BookTop, updateID: Int64, now: Timestamp, of market: borrowing BinarySymbol,
        to text: inout TextBuffer
    ) {
        let price = market.price.pair(top.bidPrice.raw, top.askPrice.raw)
        let quantity = market.quantity.pair(top.bidQuantity.raw, top.askQuantity.raw)
        text.header(length: 50, id: 10_001, schema: schema, version: 0)
        text.microseconds(now)
        text.little(updateID, width: 8)
        text.exponents(price.exponent, quantity.exponent)
        text.little(price.first, width: 8)
        text.little(quantity.first, width: 8)
        text.little(price.second, width: 8)
        text.little(quantity.second, width: 8)
        text.symbol(market)
    }

    static func snapshot(
        _ matcher: any Matcher, limit: Int, now: Timestamp, of market: borrowing BinarySymbol,
        to text: inout TextBuffer
    ) {
        func side(_ side: Side) -> [BookLevel] {
            var levels: [BookLevel] = []
            matcher.forEachLevel(of: side, limit: limit) {
                levels.append(BookLevel(price: $0, quantity: $1))
            }
            return levels
        }
        let bids = side(.buy)
        let asks = side(.sell)
        text.header(length: 18, id: 10_002, schema: schema, version: 0)
        text.microseconds(now)
        text.little(matcher.updateID, width: 8)
        text.levels(bids, asks, market)
        text.symbol(market)
    }

    static func diff(
        _ diff: DepthDiff, now: Timestamp, of market: borrowing BinarySymbol,
        to text: inout TextBuffer
    ) {
        text.header(length: 26, id: 10_003, schema: schema, version: 0)
        text.microseconds(now)
        text.little(diff.firstUpdateID, width: 8)
        text.little(diff.lastUpdateID, width: 8)
        text.levels(diff.bids, diff.asks, market)
        text.symbol(market)
    }
}

extension TextBuffer {
    fileprivate mutating func microseconds(_ time: Timestamp) {
        little(time.nanoseconds / 1_000, width: 8)
    }

    fileprivate mutating func exponents(
        _ price: Int64, _ quantity: Int64
    ) {
        little(price, width: 1)
        little(quantity, width: 1)
    }

    fileprivate mutating func levels(
        _ bids: [BookLevel], _ asks: [BookLevel], _ market: borrowing BinarySymbol
    ) {
        let all = bids + asks
        let price = market.price.fitting(all) { $0.price.raw }
        let quantity = market.quantity.fitting(all) { $0.quantity.raw }
        exponents(price.exponent, quantity.exponent)
        for side in [bids, asks] {
            little(16, width: 2)
            little(Int64(side.count), width: 2)
            for level in side {
                little(price.of(level.price.raw), width: 8)
                little(quantity.of(level.quantity.raw), width: 8)
            }
        }
    }

    fileprivate mutating func symbol(_ market: borrowing BinarySymbol) {
        little(Int64(market.name.count), width: 1)
        raw(market.name)
    }
}
