import MarketModel

/// Pre-trade checks: one pass over local state, every violated rule reported with its numbers.
///
/// Keeps what open orders have reserved, so that two orders never spend the same money
/// (BUG-063). Reduce-only orders skip every rule of risk but none of the venue's (BUG-056,
/// BUG-174). A check takes tens of nanoseconds: limits are compared by multiplication, and
/// numbers are written down only for a rule that fails.
struct RiskGate: ~Copyable {
    let rules: UnsafeMutablePointer<VenueRules>
    let instruments: UnsafeMutablePointer<InstrumentRiskState>
    let strategies: UnsafeMutablePointer<StrategyRiskState>
    let pairs: UnsafeMutablePointer<PairRiskState>
    private let recents: UnsafeMutablePointer<RecentOrders>
    let total: UnsafeMutablePointer<TotalRiskState>
    let findings: UnsafeMutablePointer<RiskFindings>
    /// What the order in question is looked at with: filled in place, since copying what has just
    /// been stored in pieces waits for the stores.
    let moment: UnsafeMutablePointer<RiskContext>
    /// How often each rule denied an order, by its number.
    let denials: UnsafeMutablePointer<Int64>
    let instrumentCount: Int
    let strategyCount: Int
    /// One unit of 1e-8 quote money at the notional scale; at most 1e10, so that the product of
    /// a balance and a fee stays within 128 bits.
    let moneyUnit: Int128
    var order: OrderRiskLimits

    init(limits: RiskLimits, instruments list: [Instrument], strategies count: Int) {
        precondition(!list.isEmpty && list.count <= 64, "1...64 instruments a lane")
        instrumentCount = list.count
        strategyCount = Swift.max(count, 1)
        rules = .allocate(capacity: list.count)
        instruments = .allocate(capacity: list.count)
        for (slot, instrument) in list.enumerated() {
            (rules + slot).initialize(to: VenueRules(instrument))
            let own =
                slot < limits.instruments.count
                ? limits.instruments[slot] : InstrumentRiskLimits()
            (instruments + slot).initialize(to: InstrumentRiskState(limits: own, venue: rules[slot]))
        }
        strategies = .allocate(capacity: strategyCount)
        for slot in 0..<strategyCount {
            let own =
                slot < limits.strategies.count ? limits.strategies[slot] : StrategyRiskLimits()
            (strategies + slot).initialize(to: StrategyRiskState(limits: own))
        }
        pairs = .allocate(capacity: strategyCount * list.count)
        pairs.initialize(repeating: PairRiskState(), count: strategyCount * list.count)
        recents = .allocate(capacity: list.count * 2)
        for slot in 0..<list.count * 2 { (recents + slot).initialize(to: RecentOrders()) }
        total = .allocate(capacity: 1)
        total.initialize(to: TotalRiskState(limits: limits.global, order: limits.order))
        findings = .allocate(capacity: 1)
        findings.initialize(to: RiskFindings())
        moment = .allocate(capacity: 1)
        moment.initialize(to: RiskContext())
        denials = .allocate(capacity: 64)
        denials.initialize(repeating: 0, count: 64)
        order = limits.order
        moneyUnit = list[0].unit / 100_000_000
        precondition(
            list.allSatisfy { $0.unit == list[0].unit } && moneyUnit > 0
                && moneyUnit <= 10_000_000_000,
            "all instruments of a lane share one notional scale of 8 to 18 digits")
        drawBounds()
    }

    deinit {
        findings.pointee.deallocate()
        rules.deallocate()
        instruments.deallocate()
        strategies.deallocate()
        pairs.deallocate()
        recents.deallocate()
        total.deallocate()
        findings.deallocate()
        moment.deallocate()
        denials.deallocate()
    }

    /// Larger raw values than this are no prices or quantities, and the sum of one side's open
    /// orders stays below twice as much: nothing here leaves 64 bits.
    static var largestRaw: Int64 {
        @_noLocks get { 1 << 61 }
    }

    /// An order of more than this is a mistake; thousands of them still add up within 128 bits.
    static var largestNotional: Notional {
        @_noLocks get { Notional(raw: (1 as Int128) &<< 112) }
    }

    /// All checks on a normalised order; empty: it may be sent. ``verdict`` has the numbers.
    @_noLocks
    func violations(
        of intent: UnsafePointer<OrderIntent>, _ context: UnsafePointer<RiskContext>
    ) -> RiskViolations {
        findings.pointee.clear()
        if isSurelyAllowed(intent, context) { return RiskViolations(rawValue: 0) }
        return explained(intent.pointee, context.pointee, worstPrice(intent, context))
    }

    /// Every rule by itself, with the numbers of those that the order breaks.
    @inline(never) @_noLocks
    func explained(
        _ intent: OrderIntent, _ context: RiskContext, _ worst: Price
    ) -> RiskViolations {
        findings.pointee.clear()
        let isPlain = intent.isPlain
        if !isWellFormed(intent, worst, isPlain) {
            fail(.malformed, Int128(intent.quantity.raw), Int128(worst.raw), .count)
            return RiskViolations(rawValue: findings.pointee.violations)
        }
        checkVenueRules(intent, worst, context)
        if !isPlain { checkTerms(intent, context) }
        // The venue puts it to work when what it reduces is there.
        if context.isDormant { return RiskViolations(rawValue: findings.pointee.violations) }
        if intent.isReduceOnly {
            checkReduction(intent, context)
            return RiskViolations(rawValue: findings.pointee.violations)
        }
        let notional = Notional(worst, intent.quantity)
        checkState(intent, context)
        checkPrice(intent, context)
        checkSizes(intent, notional, context)
        checkMoney(intent, notional, context)
        checkRates(intent, context)
        return RiskViolations(rawValue: findings.pointee.violations)
    }

