import MarketModel
import Testing

@testable import TickToTrade

/// The quick judgement against the rules one by one: it may doubt, it may never let pass.
@Suite("The quick judgement of an order")
struct RiskQuickTests {
    private static let coin = RiskBench.coin
    private static let tick = RiskBench.tick

    @Test func `what it lets pass breaks no rule`() {
        var numbers = SeededNumbers(seed: 4_711)
        var passed = 0
        var sole: [RiskRule: Int] = [:]
        for round in 0..<800 {
            let bench = RiskBench(Self.limits(&numbers), instruments: Self.instruments(&numbers))
            let accountOrders = numbers.chance(30) ? numbers.number(1...60) : 0
            #expect(bench.setAccountLimit(1, accountOrders))
            fill(bench, &numbers)
            for step in 0..<150 {
                let intent = Self.intent(&numbers)
                bench.context = Self.context(&numbers)
                let (isAllowed, rules) = judge(bench, intent)
                if isAllowed { passed += 1 }
                if rules.count == 1, let rule = rules.first { sole[rule, default: 0] += 1 }
                if isAllowed && !rules.isEmpty {
                    Issue.record(
                        "seed \(numbers.seed), round \(round), step \(step): \(rules), \(intent)")
                    return
                }
            }
        }
        // Worth something only if it lets many pass and each rule was all that stood against others.
        #expect(passed > 5_000, "only \(passed) passed")
        for rule in Self.judged {
            #expect(sole[rule, default: 0] >= 5, "\(rule) hardly ever stood alone")
        }
    }

    @Test func `what breaks no rule passes on an ordinary day`() {
        // Of use only if the slow way is rare.
        var numbers = SeededNumbers(seed: 12)
        var limits = RiskLimits(instruments: 3, strategies: 2)
        limits.order.maxNotional = RiskBench.money(1_000_000)
        limits.order.priceBand = 500
        limits.order.duplicateWindow = Nanoseconds(5)
        limits.order.hoursEnd = 1_440
        limits.global.maxLeverage = 300
        limits.global.maxDailyLoss = RiskBench.money(1_000)
        limits.instruments[0].maxPosition = Quantity(raw: 10 * Self.coin)
        let bench = RiskBench(limits)
        var doubted = 0
        for _ in 0..<1_000 {
            let price = RiskBench.price + numbers.number(-200...200) * Self.tick
            let side: Side = numbers.chance(50) ? .buy : .sell
            let (isAllowed, rules) = judge(
                bench, RiskBench.intent(side, numbers.number(1...100) * RiskBench.lot, at: price))
            if !isAllowed || !rules.isEmpty { doubted += 1 }
        }
        #expect(doubted == 0, "seed \(numbers.seed)")
    }

    /// Both ways, whatever the first says.
    private func judge(_ bench: RiskBench, _ intent: OrderIntent) -> (Bool, Set<RiskRule>) {
        withUnsafePointer(to: intent) { intent in
            withUnsafePointer(to: bench.context) { context in
                let isAllowed = bench.gate.isSurelyAllowed(intent, context)
                let worst = bench.gate.worstPrice(intent, context)
                let found = bench.gate.explained(intent.pointee, context.pointee, worst)
                return (isAllowed, Set(found.rules))
            }
        }
    }

    /// Rules that the quick judgement tests one by one.
    private static let judged: [RiskRule] = [
        .halted, .bookInvalid, .staleData, .price, .quantity, .notional, .orderNotional,
        .orderQuantity, .position, .instrumentExposure, .strategyExposure, .totalExposure,
        .instrumentOpenOrders, .strategyOpenOrders, .totalOpenOrders, .venueOpenOrders,
        .openPositions, .leverage, .capital, .dailyLoss, .strategyDailyLoss, .priceBand, .fatFinger,
        .duplicate, .instrumentOrderRate, .strategyOrderRate, .totalOrderRate, .selfCross,
        .protection, .existingPosition, .tradingHours, .volatility, .typicalSize, .venueBand,
        .correlation, .notTrading, .orderType, .malformed,
    ]

    // MARK: - Random worlds

