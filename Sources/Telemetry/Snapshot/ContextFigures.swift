import MarketModel

/// The market context of one instrument as strategies see it: the UTC day, the levels around it,
/// sessions, regime, order flow, and which of them lack trades.
public struct ContextFigures: Codable, Sendable, Equatable {
    public var instrument: String
    /// The strategies that look at it.
    public var strategies: [String] = []
    /// The market's clock; `nil` before the first trade.
    public var timeNanoseconds: Int64?
    public var day: DayFigures?
    public var previousDay: LevelFigures?
    public var previousWeek: LevelFigures?
    public var previousMonth: LevelFigures?
    /// Untouched points of control of earlier days, the nearest.
    public var nakedAbove: ExactDecimal?
    public var nakedBelow: ExactDecimal?
    public var areNakedPartial = false
    /// Names of the sessions that are open; `nil` where no calendar knows.
    public var sessions: [String]?
    /// `range`, `trend_up`, `trend_down` or `unknown`.
    public var regime: String
    /// How straight the market moves, 0...1.
    public var efficiency: ExactDecimal?
    public var isRegimePartial = true
    /// Bought less sold by aggressors since the first trade.
    public var cumulativeDelta = ExactDecimal.zero
    public var isDeltaPartial = true
    /// Older trades are still on their way: all of it is partial.
    public var isCatchingUp = false
    /// The stream was lost, and no trade has come since: all of it is partial.
    public var isInDoubt = false
    /// Times that trades were missing.
    public var holes: Int64 = 0

    /// The running UTC day.
    public struct DayFigures: Codable, Sendable, Equatable {
        public var high: ExactDecimal
        public var low: ExactDecimal
        public var last: ExactDecimal
        public var volume: ExactDecimal
        public var delta: ExactDecimal
        /// Volume-weighted average price and the deviation of prices from it, rounded to the tick.
        public var vwap: ExactDecimal
        public var deviation: ExactDecimal
        /// Lowest price of its bin.
        public var pointOfControl: ExactDecimal
        public var binSize: ExactDecimal
        public var valueAreaHigh: ExactDecimal
        public var valueAreaLow: ExactDecimal
        /// Trades of it are missing, or too far away for its profile.
        public var isPartial: Bool

        public init(
            high: ExactDecimal, low: ExactDecimal, last: ExactDecimal, volume: ExactDecimal,
            delta: ExactDecimal, vwap: ExactDecimal, deviation: ExactDecimal,
            pointOfControl: ExactDecimal, binSize: ExactDecimal, valueAreaHigh: ExactDecimal,
            valueAreaLow: ExactDecimal, isPartial: Bool
        ) {
            self.high = high
            self.low = low
            self.last = last
            self.volume = volume
            self.delta = delta
            self.vwap = vwap
            self.deviation = deviation
            self.pointOfControl = pointOfControl
            self.binSize = binSize
            self.valueAreaHigh = valueAreaHigh
            self.valueAreaLow = valueAreaLow
            self.isPartial = isPartial
        }
    }

    /// A finished day, week or month.
    public struct LevelFigures: Codable, Sendable, Equatable {
        public var high: ExactDecimal
        public var low: ExactDecimal
        public var close: ExactDecimal
        public var isPartial: Bool

        public init(
            high: ExactDecimal, low: ExactDecimal, close: ExactDecimal, isPartial: Bool
        ) {
            self.high = high
            self.low = low
            self.close = close
            self.isPartial = isPartial
        }
    }

    /// Nobody knows whether all trades up to now are in it.
    var isUnsure: Bool { isCatchingUp || isInDoubt }

    public init(instrument: String, regime: String = "unknown") {
        self.instrument = instrument
        self.regime = regime
    }
}

/// Market contexts as a table: one row each, `~` behind what lacks trades.
public enum ContextText {
    /// For a terminal; empty without contexts.
    public static func table(of figures: [ContextFigures]) -> TextTable {
        var table = TextTable([
            .init("context", .left), .init("vwap"), .init("poc"), .init("val"), .init("vah"),
            .init("pdl"), .init("pdh"), .init("delta"), .init("regime", .left),
            .init("sessions", .left),
        ])
        for one in figures { table.append(row(one)) }
        return table
    }

    private static func row(_ one: ContextFigures) -> [String] {
        let day = one.day
        func daily(_ value: ExactDecimal?) -> String { marked(value, day?.isPartial ?? false) }
        func level(_ value: ExactDecimal?) -> String {
            marked(value, one.previousDay?.isPartial ?? false)
        }
        return [
            one.instrument, daily(day?.vwap), daily(day?.pointOfControl),
            daily(day?.valueAreaLow), daily(day?.valueAreaHigh), level(one.previousDay?.low),
            level(one.previousDay?.high), daily(day?.delta),
            one.regime + (one.isRegimePartial ? "~" : ""), sessions(one),
        ]
    }

    private static func sessions(_ one: ContextFigures) -> String {
        var words = one.sessions.map { $0.isEmpty ? "none" : $0.joined(separator: " ") } ?? "-"
        if one.isCatchingUp { words += ", catching up" }
        if one.isInDoubt { words += ", stream lost" }
        return words
    }

    private static func marked(_ value: ExactDecimal?, _ isPartial: Bool) -> String {
        value.map { $0.description + (isPartial ? "~" : "") } ?? "-"
    }
}
