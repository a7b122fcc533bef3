import Engine
import MarketContext
import MarketModel
import TickToTrade
import Wire

/// Buys below the day's volume-weighted price and sells above it, at prices that last month would know.
struct ValueTrader: ConfiguredStrategy {
    static var kind: String { "value_trader" }

    static var settings: [Setting] { [SingleHolding.setting] }

    private var holding: SingleHolding

    init(_ settings: StrategySettings) throws(ConfigurationFailure) {
        holding = try SingleHolding(settings)
    }

    var contextNeeds: ContextSettings? {
        var needs = ContextSettings()
        needs.binTicks = 100
        needs.calendar = .standard
        return needs
    }

    mutating func onTrade(_ trade: Trade, _ context: StrategyContext) {
        guard let market = context.market(holding.instrument),
            let fair = market.pointee.day.pointee.vwap.value,
            let area = market.pointee.day.pointee.valueArea,
            let month = market.pointee.previousMonth, !month.isPartial
        else { return }
        let price = Double(trade.price.raw)
        let isUsual = trade.price > Price(raw: month.candle.low.raw / 2)
            && trade.price < Price(raw: month.candle.high.raw &* 2)
        holding.adjust(
            buys: isUsual && price < fair && trade.price >= area.low, sells: price > fair, context)
    }

    mutating func onOrder(_ update: OrderUpdate, _ context: StrategyContext) {
        holding.note(update)
    }
}

/// Never called: that it compiles is the proof.
@_noLocks
private func proof(_ lane: UnsafeMutablePointer<Lane<URingTransport, StrategyGroup<ValueTrader>>>) {
    _ = (lane.pointee.cycle(), lane.pointee.drainHeld())
}
