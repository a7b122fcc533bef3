import Engine
import Indicators
import MarketModel
import TickToTrade
import Wire

/// Buys when the fast average of the trades' prices is above the slow one, sells when it is below.
///
/// It owns its indicators, so it cannot be copied.
struct CrossOver: ConfiguredStrategy, ~Copyable {
    static var kind: String { "cross_over" }

    static var settings: [Setting] {
        [
            Setting("fast", .integer(2...1_000), default: "5", "Trades in the fast average."),
            Setting("slow", .integer(2...1_000), default: "50", "Trades in the slow average."),
            Setting("order_size", .amount(0...1_000), .required, "Bought at once."),
        ]
    }

    private let instrument: InstrumentIndex
    private let size: Quantity
    private var fast: Indicator<EMA>
    private var slow: Indicator<EMA>
    private var working = ClientOrderID.none

    init(_ settings: StrategySettings) throws(ConfigurationFailure) {
        let averages: (fast: EMA, slow: EMA)
        do throws(IndicatorFailure) {
            averages = (
                try EMA(period: Int(settings.parameters.integer("fast"))),
                try EMA(period: Int(settings.parameters.integer("slow")))
            )
        } catch {
            throw settings.failure("fast", "\(error)")
        }
        size = try settings.quantity("order_size")
        instrument = settings.instrument.index
        fast = Indicator(averages.fast)
        slow = Indicator(averages.slow)
    }

    mutating func onTrade(_ trade: Trade, _ context: StrategyContext) {
        let price = Double(trade.price.raw)
        let quick = fast.update(price)
        guard let calm = slow.update(price), let quick else { return }
        if working != .none || !context.mayTrade(instrument) { return }
        let held = context.closablePosition(instrument)
        let quote = context.quote(instrument)
        if held.raw == 0 && quick > calm {
            send(.buy, quote.ask.price, size, context)
        } else if held.raw > 0 && quick < calm {
            send(.sell, quote.bid.price, held, context)
        }
    }

    mutating func onOrder(_ update: OrderUpdate, _ context: StrategyContext) {
        if update.clientOrderID == working && update.state.isTerminal { working = .none }
    }

    private mutating func send(
        _ side: Side, _ price: Price, _ quantity: Quantity, _ context: StrategyContext
    ) {
        let intent = OrderIntent(
            instrument: instrument, side: side, type: .limit, timeInForce: .ioc, price: price,
            quantity: quantity, isReduceOnly: side == .sell)
        if case .sent(let order) = context.submit(intent) { working = order }
    }
}

/// Never called: that it compiles is the proof.
@_noLocks
private func proof(_ lane: UnsafeMutablePointer<Lane<URingTransport, StrategyGroup<CrossOver>>>) {
    _ = (lane.pointee.cycle(), lane.pointee.drainHeld())
}
