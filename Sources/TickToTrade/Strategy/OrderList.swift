import MarketModel

/// Orders that are sent in one request and depend on each other at the venue.
///
/// The venue keeps the dependence, so a protection stands even when the engine does not.
@frozen
public struct OrderList: BitwiseCopyable, Sendable {
    public let contingency: Contingency
    public internal(set) var first: OrderIntent
    public internal(set) var second: OrderIntent
    /// For three orders; otherwise a copy of ``second``.
    public internal(set) var third: OrderIntent

    @_noLocks
    init(
        _ contingency: Contingency, _ first: OrderIntent, _ second: OrderIntent,
        _ third: OrderIntent
    ) {
        self.contingency = contingency
        self.first = first
        self.second = second
        self.third = third
    }

    /// One cancels the other: the first that trades or is woken ends the other.
    ///
    /// Same side and quantity. To sell: `above` post-only or a take-profit, `below` a stop-loss;
    /// to buy: `above` a stop-loss, `below` post-only or a take-profit.
    @_noLocks
    public static func pair(above: OrderIntent, below: OrderIntent) -> OrderList {
        OrderList(.oneCancelsOther, above, below, below)
    }

    /// One triggers the other: `pending` goes to work when `working`, a limit order, is filled.
    @_noLocks
    public static func trigger(working: OrderIntent, pending: OrderIntent) -> OrderList {
        OrderList(.oneTriggersOther, working, pending, pending)
    }

    /// An entry with its protection: a pair goes to work when `working`, a limit order, is filled.
    /// Counts as protected (RSK-09).
    @_noLocks
    public static func bracket(
        working: OrderIntent, above: OrderIntent, below: OrderIntent
    ) -> OrderList {
        var entry = working
        entry.hasProtection = true
        return OrderList(.oneTriggersPair, entry, above, below)
    }

    subscript(_ leg: UInt8) -> OrderIntent {
        @_noLocks get { leg == 0 ? first : leg == 1 ? second : third }
        @_noLocks set {
            switch leg {
            case 0: first = newValue
            case 1: second = newValue
            default: third = newValue
            }
        }
    }

    /// Whether a leg waits for an order on the other side that is at least as large: it can only
    /// reduce what that order opens.
    @_noLocks
    func isCovered(_ leg: UInt8) -> Bool {
        contingency.isPending(leg) && self[leg].side != first.side
            && self[leg].quantity <= first.quantity
    }

    /// What makes the orders a list, whatever the market (binance-spot.md, section 8.3).
    var isWellFormed: Bool {
        @_noLocks get {
            var leg: UInt8 = 1
            while leg < contingency.legCount {
                let other = self[leg]
                if other.instrument.raw != first.instrument.raw
                    || other.terms.quoteQuantity.raw > 0
                    || other.terms.selfTradePrevention != first.terms.selfTradePrevention
                {
                    return false
                }
                leg &+= 1
            }
            switch contingency {
            case .none: return false
            case .oneCancelsOther: return Self.isPair(first, second)
            case .oneTriggersOther: return isWorking
            case .oneTriggersPair: return isWorking && Self.isPair(second, third)
            }
        }
    }

    private var isWorking: Bool { first.type == .limit || first.type == .limitMaker }

    private static func isPair(_ above: OrderIntent, _ below: OrderIntent) -> Bool {
        if above.side != below.side || above.quantity != below.quantity { return false }
        let isSale = above.side == .sell
        if !isStop(isSale ? below.type : above.type) { return false }
        if !isTarget(isSale ? above.type : below.type) { return false }
        // A trailing one without a stop price starts where the market is.
        let high = above.type == .limitMaker ? above.price : above.terms.stopPrice
        let low = below.type == .limitMaker ? below.price : below.terms.stopPrice
        return high.raw == 0 || low.raw == 0 || high > low
    }

    private static func isStop(_ type: OrderType) -> Bool {
        type == .stopLoss || type == .stopLossLimit
    }

    private static func isTarget(_ type: OrderType) -> Bool {
        type == .limitMaker || type == .takeProfit || type == .takeProfitLimit
    }
}

/// What became of a submitted list at once, here.
@frozen
public enum ListSubmission: BitwiseCopyable, Sendable {
    /// Its orders; `third` is `none` for a list of two.
    case sent(first: ClientOrderID, second: ClientOrderID, third: ClientOrderID)
    case denied(RiskViolations)
}

/// What happens to the new order when the old one cannot be cancelled.
@frozen
public enum ReplaceMode: UInt8, BitwiseCopyable, Sendable {
    @_noLocks
    public static func == (left: ReplaceMode, right: ReplaceMode) -> Bool {
        unsafeBitCast(left, to: UInt8.self) == unsafeBitCast(right, to: UInt8.self)
    }

    /// It is not placed.
    case onlyIfCanceled = 0
    /// It is placed: both may be open, and risk is checked for both.
    case inAnyCase = 1
}

/// How one order takes the place of another.
struct Replacement: BitwiseCopyable {
    var mode: ReplaceMode
    var restriction: CancelRestriction
    var cancelsAtLimit: Bool

    @_noLocks
    init(
        mode: ReplaceMode = .onlyIfCanceled, restriction: CancelRestriction = .none,
        cancelsAtLimit: Bool = false
    ) {
        self.mode = mode
        self.restriction = restriction
        self.cancelsAtLimit = cancelsAtLimit
    }

    static var plain: Replacement { @_noLocks get { Replacement() } }
}
