import MarketModel

/// The venue's order states.
enum OrderStatus: String {
    /// Waits in an order list until the list's working order is filled.
    case pendingNew = "PENDING_NEW"
    case new = "NEW"
    case partiallyFilled = "PARTIALLY_FILLED"
    case filled = "FILLED"
    case canceled = "CANCELED"
    case rejected = "REJECTED"
    case expired = "EXPIRED"
    case expiredInMatch = "EXPIRED_IN_MATCH"
}

/// Why an order ended before its time (sheet section 10).
enum ExpiryReason: String {
    /// It was refused when it was to go to work.
    case rejected = "REJECTED"
    case exchangeCanceled = "EXCHANGE_CANCELED"
    /// The other order of its pair went to work, or the pair ended.
    case pairTriggered = "OCO_TRIGGER"
    /// The working order of its list ended without being filled.
    case workingOrderExpired = "OTO_PHASE_ONE_EXPIRED"
    case unfilledImmediate = "UNFILLED_IOC_QUANTITY_EXPIRED"
    case unfilledFillOrKill = "UNFILLED_FOK_ORDER_EXPIRED"
    case insufficientLiquidity = "INSUFFICIENT_LIQUIDITY"
}

/// One change of an order that keeps its turn (sheet section 8.2).
struct Amendment {
    var executionID: Int64
    var oldClientOrderID: String
    var newClientOrderID: String
    var oldQuantity: Quantity
    var newQuantity: Quantity
    var time: Timestamp
}

/// An account's order with everything the venue tells about it.
struct UserOrder {
    /// 0 until it is numbered.
    private(set) var id: Int64 = 0
    var account: AccountIndex
    var market: Int
    var ticket: OrderTicket
    var time: Timestamp
    /// An amendment may change it.
    var clientOrderID: String
    /// -1: not part of an order list.
    var listID: Int64 = -1

    var status = OrderStatus.new
    var executed = Quantity.zero
    var cumulativeQuote: Int64 = 0
    /// For a market order by quote amount: what it turned out to buy or sell.
    var quantity: Quantity
    /// Lost to self-trade prevention, over its whole life.
    var prevented = Quantity.zero
    /// The newest prevented match it was part of, -1 when there is none.
    var preventedMatchID: Int64 = -1
    var updateTime: Timestamp
    /// Whether it has reached the book: not yet for waiting and pending orders.
    var isWorking = false
    /// When it reached the book.
    var workingTime = Timestamp.unknown
    /// When a trailing order began to follow the price.
    var trailingTime = Timestamp.unknown
    /// What is locked for it, in units of 1e-8 of the asset it spends.
    var locked: Int64 = 0
    /// The price by which a buyer without limit locks money while it waits.
    var lockPrice = Price.zero
    var handle = OrderHandle.none
    var expiryReason: ExpiryReason?
    var amendments: [Amendment] = []

    init(
        account: AccountIndex, market: Int, ticket: OrderTicket, clientOrderID: String,
        time: Timestamp
    ) {
        self.account = account
        self.market = market
        self.ticket = ticket
        self.clientOrderID = clientOrderID
        self.time = time
        updateTime = time
        quantity = ticket.quantity
    }

    /// Gives it its id once it has been accepted.
    mutating func number(_ id: Int64) { self.id = id }

    var isOpen: Bool {
        switch status {
        case .pendingNew, .new, .partiallyFilled: true
        case .filled, .canceled, .rejected, .expired, .expiredInMatch: false
        }
    }

    var remaining: Quantity { quantity - executed - prevented }
    /// Waits for its price.
    var isWaiting: Bool { status == .new && ticket.isConditional && !isWorking }
    var isIceberg: Bool { ticket.icebergQuantity > .zero }
}

/// One fill as its account sees it.
struct UserFill {
    var market: Int
    var tradeID: Int64
    var orderID: Int64
    var listID: Int64
    var price: Price
    var quantity: Quantity
    var quote: Int64
    var commission: Int64
    var commissionAsset: AssetIndex
    var time: Timestamp
    var isBuyer: Bool
    var isMaker: Bool
}

/// A trade of an account with itself that did not happen (sheet section 8.4).
struct PreventedTrade {
    /// Per symbol, consecutive.
    var id: Int64
    var takerID: Int64
    var makerID: Int64
    var account: AccountIndex
    var mode: SelfTradePreventionMode
    var price: Price
    /// What would have traded.
    var quantity: Quantity
    var takerPrevented: Quantity
    var makerPrevented: Quantity
    var time: Timestamp
}
