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
    /// The venue, or this engine, does not offer the order type for the instrument.
    case orderType = 37
    /// Far larger than the orders sent here before.
    case typicalSize = 38
    /// Outside the venue's percent-price band, measured from the average of some minutes.
    case venueBand = 39
    /// Too many positions in instruments that move together (RSK-13).
    case correlation = 40
    /// The stop price is on the wrong side of the market: it would wake the order at once.
    case trigger = 41
    /// The shown part of an iceberg, its time in force or the number of its parts.
    case iceberg = 42
    /// The venue does not offer for the instrument what the order asks for: a trailing stop, a
    /// quote amount, an iceberg, a list, an amendment or one more, a replacement in one request, a
    /// way to prevent self-trades.
    case terms = 43

    /// How many rules there are.
    public static var count: Int {
        @_noLocks get { 44 }
    }

    /// The rule's bit in ``RiskViolations``.
    public var bit: UInt64 {
        @_noLocks get { 1 &<< UInt64(unsafeBitCast(self, to: UInt8.self)) }
    }

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
        case .orderType: "order_type"
        case .typicalSize: "typical_size"
        case .venueBand: "venue_band"
        case .correlation: "correlation"
        case .trigger: "trigger"
        case .iceberg: "iceberg"
        case .terms: "terms"
        }
    }
}
