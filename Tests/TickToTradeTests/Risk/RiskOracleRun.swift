import MarketModel

@testable import TickToTrade

/// Random lives of orders in both implementations, and the first difference between them.
struct RiskOracleRun {
    var numbers: SeededNumbers
    let rules = RiskOracleTests.rules()
    var naive: NaiveRisk
    let bench: RiskBench
    let ledger: LedgerBox
    var quotes: [(bid: Int64, ask: Int64)]
    var now: Int64 = 20_000 * Nanoseconds.day.count
    var dataTimes: [Int64]
    var difference: String?
    var seen: [RiskRule: Int] = [:]
    var sentCount = 0
    var deniedCount = 0

    /// The ledger moves by reference, as behind the lane's pointer.
    final class LedgerBox {
        var ledger: Ledger
        init(_ rules: [Instrument], strategies: Int) {
            ledger = Ledger(instruments: rules.count, strategies: strategies, assets: 4)
            for instrument in rules { ledger.describe(instrument) }
        }
    }

    init(seed: UInt64) {
        numbers = SeededNumbers(seed: seed)
        let limits = RiskOracleTests.limits()
        naive = NaiveRisk(rules: rules, limits: limits, strategies: RiskOracleTests.strategies)
        bench = RiskBench(limits, instruments: rules)
        ledger = LedgerBox(rules, strategies: RiskOracleTests.strategies)
        quotes = Array(repeating: (99 * RiskBench.coin, 101 * RiskBench.coin), count: 3)
        dataTimes = Array(repeating: now, count: 3)
        for slot in 0..<3 { tick(slot) }
        setBalances()
        _ = ledger.ledger.roll(to: Timestamp(nanoseconds: now))
    }

    mutating func step() {
        now += numbers.chance(10) ? numbers.number(0...30) : numbers.number(0...3)
        if numbers.chance(3) { for slot in 0..<3 { dataTimes[slot] = now } }
        switch numbers.number(0...99) {
        case ..<15: tick(Int(numbers.number(0...2)))
        case ..<91: submit()
        case ..<95: fill()
        case ..<98: end()
        case ..<99: setBalances()
        default: startDay()
        }
        if numbers.chance(15) { compareReservations() }
    }

    // MARK: - The world moves

    private mutating func tick(_ slot: Int) {
        let moved = quotes[slot].bid + numbers.number(-60...60) * 10_000_000
        let mid = min(max(moved, 60 * RiskBench.coin), 150 * RiskBench.coin)
        quotes[slot] = (mid, mid + numbers.number(1...200) * RiskBench.tick)
        dataTimes[slot] = now
        let mark = mid + (quotes[slot].ask - mid) / 2
        naive.marks[slot] = mark
        ledger.ledger.mark(InstrumentIndex(UInt16(slot)), at: Price(raw: mark))
    }

    private mutating func setBalances() {
        let amounts = [numbers.number(300...2_500)] + (0..<3).map { _ in numbers.number(0...6) }
        for (asset, amount) in amounts.enumerated() {
            let raw = amount * RiskBench.coin
            ledger.ledger.apply(
                Balance(
                    asset: AssetIndex(UInt16(asset)), free: raw, locked: 0, venueTime: .unknown,
                    receiveTime: .unknown))
            if asset == 0 { naive.quoteBalance = raw } else { naive.baseBalances[asset - 1] = raw }
        }
    }

    private mutating func startDay() {
        now += Nanoseconds.day.count
        _ = ledger.ledger.roll(to: Timestamp(nanoseconds: now))
        for owner in naive.cash.indices { naive.dayStart[owner] = naive.profit(owner) }
        for slot in 0..<3 { dataTimes[slot] = now }
    }

