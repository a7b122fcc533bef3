import Engine
import MarketContext
import MarketModel
import TickToTrade
import Wire

/// A strategy that does everything a strategy may, at random out of its seed: every type of order,
/// lists, amendments, replacements, cancels at every moment.
///
/// It wants nothing; it is there to bring orders into every state they can be in.
struct RandomTrader: ConfiguredStrategy {
    static var kind: String { "random_trader" }

    static var settings: [Setting] {
        [
            Setting("seed", .integer(0...Int64.max), default: "1", "Seed of its dice."),
            Setting(
                "pause", .duration(.milliseconds(1)...(.seconds(60))), default: "20ms",
                "Shortest time between two actions."),
        ]
    }

    /// Of the day, with the trades of the archive: it decides nothing by it, the seam is what counts.
    static var context: ContextSettings {
        var settings = ContextSettings()
        settings.binTicks = 10
        return settings
    }

    var contextNeeds: ContextSettings? { Self.context }
    var contextWarmUp: Nanoseconds { .seconds(3_600) }

    private let instrument: InstrumentIndex
    private let tick: Int64
    private let lot: Int64
    private let pause: Nanoseconds
    private var random: SeededRandom
    private var nextAction = Timestamp.unknown
    /// The newest of its orders, the oldest of which is forgotten first.
    private var orders = InlineArray<16, ClientOrderID>(repeating: .none)
    private var orderCount = 0

    init(_ settings: StrategySettings) throws(ConfigurationFailure) {
        instrument = settings.instrument.index
        tick = settings.instrument.tickSize.raw
        lot = settings.instrument.lotSize.raw
        pause = settings.parameters.duration("pause")
        random = SeededRandom(seed: UInt64(settings.parameters.integer("seed")))
    }

    mutating func onTop(_ top: TopOfBook, _ context: StrategyContext) { act(context) }
    mutating func onTrade(_ trade: Trade, _ context: StrategyContext) { act(context) }

    /// Meddles with its own orders at the very moment something happens to them.
    mutating func onOrder(_ update: OrderUpdate, _ context: StrategyContext) {
        TransitionBoard.shared.note(update.previous, update.state)
        if below(40) == 0 { _ = context.cancel(update.clientOrderID) }
        // Rare states, and the moment after a refused cancel: the order itself may be refused yet.
        let isRefused = update.previous == .pendingCancel && update.state == .new
        guard isRefused || update.state == .partiallyFilled && below(2) == 0 else { return }
        if below(isRefused ? 4 : 2) > 0 {
            amend(update.clientOrderID, context)
        } else {
            replace(update.clientOrderID, context.quote(instrument), context)
        }
    }

    // MARK: - Actions

    private mutating func act(_ context: StrategyContext) {
        if context.now < nextAction { return }
        nextAction = context.now + Nanoseconds(pause.count + below(pause.count))
        let quote = context.quote(instrument)
        if quote.bid.quantity.raw <= 0 || quote.ask.quantity.raw <= 0 { return }
        switch below(16) {
        case 0...6: place(quote, context)
        case 7: place(list(quote), context)
        case 8...10: _ = context.cancel(any())
        case 11: context.cancelAll(instrument)
        case 12: replace(any(), quote, context)
        case 13: amend(any(), context)
        default: close(context)
        }
    }

    private mutating func place(_ quote: Quote, _ context: StrategyContext) {
        remember(context.submit(single(quote)))
    }

    private mutating func place(_ list: OrderList, _ context: StrategyContext) {
        guard case .sent(let first, let second, let third) = context.submit(list) else { return }
        keep(first)
        keep(second)
        if third != .none { keep(third) }
    }

    private mutating func replace(
        _ id: ClientOrderID, _ quote: Quote, _ context: StrategyContext
    ) {
        if quote.bid.quantity.raw <= 0 || quote.ask.quantity.raw <= 0 { return }
        let order = limit(side(), quote, away: below(20))
        let mode: ReplaceMode = below(2) == 0 ? .onlyIfCanceled : .inAnyCase
        remember(context.replace(id, with: order, mode))
    }

    private func amend(_ id: ClientOrderID, _ context: StrategyContext) {
        guard let order = context.order(id) else { return }
        let smaller = order.quantity.raw / 2 / lot * lot
        if smaller > 0 { _ = context.amend(id, to: Quantity(raw: smaller)) }
    }

    private mutating func close(_ context: StrategyContext) {
        let held = context.closablePosition(instrument).raw
        if held == 0 { return }
        remember(
            context.submit(
                order(
                    held > 0 ? .sell : .buy, .market, quantity: abs(held), reduces: true)))
    }

    private mutating func remember(_ submission: Submission) {
        if let id = submission.id { keep(id) }
    }

    private mutating func keep(_ id: ClientOrderID) {
        orders[orderCount % 16] = id
        orderCount += 1
    }