    /// One limit in three is set, close to what happens.
    private static func limits(_ numbers: inout SeededNumbers) -> RiskLimits {
        var limits = RiskLimits(instruments: 3, strategies: 2)
        func money(_ range: ClosedRange<Int64>) -> Int64 {
            numbers.chance(82) ? 0 : RiskBench.money(numbers.number(range))
        }
        func count(_ range: ClosedRange<Int64>) -> Int64 {
            numbers.chance(82) ? 0 : numbers.number(range)
        }
        func rate() -> RateLimit {
            RateLimit(count: count(1...90), window: Nanoseconds(numbers.number(20...2_000)))
        }
        limits.order.maxNotional = money(60_000...180_000)
        limits.order.priceBand = count(1...60)
        limits.order.fatFinger = count(1...40)
        limits.order.maxSizeMultiple = numbers.chance(60) ? 0 : numbers.number(20...300)
        limits.order.duplicateWindow = Nanoseconds(numbers.chance(60) ? 0 : 60)
        limits.order.duplicateTicks = count(0...400)
        limits.order.requiresProtection = numbers.chance(20)
        limits.order.hoursStart = count(0...1_439)
        limits.order.hoursEnd = count(0...1_439)
        for slot in 0..<3 {
            limits.instruments[slot].maxOrderQuantity = Quantity(raw: count(1...3) * coin)
            limits.instruments[slot].maxPosition = Quantity(raw: count(1...80) * coin)
            limits.instruments[slot].maxExposure = money(60_000...4_000_000)
            limits.instruments[slot].maxOpenOrders = count(1...60)
            limits.instruments[slot].staleData = Nanoseconds(count(1...30))
            limits.instruments[slot].maxMove = count(1...100)
            limits.instruments[slot].orderRate = rate()
            limits.instruments[slot].correlatedSet = UInt64(numbers.number(0...7))
            limits.instruments[slot].isHalted = numbers.chance(3)
        }
        for slot in 0..<2 {
            limits.strategies[slot].maxExposure = money(60_000...4_000_000)
            limits.strategies[slot].maxOpenOrders = count(1...60)
            limits.strategies[slot].maxDailyLoss = money(1...100)
            limits.strategies[slot].orderRate = rate()
            limits.strategies[slot].onePosition = numbers.chance(20)
        }
        limits.global.maxExposure = money(60_000...8_000_000)
        limits.global.maxPositions = count(1...3)
        limits.global.maxCorrelated = count(1...3)
        limits.global.maxOpenOrders = count(1...90)
        limits.global.maxLeverage = count(1...400)
        limits.global.maxDailyLoss = money(1...100)
        limits.global.orderRate = rate()
        return limits
    }

    private static func instruments(_ numbers: inout SeededNumbers) -> [Instrument] {
        (0..<3).map { index in
            var rules = RiskBench.instrument(UInt16(index))
            if numbers.chance(30) { rules.minPrice = Price(raw: 59_900 * coin) }
            if numbers.chance(30) { rules.maxPrice = Price(raw: 60_100 * coin) }
            if numbers.chance(30) { rules.minQuantity = Quantity(raw: coin / 2) }
            if numbers.chance(30) { rules.maxQuantity = Quantity(raw: 2 * coin) }
            if numbers.chance(30) { rules.minNotional = rules.notional(quoteUnits: 40_000) }
            if numbers.chance(30) { rules.maxNotional = rules.notional(quoteUnits: 140_000) }
            if numbers.chance(30) { rules.maxPosition = Quantity(raw: 60 * coin) }
            if numbers.chance(30) { rules.maxOpenOrders = 24 }
            if numbers.chance(30) { rules.bidMultiplierUp = 10_008 }
            if numbers.chance(30) { rules.askMultiplierDown = 9_992 }
            if numbers.chance(50) { rules.takerFee = 100_000 }
            if numbers.chance(4) { rules.status = .halted }
            if numbers.chance(10) { rules.features = [.limit, .market] }
            return rules
        }
    }

    /// Orders that are open already, and rates that run.
    private func fill(_ bench: RiskBench, _ numbers: inout SeededNumbers) {
        for _ in 0..<numbers.number(0...(numbers.chance(40) ? 4 : 70)) {
            bench.context = Self.context(&numbers)
            let intent = RiskBench.intent(
                numbers.chance(50) ? .buy : .sell, numbers.number(1...20) * Self.coin / 10,
                at: RiskBench.price + numbers.number(-100...100) * Self.tick,
                instrument: UInt16(numbers.number(0...2)), reduceOnly: numbers.chance(10))
            bench.send(intent)
        }
    }

