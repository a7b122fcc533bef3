import Engine
import MarketModel
import TickToTrade

/// What a strategy of these tests holds: nothing, or one size bought at the ask, sold at the bid.
struct SingleHolding {
    let instrument: InstrumentIndex
    private let size: Quantity
    private var working = ClientOrderID.none

    static var setting: Setting {
        Setting("order_size", .amount(0...1_000), .required, "Bought at once.")
    }

    init(_ settings: StrategySettings) throws(ConfigurationFailure) {
        instrument = settings.instrument.index
        size = try settings.quantity("order_size")
    }

    /// Buys when it holds nothing and should, sells all when it holds something and should not.
    @_noLocks
    mutating func adjust(buys: Bool, sells: Bool, _ context: StrategyContext) {
        if working != .none || !context.mayTrade(instrument) { return }
        let held = context.closablePosition(instrument)
        let quote = context.quote(instrument)
        if held.raw == 0 && buys {
            send(.buy, quote.ask.price, size, context)
        } else if held.raw > 0 && sells {
            send(.sell, quote.bid.price, held, context)
        }
    }

    @_noLocks
    mutating func note(_ update: OrderUpdate) {
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
