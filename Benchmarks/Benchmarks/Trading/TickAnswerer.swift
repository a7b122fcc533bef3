import Engine
import MarketModel
import TickToTrade

/// Takes ten indicators along with every tick and answers those whose update number is a multiple
/// of `every` with an order that nothing matches.
struct TickAnswerer: ConfiguredStrategy {
    static let kind = "tick_answerer"

    static let settings = [
        Setting(
            "every", .integer(1...1_000_000), .required, "Ticks for each order."),
        Setting("order_size", .amount(0...10), .required, "Bought at the ask, in base units."),
    ]

    private let instrument: InstrumentIndex
    private let every: Int64
    private let size: Quantity
    private let scale: UnitScale
    private var indicators = IndicatorSet()

    init(_ settings: StrategySettings) throws(ConfigurationFailure) {
        instrument = settings.instrument.index
        every = Int64(settings.parameters.integer("every"))
        size = try settings.quantity("order_size")
        scale = UnitScale(settings.instrument)
    }

    @_noLocks
    mutating func onTop(_ top: TopOfBook, _ context: StrategyContext) {
        let bid = BookLevel(price: top.bidPrice, quantity: top.bidQuantity)
        let ask = BookLevel(price: top.askPrice, quantity: top.askQuantity)
        indicators.update(scale.units(top.bidPrice), bid, ask, context.now)
        if top.updateID % every != 0 || top.updateID < SampleTicks.firstUpdate { return }
        let intent = OrderIntent(
            instrument: instrument, side: .buy, type: .limit, timeInForce: .ioc,
            price: top.askPrice, quantity: size, hasProtection: true)
        _ = context.submit(intent)
    }
}

/// The ticks of a run: an announcement of the best prices each.
enum SampleTicks {
    /// Above every update number of the exchange's own market; a multiple of ``step``.
    static var firstUpdate: Int64 { @_noLocks get { 2_000 &<< 30 } }

    /// Update numbers that ask for an order are multiples of this when a schedule chooses them.
    static let step = 2_000

    /// Tick `number` as the venue writes it. A price moves with every tick; quantities too.
    static func text(_ number: Int, update: Int64) -> String {
        SampleMarket.bookTicker(
            update: update, bid: "61837.\(10 + number % 49)000000",
            bidQuantity: "\(number % 7 + 1).\(100 + number % 900)00000",
            ask: "61837.\(59 + number % 40)000000",
            askQuantity: "\(number % 5 + 1).\(100 + number % 899)00000")
    }
}
