import MarketModel

/// What one check looks at besides the order and the gate's own sums: a copy of local state.
struct RiskContext: BitwiseCopyable {
    var strategy: StrategyIndex
    var quote: Quote
    var last: Price
    var lastDataTime: Timestamp
    /// Price of the day's first trade; zero before it.
    var sessionOpen: Price
    var isHalted: Bool
    /// Signed; the strategy's own, and the instrument's net.
    var strategyPosition: Quantity
    var netPosition: Quantity
    /// Σ |position| × mark over all instruments, of this one, and of the strategy.
    var grossExposure: Notional
    var instrumentExposure: Notional
    var strategyExposure: Notional
    var dayProfit: Notional
    var strategyDayProfit: Notional
    var openPositions: Int
    /// Free and locked, 1e-8 units; -1 while unknown.
    var quoteBalance: Int64
    var baseBalance: Int64
    /// Our own resting orders on the other side, the replaced one left out; zero: none.
    var ownBestBid: Price
    var ownBestAsk: Price
    var openOrdersHere: Int
    /// What an order that is replaced gives back; zero otherwise.
    var replacedBuy: Quantity
    var replacedSell: Quantity
    var replacedNotional: Notional
    var isReplacement: Bool
    var now: Timestamp
}
