import MarketModel

/// A limit that can be set while running; the number is stable in journals and on the wire.
public enum RiskLimitKey: Int64, CaseIterable, Sendable {
    case orderMaxNotional = 1
    case orderPriceBand = 2
    case orderFatFinger = 3
    case orderDuplicateWindow = 4
    case instrumentMaxOrderQuantity = 10
    case instrumentMaxPosition = 11
    case instrumentMaxExposure = 12
    case instrumentMaxOpenOrders = 13
    case instrumentStaleData = 14
    case strategyMaxExposure = 20
    case strategyMaxOpenOrders = 21
    case strategyMaxDailyLoss = 22
    case globalMaxExposure = 30
    case globalMaxPositions = 31
    case globalMaxOpenOrders = 32
    case globalMaxLeverage = 33
    case globalMaxDailyLoss = 34

    /// Scope and name as in the configuration.
    public var scope: String {
        switch rawValue {
        case ..<10: "order"
        case ..<20: "instrument"
        case ..<30: "strategy"
        default: "global"
        }
    }

    public var name: String {
        switch self {
        case .orderMaxNotional: "max_notional"
        case .orderPriceBand: "price_band"
        case .orderFatFinger: "fat_finger"
        case .orderDuplicateWindow: "duplicate_window"
        case .instrumentMaxOrderQuantity: "max_order_quantity"
        case .instrumentMaxPosition: "max_position"
        case .instrumentMaxExposure, .strategyMaxExposure, .globalMaxExposure: "max_exposure"
        case .instrumentMaxOpenOrders, .strategyMaxOpenOrders, .globalMaxOpenOrders:
            "max_open_orders"
        case .instrumentStaleData: "stale_data"
        case .strategyMaxDailyLoss, .globalMaxDailyLoss: "max_daily_loss"
        case .globalMaxPositions: "max_positions"
        case .globalMaxLeverage: "max_leverage"
        }
    }

    /// What the value is counted in.
    public var unit: RiskUnit {
        switch self {
        case .orderMaxNotional, .instrumentMaxExposure, .strategyMaxExposure, .globalMaxExposure,
            .strategyMaxDailyLoss, .globalMaxDailyLoss:
            .quoteMoney
        case .orderPriceBand, .orderFatFinger: .basisPoints
        case .orderDuplicateWindow, .instrumentStaleData: .nanoseconds
        case .instrumentMaxOrderQuantity, .instrumentMaxPosition: .baseQuantity
        case .instrumentMaxOpenOrders, .strategyMaxOpenOrders, .globalMaxOpenOrders,
            .globalMaxPositions:
            .count
        case .globalMaxLeverage: .hundredths
        }
    }
}

/// The unit of a limit's `Int64` on the command ring.
public enum RiskUnit: Sendable {
    /// 1e-8 of the quote asset.
    case quoteMoney
    /// Raw quantity at the instrument's scale.
    case baseQuantity
    case basisPoints
    case nanoseconds
    case count
    /// 1/100.
    case hundredths
}

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

    public init() {}
}

/// Limits of one strategy; 0 switches a limit off. Money in 1e-8 of the quote asset.
@frozen
public struct StrategyRiskLimits: BitwiseCopyable, Sendable {
    public var maxExposure: Int64 = 0
    public var maxOpenOrders: Int64 = 0
    public var maxDailyLoss: Int64 = 0
    public var orderRate = RateLimit.unlimited
    /// One entry at a time: refuses an entry while a position or an entry order is open (RSK-03).
    public var onePosition = false

    public init() {}
}

/// Limits of everything together; 0 switches a limit off. Money in 1e-8 of the quote asset.
@frozen
public struct GlobalRiskLimits: BitwiseCopyable, Sendable {
    public var maxExposure: Int64 = 0
    public var maxPositions: Int64 = 0
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
