import MarketModel

/// Plausible candles from before the exchange started: a seeded walk that ends at the start price,
/// less the symbol's rally.
///
/// Hours for 400 days, of which the last two days also exist as minutes and are their exact sum.
struct CandleHistory {
    static let days: Int64 = 400
    static let minuteDays: Int64 = 2

    let hours: [Bar]
    let minutes: [Bar]

    init(symbol: SymbolConfiguration, seed: UInt64, end: Timestamp) {
        var walk = BackwardWalk(
            symbol: symbol, seed: SplitMix64.seed(seed, for: symbol.symbol + "/history"))
        let now = end.milliseconds
        let minuteEnd = CandleInterval.minute1.openTime(containing: now)
        let minuteStart = CandleInterval.hour1.openTime(
            containing: minuteEnd - Self.minuteDays * CandleInterval.day)
        minutes = walk.bars(of: CandleInterval.minute, from: minuteStart, to: minuteEnd)
        let hourEnd = CandleInterval.hour1.openTime(containing: now)
        let old = walk.bars(
            of: CandleInterval.hour, from: minuteStart - Self.days * CandleInterval.day,
            to: minuteStart)
        var recent: [Bar] = []
        for bar in minutes where bar.openTime < hourEnd {
            let open = CandleInterval.hour1.openTime(containing: bar.openTime)
            if recent.last?.openTime == open {
                recent[recent.count - 1].absorb(bar)
            } else {
                recent.append(bar)
            }
        }
        hours = old + recent
    }
}

/// Builds bars from the newest to the oldest; each opens where the one before it closed.
private struct BackwardWalk {
    private let symbol: SymbolConfiguration
    private var random: RandomSource
    private var close: Double

    init(symbol: SymbolConfiguration, seed: UInt64) {
        self.symbol = symbol
        random = RandomSource(seed: seed)
        close = Double(symbol.startPrice.raw) / (1 + symbol.rally)
    }

    mutating func bars(of length: Int64, from start: Int64, to end: Int64) -> [Bar] {
        let share = Double(length) / Double(CandleInterval.day)
        let deviation = symbol.dailyVolatility * share.squareRoot()
        let trades = max(Int64(40_000 * share), 5)
        var bars: [Bar] = []
        var open = end - length
        while open >= start {
            bars.append(bar(openTime: open, deviation: deviation, trades: trades))
            open -= length
        }
        return bars.reversed()
    }

    private mutating func bar(openTime: Int64, deviation: Double, trades: Int64) -> Bar {
        let opening = close / PortableMath.exponential(deviation * random.normal())
        let reach = deviation * 0.6
        let top = max(opening, close) * (1 + reach * abs(random.normal()))
        let bottom = min(opening, close) * (1 - min(reach * abs(random.normal()), 0.5))
        var bar = Bar(openTime: openTime, price: rounded(opening))
        bar.close = rounded(close)
        bar.high = max(rounded(top), bar.open, bar.close)
        bar.low = min(rounded(bottom), bar.open, bar.close)
        let count = max(Int64(Double(trades) * PortableMath.exponential(0.4 * random.normal())), 1)
        let volume = Int128(count) * Int128(symbol.typicalQuantity.raw)
        bar.volume = volume - volume % Int128(symbol.lotSize.raw)
        bar.quoteVolume = bar.volume * Int128(bar.open / 2 + bar.close / 2) / Int128(Money.unit)
        let takers = bar.volume * Int128(40 + random.below(21)) / 100
        bar.takerVolume = takers - takers % Int128(symbol.lotSize.raw)
        bar.takerQuoteVolume =
            bar.takerVolume * Int128(bar.open / 2 + bar.close / 2) / Int128(Money.unit)
        bar.tradeCount = count
        close = opening
        return bar
    }

    private func rounded(_ price: Double) -> Int64 {
        let tick = symbol.tickSize.raw
        let ticks = (price / Double(tick)).rounded()
        return Int64(min(max(ticks, 1), 9e18 / Double(tick))) * tick
    }
}