    /// The limits of everything together.
    var global: GlobalRiskLimits {
        @_noLocks get { total.pointee.limits }
    }

    /// The last check's violations with their numbers.
    var verdict: RiskVerdict {
        @_noLocks get { findings.pointee.verdict() }
    }

    /// Positive and small enough to calculate with; a market order that only reduces needs no
    /// price, or nothing could be closed without market data.
    @inline(__always)
    private func isWellFormed(
        _ intent: OrderIntent, _ worst: Price, _ isPlain: Bool
    ) -> Bool {
        if intent.instrument.slot >= instrumentCount { return false }
        if intent.quantity.raw <= 0 || intent.quantity.raw > Self.largestRaw { return false }
        if worst.raw < 0 || worst.raw > Self.largestRaw { return false }
        if Notional(worst, intent.quantity) > Self.largestNotional { return false }
        let here = instruments + intent.instrument.slot
        let open = intent.side == .buy ? here.pointee.openBuy : here.pointee.openSell
        if open.raw &+ intent.quantity.raw > Self.largestRaw { return false }
        if isPlain {
            return intent.type == .market
                ? intent.isReduceOnly || worst.raw > 0 : intent.price.raw > 0
        }
        return hasSoundTerms(intent, worst)
    }

    /// What a unit of the order is worth at most: its limit, or what the book's other side makes
    /// of it; a market buy counts one percent worse than the best ask, and one that waits for a
    /// price one percent worse than that.
    @_noLocks
    func worstPrice(
        _ intent: UnsafePointer<OrderIntent>, _ context: UnsafePointer<RiskContext>
    ) -> Price {
        let type = intent.pointee.type
        if intent.pointee.side == .sell {
            let bid = context.pointee.quote.bid.price
            let asked = type.isPriced ? intent.pointee.price : intent.pointee.terms.stopPrice
            if asked.raw > 0 { return asked > bid ? asked : bid }
            return bid.raw > 0 ? bid : context.pointee.last
        }
        if type.isPriced { return intent.pointee.price }
        let best = context.pointee.quote.ask.price
        var ask = best.raw > 0 ? best : context.pointee.last
        if type.isConditional { ask = highestTrigger(intent.pointee.terms, ask) }
        return ask.raw > Self.largestRaw ? ask : Price(raw: ask.raw &+ ask.raw / 100)
    }

    /// Where a market order that waits may come to buy: at its stop price, or with the distance it
    /// keeps from where the market is now.
    private func highestTrigger(_ terms: SpecialTerms, _ ask: Price) -> Price {
        let stop = terms.stopPrice.raw > 0 ? terms.stopPrice : ask
        if terms.trailingDelta == 0 || stop.raw > Self.largestRaw { return stop }
        let distance = Int128(stop.raw) * Int128(terms.trailingDelta) / 10_000
        let highest = Int128(stop.raw) + distance
        return Price(raw: Int64(truncatingIfNeeded: Swift.min(highest, Int128(Int64.max))))
    }

    @_noLocks
    func fail(_ rule: RiskRule, _ value: Int128, _ bound: Int128, _ unit: RiskUnit) {
        findings.pointee.fail(rule, value, bound, unit)
    }

    /// The last orders sent on one side of an instrument.
    @_noLocks
    func recent(
        _ side: Side, _ instrument: InstrumentIndex
    ) -> UnsafeMutablePointer<RecentOrders> {
        recents + (instrument.slot &* 2 &+ (side == .buy ? 0 : 1))
    }

    @_noLocks
    func pair(
        _ strategy: StrategyIndex, _ instrument: InstrumentIndex
    ) -> UnsafeMutablePointer<PairRiskState> {
        pairs + (strategy.slot &* instrumentCount &+ instrument.slot)
    }

    /// |price − base| in 1e-4 of the base, rounded up; the base must be positive. For messages:
    /// the check itself multiplies instead.
    @_noLocks
    func basisPoints(_ price: Price, from base: Price) -> Int128 {
        let distance = Int128(price.raw) - Int128(base.raw)
        let scaled = (distance < 0 ? 0 - distance : distance) * 10_000
        return (scaled + Int128(base.raw) - 1) / Int128(base.raw)
    }

    /// Whether `price` is more than `limit` basis points away from `base`.
    @inline(__always) @_noLocks
    func isBeyond(_ price: Price, _ limit: Int64, from base: Price) -> Bool {
        let distance = price.raw &- base.raw
        let far = (distance < 0 ? 0 &- distance : distance).multipliedFullWidth(by: 10_000)
        let bound = base.raw.multipliedFullWidth(by: limit)
        return far.high > bound.high || far.high == bound.high && far.low > bound.low
    }
}
