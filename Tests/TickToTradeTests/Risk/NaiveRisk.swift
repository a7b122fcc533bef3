import MarketModel

@testable import TickToTrade

/// The same rules over plain lists, searched from scratch for every order.
struct NaiveRisk {
    struct OpenOrder {
        var id: ClientOrderID
        var intent: OrderIntent
        var strategy: Int
        var worst: Int64
        var remaining: Int64
    }

    struct Sent {
        var intent: OrderIntent
        var strategy: Int
        var time: Int64
    }

    let rules: [Instrument]
    var limits: RiskLimits
    var open: [OpenOrder] = []
    var sent: [Sent] = []
    /// Signed quantities by strategy and instrument; the last row is the operator's.
    var held: [[Int64]]
    var marks: [Int64]
    var cash: [Int128]
    var dayStart: [Int128]
    var quoteBalance: Int64 = -1
    var baseBalances: [Int64]

    init(rules: [Instrument], limits: RiskLimits, strategies: Int) {
        self.rules = rules
        self.limits = limits
        held = Array(repeating: Array(repeating: 0, count: rules.count), count: strategies + 1)
        marks = Array(repeating: 0, count: rules.count)
        cash = Array(repeating: 0, count: strategies + 1)
        dayStart = cash
        baseBalances = Array(repeating: -1, count: rules.count)
    }

    private static let money: Int128 = 100_000_000

    func net(_ slot: Int) -> Int64 { held.map { $0[slot] }.reduce(0, +) }

    func profit(_ strategy: Int) -> Int128 {
        zip(held[strategy], marks).reduce(cash[strategy]) { $0 + Int128($1.0) * Int128($1.1) }
    }

    func dayProfit(_ strategies: Range<Int>) -> Int128 {
        strategies.map { profit($0) - dayStart[$0] }.reduce(0, +)
    }

    func reserved(where isMeant: (OpenOrder) -> Bool) -> Int128 {
        open.filter(isMeant).map { Int128($0.worst) * Int128($0.remaining) }.reduce(0, +)
    }

    func remaining(where isMeant: (OpenOrder) -> Bool) -> Int64 {
        open.filter(isMeant).map(\.remaining).reduce(0, +)
    }

    /// What a unit is worth at most.
    func worst(_ intent: OrderIntent, _ quote: Quote, _ last: Int64) -> Int64 {
        let bid = quote.bid.price.raw
        let ask = quote.ask.price.raw > 0 ? quote.ask.price.raw : last
        switch (intent.side, intent.type == .market) {
        case (.buy, true): return ask + ask / 100
        case (.buy, false): return intent.price.raw
        case (.sell, true): return bid > 0 ? bid : last
        case (.sell, false): return max(intent.price.raw, bid)
        }
    }

    /// Every rule but the rates, by its own sentence.
    func violations(
        _ intent: OrderIntent, _ strategy: Int, _ moment: RiskContext, replacing old: OpenOrder?
    ) -> Set<RiskRule> {
        let last = moment.last.raw
        let worst = worst(intent, moment.quote, last)
        let needsPrice = !(intent.type == .market && intent.isReduceOnly)
        if intent.quantity.raw <= 0 || needsPrice && worst <= 0
            || intent.type != .market && intent.price.raw <= 0
        {
            return [.malformed]
        }
        var found = venue(intent, worst, moment, replacing: old)
        let others = open.filter { $0.id != old?.id }
        if intent.isReduceOnly {
            // An operator's order looks at everybody's position and orders.
            let isOwned = strategy < limits.strategies.count
            let already = others.filter {
                $0.intent.isReduceOnly && (!isOwned || $0.strategy == strategy)
                    && $0.intent.instrument == intent.instrument && $0.intent.side == intent.side
            }.map(\.remaining).reduce(0, +)
            let slot = intent.instrument.slot
            let position = isOwned ? held[strategy][slot] : net(slot)
            let available = intent.side == .sell ? position : -position
            if already + intent.quantity.raw > available { found.insert(.reduceOnly) }
            return found
        }
        found.formUnion(state(intent, moment))
        found.formUnion(prices(intent, moment, others))
        found.formUnion(sizes(intent, worst, strategy, old, others))
        found.formUnion(funds(intent, worst, strategy, old, others))
        if old == nil, isDuplicate(intent, moment.now.nanoseconds) { found.insert(.duplicate) }
        return found
    }

    /// What is smaller than the smallest order is left over, not held.
    private func isPosition(_ quantity: Int64, _ slot: Int) -> Bool {
        quantity != 0 && abs(quantity) >= rules[slot].minQuantity.raw
    }

