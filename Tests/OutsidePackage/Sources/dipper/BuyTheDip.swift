import Engine
import MarketModel
import TickToTrade
import Wire

/// Buys when the price has fallen from its high by `dip`, sells when it has come back as far.
struct BuyTheDip: ConfiguredStrategy {
    static let kind = "buy_the_dip"

    static let settings = [
        Setting(
            "dip", .basisPoints(0...1000), default: "10bps",
            "Fall from the high that buys; above 0."),
        Setting(
            "order_size", .amount(0...1_000), .required, "Bought at once, in the base asset."),
    ]

    /// What `strategy.parameters` may change while it runs; 1 bps reaches it as 10 000.
    static let liveParameters = [
        StrategyParameter(
            "dip", number: 1, .digits(4), unit: "bps", 1...10_000_000,
            "fall from the high that buys")
    ]

    /// What ranges of single values cannot say.
    static func problems(in parameters: SettingSection) -> [ConfigurationProblem] {
        if parameters.proportion("dip").raw > 0 { return [] }
        return [parameters.problem("dip", "must be above 0")]
    }

    private let instrument: InstrumentIndex
    private let size: Quantity
    /// In units of 1e-8 of the price.
    private var dip: Int64
    /// The highest price since it last sold, or the price at which it bought.
    private var high = Price.zero
    private var working = ClientOrderID.none

    init(_ settings: StrategySettings) throws(ConfigurationFailure) {
        instrument = settings.instrument.index
        size = try settings.quantity("order_size")
        dip = settings.parameters.proportion("dip").raw
        if size < settings.instrument.minQuantity {
            throw settings.failure("order_size", "is below the venue's smallest quantity")
        }
    }

    func parameter(_ number: Int64) -> Int64 { dip }

    mutating func setParameter(_ number: Int64, _ value: Int64) -> Bool {
        if number != 1 { return false }
        dip = value
        return true
    }

    mutating func onTrade(_ trade: Trade, _ context: StrategyContext) {
        if working != .none || !context.mayTrade(instrument) { return }
        let held = context.closablePosition(instrument)
        if held.raw == 0 {
            if trade.price > high { high = trade.price }
            if !isApart(trade.price, high) { return }
            send(.buy, context.quote(instrument).ask.price, size, context)
        } else {
            if !isApart(high, trade.price) { return }
            send(.sell, context.quote(instrument).bid.price, held, context)
        }
        high = trade.price
    }

    mutating func onOrder(_ update: OrderUpdate, _ context: StrategyContext) {
        if update.clientOrderID == working && update.state.isTerminal { working = .none }
    }

    /// Whether `high` is at least `dip` above `low`; compared as products, without a rounding.
    private func isApart(_ low: Price, _ high: Price) -> Bool {
        Int128(high.raw - low.raw) * 100_000_000 >= Int128(low.raw) * Int128(dip)
    }

    private mutating func send(
        _ side: Side, _ price: Price, _ quantity: Quantity, _ context: StrategyContext
    ) {
        let intent = OrderIntent(
            instrument: instrument, side: side, type: .limit, timeInForce: .ioc, price: price,
            quantity: quantity, isReduceOnly: side == .sell)
        if case .sent(let order) = context.submit(intent) { working = order }
    }
}

/// Never called: that it compiles proves that a lane with this strategy neither allocates nor locks
/// nor counts references between a received byte and a sent order.
@_noLocks
private func proof(_ lane: UnsafeMutablePointer<Lane<URingTransport, StrategyGroup<BuyTheDip>>>) {
    _ = (lane.pointee.cycle(), lane.pointee.drainHeld())
}
