import MarketModel

/// Pre-trade checks: one pass over local state, every violated rule reported with its numbers.
///
/// Keeps what open orders have reserved, so that two orders never spend the same money
/// (BUG-063). Reduce-only orders skip every rule of risk but none of the venue's (BUG-174).
struct RiskGate: ~Copyable {
    let rules: UnsafeMutablePointer<Instrument>
    var order: OrderRiskLimits
    let instruments: UnsafeMutablePointer<InstrumentRiskState>
    let strategies: UnsafeMutablePointer<StrategyRiskState>
    var global: GlobalRiskLimits
    let denials: UnsafeMutablePointer<Int64>
    let instrumentCount: Int
    let strategyCount: Int
    /// One unit of 1e-8 quote money at the notional scale.
    let moneyUnit: Int128

    var reservedNotional = Notional.zero
    var reservedBuyNotional = Notional.zero
    var openOrders = 0
    var orderRate = RateMeter()
    var cancelRate = RateMeter()

    init(limits: RiskLimits, instruments list: [Instrument], strategies count: Int) {
        instrumentCount = list.count
        strategyCount = Swift.max(count, 1)
        rules = .allocate(capacity: list.count)
        instruments = .allocate(capacity: list.count)
        for (slot, instrument) in list.enumerated() {
            (rules + slot).initialize(to: instrument)
            (instruments + slot).initialize(
                to: InstrumentRiskState(limits: limits.instruments[slot]))
        }
        strategies = .allocate(capacity: strategyCount)
        for slot in 0..<strategyCount {
            let own =
                slot < limits.strategies.count ? limits.strategies[slot] : StrategyRiskLimits()
            (strategies + slot).initialize(to: StrategyRiskState(limits: own))
        }
        denials = .allocate(capacity: 64)
        denials.initialize(repeating: 0, count: 64)
        order = limits.order
        global = limits.global
        moneyUnit = list[0].unit / 100_000_000
        precondition(
            list.allSatisfy { $0.unit == list[0].unit && moneyUnit > 0 },
            "all instruments of a lane share one notional scale of at least 1e-8")
    }

    deinit {
        rules.deallocate()
        instruments.deallocate()
        strategies.deallocate()
        denials.deallocate()
    }

    /// All checks on a normalised order.
    @_noLocks
    func check(_ intent: OrderIntent, _ context: RiskContext) -> RiskVerdict {
        var verdict = RiskVerdict()
        let reference = worstPrice(intent, context)
        let (low, overflow) = reference.raw.multipliedReportingOverflow(by: 1)
        if intent.quantity.raw <= 0 || low <= 0 || overflow
            || intent.quantity.raw > Self.largestRaw || reference.raw > Self.largestRaw
        {
            verdict.fail(.malformed, Int128(intent.quantity.raw), Int128(reference.raw))
            return verdict
        }
        let notional = Notional(reference, intent.quantity)
        checkVenueRules(intent, notional, &verdict)
        if intent.isReduceOnly {
            checkReduction(intent, context, &verdict)
            return verdict
        }
        checkState(intent, context, &verdict)
        checkPrice(intent, context, &verdict)
        checkSizes(intent, notional, context, &verdict)
        checkMoney(intent, notional, context, &verdict)
        checkRates(intent, context, &verdict)
        return verdict
    }

    /// Larger raw values than this are no prices or quantities: a few of them overflow 128 bits.
    static var largestRaw: Int64 { 1 << 61 }

    /// What the order may cost at most per unit: its limit, or the far side of the book for a
    /// market order, one percent worse.
    @_noLocks
    func worstPrice(_ intent: OrderIntent, _ context: RiskContext) -> Price {
        if intent.type != .market { return intent.price }
        if intent.side == .sell {
            return context.quote.bid.price.raw > 0 ? context.quote.bid.price : context.last
        }
        let ask = context.quote.ask.price.raw > 0 ? context.quote.ask.price : context.last
        return ask.raw > Self.largestRaw ? ask : Price(raw: ask.raw &+ ask.raw / 100)
    }

    // MARK: - The venue's rules

