import MarketModel

/// An order request with its parameters read and typed, before any check against the market.
struct OrderTicket: Equatable {
    var side: Side
    var type: OrderType
    var timeInForce: TimeInForce
    var price: Price = .zero
    var quantity: Quantity = .zero
    /// Market order by quote amount, in units of 1e-8; 0: by quantity.
    var quoteQuantity: Int64 = 0
    /// `nil`: the exchange makes one.
    var clientOrderID: String?
    var selfTradePrevention: SelfTradePrevention = .none
    var strategyID: Int64?
    var strategyType: Int64?
}

/// The venue's order states.
enum OrderStatus: String {
    case new = "NEW"
    case partiallyFilled = "PARTIALLY_FILLED"
    case filled = "FILLED"
    case canceled = "CANCELED"
    case expired = "EXPIRED"
    case expiredInMatch = "EXPIRED_IN_MATCH"
}

/// An account's order with everything the venue tells about it.
struct UserOrder {
    let id: Int64
    let account: AccountIndex
    let market: Int
    let ticket: OrderTicket
    let clientOrderID: String
    let time: Timestamp

    var status = OrderStatus.new
    var executed = Quantity.zero
    var cumulativeQuote: Int64 = 0
    /// For a market order by quote amount: what it turned out to buy or sell.
    var quantity: Quantity
    var prevented = Quantity.zero
    var updateTime: Timestamp
    /// When it came onto the book; `unknown` when it never did.
    var workingTime = Timestamp.unknown
    /// What is locked for it, in units of 1e-8 of the asset it spends.
    var locked: Int64 = 0
    var handle = OrderHandle.none
    var expiryReason: String?

    init(
        id: Int64, account: AccountIndex, market: Int, ticket: OrderTicket, clientOrderID: String,
        time: Timestamp
    ) {
        self.id = id
        self.account = account
        self.market = market
        self.ticket = ticket
        self.clientOrderID = clientOrderID
        self.time = time
        updateTime = time
        workingTime = time
        quantity = ticket.quantity
    }

    var isOpen: Bool { status == .new || status == .partiallyFilled }
    var remaining: Quantity { quantity - executed - prevented }
}

/// One fill as its account sees it.
struct UserFill {
    let market: Int
    let tradeID: Int64
    let orderID: Int64
    let price: Price
    let quantity: Quantity
    let quote: Int64
    let commission: Int64
    let commissionAsset: AssetIndex
    let time: Timestamp
    let isBuyer: Bool
    let isMaker: Bool
}

/// What happened to an order: the content of one executionReport.
struct OrderReport {
    /// The order after the event.
    let order: UserOrder
    let type: ExecutionKind
    let executionID: Int64
    let time: Timestamp
    /// The trade, when there was one.
    var fill: UserFill?
    /// A cancel has its own client id; the order's own is then the original.
    var cancelClientOrderID: String?
}

/// The venue's execution types.
enum ExecutionKind: String {
    case new = "NEW"
    case canceled = "CANCELED"
    case trade = "TRADE"
    case expired = "EXPIRED"
    case tradePrevention = "TRADE_PREVENTION"
}

/// Something an account is told on its user stream.
enum UserEvent {
    case report(OrderReport)
    /// Balances of these assets may have changed.
    case position(AccountIndex, [AssetIndex], Timestamp)

    var account: AccountIndex {
        switch self {
        case .report(let report): report.order.account
        case .position(let account, _, _): account
        }
    }
}
