import MarketModel

/// Messages of the binary market streams: schema 1, version 0 (sheet section 15.2).
enum StreamBinary {
    private static let schema: UInt16 = 1

    /// The trades of one order at one moment.
    static func trades(
        _ trades: ArraySlice<PublicTrade>, of market: SymbolConfiguration,
        to text: inout TextBuffer
    ) {
        guard let time = trades.first?.time else { return }
        let price = Mantissa(market.tickSize.raw, trades.map(\.price.raw))
        let quantity = Mantissa(market.lotSize.raw, trades.map(\.quantity.raw))
        text.header(length: 18, id: 10_000, schema: schema, version: 0)
        text.microseconds(time)
        text.microseconds(time)
        text.exponents(price, quantity)
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
        _ top: BookTop, updateID: Int64, now: Timestamp, of market: SymbolConfiguration,
        to text: inout TextBuffer
    ) {
        let price = Mantissa(market.tickSize.raw, [top.bidPrice.raw, top.askPrice.raw])
        let quantity = Mantissa(market.lotSize.raw, [top.bidQuantity.raw, top.askQuantity.raw])
        text.header(length: 50, id: 10_001, schema: schema, version: 0)
        text.microseconds(now)
        text.little(updateID, width: 8)
        text.exponents(price, quantity)
        text.little(price.of(top.bidPrice.raw), width: 8)
        text.little(quantity.of(top.bidQuantity.raw), width: 8)
        text.little(price.of(top.askPrice.raw), width: 8)
        text.little(quantity.of(top.askQuantity.raw), width: 8)
        text.symbol(market)
    }

    static func snapshot(
        _ matcher: any Matcher, limit: Int, now: Timestamp, of market: SymbolConfiguration,
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
        _ diff: DepthDiff, now: Timestamp, of market: SymbolConfiguration,
        to text: inout TextBuffer
    ) {
        text.header(length: 26, id: 10_003, schema: schema, version: 0)
        text.microseconds(now)
        text.little(diff.firstUpdateID, width: 8)
        text.little(diff.lastUpdateID, width: 8)
        text.levels(diff.bids, diff.asks, market)
        text.symbol(market)
    }

    /// Numbers of 1e-8 in the digits that a symbol has; in all eight where that would lose some.
    fileprivate struct Mantissa {
        let exponent: Int64
        private let divisor: Int64

        init(_ step: Int64, _ values: [Int64]) {
            var exponent: Int64 = -8
            var divisor: Int64 = 1
            while exponent < 0, step % (divisor * 10) == 0 {
                exponent += 1
                divisor *= 10
            }
            let isExact = values.allSatisfy { $0 % divisor == 0 }
            self.exponent = isExact ? exponent : -8
            self.divisor = isExact ? divisor : 1
        }

        func of(_ value: Int64) -> Int64 { value / divisor }
    }
}

extension TextBuffer {
    fileprivate mutating func microseconds(_ time: Timestamp) {
        little(time.nanoseconds / 1_000, width: 8)
    }

    fileprivate mutating func exponents(
        _ price: StreamBinary.Mantissa, _ quantity: StreamBinary.Mantissa
    ) {
        little(price.exponent, width: 1)
        little(quantity.exponent, width: 1)
    }

    fileprivate mutating func levels(
        _ bids: [BookLevel], _ asks: [BookLevel], _ market: SymbolConfiguration
    ) {
        let all = bids + asks
        let price = StreamBinary.Mantissa(market.tickSize.raw, all.map(\.price.raw))
        let quantity = StreamBinary.Mantissa(market.lotSize.raw, all.map(\.quantity.raw))
        exponents(price, quantity)
        for side in [bids, asks] {
            little(16, width: 2)
            little(Int64(side.count), width: 2)
            for level in side {
                little(price.of(level.price.raw), width: 8)
                little(quantity.of(level.quantity.raw), width: 8)
            }
        }
    }

    fileprivate mutating func symbol(_ market: SymbolConfiguration) {
        counted(width: 1) { $0.raw(market.symbol) }
    }
}
