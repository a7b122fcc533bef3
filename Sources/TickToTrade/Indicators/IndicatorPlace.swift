/// What an indicator is fed with.
enum IndicatorFeed: BitwiseCopyable {
    case candles, quotes, book, trades

    /// One of its own, to be joined with those of others.
    var bit: UInt8 {
        @_noLocks get {
            switch self {
            case .candles: 1
            case .quotes: 2
            case .book: 4
            case .trades: 8
            }
        }
    }
}

/// Where an indicator stands: on the shelf of its formula.
struct IndicatorPlace: BitwiseCopyable {
    enum Shelf: BitwiseCopyable {
        case sma, ema, wma, hma, kama, rsi, rateOfChange, standardDeviation, macd, bollinger
        case atr, adx, cci, williams, stochastic, aroon, donchian, keltner, supertrend, moneyFlow
        case onBalanceVolume, vwap
        case close(CloseShelves.Shelf)
        case candle(CandleShelves.Shelf)
        case flow(FlowShelves.Shelf)
    }

    let shelf: Shelf
    let number: Int
    /// Candles that give no value before the first one that does.
    let warmUp: Int

    var feed: IndicatorFeed {
        if case .flow(let shelf) = shelf { FlowShelves.feed(of: shelf) } else { .candles }
    }
}
