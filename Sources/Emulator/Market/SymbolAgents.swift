import MarketModel

/// The public of one symbol: makers, noise takers and informed takers around a fair value.
///
/// Makers quote around the fair value and replenish what was taken; noise takers buy or sell by
/// chance; informed takers act when the book lags behind the fair value, or follow momentum.
/// Everything is drawn from one seeded source, so a seed and a sequence of times give a market.
struct SymbolAgents {
    private let market: SymbolMarket
    private let engine: MatchingEngine
    private let configuration: AgentConfiguration
    private var random: RandomSource

    /// In ticks.
    private var fair: Double
    private let mean: Double
    /// Distance between neighbouring makers' prices, in ticks: wide in volatile markets.
    private let spacing: Double
    /// Standard deviation of the fair value's logarithm over one nanosecond, squared.
    private let variancePerNanosecond: Double
    private var momentum = 0.0
    private var lastTime: Timestamp
    /// Agents' resting orders; those that traded away are dropped when met.
    private var resting: ContiguousArray<Quote> = []
    private let targetCount: Int

    private struct Quote: BitwiseCopyable {
        let handle: OrderHandle
        let ticks: Int64
    }

    init(
        market: SymbolMarket, engine: MatchingEngine, configuration: AgentConfiguration,
        now: Timestamp
    ) {
        self.market = market
        self.engine = engine
        self.configuration = configuration
        let symbol = market.configuration
        random = RandomSource(
            seed: SplitMix64.seed(configuration.seed, for: symbol.symbol + "/agents"))
        fair = Double(symbol.startPrice.raw / symbol.tickSize.raw)
        mean = fair
        let daily = symbol.dailyVolatility
        variancePerNanosecond = daily * daily / Double(Nanoseconds.day.count)
        let perSecond = fair * (variancePerNanosecond * 1e9).squareRoot()
        spacing = max((perSecond / 25).rounded(), 1)
        targetCount = configuration.levels * 3
        lastTime = now
        resting.reserveCapacity(targetCount * 2)
        for level in 0..<configuration.levels {
            // What rests from before a restart is not taken.
            for side in Side.allCases {
                quote(side, distance: Double(level) * spacing, type: .limitMaker)
            }
        }
    }

    /// One event of the public, an order, a cancel or a trade, with what it tells of itself.
    mutating func step(now: Timestamp, on exchange: Exchange) {
        // A closed symbol's public waits too.
        guard market.status == .trading else { return }
        act(now: now)
        if engine.hasFills {
            market.record(fills: engine.log.fills, now: now, into: &exchange.publicEvents)
            exchange.settleMarketFills(of: market, now: now)
        } else {
            market.record(engine.top, engine.updateID, into: &exchange.publicEvents)
        }
    }

    private mutating func act(now: Timestamp) {
        engine.clearLog()
        moveFairValue(to: now)
        if random.uniform() < configuration.takerShare {
            take()
            return
        }
        let surplus = Double(resting.count) / Double(targetCount)
        if random.uniform() < 0.5 * surplus {
            withdraw()
        } else {
            replenish()
        }
    }

    private mutating func moveFairValue(to now: Timestamp) {
        let elapsed = Double(max((now - lastTime).count, 0))
        lastTime = now
        let deviation = (variancePerNanosecond * elapsed).squareRoot()
        let change = fair * deviation * random.normal()
        let pull = (mean - fair) * min(configuration.meanReversion * elapsed * 1e-9, 1)
        fair = max(fair + change + pull, 10)
        momentum = momentum * 0.98 + change * 0.02
    }

    private mutating func replenish() {
        let side: Side = random.next() & 1 == 0 ? .buy : .sell
        let kind = random.uniform()
        let distance: Double
        if kind < 0.45 {
            distance = random.exponential() * 2
        } else if kind < 0.7 {
            distance = random.exponential() * 12 * spacing / 4
        } else {
            distance = random.uniform() * Double(configuration.levels) * spacing
        }
        quote(side, distance: distance)
    }

    /// Places a maker's order at a distance (ticks) from the fair value.
    private mutating func quote(
        _ side: Side, distance: Double, type: OrderType = .limit
    ) {
        let ticks = side == .buy
            ? (fair - 0.5 - distance).rounded(.down) : (fair + 0.5 + distance).rounded(.up)
        guard let price = price(atTicks: ticks) else { return }
        let order = IncomingOrder(
            id: market.makeOrderID(), account: .market, side: side, type: type,
            timeInForce: .gtc, price: price, quantity: size(scale: 1, spread: 0.8))
        let placement = engine.place(order)
        if placement.remainder == .rests {
            resting.append(Quote(handle: placement.handle, ticks: Int64(ticks)))
        }
    }

    /// Cancels one of the agents' orders, the staler of two drawn by chance.
    private mutating func withdraw() {
        for _ in 0..<4 where !resting.isEmpty {
            var index = random.below(resting.count)
            let other = random.below(resting.count)
            if staleness(resting[other]) > staleness(resting[index]) { index = other }
            let handle = resting[index].handle
            resting[index] = resting[resting.count - 1]
            resting.removeLast()
            if engine.cancel(handle) != nil { return }
        }
    }

    /// Orders beyond the quoted range are the stalest; within it near and far count alike.
    private func staleness(_ quote: Quote) -> Double {
        let distance = abs(Double(quote.ticks) - fair)
        return max(distance - Double(configuration.levels) * spacing, 0)
    }

    private mutating func take() {
        let top = engine.top
        guard top.bidQuantity > .zero, top.askQuantity > .zero else { return replenish() }
        let tick = Double(market.instrument.tickSize.raw)
        let middle = (Double(top.bidPrice.raw) + Double(top.askPrice.raw)) / (2 * tick)
        var side: Side = random.next() & 1 == 0 ? .buy : .sell
        var scale = 0.4
        if random.uniform() < configuration.informedShare {
            let signal = abs(fair - middle) > 1 ? fair - middle : momentum
            side = signal >= 0 ? .buy : .sell
            scale = 1.2
        }
        // Takers do not chase further than a few spacings through the book.
        let reach = 20 * spacing
        let best = (side == .buy ? Double(top.askPrice.raw) : Double(top.bidPrice.raw)) / tick
        guard let limit = price(atTicks: side == .buy ? best + reach : max(best - reach, 1)) else {
            return
        }
        _ = engine.place(
            IncomingOrder(
                id: market.makeOrderID(), account: .market, side: side, type: .limit,
                timeInForce: .ioc, price: limit, quantity: size(scale: scale, spread: 1)))
    }

    private func price(atTicks ticks: Double) -> Price? {
        let tick = market.instrument.tickSize.raw
        guard ticks >= 1, ticks < Double(market.instrument.maxPrice.raw / tick) else { return nil }
        return Price(raw: Int64(ticks) * tick)
    }

    /// A log-normal size in whole lots around the symbol's typical quantity.
    private mutating func size(scale: Double, spread: Double) -> Quantity {
        let lot = market.instrument.lotSize.raw
        let typical = Double(market.configuration.typicalQuantity.raw)
        let lots = typical * scale * PortableMath.exponential(spread * random.normal()) / Double(lot)
        return Quantity(raw: Int64(max(lots.rounded(), 1)) * lot)
    }
}
