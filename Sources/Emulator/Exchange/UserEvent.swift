import MarketModel

/// The venue's execution types.
enum ExecutionKind: String {
    case new = "NEW"
    case canceled = "CANCELED"
    case replaced = "REPLACED"
    case rejected = "REJECTED"
    case trade = "TRADE"
    case expired = "EXPIRED"
    case tradePrevention = "TRADE_PREVENTION"
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
    /// The trade that did not happen, when there was one.
    var prevented: PreventedTrade?
    /// The client id this event is about when it is not the order's own: a cancel has its own.
    var requestClientOrderID: String?
    /// The id before an amendment.
    var oldClientOrderID: String?
    /// Why the order was refused when it was to go to work.
    var reason: Rejection?
}

/// What happened to an order list: the content of one listStatus.
struct OrderListReport {
    let list: OrderList
    /// The client order ids of its orders at that moment, in the list's order.
    let clientOrderIDs: [String]
    let time: Timestamp
}

/// Something an account is told on its user stream.
enum UserEvent {
    case report(OrderReport)
    case list(OrderListReport)
    /// Balances of these assets may have changed.
    case position(AccountIndex, [AssetIndex], Timestamp)
    /// A deposit (positive) or a withdrawal.
    case balance(AccountIndex, AssetIndex, delta: Int64, Timestamp)
    /// Something outside locked (positive) or released a balance.
    case externalLock(AccountIndex, AssetIndex, delta: Int64, Timestamp)

    var account: AccountIndex {
        switch self {
        case .report(let report): report.order.account
        case .list(let report): report.list.account
        case .position(let account, _, _), .balance(let account, _, _, _),
            .externalLock(let account, _, _, _):
            account
        }
    }
}
