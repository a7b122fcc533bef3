import Engine
import MarketContext
import MarketModel
import TickToTrade
import Wire

/// Buys below the day's volume-weighted price and sells above it, at prices that last month would know.
struct ValueTrader: ConfiguredStrategy {
    static var kind: String { "value_trader" }

    static var settings: [Setting] {
        [Setting("order_size", .amount(0...1_000), .required, "Bought at once.")]
    }

    private let instrument: InstrumentIndex
    private let size: Quantity
    private var working = ClientOrderID.none

    init(_ settings: StrategySettings) throws(ConfigurationFailure) {
        instrument = settings.instrument.index
        size = try settings.quantity("order_size")
    }

    var contextNeeds: ContextSettings? {
        var needs = ContextSettings()
        needs.binTicks = 100
        needs.calendar = .standard
        return needs
    }

    mutating func onTrade(_ trade: Trade, _ context: StrategyContext) {
        guard let market = context.market(instrument),
            let fair = market.pointee.day.pointee.vwap.value,
            let area = market.pointee.day.pointee.valueArea,
            let month = market.pointee.previousMonth, !month.isPartial
        else { return }
        if working != .none || !context.mayTrade(instrument) { return }
        let held = context.closablePosition(instrument)
        let price = Double(trade.price.raw)
        let quote = context.quote(instrument)
        let isUsual = trade.price > Price(raw: month.candle.low.raw / 2)
            && trade.price < Price(raw: month.candle.high.raw &* 2)
        if held.raw == 0, isUsual, price < fair, trade.price >= area.low {
            send(.buy, quote.ask.price, size, context)
        } else if held.raw > 0, price > fair {
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
private func proof(_ lane: UnsafeMutablePointer<Lane<URingTransport, StrategyGroup<ValueTrader>>>) {
    _ = (lane.pointee.cycle(), lane.pointee.drainHeld())
}