    private func checkVenueRules(
        _ intent: OrderIntent, _ notional: Notional, _ verdict: inout RiskVerdict
    ) {
        let rules = rules + intent.instrument.slot
        let isMarket = intent.type == .market
        if rules.pointee.status != .trading {
            verdict.fail(.notTrading, Int128(rules.pointee.status.rawValue), 1)
        }
        if !isMarket {
            let tick = rules.pointee.tickSize.raw
            if tick > 0, intent.price.raw % tick != 0 {
                verdict.fail(.price, Int128(intent.price.raw), Int128(tick))
            } else if intent.price < rules.pointee.minPrice {
                verdict.fail(.price, Int128(intent.price.raw), Int128(rules.pointee.minPrice.raw))
            } else if rules.pointee.maxPrice.raw > 0, intent.price > rules.pointee.maxPrice {
                verdict.fail(.price, Int128(intent.price.raw), Int128(rules.pointee.maxPrice.raw))
            }
        }
        let least = bound(isMarket, rules.pointee.marketMinQuantity, rules.pointee.minQuantity)
        let most = bound(isMarket, rules.pointee.marketMaxQuantity, rules.pointee.maxQuantity)
        let lot = bound(isMarket, rules.pointee.marketLotSize, rules.pointee.lotSize)
        if lot.raw > 0, intent.quantity.raw % lot.raw != 0 {
            verdict.fail(.quantity, Int128(intent.quantity.raw), Int128(lot.raw))
        } else if intent.quantity < least {
            verdict.fail(.quantity, Int128(intent.quantity.raw), Int128(least.raw))
        } else if most.raw > 0, intent.quantity > most {
            verdict.fail(.quantity, Int128(intent.quantity.raw), Int128(most.raw))
        }
        if !isMarket || rules.pointee.minNotionalAppliesToMarket,
            notional < rules.pointee.minNotional
        {
            verdict.fail(.notional, notional.raw, rules.pointee.minNotional.raw)
        }
        if !isMarket || rules.pointee.maxNotionalAppliesToMarket,
            rules.pointee.maxNotional.raw > 0, notional > rules.pointee.maxNotional
        {
            verdict.fail(.notional, notional.raw, rules.pointee.maxNotional.raw)
        }
    }

    private func bound(_ isMarket: Bool, _ market: Quantity, _ limit: Quantity) -> Quantity {
        isMarket && market.raw > 0 ? market : limit
    }

    private func checkReduction(
        _ intent: OrderIntent, _ context: RiskContext, _ verdict: inout RiskVerdict
    ) {
        let position =
            context.strategy == .none ? context.netPosition : context.strategyPosition
        let reduces =
            intent.side == .sell
            ? position.raw >= intent.quantity.raw : 0 &- position.raw >= intent.quantity.raw
        if !reduces {
            verdict.fail(.reduceOnly, Int128(intent.quantity.raw), Int128(position.raw))
        }
    }

    // MARK: - State and price

    private func checkState(
        _ intent: OrderIntent, _ context: RiskContext, _ verdict: inout RiskVerdict
    ) {
        if context.isHalted { verdict.fail(.halted, 1, 0) }
        if !context.quote.isValid { verdict.fail(.bookInvalid, 1, 0) }
        let stale = instruments[intent.instrument.slot].limits.staleData.count
        let age = (context.now - context.lastDataTime).count
        if stale > 0, age > stale { verdict.fail(.staleData, Int128(age), Int128(stale)) }
        if order.hoursStart != order.hoursEnd {
            let day = context.now.nanoseconds % Nanoseconds.day.count
            let minute = day / Nanoseconds.seconds(60).count
            let isInside =
                order.hoursStart < order.hoursEnd
                ? minute >= order.hoursStart && minute < order.hoursEnd
                : minute >= order.hoursStart || minute < order.hoursEnd
            if !isInside { verdict.fail(.tradingHours, Int128(minute), Int128(order.hoursStart)) }
        }
        if order.requiresProtection, !intent.hasProtection, intent.type != .limitMaker {
            verdict.fail(.protection, 0, 1)
        }
        let moveLimit = instruments[intent.instrument.slot].limits.maxMove
        if moveLimit > 0, context.sessionOpen.raw > 0 {
            let move = basisPoints(context.last, from: context.sessionOpen)
            if move > Int128(moveLimit) { verdict.fail(.volatility, move, Int128(moveLimit)) }
        }
    }

    private func checkPrice(
        _ intent: OrderIntent, _ context: RiskContext, _ verdict: inout RiskVerdict
    ) {
        if intent.type == .market { return }
        let opposite =
            intent.side == .buy ? context.quote.ask.price : context.quote.bid.price
        if order.priceBand > 0 {
            let band = Int128(order.priceBand)
            if opposite.raw > 0 {
                let distance = basisPoints(intent.price, from: opposite)
                if distance > band { verdict.fail(.priceBand, distance, band) }
            }
            if context.last.raw > 0 {
                let distance = basisPoints(intent.price, from: context.last)
                if distance > band { verdict.fail(.priceBand, distance, band) }
            }
        }
        if order.fatFinger > 0, opposite.raw > 0 {
            let isThrough =
                intent.side == .buy ? intent.price > opposite : intent.price < opposite
            let distance = basisPoints(intent.price, from: opposite)
            if isThrough, distance > Int128(order.fatFinger) {
                verdict.fail(.fatFinger, distance, Int128(order.fatFinger))
            }
        }
        let crossesOwn =
            intent.side == .buy
            ? context.ownBestAsk.raw > 0 && intent.price >= context.ownBestAsk
            : context.ownBestBid.raw > 0 && intent.price <= context.ownBestBid
        if crossesOwn {
            let own = intent.side == .buy ? context.ownBestAsk : context.ownBestBid
            verdict.fail(.selfCross, Int128(intent.price.raw), Int128(own.raw))
        }
    }

    /// |price − base| / base in basis points, rounded down; base must be positive.
    private func basisPoints(_ price: Price, from base: Price) -> Int128 {
        let distance = Int128(price.raw) - Int128(base.raw)
        return (distance < 0 ? 0 - distance : distance) * 10_000 / Int128(base.raw)
    }
}
