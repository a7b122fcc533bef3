import MarketModel

/// Price changes over a window in answers and streams (sheet sections 4.7 and 6).
struct TickerText {
    let unit: TimeUnit
    let window: TickerWindow

    /// One symbol's figures.
    private struct Figures {
        let bar: Bar
        let previousClose: Int64
        let last: Int64

        init(_ market: SymbolMarket, _ window: TickerWindow, now: Timestamp) {
            (bar, previousClose) = market.candles.window(
                since: window.start(now: now.milliseconds))
            last = bar.close
        }

        var change: Int64 { last - bar.open }
        /// Thousandths of a percent.
        var changePercent: Int64 {
            guard bar.open > 0 else { return 0 }
            return Int64(clamping: Int128(change) * 100_000 / Int128(bar.open))
        }
        var average: Int64 {
            guard bar.volume > 0 else { return last }
            return Int64(clamping: bar.quoteVolume * Int128(Money.unit) / bar.volume)
        }
    }

    func answer(
        _ market: SymbolMarket, isFull: Bool, now: Timestamp, to text: inout TextBuffer
    ) {
        let figures = Figures(market, window, now: now)
        text.raw("{\"symbol\":")
        text.quoted(market.configuration.symbol)
        if isFull { change(figures, market, to: &text) }
        let isDayInFull = isFull && window == .day
        text.raw(",\"openPrice\":")
        text.decimal(figures.bar.open)
        text.raw(",\"highPrice\":")
        text.decimal(figures.bar.high)
        text.raw(",\"lowPrice\":")
        text.decimal(figures.bar.low)
        if !isDayInFull {
            text.raw(",\"lastPrice\":")
            text.decimal(figures.last)
        }
        text.raw(",\"volume\":")
        text.decimal(figures.bar.volume)
        text.raw(",\"quoteVolume\":")
        text.decimal(figures.bar.quoteVolume)
        text.raw(",\"openTime\":")
        text.time(Timestamp(milliseconds: figures.bar.openTime), unit)
        text.raw(",\"closeTime\":")
        text.time(now, unit)
        text.raw(",\"firstId\":")
        text.integer(figures.bar.firstTradeID)
        text.raw(",\"lastId\":")
        text.integer(figures.bar.lastTradeID)
        text.raw(",\"count\":")
        text.integer(figures.bar.tradeCount)
        text.raw("}")
    }

    /// What only the full form has; the last day's tells of the book too.
    private func change(_ figures: Figures, _ market: SymbolMarket, to text: inout TextBuffer) {
        text.raw(",\"priceChange\":")
        text.decimal(figures.change)
        text.raw(",\"priceChangePercent\":\"")
        text.raw(Self.thousandths(figures.changePercent))
        text.raw("\",\"weightedAvgPrice\":")
        text.decimal(figures.average)
        guard window == .day else { return }
        let top = market.matcher.top
        text.raw(",\"prevClosePrice\":")
        text.decimal(figures.previousClose)
        text.raw(",\"lastPrice\":")
        text.decimal(figures.last)
        text.raw(",\"lastQty\":")
        text.decimal(Self.lastQuantity(market))
        text.raw(",\"bidPrice\":")
        text.decimal(top.bidPrice.raw)
        text.raw(",\"bidQty\":")
        text.decimal(top.bidQuantity.raw)
        text.raw(",\"askPrice\":")
        text.decimal(top.askPrice.raw)
        text.raw(",\"askQty\":")
        text.decimal(top.askQuantity.raw)
    }

    // MARK: - Streams

