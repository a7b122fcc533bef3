import Engine
import MarketModel
import Synchronization
import TickToTrade
import Wire

/// Sends one order of every type after the other and follows each to its end.
///
/// A strategy for one test: it keeps its own books of what it saw, which a trading strategy would
/// not do on the lane.
struct OrderParade: ConfiguredStrategy {
    static var kind: String { "order_parade" }
    static var settings: [Setting] { [] }

    enum Step: Int, CaseIterable {
        case quoteAmount, stopLoss, stopLossLimit, takeProfit, takeProfitLimit, trailingStop
        case pair, trigger, bracket, iceberg, amendment, replacement, selfTradePrevention, closing

        /// One order that ends when the market comes to its stop price, if it does.
        var waitsForPrice: Bool {
            switch self {
            case .stopLoss, .stopLossLimit, .takeProfit, .takeProfitLimit: true
            default: false
            }
        }
    }

    /// What became of the orders of every step that is over, in the order they were sent.
    static let ends = Mutex<[Step: [OrderState]]>([:])
    /// Why a step did not begin.
    static let denial = Mutex<String?>(nil)

    private let instrument: InstrumentIndex
    private let tick: Int64
    private let lot: Int64
    private var step = Step.quoteAmount
    private var isDone = false
    /// Orders of the running step with their states.
    private var orders: [(id: ClientOrderID, state: OrderState)] = []
    private var hasReacted = false
    private var isGivenUp = false

    init(_ settings: StrategySettings) throws(ConfigurationFailure) {
        instrument = settings.instrument.index
        tick = settings.instrument.tickSize.raw
        lot = settings.instrument.lotSize.raw
    }

    mutating func onTop(_ top: TopOfBook, _ context: StrategyContext) {
        if isDone || !orders.isEmpty || !context.mayTrade(instrument) { return }
        guard context.quote(instrument).isValid, context.lastPrice(instrument).raw > 0 else { return }
        hasReacted = false
        isGivenUp = false
        begin(context)
        if step.waitsForPrice { context.setTimer(0, at: context.now + .seconds(1)) }
    }

    mutating func onTimer(_ timer: UInt32, _ context: StrategyContext) {
        guard step.waitsForPrice, let order = orders.first, context.cancel(order.id) else { return }
        isGivenUp = true
    }

    mutating func onOrder(_ update: OrderUpdate, _ context: StrategyContext) {
        guard let index = orders.firstIndex(where: { $0.id == update.clientOrderID }) else { return }
        orders[index].state = update.state
        if update.state.acceptsChanges { react(update, context) }
        guard orders.allSatisfy(\.state.isTerminal) else { return }
        let states = orders.map(\.state)
        orders.removeAll()
        // The market has passed the stop price on the way to the venue, or has gone away from it:
        // once more.
        if states.allSatisfy({ $0 == .rejected }) || isGivenUp && states == [.canceled] { return }
        // So it has when the entry was filled: the venue refuses the pair behind it.
        if states == [.filled, .expired, .expired] { return }
        let over = step
        Self.ends.withLock { $0[over] = states }
        if let next = Step(rawValue: step.rawValue + 1) { step = next } else { isDone = true }
    }

    // MARK: - Steps

