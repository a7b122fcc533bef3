import MarketModel

/// What one check looks at besides the order and the gate's own sums: a copy of local state.
struct RiskContext: BitwiseCopyable {
    var strategy = StrategyIndex.none
    var quote = Quote(
        bid: BookLevel(price: .zero, quantity: .zero),
        ask: BookLevel(price: .zero, quantity: .zero), isValid: false)
    var last = Price.zero
    /// Between these lies what the venue measures its percent-price band from; zero: not known.
    var averageLow = Price.zero
    var averageHigh = Price.zero
    var lastDataTime = Timestamp.unknown
    /// Price of the day's first trade; zero before it.
    var sessionOpen = Price.zero
    var isHalted = false
    /// Signed; the strategy's own, and the instrument's net.
    var strategyPosition = Quantity.zero
    var netPosition = Quantity.zero
    /// Σ |position| × mark over all instruments, of this one, and of the strategy.
    var grossExposure = Notional.zero
    var instrumentExposure = Notional.zero
    var strategyExposure = Notional.zero
    var dayProfit = Notional.zero
    var strategyDayProfit = Notional.zero
    /// Bit set of instruments with a net position.
    var openPositionSet: UInt64 = 0
    /// Free and locked, 1e-8 units; -1 while unknown.
    var quoteBalance = Int64(-1)
    var baseBalance = Int64(-1)
    /// Balances at their marks; zero while unknown.
    var equity = Notional.zero
    /// Our own resting orders, the replaced one left out; zero: none.
    var ownBestBid = Price.zero
    var ownBestAsk = Price.zero
    /// What an order that is replaced gives back; zero otherwise.
    var replacedBuy = Quantity.zero
    var replacedSell = Quantity.zero
    var replacedNotional = Notional.zero
    var isReplacedReduceOnly = false
    var isReplacement = false
    /// Orders of the same list that have passed, and go out together with this one.
    var siblings = 0
    /// It waits in a list for an order that is at least as large and on the other side.
    var isDormant = false
    var now = Timestamp.unknown

    @_noLocks
    init() {}

    /// Notes what the order that is replaced would give back.
    @inline(__always) @_noLocks
    mutating func giveBack(of old: UnsafeMutablePointer<Order>?) {
        replacedBuy = .zero
        replacedSell = .zero
        replacedNotional = .zero
        isReplacedReduceOnly = false
        isReplacement = false
        guard let old else { return }
        if old.pointee.side == .buy {
            replacedBuy = old.pointee.reservedBase
        } else {
            replacedSell = old.pointee.reservedBase
        }
        replacedNotional = old.pointee.reservedQuote
        isReplacedReduceOnly = old.pointee.isReduceOnly
        isReplacement = true
    }
}