    private mutating func fill() {
        guard let place = naive.open.indices.randomElement(using: &numbers),
            let order = bench.orders.find(naive.open[place].id)
        else { return }
        let open = naive.open[place]
        let part = numbers.chance(30) ? open.remaining : numbers.number(1...open.remaining)
        let slot = open.intent.instrument.slot
        let price = naive.marks[slot] + numbers.number(-50...50) * 10_000_000
        let fee = Int128(price) * Int128(part) / 1_000
        let report = Fill(
            clientOrderID: open.id, tradeID: .none, instrument: open.intent.instrument,
            strategy: order.pointee.strategy, side: open.intent.side, price: Price(raw: price),
            quantity: Quantity(raw: part), fee: Notional(raw: fee), isMaker: false, time: .unknown)
        var coin = rules[slot]
        ledger.ledger.apply(report, &coin)
        order.pointee.filled += Quantity(raw: part)
        bench.gate.fill(order, Quantity(raw: part))
        let sign = open.intent.side.sign
        naive.held[open.strategy][slot] += part * sign
        naive.cash[open.strategy] -= Int128(price) * Int128(part) * Int128(sign) + fee
        let spent = Int64(Int128(price) * Int128(part) / 100_000_000)
        naive.quoteBalance = max(naive.quoteBalance - spent * sign, 0)
        naive.baseBalances[slot] = max(naive.baseBalances[slot] + part * sign, 0)
        naive.open[place].remaining -= part
        if naive.open[place].remaining == 0 { finish(place, .filled) }
    }

    private mutating func end() {
        guard let place = naive.open.indices.randomElement(using: &numbers) else { return }
        finish(place, numbers.chance(50) ? .canceled : .expired)
    }

    private mutating func finish(_ place: Int, _ state: OrderState) {
        let open = naive.open.remove(at: place)
        if let order = bench.orders.find(open.id) { bench.end(order, state) }
    }

    // MARK: - An order

    private mutating func intent() -> OrderIntent {
        let slot = Int(numbers.number(0...2))
        let types = [OrderType.limit, .limit, .limitMaker, .market]
        let quote = quotes[slot]
        var price = quote.bid + numbers.number(-2_500...2_500) * RiskBench.tick
        if numbers.chance(85) { price = quote.bid + numbers.number(-200...200) * RiskBench.tick }
        if numbers.chance(2) { price += 1 }
        if numbers.chance(1) { price = numbers.number(-1...0) }
        var quantity = numbers.number(3...40) * 1_000_000
        if numbers.chance(8) { quantity = numbers.number(1...400) * 1_000_000 }
        if numbers.chance(2) { quantity += numbers.number(-5...5) }
        return RiskBench.intent(
            numbers.chance(50) ? .buy : .sell, quantity, at: price,
            type: types[Int(numbers.number(0...3))], instrument: UInt16(slot),
            reduceOnly: numbers.chance(15), hasProtection: numbers.chance(95))
    }

    private mutating func submit() {
        let strategy = Int(numbers.number(0...Int64(RiskOracleTests.strategies)))
        var intent = intent()
        let candidates = naive.open.filter {
            $0.strategy == strategy && $0.intent.type != .market && $0.remaining > 0
        }
        var old: NaiveRisk.OpenOrder?
        if numbers.chance(15), let chosen = candidates.randomElement(using: &numbers) {
            old = chosen
            intent.instrument = chosen.intent.instrument
            intent.side = chosen.intent.side
            intent.isReduceOnly = chosen.intent.isReduceOnly
        }
        setContext(intent, strategy, old)
        let real = bench.check(intent)
        var expected = naive.violations(intent, strategy, bench.context, replacing: old)
        if !intent.isReduceOnly, !expected.contains(.malformed) {
            expected.formUnion(rates(intent, strategy, real))
        }
        for rule in real { seen[rule, default: 0] += 1 }
        if real != expected {
            difference = "\(intent) of \(strategy): \(real) instead of \(expected)"
            return
        }
        if !real.isEmpty {
            deniedCount += 1
            return
        }
        sentCount += 1
        let order = bench.send(intent)
        let worst = naive.worst(intent, bench.context.quote, bench.context.last.raw)
        naive.open.append(
            NaiveRisk.OpenOrder(
                id: order.pointee.id, intent: intent, strategy: strategy, worst: worst,
                remaining: intent.quantity.raw))
        naive.sent.append(NaiveRisk.Sent(intent: intent, strategy: strategy, time: now))
        if naive.sent.count > 200 { naive.sent.removeFirst(100) }
    }

