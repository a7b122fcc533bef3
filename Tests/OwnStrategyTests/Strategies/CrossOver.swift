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
            SingleHolding.setting,
        ]
    }

    private var holding: SingleHolding
    private var fast: Indicator<EMA>
    private var slow: Indicator<EMA>

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
        holding = try SingleHolding(settings)
        fast = Indicator(averages.fast)
        slow = Indicator(averages.slow)
    }

    mutating func onTrade(_ trade: Trade, _ context: StrategyContext) {
        let price = Double(trade.price.raw)
        let quick = fast.update(price)
        guard let calm = slow.update(price), let quick else { return }
        holding.adjust(buys: quick > calm, sells: quick < calm, context)
    }

    mutating func onOrder(_ update: OrderUpdate, _ context: StrategyContext) {
        holding.note(update)
    }
}

/// Never called: that it compiles is the proof.
@_noLocks
private func proof(_ lane: UnsafeMutablePointer<Lane<URingTransport, StrategyGroup<CrossOver>>>) {
    _ = (lane.pointee.cycle(), lane.pointee.drainHeld())
}