    private func venue(
        _ intent: OrderIntent, _ worst: Int64, _ moment: RiskContext, replacing old: OpenOrder?
    ) -> Set<RiskRule> {
        let rules = rules[intent.instrument.slot]
        var found: Set<RiskRule> = []
        let price = intent.price.raw
        let quantity = intent.quantity.raw
        let isMarket = intent.type == .market
        if !isMarket {
            if price % rules.tickSize.raw != 0 || price < rules.minPrice.raw
                || price > rules.maxPrice.raw
            {
                found.insert(.price)
            }
            let here = open.filter { $0.intent.instrument == intent.instrument }.count
            if here + (old == nil ? 1 : 0) > Int(rules.maxOpenOrders) {
                found.insert(.venueOpenOrders)
            }
        }
        if quantity % rules.lotSize.raw != 0 || quantity < rules.minQuantity.raw
            || quantity > rules.maxQuantity.raw
        {
            found.insert(.quantity)
        }
        let notional = Int128(isMarket ? worst : price) * Int128(quantity)
        if !isMarket, notional < rules.minNotional.raw { found.insert(.notional) }
        return found
    }

    private func state(_ intent: OrderIntent, _ moment: RiskContext) -> Set<RiskRule> {
        let here = limits.instruments[intent.instrument.slot]
        var found: Set<RiskRule> = []
        if moment.isHalted { found.insert(.halted) }
        if !moment.quote.isValid { found.insert(.bookInvalid) }
        if (moment.now - moment.lastDataTime).count > here.staleData.count {
            found.insert(.staleData)
        }
        if limits.order.requiresProtection, !intent.hasProtection, intent.type != .limitMaker {
            found.insert(.protection)
        }
        return found
    }

    private func isFar(_ price: Int64, _ points: Int64, from base: Int64) -> Bool {
        abs(Int128(price) - Int128(base)) * 10_000 > Int128(base) * Int128(points)
    }

    private func prices(
        _ intent: OrderIntent, _ moment: RiskContext, _ others: [OpenOrder]
    ) -> Set<RiskRule> {
        var found: Set<RiskRule> = []
        let isBuy = intent.side == .buy
        let opposite = isBuy ? moment.quote.ask.price.raw : moment.quote.bid.price.raw
        let reach =
            intent.type != .market
            ? intent.price.raw
            : isBuy ? opposite + opposite / 100 : opposite - opposite / 100
        let mine = others.filter {
            $0.intent.instrument == intent.instrument && $0.intent.side != intent.side
                && $0.intent.type != .market
        }.map(\.intent.price.raw)
        if mine.contains(where: { isBuy ? reach >= $0 : reach <= $0 }) { found.insert(.selfCross) }
        if intent.type == .market { return found }
        let price = intent.price.raw
        for base in [opposite, moment.last.raw]
        where isFar(price, limits.order.priceBand, from: base) {
            found.insert(.priceBand)
        }
        if isBuy ? price > opposite : price < opposite,
            isFar(price, limits.order.fatFinger, from: opposite)
        {
            found.insert(.fatFinger)
        }
        return found
    }

    private func sizes(
        _ intent: OrderIntent, _ worst: Int64, _ strategy: Int, _ old: OpenOrder?,
        _ others: [OpenOrder]
    ) -> Set<RiskRule> {
        let slot = intent.instrument.slot
        let here = limits.instruments[slot]
        let quantity = intent.quantity.raw
        var found: Set<RiskRule> = []
        if Int128(worst) * Int128(quantity) > Int128(limits.order.maxNotional) * Self.money {
            found.insert(.orderNotional)
        }
        if quantity > here.maxOrderQuantity.raw { found.insert(.orderQuantity) }
        let sameSide = others.filter {
            $0.intent.instrument == intent.instrument && $0.intent.side == intent.side
        }.map(\.remaining).reduce(0, +)
        if net(slot) * intent.side.sign + sameSide + quantity > here.maxPosition.raw {
            found.insert(.position)
        }
        // A replaced order still counts among the open ones, its replacement does not.
        let added = old == nil ? 1 : 0
        let inHere = open.filter { $0.intent.instrument == intent.instrument }
        if Int64(inHere.count + added) > here.maxOpenOrders { found.insert(.instrumentOpenOrders) }
        if Int64(open.count + added) > limits.global.maxOpenOrders {
            found.insert(.totalOpenOrders)
        }
        let own = open.filter { $0.strategy == strategy }
        if strategy < limits.strategies.count {
            let mine = limits.strategies[strategy]
            if Int64(own.count + added) > mine.maxOpenOrders { found.insert(.strategyOpenOrders) }
            let entries = others.filter {
                $0.strategy == strategy && !$0.intent.isReduceOnly
                    && $0.intent.instrument == intent.instrument
            }
            if mine.onePosition, isPosition(held[strategy][slot], slot) || !entries.isEmpty {
                found.insert(.existingPosition)
            }
        }
        let entered = open.filter { !$0.intent.isReduceOnly }.map(\.intent.instrument.slot)
        let active = Set(entered).union((0..<rules.count).filter { isPosition(net($0), $0) })
        if !active.contains(slot), Int64(active.count + 1) > limits.global.maxPositions {
            found.insert(.openPositions)
        }
        return found
    }

