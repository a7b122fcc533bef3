import Engine
import TickToTrade

extension StrategyProgram {
    /// Two strategies of this module beside the built-in ones.
    static let own = StrategyProgram(
        StrategyPair<
            BuiltInStrategies, StrategyPair<StrategyGroup<RoundTrip>, StrategyGroup<BasketBuyer>>
        >.self)
}
