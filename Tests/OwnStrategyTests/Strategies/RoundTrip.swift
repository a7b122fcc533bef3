import Engine
import MarketModel
import TickToTrade
import Wire

/// Buys at the ask, sells what it holds at the bid, then waits: all of its orders can trade.
struct RoundTrip: ConfiguredStrategy {
    static var kind: String { "round_trip" }

    static var settings: [Setting] {
        [
            Setting("order_size", .amount(0...10), .required, "Bought at once, in the base asset."),
            Setting(
                "pause", .duration(.zero...(.seconds(60))), default: "5ms",
                "Shortest time between two orders."),
        ]
    }

    static var liveParameters: [StrategyParameter] {
        [
            StrategyParameter(
                "order_size", number: 1, .quantity, unit: "base", 1...(1 << 40), "bought at once"),
            StrategyParameter(
                "pause", number: 2, .digits(9), unit: "s", 0...60_000_000_000,
                "shortest time between two orders"),
        ]
    }

    static func problems(in parameters: SettingSection) -> [ConfigurationProblem] {
        parameters.amount("order_size").raw == 0
            ? [parameters.problem("order_size", "must be above 0")] : []
    }

    private let instrument: InstrumentIndex
    private var size: Quantity
    private var pause: Nanoseconds
    private var working = ClientOrderID.none
    private var nextOrder = Timestamp.unknown

    init(_ settings: StrategySettings) throws(ConfigurationFailure) {
        instrument = settings.instrument.index
        size = try settings.quantity("order_size")
        pause = settings.parameters.duration("pause")
        guard size >= settings.instrument.minQuantity else {
            throw settings.failure("order_size", "is below the venue's smallest quantity")
        }
    }

    func parameter(_ number: Int64) -> Int64 { number == 1 ? size.raw : pause.count }

    mutating func setParameter(_ number: Int64, _ value: Int64) -> Bool {
        switch number {
        case 1: size = Quantity(raw: value)
        case 2: pause = Nanoseconds(value)
        default: return false
        }
        return true
    }

    mutating func onTop(_ top: TopOfBook, _ context: StrategyContext) {
        if working != .none || context.now < nextOrder || !context.mayTrade(instrument) { return }
        let held = context.closablePosition(instrument)
        let quote = context.quote(instrument)
        let intent =
            held.raw > 0
            ? OrderIntent(
                instrument: instrument, side: .sell, type: .limit, timeInForce: .ioc,
                price: quote.bid.price, quantity: held, isReduceOnly: true)
            : OrderIntent(
                instrument: instrument, side: .buy, type: .limit, timeInForce: .ioc,
                price: quote.ask.price, quantity: size)
        nextOrder = context.now + pause
        if case .sent(let order) = context.submit(intent) { working = order }
    }

    mutating func onOrder(_ update: OrderUpdate, _ context: StrategyContext) {
        if update.clientOrderID == working && update.state.isTerminal { working = .none }
    }
}

extension StrategyProgram {
    /// Nothing but round trips, whose lanes run the roots below: this file's build is their proof.
    static let bare = StrategyProgram(
        StrategyGroup<RoundTrip>.self,
        uring: LaneRoots(dutyCycle: dutyCycle, drainHeld: drainHeld),
        direct: LaneRoots(dutyCycle: dutyCycle, drainHeld: drainHeld))
}

@_noLocks
private func dutyCycle(
    _ lane: UnsafeMutablePointer<Lane<URingTransport, StrategyGroup<RoundTrip>>>
) -> CycleOutcome { lane.pointee.cycle() }

@_noLocks
private func dutyCycle(
    _ lane: UnsafeMutablePointer<Lane<DirectTransport, StrategyGroup<RoundTrip>>>
) -> CycleOutcome { lane.pointee.cycle() }

@_noLocks
private func drainHeld(
    _ lane: UnsafeMutablePointer<Lane<URingTransport, StrategyGroup<RoundTrip>>>
) -> Bool { lane.pointee.drainHeld() }

@_noLocks
private func drainHeld(
    _ lane: UnsafeMutablePointer<Lane<DirectTransport, StrategyGroup<RoundTrip>>>
) -> Bool { lane.pointee.drainHeld() }
