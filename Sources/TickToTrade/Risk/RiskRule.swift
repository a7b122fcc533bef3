/// One pre-trade rule; its number is its bit in ``RiskViolations`` and stable in journals.
@frozen
public enum RiskRule: UInt8, BitwiseCopyable, Sendable, CaseIterable {
    /// Trading is halted, or the strategy is stopped (RSK-16).
    case halted = 0
    /// The book has no intact sequence, or is empty or crossed.
    case bookInvalid = 1
    /// Market data is older than allowed.
    case staleData = 2
    /// The venue does not take orders for the instrument.
    case notTrading = 3
    /// Price or quantity is not positive where it must be, or a product overflows.
    case malformed = 4
    /// Not a multiple of the tick size, or outside the venue's price bounds (RSK-10).
    case price = 5
    /// Not a multiple of the lot size, or outside the venue's quantity bounds (RSK-11).
    case quantity = 6
    /// Below the venue's smallest notional, or above its largest (RSK-11).
    case notional = 7
    case orderNotional = 8
    case orderQuantity = 9
    /// The position after every open order on the same side would be too large (RSK-04).
    case position = 10
    case instrumentExposure = 11
    case strategyExposure = 12
    /// All positions and open orders together (RSK-06).
    case totalExposure = 13
    case instrumentOpenOrders = 14
    case strategyOpenOrders = 15
    case totalOpenOrders = 16
    /// The venue's own limit of open orders on the instrument.
    case venueOpenOrders = 17
    /// Instruments with a position (RSK-05).
    case openPositions = 18
    /// Exposure over equity (RSK-07).
    case leverage = 19
    /// Free balance after reservations and the worst-case fee (RSK-12).
    case capital = 20
    /// Realised and unrealised loss and fees of the UTC day (RSK-08).
    case dailyLoss = 21
    case strategyDailyLoss = 22
    /// Too far from the book's other side, or from the last trade.
    case priceBand = 23
    /// Through the book by more than any intended order.
    case fatFinger = 24
    /// Same side and nearly the same price a moment ago (RSK-02).
    case duplicate = 25
    case instrumentOrderRate = 26
    case strategyOrderRate = 27
    case totalOrderRate = 28
    /// Would trade against our own resting order.
    case selfCross = 29
    /// An entry without stop and target where they are mandatory (RSK-09).
    case protection = 30
    /// The strategy already has a position here (RSK-03).
    case existingPosition = 31
    /// Outside the hours of trading (RSK-14).
    case tradingHours = 32
    /// The market moves more than allowed (RSK-15).
    case volatility = 33
    /// Reduce-only, but it would open or enlarge a position.
    case reduceOnly = 34
    /// No room in a table of fixed size.
    case tableFull = 35
    /// The order to replace is not open, or not this strategy's.
    case unknownOrder = 36

    /// As in configuration, logs and reports.
    public var name: String {
        switch self {
        case .halted: "halted"
        case .bookInvalid: "book_invalid"
        case .staleData: "stale_data"
        case .notTrading: "not_trading"
        case .malformed: "malformed"
        case .price: "price"
        case .quantity: "quantity"
        case .notional: "notional"
        case .orderNotional: "order_notional"
        case .orderQuantity: "order_quantity"
        case .position: "position"
        case .instrumentExposure: "instrument_exposure"
        case .strategyExposure: "strategy_exposure"
        case .totalExposure: "total_exposure"
        case .instrumentOpenOrders: "instrument_open_orders"
        case .strategyOpenOrders: "strategy_open_orders"
        case .totalOpenOrders: "total_open_orders"
        case .venueOpenOrders: "venue_open_orders"
        case .openPositions: "open_positions"
        case .leverage: "leverage"
        case .capital: "capital"
        case .dailyLoss: "daily_loss"
        case .strategyDailyLoss: "strategy_daily_loss"
        case .priceBand: "price_band"
        case .fatFinger: "fat_finger"
        case .duplicate: "duplicate"
        case .instrumentOrderRate: "instrument_order_rate"
        case .strategyOrderRate: "strategy_order_rate"
        case .totalOrderRate: "total_order_rate"
        case .selfCross: "self_cross"
        case .protection: "protection"
        case .existingPosition: "existing_position"
        case .tradingHours: "trading_hours"
        case .volatility: "volatility"
        case .reduceOnly: "reduce_only"
        case .tableFull: "table_full"
        case .unknownOrder: "unknown_order"
        }
    }
}

/// The rules an order breaks: all of them, not just the first (RSK-01).
@frozen
public struct RiskViolations: OptionSet, BitwiseCopyable, Sendable, Hashable {
    public let rawValue: UInt64
    @inlinable @inline(__always)
    public init(rawValue: UInt64) { self.rawValue = rawValue }
    @inlinable @inline(__always)
    public init(_ rule: RiskRule) { rawValue = 1 << UInt64(rule.rawValue) }

    public static var tableFull: RiskViolations {
        @_noLocks get { RiskViolations(.tableFull) }
    }
    public static var unknownOrder: RiskViolations {
        @_noLocks get { RiskViolations(.unknownOrder) }
    }

    /// The rules by number.
    public var rules: [RiskRule] {
        RiskRule.allCases.filter { contains(RiskViolations($0)) }
    }
}

/// A broken rule with the number that failed and the bound it failed against.
///
/// Units follow the rule: raw prices and quantities, notional at the instrument's scale, basis
/// points, counts or nanoseconds.
@frozen
public struct RiskBreach: BitwiseCopyable, Sendable, Equatable {
    public var rule: RiskRule
    public var value: Int128
    public var bound: Int128

    @inlinable
    public init(_ rule: RiskRule, _ value: Int128, _ bound: Int128) {
        self.rule = rule
        self.value = value
        self.bound = bound
    }
}

/// The outcome of all checks on one order: what is violated, and the first eight in numbers.
@frozen
public struct RiskVerdict: BitwiseCopyable, Sendable {
    public private(set) var violations: RiskViolations
    public private(set) var breachCount: Int
    private var breaches: InlineArray<8, RiskBreach>

    /// Nothing violated.
    @_noLocks
    public init() {
        violations = RiskViolations(rawValue: 0)
        breachCount = 0
        breaches = InlineArray(repeating: RiskBreach(.halted, 0, 0))
    }

    /// One rule without numbers.
    @_noLocks
    public init(_ rule: RiskRule) {
        self.init()
        fail(rule, 0, 0)
    }

    @_noLocks
    mutating func fail(_ rule: RiskRule, _ value: Int128, _ bound: Int128) {
        violations = RiskViolations(rawValue: violations.rawValue | 1 << UInt64(rule.rawValue))
        if breachCount < 8 {
            breaches[breachCount] = RiskBreach(rule, value, bound)
            breachCount &+= 1
        }
    }

    /// Breach `index`, below ``breachCount``.
    public func breach(_ index: Int) -> RiskBreach { breaches[index] }

    /// "order_notional: 1200 exceeds 1000; …" with raw numbers, for logs and the journal.
    public var explanation: String {
        (0..<breachCount).map { index in
            let breach = breaches[index]
            return "\(breach.rule.name): \(breach.value) against \(breach.bound)"
        }.joined(separator: "; ")
    }
}