    /// The event of `@ticker` or of a rolling window, which leaves the book out.
    func event(
        _ name: StaticString, _ market: SymbolMarket, now: Timestamp, to text: inout TextBuffer
    ) {
        let figures = Figures(market, window, now: now)
        begin(name, market, now, to: &text)
        text.raw(",\"p\":")
        text.decimal(figures.change)
        text.raw(",\"P\":\"")
        text.raw(Self.thousandths(figures.changePercent))
        text.raw("\"")
        if window == .day {
            let top = market.matcher.top
            text.raw(",\"w\":")
            text.decimal(figures.average)
            text.raw(",\"x\":")
            text.decimal(figures.previousClose)
            text.raw(",\"c\":")
            text.decimal(figures.last)
            text.raw(",\"Q\":")
            text.decimal(Self.lastQuantity(market))
            text.raw(",\"b\":")
            text.decimal(top.bidPrice.raw)
            text.raw(",\"B\":")
            text.decimal(top.bidQuantity.raw)
            text.raw(",\"a\":")
            text.decimal(top.askPrice.raw)
            text.raw(",\"A\":")
            text.decimal(top.askQuantity.raw)
        }
        range(figures, to: &text)
        if window != .day {
            text.raw(",\"c\":")
            text.decimal(figures.last)
            text.raw(",\"w\":")
            text.decimal(figures.average)
        }
        volume(figures, to: &text)
        text.raw(",\"O\":")
        text.time(Timestamp(milliseconds: figures.bar.openTime), unit)
        text.raw(",\"C\":")
        text.time(now, unit)
        text.raw(",\"F\":")
        text.integer(figures.bar.firstTradeID)
        text.raw(",\"L\":")
        text.integer(figures.bar.lastTradeID)
        text.raw(",\"n\":")
        text.integer(figures.bar.tradeCount)
        text.raw("}")
    }

    /// The event of `@miniTicker`.
    func miniEvent(_ market: SymbolMarket, now: Timestamp, to text: inout TextBuffer) {
        let figures = Figures(market, window, now: now)
        begin("24hrMiniTicker", market, now, to: &text)
        text.raw(",\"c\":")
        text.decimal(figures.last)
        range(figures, to: &text)
        volume(figures, to: &text)
        text.raw("}")
    }

    /// The event of `@avgPrice`.
    static func averagePrice(
        _ market: SymbolMarket, now: Timestamp, _ unit: TimeUnit, to text: inout TextBuffer
    ) {
        TickerText(unit: unit, window: .day).begin("avgPrice", market, now, to: &text)
        text.raw(",\"i\":\"5m\",\"w\":")
        text.decimal(market.candles.averagePrice(minutes: 5).raw)
        text.raw(",\"T\":")
        text.time(market.tape.trades.suffix(1).first?.time ?? now, unit)
        text.raw("}")
    }

    private func begin(
        _ name: StaticString, _ market: SymbolMarket, _ now: Timestamp, to text: inout TextBuffer
    ) {
        text.raw("{\"e\":\"")
        text.raw(name)
        text.raw("\",\"E\":")
        text.time(now, unit)
        text.raw(",\"s\":\"")
        text.raw(market.configuration.symbol)
        text.raw("\"")
    }

    private func range(_ figures: Figures, to text: inout TextBuffer) {
        text.raw(",\"o\":")
        text.decimal(figures.bar.open)
        text.raw(",\"h\":")
        text.decimal(figures.bar.high)
        text.raw(",\"l\":")
        text.decimal(figures.bar.low)
    }

    private func volume(_ figures: Figures, to text: inout TextBuffer) {
        text.raw(",\"v\":")
        text.decimal(figures.bar.volume)
        text.raw(",\"q\":")
        text.decimal(figures.bar.quoteVolume)
    }

    private static func lastQuantity(_ market: SymbolMarket) -> Int64 {
        market.tape.trades.suffix(1).first?.quantity.raw ?? 0
    }

    /// `-95.960` from -95960.
    private static func thousandths(_ value: Int64) -> String {
        let (whole, part) = value.magnitude.quotientAndRemainder(dividingBy: 1_000)
        let digits = String(part)
        let padding = String(repeating: "0", count: 3 - digits.count)
        return "\(value < 0 ? "-" : "")\(whole).\(padding)\(digits)"
    }
}
