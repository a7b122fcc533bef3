import MarketModel

/// An event on its way to one strategy.
@frozen
public struct Notice: BitwiseCopyable {
    public var event: StrategyEvent
    public var strategy: StrategyIndex

    @_noLocks
    public init(_ event: StrategyEvent, to strategy: StrategyIndex) {
        self.event = event
        self.strategy = strategy
    }
}
