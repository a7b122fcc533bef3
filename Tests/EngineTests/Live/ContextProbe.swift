import Engine
import MarketContext
import MarketModel
import Synchronization
import TickToTrade

/// Trades nothing and tells what its market context says, with every trade.
struct ContextProbe: ConfiguredStrategy {
    /// What a context says of the day, and whether it is partial.
    struct Statement: Equatable, Sendable {
        var last: TradeID
        var delta: Quantity
        var candle: Candle?
        var vwap: Double?
        var area: ValueArea?
        var rows: [ProfileRow]
        var isPartial: Bool

        init(_ market: borrowing InstrumentContext) {
            last = market.lastTradeID
            delta = market.cumulativeDelta
            candle = market.day.pointee.candle
            vwap = market.day.pointee.vwap.value
            area = market.day.pointee.valueArea
            rows = market.day.pointee.profile.rows
            isPartial = market.isPartial(market.day)
        }
    }

    /// Statements of the probe with a number: tests run one after the other, each with its own.
    static let statements = Mutex<[Int64: [Statement]]>([:])

    static var kind: String { "context_probe" }
    static var settings: [Setting] {
        [Setting("number", .integer(0...1_000), .required, "Of the test.")]
    }
    static var needs: ContextSettings {
        var needs = ContextSettings()
        needs.binTicks = 100
        return needs
    }

    private let instrument: InstrumentIndex
    private let number: Int64

    init(_ settings: StrategySettings) throws(ConfigurationFailure) {
        instrument = settings.instrument.index
        number = settings.parameters.integer("number")
    }

    var contextNeeds: ContextSettings? { Self.needs }
    var contextWarmUp: Nanoseconds { .seconds(3_600) }

    mutating func onTrade(_ trade: Trade, _ context: StrategyContext) {
        guard let market = context.market(instrument) else { return }
        let statement = Statement(market.pointee)
        Self.statements.withLock { $0[number, default: []].append(statement) }
    }
}