    private static func intent(_ numbers: inout SeededNumbers) -> OrderIntent {
        var intent = RiskBench.intent(
            numbers.chance(50) ? .buy : .sell, numbers.number(1...25) * coin / 10,
            at: RiskBench.price + numbers.number(-150...150) * 50 * tick,
            type: numbers.chance(85) ? .limit : numbers.chance(50) ? .limitMaker : .market,
            instrument: UInt16(numbers.number(0...2)), reduceOnly: numbers.chance(3),
            hasProtection: numbers.chance(80))
        if numbers.chance(3) { intent.price = Price(raw: intent.price.raw + 1) }
        if numbers.chance(3) { intent.quantity = Quantity(raw: intent.quantity.raw + 1) }
        if numbers.chance(2) { intent.quantity = Quantity(raw: Int64.max - numbers.number(0...9)) }
        if numbers.chance(2) { intent.price = Price(raw: Int64.min + numbers.number(0...9)) }
        if numbers.chance(1) { intent.quantity = Quantity(raw: numbers.number(-1...0)) }
        if numbers.chance(3) { intent.terms.icebergQuantity = Quantity(raw: coin / 10) }
        return intent
    }

    private static func context(_ numbers: inout SeededNumbers) -> RiskContext {
        var context = RiskContext()
        let middle = RiskBench.price + numbers.number(-100...100) * tick
        context.strategy = numbers.chance(95) ? StrategyIndex(UInt16(numbers.number(0...1))) : .none
        context.quote = RiskBench.quote(
            middle, middle + numbers.number(1...5_000) * tick, isValid: !numbers.chance(3))
        if numbers.chance(2) { context.quote.ask.price = .zero }
        context.last = Price(raw: numbers.chance(5) ? 0 : middle + numbers.number(-50...50) * tick)
        if context.last.raw > 0 {
            context.averageLow = context.last - Price(raw: numbers.number(0...20) * tick)
            context.averageHigh = context.last + Price(raw: numbers.number(0...20) * tick)
        }
        context.sessionOpen = Price(
            raw: numbers.chance(5) ? 0 : middle + numbers.number(-600...600) * 100 * tick)
        context.now = RiskBench.start + Nanoseconds(numbers.number(0...90))
        context.lastDataTime = context.now - Nanoseconds(numbers.number(-1...31))
        context.isHalted = numbers.chance(3)
        context.strategyPosition = Quantity(raw: numbers.number(-3...3) * coin)
        context.netPosition = Quantity(raw: numbers.number(-9...9) * coin)
        let million = RiskBench.money(1_000_000)
        func money(_ range: ClosedRange<Int64>) -> Notional {
            Notional(raw: Int128(million / 1_000 * numbers.number(range)) * 100_000_000)
        }
        context.grossExposure = money(0...2_000)
        context.instrumentExposure = money(0...800)
        context.strategyExposure = money(0...800)
        context.dayProfit = Notional(
            raw: Int128(RiskBench.money(numbers.number(-60...60))) * 100_000_000)
        context.strategyDayProfit = Notional(
            raw: Int128(RiskBench.money(numbers.number(-60...60))) * 100_000_000)
        context.openPositionSet = UInt64(numbers.number(0...7))
        context.quoteBalance = numbers.chance(2) ? -1 : numbers.number(0...20) * million
        context.baseBalance = numbers.chance(2) ? -1 : numbers.number(0...150) * coin
        context.equity = money(0...12_000)
        if numbers.chance(20) { context.ownBestBid = Price(raw: middle - 20 * tick) }
        if numbers.chance(20) { context.ownBestAsk = Price(raw: middle + 20 * tick) }
        if numbers.chance(15) {
            context.isReplacement = true
            let back = Quantity(raw: numbers.number(0...5) * coin / 10)
            if numbers.chance(50) { context.replacedBuy = back } else { context.replacedSell = back }
            context.replacedNotional = Notional(Price(raw: middle), back)
        }
        context.siblings = numbers.chance(5) ? 1 : 0
        return context
    }
}
