import MarketModel

/// What an order of one instrument must stay within, as ``RiskGate/isSurelyAllowed(_:_:)`` compares
/// it: the venue's rules and our limits in one row of memory, of two the tighter one, a limit that
/// is off out of reach.
struct InstrumentBounds: BitwiseCopyable {
    var tick: StepGrid
    var lot: StepGrid
    var minPrice: Int64
    var maxPrice: Int64
    var minQuantity: Int64
    var maxQuantity: Int64
    var maxOpenOrders: Int64
    var maxPosition: Int64
    var venuePosition: Int64
    /// Nanoseconds.
    var staleData: Int64
    /// Units of 1e-4 of the price that moves are measured from.
    var maxMove: Int64
    var orderCount: Int64
    /// By side: 0 buys, 1 sells.
    var bandUp: InlineArray<2, Int64>
    var bandDown: InlineArray<2, Int64>
    var minNotional: Int128
    var maxNotional: Int128
    var maxExposure: Int128
    /// 1e8 and the dearest fee: what a buy of 1e8 may cost.
    var costOfBuying: Int64
    var correlatedSet: UInt64
    /// Neither while the instrument is halted or closed.
    var takesLimit: Bool
    var takesLimitMaker: Bool

    init(_ venue: VenueRules, _ limits: InstrumentRiskLimits, orderNotional: Int128) {
        tick = venue.tick
        lot = venue.lot
        minPrice = venue.minPrice.raw
        maxPrice = venue.maxPrice.raw
        minQuantity = venue.minQuantity.raw
        maxQuantity = Swift.min(
            venue.maxQuantity.raw, RiskBound.count(limits.maxOrderQuantity.raw))
        maxOpenOrders = Swift.min(
            RiskBound.count(venue.maxOpenOrders), RiskBound.count(limits.maxOpenOrders))
        maxPosition = RiskBound.count(limits.maxPosition.raw)
        venuePosition = RiskBound.count(venue.maxPosition.raw)
        staleData = RiskBound.count(limits.staleData.count)
        maxMove = RiskBound.count(limits.maxMove)
        orderCount = RiskBound.count(limits.orderRate.count)
        bandUp = [RiskBound.count(venue.bandUp[0]), RiskBound.count(venue.bandUp[1])]
        bandDown = venue.bandDown
        minNotional = venue.minNotional.raw
        maxNotional = Swift.min(
            Swift.min(venue.maxNotional.raw, orderNotional), RiskGate.largestNotional.raw)
        maxExposure = RiskBound.farMoney
        costOfBuying = 100_000_000 + venue.worstFee
        correlatedSet = limits.correlatedSet
        let isOpen = venue.isTrading && !limits.isHalted
        takesLimit = isOpen && venue.offers(.limit)
        takesLimitMaker = isOpen && venue.offers(.limitMaker)
    }
}

/// The same for one strategy.
struct StrategyBounds: BitwiseCopyable {
    var maxOpenOrders: Int64
    var orderCount: Int64
    var maxExposure = RiskBound.farMoney
    /// Profit that the day must stay above.
    var leastProfit = 0 - RiskBound.farMoney
    var hasOnePosition: Bool

    init(_ limits: StrategyRiskLimits) {
        maxOpenOrders = RiskBound.count(limits.maxOpenOrders)
        orderCount = RiskBound.count(limits.orderRate.count)
        hasOnePosition = limits.onePosition
    }
}

/// The same for any order and for everything together.
struct TotalBounds: BitwiseCopyable {
    var maxOpenOrders: Int64
    var orderCount: Int64
    var maxPositions: Int64
    var maxCorrelated: Int64
    var priceBand: Int64
    var fatFinger: Int64
    var maxExposure = RiskBound.farMoney
    var leastProfit = 0 - RiskBound.farMoney
    /// Hundredths; 0 when the limit is off.
    var maxLeverage: Int64

    init(_ order: OrderRiskLimits, _ limits: GlobalRiskLimits, _ account: AccountOrderLimits) {
        maxOpenOrders = Swift.min(
            RiskBound.count(limits.maxOpenOrders), RiskBound.count(account.orders))
        orderCount = RiskBound.count(limits.orderRate.count)
        maxPositions = RiskBound.count(limits.maxPositions)
        maxCorrelated = RiskBound.count(limits.maxCorrelated)
        priceBand = RiskBound.count(order.priceBand)
        fatFinger = RiskBound.count(order.fatFinger)
        // Beyond, the product with an equity might leave 128 bits.
        maxLeverage = Swift.min(limits.maxLeverage, 1 &<< 30)
    }
}

/// Where a limit that is off lies, and any other that is as far away.
enum RiskBound {
    /// A difference of what is compared with it fits 64 bits.
    @_noLocks
    static func count(_ limit: Int64) -> Int64 {
        let far: Int64 = 1 &<< 62
        return limit > 0 && limit < far ? limit : far
    }

    static var farMoney: Int128 {
        @_noLocks get { (1 as Int128) &<< 126 }
    }
}

extension RiskGate {
    /// Draws all bounds again: at the start, and after a limit has changed.
    @_noLocks
    func drawBounds() {
        total.pointee.bounds = TotalBounds(order, total.pointee.limits, total.pointee.account)
        total.pointee.bounds.maxExposure = bound(total.pointee.limits.maxExposure)
        total.pointee.bounds.leastProfit = 0 - bound(total.pointee.limits.maxDailyLoss)
        var slot = 0
        while slot < strategyCount {
            let own = strategies + slot
            own.pointee.bounds = StrategyBounds(own.pointee.limits)
            own.pointee.bounds.maxExposure = bound(own.pointee.limits.maxExposure)
            own.pointee.bounds.leastProfit = 0 - bound(own.pointee.limits.maxDailyLoss)
            slot &+= 1
        }
        slot = 0
        while slot < instrumentCount {
            let here = instruments + slot
            here.pointee.bounds = InstrumentBounds(
                rules[slot], here.pointee.limits, orderNotional: bound(order.maxNotional))
            here.pointee.bounds.maxExposure = bound(here.pointee.limits.maxExposure)
            slot &+= 1
        }
    }

    private func bound(_ limit: Int64) -> Int128 {
        limit > 0 ? money(limit) : RiskBound.farMoney
    }
}
