import MarketModel

/// A limit that can be set while running; the number is stable in journals and on the wire.
public enum RiskLimitKey: Int64, CaseIterable, Sendable {
    case orderMaxNotional = 1
    case orderPriceBand = 2
    case orderFatFinger = 3
    case orderDuplicateWindow = 4
    case orderDuplicateTicks = 5
    case orderMaxSizeMultiple = 6
    case orderRequiresProtection = 7
    case orderHoursStart = 8
    case orderHoursEnd = 9
    case instrumentMaxOrderQuantity = 10
    case instrumentMaxPosition = 11
    case instrumentMaxExposure = 12
    case instrumentMaxOpenOrders = 13
    case instrumentStaleData = 14
    case instrumentMaxMove = 15
    case instrumentOrderRate = 16
    case instrumentCancelRate = 17
    case instrumentHalted = 18
    case strategyMaxExposure = 20
    case strategyMaxOpenOrders = 21
    case strategyMaxDailyLoss = 22
    case strategyOrderRate = 23
    case strategyOnePosition = 24
    case globalMaxExposure = 30
    case globalMaxPositions = 31
    case globalMaxOpenOrders = 32
    case globalMaxLeverage = 33
    case globalMaxDailyLoss = 34
    case globalOrderRate = 35
    case globalCancelRate = 36
    case globalMaxCorrelated = 37

    /// What the limit is counted over: the section of the configuration.
    public var scope: String {
        switch rawValue {
        case ..<10: "order"
        case ..<20: "instrument"
        case ..<30: "strategy"
        default: "global"
        }
    }

    /// The key within its section.
    public var name: String {
        switch self {
        case .orderMaxNotional: "max_notional"
        case .orderPriceBand: "price_band"
        case .orderFatFinger: "fat_finger"
        case .orderDuplicateWindow: "duplicate_window"
        case .orderDuplicateTicks: "duplicate_ticks"
        case .orderMaxSizeMultiple: "max_size_multiple"
        case .orderRequiresProtection: "requires_protection"
        case .orderHoursStart: "hours_start"
        case .orderHoursEnd: "hours_end"
        case .instrumentMaxOrderQuantity: "max_order_quantity"
        case .instrumentMaxPosition: "max_position"
        case .instrumentMaxExposure, .strategyMaxExposure, .globalMaxExposure: "max_exposure"
        case .instrumentMaxOpenOrders, .strategyMaxOpenOrders, .globalMaxOpenOrders:
            "max_open_orders"
        case .instrumentStaleData: "stale_data"
        case .instrumentMaxMove: "max_move"
        case .instrumentOrderRate, .strategyOrderRate, .globalOrderRate: "order_rate"
        case .instrumentCancelRate, .globalCancelRate: "cancel_rate"
        case .instrumentHalted: "halted"
        case .strategyMaxDailyLoss, .globalMaxDailyLoss: "max_daily_loss"
        case .strategyOnePosition: "one_position"
        case .globalMaxPositions: "max_positions"
        case .globalMaxCorrelated: "max_correlated"
        case .globalMaxLeverage: "max_leverage"
        }
    }

    /// "order.max_notional": what commands and the audit call it.
    public var path: String { scope + "." + name }

    /// The key with this ``path``.
    public init?(path: String) {
        guard let key = Self.allCases.first(where: { $0.path == path }) else { return nil }
        self = key
    }

    /// What the value is counted in.
    public var unit: RiskLimitUnit {
        switch self {
        case .orderMaxNotional, .instrumentMaxExposure, .strategyMaxExposure, .globalMaxExposure,
            .strategyMaxDailyLoss, .globalMaxDailyLoss:
            .quoteMoney
        case .orderPriceBand, .orderFatFinger, .instrumentMaxMove: .basisPoints
        case .orderDuplicateWindow, .instrumentStaleData: .nanoseconds
        case .instrumentMaxOrderQuantity, .instrumentMaxPosition: .baseQuantity
        case .orderDuplicateTicks, .instrumentMaxOpenOrders, .strategyMaxOpenOrders,
            .globalMaxOpenOrders, .globalMaxPositions, .globalMaxCorrelated:
            .count
        case .instrumentOrderRate, .instrumentCancelRate, .strategyOrderRate, .globalOrderRate,
            .globalCancelRate:
            .countPerWindow
        case .orderMaxSizeMultiple, .globalMaxLeverage: .hundredths
        case .orderHoursStart, .orderHoursEnd: .minutes
        case .orderRequiresProtection, .instrumentHalted, .strategyOnePosition: .flag
        }
    }

    /// Values the limit may have; 0 switches it off.
    public var range: ClosedRange<Int64> {
        switch unit {
        // Money and quantities: a sum of a few never leaves 64 bits.
        case .quoteMoney, .baseQuantity, .nanoseconds: 0...(1 << 60)
        case .basisPoints: 0...1_000_000
        case .count, .countPerWindow: 0...1_000_000
        case .hundredths: 0...1_000_000
        case .minutes: 0...1439
        case .flag: 0...1
        }
    }
}

/// The unit of a limit's `Int64` on the command ring.
public enum RiskLimitUnit: Sendable {
    /// 1e-8 of the quote asset.
    case quoteMoney
    /// Raw quantity at the instrument's scale.
    case baseQuantity
    case basisPoints
    case nanoseconds
    case count
    /// Events in the window the configuration has set.
    case countPerWindow
    /// 1/100.
    case hundredths
    /// Since UTC midnight.
    case minutes
    /// 0 or 1.
    case flag
}
