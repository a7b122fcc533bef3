import MarketModel

/// Payloads of the market streams; fields in the order of sheet section 4.
enum StreamText {
    static func trade(
        _ trade: PublicTrade, symbol: String, _ unit: TimeUnit, to text: inout TextBuffer
    ) {
        text.raw("{\"e\":\"trade\",\"E\":")
        text.time(trade.time, unit)
        text.raw(",\"s\":\"")
        text.raw(symbol)
        text.raw("\",\"t\":")
        text.integer(trade.id)
        text.raw(",\"p\":")
        text.decimal(trade.price.raw)
        text.raw(",\"q\":")
        text.decimal(trade.quantity.raw)
        text.raw(",\"T\":")
        text.time(trade.time, unit)
        text.raw(",\"m\":")
        text.boolean(trade.takerSide == .sell)
        text.raw(",\"M\":true}")
    }

    static func aggregate(
        _ trade: AggregateTrade, symbol: String, _ unit: TimeUnit, to text: inout TextBuffer
    ) {
        text.raw("{\"e\":\"aggTrade\",\"E\":")
        text.time(trade.time, unit)
        text.raw(",\"s\":\"")
        text.raw(symbol)
        text.raw("\",\"a\":")
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

    static func bookTicker(
        _ top: BookTop, updateID: Int64, symbol: String, to text: inout TextBuffer
    ) {
        text.raw("{\"u\":")
        text.integer(updateID)
        text.raw(",\"s\":\"")
        text.raw(symbol)
        text.raw("\",\"b\":")
        text.decimal(top.bidPrice.raw)
        text.raw(",\"B\":")
        text.decimal(top.bidQuantity.raw)
        text.raw(",\"a\":")
        text.decimal(top.askPrice.raw)
        text.raw(",\"A\":")
        text.decimal(top.askQuantity.raw)
        text.raw("}")
    }

    static func candle(
        _ bar: Bar, _ grid: CandleGrid, isClosed: Bool, symbol: String, now: Timestamp,
        _ unit: TimeUnit, to text: inout TextBuffer
    ) {
        text.raw("{\"e\":\"kline\",\"E\":")
        text.time(now, unit)
        text.raw(",\"s\":\"")
        text.raw(symbol)
        text.raw("\",\"k\":{\"t\":")
        text.time(Timestamp(milliseconds: bar.openTime), unit)
        text.raw(",\"T\":")
        text.integer(MarketText(unit: unit).closeTime(of: bar, grid))
        text.raw(",\"s\":\"")
        text.raw(symbol)
        text.raw("\",\"i\":\"")
        text.raw(grid.interval.rawValue)
        text.raw("\",\"f\":")
        text.integer(bar.firstTradeID)
        text.raw(",\"L\":")
        text.integer(bar.lastTradeID)
        text.raw(",\"o\":")
        text.decimal(bar.open)
        text.raw(",\"c\":")
        text.decimal(bar.close)
        text.raw(",\"h\":")
        text.decimal(bar.high)
        text.raw(",\"l\":")
        text.decimal(bar.low)
        text.raw(",\"v\":")
        text.decimal(bar.volume)
        text.raw(",\"n\":")
        text.integer(bar.tradeCount)
        text.raw(",\"x\":")
        text.boolean(isClosed)
        text.raw(",\"q\":")
        text.decimal(bar.quoteVolume)
        text.raw(",\"V\":")
        text.decimal(bar.takerVolume)
        text.raw(",\"Q\":")
        text.decimal(bar.takerQuoteVolume)
        text.raw(",\"B\":\"0\"}}")
    }

    /// A diff event from changed levels.
    static func depth(
        _ diff: DepthDiff, symbol: String, now: Timestamp, _ unit: TimeUnit,
        to text: inout TextBuffer
    ) {
        text.raw("{\"e\":\"depthUpdate\",\"E\":")
        text.time(now, unit)
        text.raw(",\"s\":\"")
        text.raw(symbol)
        text.raw("\",\"U\":")
        text.integer(diff.firstUpdateID)
        text.raw(",\"u\":")
        text.integer(diff.lastUpdateID)
        text.raw(",\"b\":[")
        levels(diff.bids, to: &text)
        text.raw("],\"a\":[")
        levels(diff.asks, to: &text)
        text.raw("]}")
    }

    private static func levels(_ levels: [BookLevel], to text: inout TextBuffer) {
        for (index, level) in levels.enumerated() {
            if index > 0 { text.raw(",") }
            MarketText.level(level.price, level.quantity, to: &text)
        }
    }
}
