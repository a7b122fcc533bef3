import MarketModel

/// At most `count` events in any `window`; a count of 0 switches the limit off.
@frozen
public struct RateLimit: BitwiseCopyable, Sendable, Equatable {
    public var count: Int64
    public var window: Nanoseconds

    public init(count: Int64, window: Nanoseconds) {
        self.count = count
        self.window = window
    }

    public static var unlimited: RateLimit { RateLimit(count: 0, window: .seconds(1)) }
}

/// Limits of one order, whoever sends it. Money in 1e-8 of the quote asset; 0 switches a limit off.
@frozen
public struct OrderRiskLimits: BitwiseCopyable, Sendable {
    public var maxNotional: Int64 = 0
    /// Largest distance from the opposite best and from the last trade, basis points.
    public var priceBand: Int64 = 0
    /// Largest distance a limit price may reach through the opposite best, basis points.
    public var fatFinger: Int64 = 0
    /// Largest multiple of the instrument's usual order size, hundredths: 1000 is ten times.
    public var maxSizeMultiple: Int64 = 0
    public var duplicateWindow = Nanoseconds.zero
    /// Prices this many ticks apart count as the same for the duplicate rule.
    public var duplicateTicks: Int64 = 0
    /// Entries must say that the strategy manages stop and target (RSK-09).
    public var requiresProtection = false
    /// UTC minutes of the day, start inclusive, end exclusive; equal: always (RSK-14).
    public var hoursStart: Int64 = 0
    public var hoursEnd: Int64 = 0

    public init() {}
}

/// Limits of one instrument; 0 switches a limit off.
@frozen
public struct InstrumentRiskLimits: BitwiseCopyable, Sendable {
    public var maxOrderQuantity = Quantity.zero
    public var maxPosition = Quantity.zero
    /// 1e-8 of the quote asset.
    public var maxExposure: Int64 = 0
    public var maxOpenOrders: Int64 = 0
    public var orderRate = RateLimit.unlimited
    public var cancelRate = RateLimit.unlimited
    public var staleData = Nanoseconds.zero
    /// Largest distance of the last trade from the session's first, basis points (RSK-15).
    public var maxMove: Int64 = 0
    /// Bit set of the instruments that move together with this one, itself included or not.
    public var correlatedSet: UInt64 = 0
    /// No new risk in this instrument; what reduces it passes.
    public var isHalted = false

    public init() {}
}

/// Limits of one strategy; 0 switches a limit off. Money in 1e-8 of the quote asset.
@frozen
public struct StrategyRiskLimits: BitwiseCopyable, Sendable {
    public var maxExposure: Int64 = 0
    public var maxOpenOrders: Int64 = 0
    public var maxDailyLoss: Int64 = 0
    public var orderRate = RateLimit.unlimited
    /// One entry at a time in each instrument: refuses an entry while a position or an entry
    /// order is open there (RSK-03).
    public var onePosition = false

    public init() {}
}

/// Limits of everything together; 0 switches a limit off. Money in 1e-8 of the quote asset.
@frozen
public struct GlobalRiskLimits: BitwiseCopyable, Sendable {
    public var maxExposure: Int64 = 0
    public var maxPositions: Int64 = 0
    /// Positions among instruments that move together (RSK-13).
    public var maxCorrelated: Int64 = 0
    public var maxOpenOrders: Int64 = 0
    /// Exposure over equity in hundredths: 300 is 3x.
    public var maxLeverage: Int64 = 0
    public var maxDailyLoss: Int64 = 0
    public var orderRate = RateLimit.unlimited
    public var cancelRate = RateLimit.unlimited

    public init() {}
}

/// All limits as configured, by index.
public struct RiskLimits: Sendable {
    public var order = OrderRiskLimits()
    public var instruments: [InstrumentRiskLimits]
    public var strategies: [StrategyRiskLimits]
    public var global = GlobalRiskLimits()

    /// No limits of our own; the venue's rules always hold.
    public init(instruments: Int, strategies: Int) {
        self.instruments = Array(repeating: InstrumentRiskLimits(), count: instruments)
        self.strategies = Array(repeating: StrategyRiskLimits(), count: strategies)
    }
}
