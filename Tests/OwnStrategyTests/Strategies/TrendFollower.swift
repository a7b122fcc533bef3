import Engine
import MarketModel
import TickToTrade
import Wire

/// Buys above the average of the last seconds' closes and sells below it, once it knows how far the
/// price ranges: with the lane's indicators.
struct TrendFollower: ConfiguredStrategy {
    static var kind: String { "trend_follower" }

    static var settings: [Setting] {
        [
            SingleHolding.setting,
            Setting("minutes", .integer(1...1_000_000), .required, "Candles in the average range."),
        ]
    }

    private let minutes: Int
    private var holding: SingleHolding

    init(_ settings: StrategySettings) throws(ConfigurationFailure) {
        holding = try SingleHolding(settings)
        minutes = Int(settings.parameters.integer("minutes"))
    }

    var indicatorNeeds: [IndicatorNeed] {
        [
            IndicatorNeed(.ema(period: 2), every: .seconds(1)),
            IndicatorNeed(.sma(period: 3), every: .seconds(1)),
            IndicatorNeed(.atr(period: minutes), every: .seconds(60)),
        ]
    }

    mutating func onTrade(_ trade: Trade, _ context: StrategyContext) {
        guard let fast = context.formingIndicator(0, of: holding.instrument),
            let slow = context.indicator(1, of: holding.instrument),
            let range = context.indicator(2, of: holding.instrument), range.value > 0
        else { return }
        holding.adjust(
            buys: fast.value > slow.value, sells: fast.value < slow.value, context)
    }

    mutating func onOrder(_ update: OrderUpdate, _ context: StrategyContext) {
        holding.note(update)
    }
}

/// Never called: that it compiles is the proof.
@_noLocks
private func proof(
    _ lane: UnsafeMutablePointer<Lane<URingTransport, StrategyGroup<TrendFollower>>>
) {
    _ = (lane.pointee.cycle(), lane.pointee.drainHeld())
}
