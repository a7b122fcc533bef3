import ApusCommand
import Engine
import TickToTrade
import Wire

/// The built-in strategies and ours.
typealias Strategies = StrategyPair<BuiltInStrategies, StrategyGroup<BuyTheDip>>

@main
struct Dipper: ApusExecutable {
    static var program: StrategyProgram { StrategyProgram(Strategies.self) }
}

/// Never called: that it compiles proves that a lane with these strategies neither allocates nor
/// locks nor counts references between a received byte and a sent order.
@_noLocks
func proof(
    _ uring: UnsafeMutablePointer<Lane<URingTransport, Strategies>>,
    _ direct: UnsafeMutablePointer<Lane<DirectTransport, Strategies>>
) {
    _ = (uring.pointee.cycle(), uring.pointee.drainHeld())
    _ = (direct.pointee.cycle(), direct.pointee.drainHeld())
}