    private mutating func any() -> ClientOrderID { orders[Int(below(16))] }

    // MARK: - Orders

    private mutating func single(_ quote: Quote) -> OrderIntent {
        let side = side()
        let ask = quote.ask.price.raw
        let bid = quote.bid.price.raw
        let far = (1 + below(200)) * tick
        let size = size()
        switch below(12) {
        case 0: return limit(side, quote, away: below(30))
        // Large enough to be filled in parts.
        case 1:
            var large = limit(side, quote, away: below(3))
            large.quantity = Quantity(raw: large.quantity.raw * 8)
            return large
        case 2: return limit(side, quote, away: -below(120))
        case 3:
            return order(
                side, .limit, at: side == .buy ? ask : bid, quantity: size,
                timeInForce: below(2) == 0 ? .ioc : .fok)
        case 4:
            return order(
                side, .limitMaker, at: side == .buy ? bid - far : ask + far, quantity: size)
        case 5: return order(side, .market, quantity: size)
        case 6: return order(side, .market, quote: (20 + below(200)) * 100_000_000)
        case 7: return order(side, .stopLoss, quantity: size, stop: beyond(side, quote, far))
        case 8:
            let stop = beyond(side, quote, far)
            return order(
                side, .stopLossLimit, at: stop + (side == .buy ? far : -far), quantity: size,
                stop: stop)
        case 9:
            return order(side, .takeProfit, quantity: size, stop: before(side, quote, far))
        case 10:
            return order(
                side, .stopLoss, quantity: size, trailing: UInt16(10 + below(500)))
        default:
            var iceberg = limit(side, quote, away: below(30))
            iceberg.quantity = Quantity(raw: iceberg.quantity.raw * 4)
            iceberg.terms.icebergQuantity = Quantity(raw: size)
            return iceberg
        }
    }

    private mutating func list(_ quote: Quote) -> OrderList {
        let side = side()
        let other: Side = side == .buy ? .sell : .buy
        let far = (5 + below(200)) * tick
        let size = size()
        let entry = order(
            side, .limit, at: side == .buy ? quote.ask.price.raw : quote.bid.price.raw,
            quantity: size)
        switch below(3) {
        case 0:
            return .pair(
                above: order(
                    .sell, .limitMaker, at: quote.ask.price.raw + far, quantity: size),
                below: order(.sell, .stopLoss, quantity: size, stop: quote.bid.price.raw - far))
        case 1:
            return .trigger(working: entry, pending: limit(other, quote, away: below(50)))
        default:
            let up = order(
                other, side == .buy ? .takeProfit : .stopLoss, quantity: size,
                stop: quote.ask.price.raw + far)
            let down = order(
                other, side == .buy ? .stopLoss : .takeProfit, quantity: size,
                stop: quote.bid.price.raw - far)
            return .bracket(working: entry, above: up, below: down)
        }
    }

    /// Away from the market, or into it when negative.
    private mutating func limit(_ side: Side, _ quote: Quote, away ticks: Int64) -> OrderIntent {
        let price = side == .buy ? quote.bid.price.raw : quote.ask.price.raw
        return order(
            side, .limit, at: price + (side == .buy ? -ticks : ticks) * tick, quantity: size())
    }

    private func beyond(_ side: Side, _ quote: Quote, _ far: Int64) -> Int64 {
        side == .buy ? quote.ask.price.raw + far : quote.bid.price.raw - far
    }

    private func before(_ side: Side, _ quote: Quote, _ far: Int64) -> Int64 {
        side == .buy ? quote.bid.price.raw - far : quote.ask.price.raw + far
    }

    private func order(
        _ side: Side, _ type: OrderType, at price: Int64 = 0, quantity: Int64 = 0,
        stop: Int64 = 0, trailing: UInt16 = 0, quote: Int64 = 0,
        timeInForce: TimeInForce = .gtc, reduces: Bool = false
    ) -> OrderIntent {
        OrderIntent(
            instrument: instrument, side: side, type: type, timeInForce: timeInForce,
            price: Price(raw: price), quantity: Quantity(raw: quantity), isReduceOnly: reduces,
            terms: SpecialTerms(
                stopPrice: Price(raw: stop), trailingDelta: trailing,
                quoteQuantity: Price(raw: quote)))
    }

    // MARK: - Dice

    private mutating func below(_ bound: Int64) -> Int64 {
        Int64(random.next() % UInt64(max(bound, 1)))
    }

    private mutating func side() -> Side { below(2) == 0 ? .buy : .sell }

    /// A few hundredths of the base asset in whole lots.
    private mutating func size() -> Int64 { max((1 + below(40)) * 25_000 / lot, 1) * lot }
}

/// What trades in a simulation: a market maker and the random trader.
typealias SimulatedStrategies = StrategyPair<
    StrategyGroup<MarketMaker>, StrategyGroup<RandomTrader>
>
