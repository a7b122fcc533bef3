import MarketContext
import MarketModel

/// One market context as the lane last published it: what its UTC day says, and the levels around
/// it. Zero prices are unknown ones.
@frozen
public struct ContextSummary: BitwiseCopyable, Sendable {
    /// A finished period's high, low and close; zero while there is none.
    @frozen
    public struct Level: BitwiseCopyable, Sendable {
        public var high = Price.zero
        public var low = Price.zero
        public var close = Price.zero
        public var isPartial = true

        @inlinable
        public init() {}
    }

    public var instrument = InstrumentIndex.none
    /// The market's clock; `unknown` before the first trade.
    public var clock = Timestamp.unknown
    /// When the UTC day began that the next fields are of.
    public var dayStart = Timestamp.unknown
    public var high = Price.zero
    public var low = Price.zero
    public var last = Price.zero
    public var volume = Quantity.zero
    /// Bought less sold by aggressors, of the day.
    public var delta = Quantity.zero
    /// In raw price units.
    public var vwap = 0.0
    public var deviation = 0.0
    /// Lowest price of the bin of the point of control, and how large bins are.
    public var pointOfControl = Price.zero
    public var binSize = Price.zero
    public var valueAreaLow = Price.zero
    public var valueAreaHigh = Price.zero
    public var isDayPartial = true
    public var previousDay = Level()
    public var previousWeek = Level()
    public var previousMonth = Level()
    public var nakedAbove = Price.zero
    public var nakedBelow = Price.zero
    public var areNakedPartial = false
    public var cumulativeDelta = Quantity.zero
    public var isDeltaPartial = true
    public var openSessions = SessionSet()
    public var knowsSessions = false
    public var regime = Regime.unknown
    /// In ten-thousandths; -1 while there are too few bars.
    public var efficiency: Int64 = -1
    public var isRegimePartial = true
    public var isCatchingUp = false
    public var isInDoubt = false
    public var holeCount: Int64 = 0

    @inlinable
    public init() {}
}

extension ContextSummary {
    /// Takes time with the rows of the day's profile.
    init(_ context: borrowing InstrumentContext) {
        self.init()
        instrument = context.instrument
        isCatchingUp = context.isCatchingUp
        isInDoubt = context.isInDoubt
        holeCount = context.holeCount
        openSessions = context.openSessions
        knowsSessions = context.knowsSessions
        regime = context.regime
        efficiency = context.efficiency ?? -1
        isRegimePartial = context.isRegimePartial
        cumulativeDelta = context.cumulativeDelta
        isDeltaPartial = context.isDeltaPartial
        previousDay = Self.level(context.previousDay)
        previousWeek = Self.level(context.previousWeek)
        previousMonth = Self.level(context.previousMonth)
        if context.clock.nanoseconds != .min { clock = context.clock }
        if let above = context.nakedLevels.nearestAbove {
            nakedAbove = above.low
            areNakedPartial = above.isPartial || isCatchingUp
        }
        if let below = context.nakedLevels.nearestBelow {
            nakedBelow = below.low
            areNakedPartial = areNakedPartial || below.isPartial || isCatchingUp
        }
        takeDay(context.day.pointee, isPartial: context.isPartial(context.day))
    }

    private mutating func takeDay(_ day: borrowing SessionContext, isPartial: Bool) {
        guard let candle = day.candle else { return }
        dayStart = day.opening
        high = candle.high
        low = candle.low
        last = candle.close
        volume = candle.volume
        delta = candle.delta
        vwap = day.vwap.value ?? 0
        deviation = day.vwap.deviation
        binSize = day.profile.binSize
        pointOfControl = day.profile.pointOfControl?.low ?? .zero
        if let area = day.valueArea {
            valueAreaLow = area.low
            valueAreaHigh = area.high
        }
        isDayPartial = isPartial
    }

    private static func level(_ told: PeriodLevel?) -> Level {
        var level = Level()
        guard let told else { return level }
        level.high = told.candle.high
        level.low = told.candle.low
        level.close = told.candle.close
        level.isPartial = told.isPartial
        return level
    }
}

extension TradingState {
    /// How many market contexts there are; one for all strategies that ask for the same.
    public var contextCount: Int { contexts.count }

    /// Context `place` as people see it, in the order of the plan. Cold.
    public func contextStatus(_ place: Int) -> ContextSummary { contexts.summary(at: place) }
}
