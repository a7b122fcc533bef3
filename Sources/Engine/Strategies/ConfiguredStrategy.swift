import MarketContext
import MarketModel
import TickToTrade

/// A strategy that the configuration file can name.
///
/// Conform a struct of your own package and put it into a ``StrategyProgram``: it is then checked,
/// started, steered and replayed like the built-in ones, which have no other way in. Everything
/// declared here is asked for before trading starts; what runs on the lane is `Strategy`'s.
public protocol ConfiguredStrategy: Strategy, SendableMetatype, ~Copyable {
    /// What `kind:` says in the file: lower-case letters, digits and `_`.
    static var kind: String { get }
    /// How many of its instruments one running strategy takes; ``InstrumentScope/each`` unless
    /// declared.
    static var scope: InstrumentScope { get }
    /// The keys of its `parameters:` in the file; none unless declared.
    static var settings: [Setting] { get }
    /// What operators may change while it runs; nothing unless declared.
    static var liveParameters: [StrategyParameter] { get }
    /// What ranges of single values cannot say, such as one value above another.
    static func problems(in parameters: SettingSection) -> [ConfigurationProblem]

    /// Makes a strategy. The same settings must make the same one: a replay builds it again, and
    /// one is built to be asked for what follows.
    init(_ settings: StrategySettings) throws(ConfigurationFailure)

    /// Lengths of the candles it wants: one second to one day, dividing a day, or whole days up to
    /// thirty. One minute, one hour and one day are built anyway; lengths that the venue lacks always
    /// are, also with `candles: klines`. The engine delivers those of every strategy to all.
    var candleIntervals: [Nanoseconds] { get }
    /// The indicators that it reads on each of its instruments by their place in this list (see
    /// `StrategyContext.indicator`), 32 at most. The lane computes each once, however many
    /// strategies ask for it, from candles of its own; the venue's history comes first, up to 1000
    /// candles, put together from shorter ones where it keeps none of a length, and is delivered to
    /// all.
    var indicatorNeeds: [IndicatorNeed] { get }
    /// The market context that it looks at on each of its instruments, `nil` for none. Strategies
    /// that ask for the same share it. Its levels of earlier days, weeks and months come from 62
    /// daily candles of the venue's, which are delivered as history to all.
    var contextNeeds: ContextSettings? { get }
    /// How far back the trades in its market context reach, up to seven days; zero: to the start.
    /// They are asked for from the beginning of that UTC day on, joined with the stream trade by
    /// trade, and again after a gap; the context is partial until then. A request for 1000 trades
    /// costs 4 of the venue's weight with `trades: agg_trade`, else 25.
    var contextWarmUp: Nanoseconds { get }
    /// The value of a parameter as it was configured, as ``StrategyParameter`` scales it.
    func parameter(_ number: Int64) -> Int64
}

extension ConfiguredStrategy where Self: ~Copyable {
    public static var scope: InstrumentScope { .each }
    public static var settings: [Setting] { [] }
    public static var liveParameters: [StrategyParameter] { [] }
    public static func problems(in parameters: SettingSection) -> [ConfigurationProblem] { [] }
    public var candleIntervals: [Nanoseconds] { [] }
    public var indicatorNeeds: [IndicatorNeed] { [] }
    public var contextNeeds: ContextSettings? { nil }
    public var contextWarmUp: Nanoseconds { .zero }
    public func parameter(_ number: Int64) -> Int64 { 0 }
}

/// How a strategy of the file becomes running strategies.
public enum InstrumentScope: Sendable {
    /// One for each of its instruments; they share a name and nothing else.
    case each
    /// One for all of them: it sees the events of each.
    case all
    /// One, for the only instrument that the file may give it.
    case one
}

/// A value that operators may change while a strategy runs (`strategy.parameters`).
public struct StrategyParameter: Sendable, Equatable {
    /// Digits after the point that a raw value holds.
    public enum Scale: Sendable, Equatable {
        case digits(Int)
        /// Those of a quantity of its instrument.
        case quantity
        /// Those of a price of its instrument.
        case price
    }

    /// As operators write it; by custom the key of the setting that it changes.
    public let key: String
    /// What `setParameter` gets for it.
    public let number: Int64
    public let scale: Scale
    /// For people: `s`, `bps`, `base`; empty for a plain number.
    public let unit: String
    /// Raw values that are passed on; the strategy may refuse more.
    public let range: ClosedRange<Int64>
    /// One line.
    public let summary: String

    /// With `.digits(9)`, an operator's 0.05 reaches the strategy as 50 000 000.
    public init(
        _ key: String, number: Int64, _ scale: Scale, unit: String = "",
        _ range: ClosedRange<Int64>, _ summary: String
    ) {
        self.key = key
        self.number = number
        self.scale = scale
        self.unit = unit
        self.range = range
        self.summary = summary
    }

    /// The digits after the point for a strategy on `instrument`.
    func digits(on instrument: Instrument) -> Int {
        switch scale {
        case .digits(let count): count
        case .quantity: Int(instrument.quantityScale)
        case .price: Int(instrument.priceScale)
        }
    }
}
