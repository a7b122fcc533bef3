import Engine
import TickToTrade

extension StrategyProgram {
    /// Two strategies of this module beside the built-in ones.
    static let own = StrategyProgram(
        StrategyPair<
            BuiltInStrategies, StrategyPair<StrategyGroup<RoundTrip>, StrategyGroup<BasketBuyer>>
        >.self)

    /// A strategy that owns memory, its indicators', and cannot be copied.
    static let averages = StrategyProgram(StrategyGroup<CrossOver>.self)

    /// A strategy that reads the lane's indicators.
    static let trend = StrategyProgram(StrategyGroup<TrendFollower>.self)

    /// A strategy that looks at the market's context.
    static let value = StrategyProgram(StrategyGroup<ValueTrader>.self)
}