    private func funds(
        _ intent: OrderIntent, _ worst: Int64, _ strategy: Int, _ old: OpenOrder?,
        _ others: [OpenOrder]
    ) -> Set<RiskRule> {
        let slot = intent.instrument.slot
        var found: Set<RiskRule> = []
        let notional = Int128(worst) * Int128(intent.quantity.raw)
        let sum = { (orders: [OpenOrder]) in
            orders.map { Int128($0.worst) * Int128($0.remaining) }.reduce(0, +)
        }
        func exposure(_ quantities: [Int64]) -> Int128 {
            zip(quantities, marks).map { Int128(abs($0)) * Int128($1) }.reduce(0, +)
        }
        func isReducing(_ position: Int64, _ orders: [OpenOrder]) -> Bool {
            let open = orders.filter {
                $0.intent.instrument == intent.instrument && $0.intent.side == intent.side
            }
            // Unlike everywhere else a replaced order still counts: it may yet fill.
            let wanted = open.map(\.remaining).reduce(0, +) + intent.quantity.raw
            return intent.side == .buy ? wanted <= -position : wanted <= position
        }
        let nets = (0..<rules.count).map(net)
        if dayProfit(0..<held.count) <= -Int128(limits.global.maxDailyLoss) * Self.money {
            found.insert(.dailyLoss)
        }
        if !isReducing(nets[slot], open) {
            let gross = exposure(nets) + sum(others) + notional
            if gross > Int128(limits.global.maxExposure) * Self.money {
                found.insert(.totalExposure)
            }
            let here = others.filter { $0.intent.instrument == intent.instrument }
            let local = Int128(abs(nets[slot])) * Int128(marks[slot]) + sum(here) + notional
            if local > Int128(limits.instruments[slot].maxExposure) * Self.money {
                found.insert(.instrumentExposure)
            }
            let assets = zip(baseBalances, marks).map { Int128(max($0, 0)) * Int128($1) }
            let equity = Int128(quoteBalance) * Self.money + assets.reduce(0, +)
            if gross * 100 > equity * Int128(limits.global.maxLeverage) { found.insert(.leverage) }
        }
        if strategy < limits.strategies.count {
            let mine = limits.strategies[strategy]
            if dayProfit(strategy..<strategy + 1) <= -Int128(mine.maxDailyLoss) * Self.money {
                found.insert(.strategyDailyLoss)
            }
            if !isReducing(held[strategy][slot], open.filter { $0.strategy == strategy }) {
                let own = exposure(held[strategy]) + sum(others.filter { $0.strategy == strategy })
                if own + notional > Int128(mine.maxExposure) * Self.money {
                    found.insert(.strategyExposure)
                }
            }
        }
        if intent.side == .buy {
            let spent = sum(others.filter { $0.intent.side == .buy }) + notional
            let fee = Int128(rules[slot].takerFee)
            if spent * (Self.money + fee) > Int128(quoteBalance) * Self.money * Self.money {
                found.insert(.capital)
            }
        } else {
            let sold = others.filter {
                $0.intent.side == .sell && $0.intent.instrument == intent.instrument
            }.map(\.remaining).reduce(0, +)
            if sold + intent.quantity.raw > baseBalances[slot] { found.insert(.capital) }
        }
        return found
    }

    /// One on this side within the window, at nearly the same price; behind 64 every one is.
    private func isDuplicate(_ intent: OrderIntent, _ now: Int64) -> Bool {
        let reach = rules[intent.instrument.slot].tickSize.raw * limits.order.duplicateTicks
        let recent = sent.filter {
            $0.intent.instrument == intent.instrument && $0.intent.side == intent.side
                && now - $0.time < limits.order.duplicateWindow.count
        }
        return recent.count >= 64
            || recent.contains { abs($0.intent.price.raw - intent.price.raw) <= reach }
    }

    /// Whether a rate may, and whether it must, refuse one more order now.
    func rate(
        _ limit: RateLimit, _ now: Int64, where isMeant: (Sent) -> Bool
    ) -> (mayRefuse: Bool, mustRefuse: Bool) {
        let times = sent.filter(isMeant).map(\.time)
        let width = (limit.window.count + 15) / 16
        return (
            Int64(times.filter { now - $0 < width * 17 }.count) >= limit.count,
            Int64(times.filter { now - $0 < limit.window.count }.count) >= limit.count
        )
    }
}
