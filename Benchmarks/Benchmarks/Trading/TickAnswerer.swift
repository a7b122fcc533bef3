import Engine
import Indicators
import MarketModel
import TickToTrade

/// Takes ten indicators along with every tick and answers those whose update number is a multiple
/// of `every` with orders that nothing matches.
struct TickAnswerer: ConfiguredStrategy, ~Copyable {
    static var kind: String { "tick_answerer" }

    static var settings: [Setting] {
        [
            Setting("every", .integer(1...1_000_000), .required, "Ticks for each answer."),
            Setting("orders", .integer(1...16), default: "1", "Orders of each answer."),
            Setting("order_size", .amount(0...10), .required, "Bought at the ask, in base units."),
        ]
    }

    private let instrument: InstrumentIndex
    private let every: Int64
    private let orders: Int64
    private let size: Quantity
    /// Units of a raw price and of a raw quantity.
    private let unit: (price: Double, quantity: Double)
    private var indicators: IndicatorSet

    init(_ settings: StrategySettings) throws(ConfigurationFailure) {
        let wanted = try settings.quantity("order_size")
        let set: IndicatorSet
        do throws(IndicatorFailure) {
            set = try IndicatorSet()
        } catch {
            throw settings.failure("every", "cannot be met: \(error)")
        }
        indicators = set
        size = wanted
        instrument = settings.instrument.index
        every = Int64(settings.parameters.integer("every"))
        orders = settings.parameters.integer("orders")
        unit = (
            1 / Double(DecimalScale.power(Int(settings.instrument.priceScale))),
            1 / Double(DecimalScale.power(Int(settings.instrument.quantityScale)))
        )
    }

    @_noLocks
    mutating func onTop(_ top: TopOfBook, _ context: StrategyContext) {
        indicators.update(
            BestQuotes(
                bidPrice: Double(top.bidPrice.raw) * unit.price,
                bidSize: Double(top.bidQuantity.raw) * unit.quantity,
                askPrice: Double(top.askPrice.raw) * unit.price,
                askSize: Double(top.askQuantity.raw) * unit.quantity))
        if top.updateID % every != 0 || top.updateID < SampleTicks.firstUpdate { return }
        let intent = OrderIntent(
            instrument: instrument, side: .buy, type: .limit, timeInForce: .ioc,
            price: top.askPrice, quantity: size, hasProtection: true)
        for _ in 0..<orders { _ = context.submit(intent) }
    }
}

/// The ticks of a run: an announcement of the best prices each.
enum SampleTicks {
    /// Above every update number of the exchange's own market; a multiple of ``step``.
    static var firstUpdate: Int64 { @_noLocks get { 2_000 &<< 30 } }

    /// Update numbers that ask for an order are multiples of this when a schedule chooses them.
    static let step = 2_000

    /// So many orders in a row have prices of their own.
    static let marks = 4_000
    private static let firstMark = 61_838_00

    /// Number of the order that a tick asks for, or that was asked for last.
    static func order(of update: Int64) -> Int64 { update / Int64(step) }

    /// What an order's price tells of its number, 0..<``marks``.
    static func mark(ofOrder order: Int64) -> Int { Int(order % Int64(marks)) }

    /// The mark of an order that bought at `price`, `nil` for a price that no tick has.
    static func mark(of price: Price) -> Int? {
        let mark = Int(price.raw / SampleMarket.cent) - firstMark
        return (0..<marks).contains(mark) ? mark : nil
    }

    /// Tick `number` of a schedule as the venue writes it: its ask marks the order that it asks for.
    static func text(markedBy number: Int, update: Int64) -> String {
        text(number, update: update, ask: firstMark + mark(ofOrder: order(of: update)))
    }

    /// Tick `number` as the venue writes it. A price moves with every tick; quantities too.
    static func text(_ number: Int, update: Int64) -> String {
        text(number, update: update, ask: 61_837_59 + number % 40)
    }

    private static func text(_ number: Int, update: Int64, ask: Int) -> String {
        SampleMarket.bookTicker(
            update: update, bid: "61837.\(10 + number % 49)000000",
            bidQuantity: "\(number % 7 + 1).\(100 + number % 900)00000",
            ask: "\(ask / 100).\(ask / 10 % 10)\(ask % 10)000000",
            askQuantity: "\(number % 5 + 1).\(100 + number % 899)00000")
    }
}
