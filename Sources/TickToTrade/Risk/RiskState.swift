import MarketModel

/// One instrument's limits and what its open orders hold.
struct InstrumentRiskState: BitwiseCopyable {
    var limits: InstrumentRiskLimits
    var bounds: InstrumentBounds
    var openOrders = 0
    /// Those of them that wait for a price, that show a part only, and that lead a list.
    var conditionalOrders = 0
    var icebergOrders = 0
    var orderLists = 0
    /// Those of them that may open a position.
    var entryOrders = 0
    var openBuy = Quantity.zero
    var openSell = Quantity.zero
    var openNotional = Notional.zero
    var reducing = ReducingOrders()
    var orderRate = RateMeter()
    var cancelRate = RateMeter()
    var usualSize = UsualSize()

    init(limits: InstrumentRiskLimits, venue: VenueRules) {
        self.limits = limits
        bounds = InstrumentBounds(venue, limits, orderNotional: 0)
    }
}

/// One strategy's limits and what its open orders hold.
struct StrategyRiskState: BitwiseCopyable {
    var limits: StrategyRiskLimits
    var bounds: StrategyBounds
    var openNotional = Notional.zero
    var openOrders = 0
    var orderRate = RateMeter()

    init(limits: StrategyRiskLimits) {
        self.limits = limits
        bounds = StrategyBounds(limits)
    }
}

/// What the open orders of one strategy in one instrument hold.
struct PairRiskState: BitwiseCopyable {
    var entryOrders = 0
    var openBuy = Quantity.zero
    var openSell = Quantity.zero
    var reducing = ReducingOrders()
}

/// What all open orders together hold.
struct TotalRiskState: BitwiseCopyable {
    var limits: GlobalRiskLimits
    var bounds: TotalBounds
    /// What the venue allows the account.
    var account = AccountOrderLimits()
    var openNotional = Notional.zero
    var openBuyNotional = Notional.zero
    var openOrders = 0
    /// Bit set of instruments with open orders that may open a position.
    var enteredSet: UInt64 = 0
    var orderRate = RateMeter()
    var cancelRate = RateMeter()

    init(limits: GlobalRiskLimits, order: OrderRiskLimits) {
        self.limits = limits
        bounds = TotalBounds(order, limits, account)
    }
}

/// Remaining quantity of open reduce-only orders: together they may not exceed the position.
struct ReducingOrders: BitwiseCopyable {
    var buy = Quantity.zero
    var sell = Quantity.zero
}

/// The usual order size of an instrument: an exponential average over about 16 orders.
struct UsualSize: BitwiseCopyable {
    private(set) var average: Int64 = 0
    private var samples = 0

    /// Whether enough orders have been seen to call a size unusual.
    var isKnown: Bool {
        @_noLocks get { samples >= 16 }
    }

    @_noLocks
    mutating func add(_ quantity: Quantity) {
        average = samples == 0 ? quantity.raw : average &+ (quantity.raw &- average) / 16
        samples &+= 1
    }
}
