import MarketModel

/// One candle. Prices in units of 1e-8; volumes too, in 128 bits because fast markets add up.
struct Bar: BitwiseCopyable, Equatable {
    /// Milliseconds since 1970.
    var openTime: Int64
    var open: Int64
    var high: Int64
    var low: Int64
    var close: Int64
    var volume: Int128 = 0
    var quoteVolume: Int128 = 0
    var takerVolume: Int128 = 0
    var takerQuoteVolume: Int128 = 0
    var tradeCount: Int64 = 0
    /// -1 when there was no trade.
    var firstTradeID: Int64 = -1
    var lastTradeID: Int64 = -1

    init(openTime: Int64, price: Int64) {
        self.openTime = openTime
        open = price
        high = price
        low = price
        close = price
    }

    mutating func add(_ trade: PublicTrade) {
        let price = trade.price.raw
        if tradeCount == 0 {
            self = Bar(openTime: openTime, price: price)
            firstTradeID = trade.id
        }
        high = max(high, price)
        low = min(low, price)
        close = price
        let quote = Int128(Money.quote(trade.price, trade.quantity) ?? 0)
        volume += Int128(trade.quantity.raw)
        quoteVolume += quote
        if trade.takerSide == .buy {
            takerVolume += Int128(trade.quantity.raw)
            takerQuoteVolume += quote
        }
        tradeCount += 1
        lastTradeID = trade.id
    }

    /// Joins the bar that follows this one in time.
    mutating func absorb(_ next: Bar) {
        high = max(high, next.high)
        low = min(low, next.low)
        close = next.close
        volume += next.volume
        quoteVolume += next.quoteVolume
        takerVolume += next.takerVolume
        takerQuoteVolume += next.takerQuoteVolume
        tradeCount += next.tradeCount
        if firstTradeID < 0 { firstTradeID = next.firstTradeID }
        if next.lastTradeID >= 0 { lastTradeID = next.lastTradeID }
    }
}

/// Candles of one symbol at every interval, from seeded history and live trades.
///
/// Keeps hours, minutes and seconds; longer intervals are summed on request. A time without
/// trades gives flat bars at the last close, as on the venue.
struct CandleBoard {
    private static let minuteCapacity = 4_320
    private static let secondCapacity = 2_000

    private var hours: [Bar]
    private var minutes: [Bar]
    private var seconds: [Bar] = []
    private var minute: Bar
    private var second: Bar

    /// Starts at a moment (milliseconds) with bars that ended before it.
    init(hours: [Bar], minutes: [Bar], price: Price, now: Int64) {
        self.hours = hours
        self.minutes = minutes
        minute = Bar(
            openTime: CandleInterval.minute1.openTime(containing: now), price: price.raw)
        second = Bar(
            openTime: CandleInterval.second1.openTime(containing: now), price: price.raw)
    }

    mutating func add(_ trade: PublicTrade) {
        advance(to: trade.time.milliseconds)
        minute.add(trade)
        second.add(trade)
    }

    /// Closes every bar that ended before a moment (milliseconds).
    mutating func advance(to time: Int64) {
        while time >= second.openTime + CandleInterval.second {
            Self.keep(second, in: &seconds, capacity: Self.secondCapacity)
            let steps = (time - second.openTime) / CandleInterval.second
            // Flat seconds beyond what is kept are skipped, not built one by one.
            let skipped = max(steps - Int64(Self.secondCapacity), 0)
            let open = second.openTime + (1 + skipped) * CandleInterval.second
            second = Bar(openTime: open, price: second.close)
        }
        while time >= minute.openTime + CandleInterval.minute {
            Self.keep(minute, in: &minutes, capacity: Self.minuteCapacity)
            let next = minute.openTime + CandleInterval.minute
            if next % CandleInterval.hour == 0 { closeHour(endingAt: next) }
            minute = Bar(openTime: next, price: minute.close)
        }
    }

    /// Everything since a moment (milliseconds) in one bar, and the price before it.
    ///
    /// Exact to the minute as far back as minutes are kept, to the hour before that.
    func window(since start: Int64) -> (bar: Bar, previousClose: Int64) {
        let kept = minutes.first?.openTime ?? minute.openTime
        // From here on minutes tell everything, before it whole hours do.
        let boundary = kept + (CandleInterval.hour - kept % CandleInterval.hour)
            % CandleInterval.hour
        let old = hours[hours.firstPosition(since: start)...].prefix { $0.openTime < boundary }
        let recent = minutes[minutes.firstPosition(since: max(start, boundary))...]
        var total: Bar?
        for bar in [Array(old), Array(recent), [minute]].joined() {
            if total == nil { total = bar } else { total?.absorb(bar) }
        }
        var bar = total ?? minute
        bar.openTime = start
        let before = (old.first ?? recent.first).map(\.open)
        return (bar, before ?? minute.open)
    }

    /// Volume-weighted price of the last minutes with trades, else the last price.
    func averagePrice(minutes count: Int) -> Price {
        var volume = minute.volume
        var quote = minute.quoteVolume
        for bar in minutes.suffix(count - 1) {
            volume += bar.volume
            quote += bar.quoteVolume
        }
        guard volume > 0 else { return Price(raw: minute.close) }
        return Price(raw: Int64(clamping: quote * Int128(Money.unit) / volume))
    }

    /// Bars of an interval in ascending order.
    ///
    /// With a start: the oldest from there; otherwise the newest up to the end. Milliseconds.
    func bars(_ grid: CandleGrid, start: Int64?, end: Int64?, limit: Int) -> [Bar] {
        var found: [Bar] = []
        for bar in source(for: grid) {
            let open = grid.openTime(containing: bar.openTime)
            if found.last?.openTime == open {
                found[found.count - 1].absorb(bar)
            } else {
                var first = bar
                first.openTime = open
                found.append(first)
            }
        }
        if let start { found.removeAll { $0.openTime < start } }
        if let end { found.removeAll { $0.openTime > end } }
        return Array(start == nil ? found.suffix(limit) : found.prefix(limit))
    }

    /// The bar in progress.
    func current(_ grid: CandleGrid) -> Bar {
        if grid.interval == .second1 { return second }
        let open = grid.openTime(containing: minute.openTime)
        var result: Bar?
        for bar in source(for: grid).reversed() {
            if bar.openTime < open { break }
            if var earlier = Optional(bar), let later = result {
                earlier.absorb(later)
                result = earlier
            } else {
                result = bar
            }
        }
        var bar = result ?? minute
        bar.openTime = open
        return bar
    }

    private func source(for grid: CandleGrid) -> [Bar] {
        if grid.interval == .second1 { return seconds + [second] }
        // Where hours are cut in two, bars reach as far back as minutes do.
        if !grid.hasWholeHours { return minutes + [minute] }
        let openHour = minute.openTime - minute.openTime % CandleInterval.hour
        return hours + minutes.filter { $0.openTime >= openHour } + [minute]
    }

    private mutating func closeHour(endingAt end: Int64) {
        let start = end - CandleInterval.hour
        let parts = minutes.drop { $0.openTime < start }
        guard var hour = parts.first else { return }
        for part in parts.dropFirst() { hour.absorb(part) }
        hour.openTime = start
        hours.append(hour)
    }

    private static func keep(_ bar: Bar, in bars: inout [Bar], capacity: Int) {
        bars.append(bar)
        if bars.count >= 2 * capacity { bars.removeFirst(bars.count - capacity) }
    }
}

extension [Bar] {
    /// Where bars begin that open at a moment or later; bars are in order.
    fileprivate func firstPosition(since time: Int64) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if self[middle].openTime < time { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
