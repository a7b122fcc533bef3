import ApusCommand
import Engine
import TickToTrade

@main
struct Dipper: ApusExecutable {
    static var program: StrategyProgram {
        StrategyProgram(StrategyPair<BuiltInStrategies, StrategyGroup<BuyTheDip>>.self)
    }
}