    private func rates(
        _ intent: OrderIntent, _ strategy: Int, _ real: Set<RiskRule>
    ) -> Set<RiskRule> {
        var found: Set<RiskRule> = []
        func judge(_ rule: RiskRule, _ limit: RateLimit, where isMeant: (NaiveRisk.Sent) -> Bool) {
            let (may, must) = naive.rate(limit, now, where: isMeant)
            if must || may && real.contains(rule) { found.insert(rule) }
        }
        let here = naive.limits.instruments[intent.instrument.slot]
        judge(.instrumentOrderRate, here.orderRate) { $0.intent.instrument == intent.instrument }
        judge(.totalOrderRate, naive.limits.global.orderRate) { _ in true }
        if strategy < RiskOracleTests.strategies {
            let own = naive.limits.strategies[strategy]
            judge(.strategyOrderRate, own.orderRate) { $0.strategy == strategy }
        }
        return found
    }

    /// As the lane fills it, from the real parts.
    private mutating func setContext(
        _ intent: OrderIntent, _ strategy: Int, _ old: NaiveRisk.OpenOrder?
    ) {
        let slot = intent.instrument.slot
        let isOwned = strategy < RiskOracleTests.strategies
        let owner = isOwned ? StrategyIndex(UInt16(strategy)) : .none
        let replaced = old.flatMap { bench.orders.find($0.id) }
        let own = bench.orders.ownBest(in: intent.instrument, besides: replaced)
        let position = ledger.ledger.position(intent.instrument).pointee.quantity
        var context = RiskContext()
        context.strategy = owner
        context.quote = RiskBench.quote(
            quotes[slot].bid, quotes[slot].ask, isValid: !numbers.chance(2))
        context.last = Price(raw: quotes[slot].bid)
        context.lastDataTime = Timestamp(nanoseconds: dataTimes[slot])
        context.isHalted = numbers.chance(2)
        context.netPosition = position
        context.grossExposure = ledger.ledger.grossExposure()
        let mark = ledger.ledger.mark(intent.instrument)
        context.instrumentExposure = Notional(mark, position.magnitude)
        if isOwned {
            context.strategyPosition =
                ledger.ledger.position(of: owner, in: intent.instrument)?.pointee.quantity ?? .zero
            context.strategyExposure = ledger.ledger.grossExposure(of: strategy)
            context.strategyDayProfit = ledger.ledger.dayProfit(of: strategy)
        }
        context.dayProfit = ledger.ledger.dayProfit()
        context.openPositionSet = ledger.ledger.openPositionSet
        context.quoteBalance = ledger.ledger.balance(AssetIndex(0)) ?? -1
        context.baseBalance = ledger.ledger.balance(AssetIndex(UInt16(slot + 1))) ?? -1
        context.equity = ledger.ledger.equity()
        context.ownBestBid = own.bid
        context.ownBestAsk = own.ask
        if let replaced {
            let back = replaced.pointee.reservedBase
            context.replacedBuy = intent.side == .buy ? back : .zero
            context.replacedSell = intent.side == .sell ? back : .zero
            context.replacedNotional = replaced.pointee.reservedQuote
            context.isReplacedReduceOnly = replaced.pointee.isReduceOnly
            context.isReplacement = true
        }
        context.now = Timestamp(nanoseconds: now)
        bench.context = context
    }

    /// What is reserved is what is open, always: nothing leaks (RSK-12, BUG-063).
    private mutating func compareReservations() {
        let gate = bench.gate.total.pointee
        let isSame =
            gate.openNotional.raw == naive.reserved { _ in true }
            && gate.openBuyNotional.raw == naive.reserved { $0.intent.side == .buy }
            && gate.openOrders == naive.open.count
        if !isSame { difference = "reservations differ" }
        for slot in 0..<3 {
            let here = bench.gate.instruments[slot]
            let buys = naive.remaining {
                $0.intent.side == .buy && $0.intent.instrument.slot == slot
            }
            let sells = naive.remaining {
                $0.intent.side == .sell && $0.intent.instrument.slot == slot
            }
            if here.openBuy.raw != buys || here.openSell.raw != sells {
                difference = "open quantities of \(slot) differ"
            }
        }
    }
}
