import TickToTrade

/// The strategies of the product. Users name a set of their own types instead, or beside them.
public typealias BuiltInStrategies = StrategyPair<
    StrategyGroup<MarketMaker>, StrategyGroup<Breakout>
>

extension StrategyProgram {
    /// The product's own: made as anybody's.
    public static let builtIn = StrategyProgram(
        BuiltInStrategies.self, uring: LaneRoots(dutyCycle: dutyCycle, drainHeld: drainHeld),
        direct: LaneRoots(dutyCycle: dutyCycle, drainHeld: drainHeld))
}
