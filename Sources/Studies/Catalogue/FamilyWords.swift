import Indicators

extension CatalogueEntry.Family {
    /// As a heading.
    public var title: String {
        switch self {
        case .overlap: "Averages, channels and levels"
        case .momentum: "Momentum and trend"
        case .volume: "Volume"
        case .volatility: "Volatility"
        case .price: "Price transforms"
        case .cycle: "Cycles"
        case .statistics: "Statistics"
        case .pattern: "Candlestick patterns"
        case .arithmetic: "Arithmetic"
        case .microstructure: "Order flow"
        }
    }

    /// What its indicators have in common, in two or three sentences.
    var summary: String {
        switch self {
        case .overlap:
            "Lines on the scale of the price: where it has been on average, how far it usually "
                + "strays, and levels that others watch. They follow; the longer the period, the "
                + "later."
        case .momentum:
            "How fast and how one-sidedly the price moves. Most swing within fixed limits; in a "
                + "strong trend they stay at one end for long."
        case .volume:
            "How much was traded where. Volume tells a move that many took part in from one that "
                + "nobody opposed."
        case .volatility:
            "How far the price moves, whichever way: ranges in units of price, and realised "
                + "volatility per year from closes or from whole candles."
        case .price: "Other prices made of the same candle: middles, weighted closes, and smoothed candles."
        case .cycle:
            "Ehlers' measurements of the dominant cycle by a Hilbert transform: its period, its "
                + "phase, and whether there is one at all."
        case .statistics:
            "Regression, dispersion, rank and memory of the last closes, and how two series move "
                + "together (the second one in the column `second`)."
        case .pattern:
            "Shapes of one to five candles: 100 where a bullish one is complete, −100 where a "
                + "bearish one is, 0 elsewhere. What is long, short, near or equal is measured "
                + "against the candles before, with TA-Lib's settings."
        case .arithmetic:
            "Functions of the close, operators on two series, and sums and extremes of a window: "
                + "what other formulas are made of."
        case .microstructure:
            "What quotes and trades say between candles: imbalance at the top of the book, flow of "
                + "orders and of takers, spreads and price impact. They take their own inputs, "
                + "quotes and trades, each as it comes."
        }
    }

    /// What its page shows in a chart, as ``Study`` reads it.
    var examples: [String] {
        switch self {
        case .overlap: ["BBANDS", "EMA:50", "SUPERTREND"]
        case .momentum: ["RSI", "MACD", "ADX"]
        case .volume: ["VWAP_SESSION", "CMF", "OBV"]
        case .volatility: ["ATR", "VOLATILITY_YANG_ZHANG:barsPerYear=8760"]
        case .price: ["WCLPRICE", "AVGDEV"]
        case .cycle: ["HT_SINE", "HT_DCPERIOD"]
        case .statistics: ["LINEARREG", "ZSCORE", "CORREL"]
        case .pattern: ["CDLHARAMI", "CDLHAMMER", "CDLSHOOTINGSTAR"]
        case .arithmetic: ["MAX", "MIN", "LN"]
        case .microstructure: ["CUMULATIVE_DELTA", "TRADE_FLOW_IMBALANCE:24"]
        }
    }
}
