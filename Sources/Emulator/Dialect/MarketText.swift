import MarketModel

/// JSON of public market data in answers (sheet section 6).
struct MarketText {
    let unit: TimeUnit

    /// `{"lastUpdateId":…,"bids":[…],"asks":[…]}`, also the partial depth stream's payload.
    static func depth(_ matcher: any Matcher, limit: Int, to text: inout TextBuffer) {
        text.raw("{\"lastUpdateId\":")
        text.integer(matcher.updateID)
        text.raw(",\"bids\":")
        levels(matcher, side: .buy, limit: limit, to: &text)
        text.raw(",\"asks\":")
        levels(matcher, side: .sell, limit: limit, to: &text)
        text.raw("}")
    }

    private static func levels(
        _ matcher: any Matcher, side: Side, limit: Int, to text: inout TextBuffer
    ) {
        var rows: [(Price, Quantity)] = []
        rows.reserveCapacity(min(limit, 1_000))
        matcher.forEachLevel(of: side, limit: limit) { rows.append(($0, $1)) }
        text.raw("[")
        for (index, row) in rows.enumerated() {
            if index > 0 { text.raw(",") }
            level(row.0, row.1, to: &text)
        }
        text.raw("]")
    }

    static func level(_ price: Price, _ quantity: Quantity, to text: inout TextBuffer) {
        text.raw("[")
        text.decimal(price.raw)
        text.raw(",")
        text.decimal(quantity.raw)
        text.raw("]")
    }

    func trades(_ trades: [PublicTrade], to text: inout TextBuffer) {
        text.raw("[")
        for (index, trade) in trades.enumerated() {
            text.raw(index == 0 ? "{\"id\":" : ",{\"id\":")
            text.integer(trade.id)
            text.raw(",\"price\":")
            text.decimal(trade.price.raw)
            text.raw(",\"qty\":")
            text.decimal(trade.quantity.raw)
            text.raw(",\"quoteQty\":")
            text.decimal(Money.quote(trade.price, trade.quantity) ?? 0)
            text.raw(",\"time\":")
            text.time(trade.time, unit)
            text.raw(",\"isBuyerMaker\":")
            text.boolean(trade.takerSide == .sell)
            text.raw(",\"isBestMatch\":true}")
        }
        text.raw("]")
    }

    func aggregates(_ trades: [AggregateTrade], to text: inout TextBuffer) {
        text.raw("[")
        for (index, trade) in trades.enumerated() {
            text.raw(index == 0 ? "{\"a\":" : ",{\"a\":")
            text.integer(trade.id)
            text.raw(",\"p\":")
            text.decimal(trade.price.raw)
            text.raw(",\"q\":")
            text.decimal(trade.quantity.raw)
            text.raw(",\"f\":")
            text.integer(trade.firstTradeID)
            text.raw(",\"l\":")
            text.integer(trade.lastTradeID)
            text.raw(",\"T\":")
            text.time(trade.time, unit)
            text.raw(",\"m\":")
            text.boolean(trade.takerSide == .sell)
            text.raw(",\"M\":true}")
        }
        text.raw("]")
    }

    func candles(_ bars: [Bar], _ grid: CandleGrid, to text: inout TextBuffer) {
        text.raw("[")
        for (index, bar) in bars.enumerated() {
            text.raw(index == 0 ? "[" : ",[")
            text.time(Timestamp(milliseconds: bar.openTime), unit)
            for price in [bar.open, bar.high, bar.low, bar.close] {
                text.raw(",")
                text.decimal(price)
            }
            text.raw(",")
            text.decimal(bar.volume)
            text.raw(",")
            text.integer(closeTime(of: bar, grid))
            text.raw(",")
            text.decimal(bar.quoteVolume)
            text.raw(",")
            text.integer(bar.tradeCount)
            text.raw(",")
            text.decimal(bar.takerVolume)
            text.raw(",")
            text.decimal(bar.takerQuoteVolume)
            text.raw(",\"0\"]")
        }
        text.raw("]")
    }

    /// The last moment of a bar in the client's unit: one unit before the next bar.
    func closeTime(of bar: Bar, _ grid: CandleGrid) -> Int64 {
        unit.value(of: Timestamp(milliseconds: grid.next(after: bar.openTime))) - 1
    }

    static func ticker(_ market: SymbolMarket, to text: inout TextBuffer) {
        let top = market.matcher.top
        text.raw("{\"symbol\":")
        text.quoted(market.configuration.symbol)
        text.raw(",\"bidPrice\":")
        text.decimal(top.bidPrice.raw)
        text.raw(",\"bidQty\":")
        text.decimal(top.bidQuantity.raw)
        text.raw(",\"askPrice\":")
        text.decimal(top.askPrice.raw)
        text.raw(",\"askQty\":")
        text.decimal(top.askQuantity.raw)
        text.raw("}")
    }

    static func price(_ market: SymbolMarket, to text: inout TextBuffer) {
        text.raw("{\"symbol\":")
        text.quoted(market.configuration.symbol)
        text.raw(",\"price\":")
        text.decimal(market.lastPrice.raw)
        text.raw("}")
    }

    func averagePrice(_ market: SymbolMarket, now: Timestamp, to text: inout TextBuffer) {
        text.raw("{\"mins\":5,\"price\":")
        text.decimal(market.referencePrice.raw)
        text.raw(",\"closeTime\":")
        text.time(now, unit)
        text.raw("}")
    }
}