    private mutating func begin(_ context: StrategyContext) {
        let ask = context.quote(instrument).ask.price.raw
        let last = context.lastPrice(instrument).raw
        let dollar: Int64 = 100_000_000
        let held = context.closablePosition(instrument).raw
        switch step {
        case .quoteAmount:
            send(order(.buy, .market, quote: 600 * dollar), context)
        case .stopLoss:
            send(order(.sell, .stopLoss, held, stop: last - dollar / 2, reduces: true), context)
        case .stopLossLimit:
            send(
                order(
                    .buy, .stopLossLimit, 1_000_000, at: last + 50 * dollar,
                    stop: last + dollar / 2), context)
        case .takeProfit:
            send(order(.sell, .takeProfit, held, stop: last + dollar / 2, reduces: true), context)
        case .takeProfitLimit:
            send(
                order(
                    .buy, .takeProfitLimit, 1_000_000, at: last + 20 * dollar,
                    stop: last - dollar / 2), context)
        case .trailingStop:
            send(order(.sell, .stopLoss, held, trailing: 500, reduces: true), context)
        case .pair:
            send(
                .pair(
                    above: order(.sell, .limitMaker, held, at: ask + dollar, reduces: true),
                    below: order(.sell, .stopLoss, held, stop: last - dollar, reduces: true)),
                context)
        case .trigger:
            send(
                .trigger(
                    working: order(.buy, .limit, 1_000_000, at: ask + 20 * dollar),
                    pending: order(.sell, .limit, 1_000_000 - 2 * lot, at: ask - 20 * dollar)),
                context)
        case .bracket:
            send(
                .bracket(
                    working: order(.buy, .limit, 1_000_000, at: ask + 20 * dollar),
                    above: order(.sell, .takeProfit, 990_000, stop: last + 2 * dollar),
                    below: order(.sell, .stopLoss, 990_000, stop: last - 2 * dollar)), context)
        case .iceberg:
            send(
                order(.buy, .limit, 5_000_000, at: ask + 20 * dollar, iceberg: 1_000_000), context)
        case .amendment, .replacement:
            send(order(.sell, .limit, 4_000_000, at: ask + 100 * dollar), context)
        case .selfTradePrevention:
            send(
                order(
                    .sell, .limitMaker, 1_000_000, at: ask + 100 * dollar,
                    prevention: .expireTaker), context)
        case .closing:
            send(order(.sell, .market, held, reduces: true), context)
        }
    }

    /// What a step does once its order rests.
    private mutating func react(_ update: OrderUpdate, _ context: StrategyContext) {
        switch step {
        case .trailingStop, .selfTradePrevention:
            _ = context.cancel(update.clientOrderID)
        case .amendment:
            let smaller = Quantity(raw: 2_500_000)
            if !hasReacted {
                hasReacted = context.amend(update.clientOrderID, to: smaller).id != nil
            } else if update.remaining == smaller {
                _ = context.cancel(update.clientOrderID)
            }
        case .replacement where !hasReacted:
            let price = update.price.raw + 50 * 100_000_000
            let other = order(.sell, .limit, 1_000_000, at: price)
            if let new = context.replace(update.clientOrderID, with: other, .inAnyCase).id {
                hasReacted = true
                orders.append((new, .pendingNew))
            }
        case .replacement where update.clientOrderID == orders.last?.id:
            _ = context.cancel(update.clientOrderID)
        default: break
        }
    }

    private mutating func send(_ intent: OrderIntent, _ context: StrategyContext) {
        switch context.submit(intent) {
        case .sent(let id): orders = [(id, .pendingNew)]
        case .denied(let violations): note(violations)
        }
    }

    private mutating func send(_ list: OrderList, _ context: StrategyContext) {
        switch context.submit(list) {
        case .sent(let first, let second, let third):
            orders = [first, second, third].filter { $0 != .none }.map { ($0, .pendingNew) }
        case .denied(let violations): note(violations)
        }
    }

    private func note(_ violations: RiskViolations) {
        let text = "\(step): \(violations.rules.map(\.name))"
        Self.denial.withLock { $0 = text }
    }

    private func order(
        _ side: Side, _ type: OrderType, _ quantity: Int64 = 0, at price: Int64 = 0,
        stop: Int64 = 0, trailing: UInt16 = 0, iceberg: Int64 = 0, quote: Int64 = 0,
        prevention: SelfTradePrevention = .venueDefault, reduces: Bool = false
    ) -> OrderIntent {
        OrderIntent(
            instrument: instrument, side: side, type: type, timeInForce: .gtc,
            price: Price(raw: price), quantity: Quantity(raw: quantity), isReduceOnly: reduces,
            terms: SpecialTerms(
                stopPrice: Price(raw: stop), trailingDelta: trailing,
                icebergQuantity: Quantity(raw: iceberg), quoteQuantity: Price(raw: quote),
                selfTradePrevention: prevention))
    }
}

extension StrategyProgram {
    static let parade = StrategyProgram(StrategyGroup<OrderParade>.self)
}
