import MarketModel

/// Orders placed together: OCO, OTO or OTOCO, before any check against the market.
struct OrderListTicket {
    var clientOrderID: String?
    var shape: Shape

    enum Shape {
        /// The stop loss first, then the limit or take-profit order.
        case oco(stop: OrderTicket, target: OrderTicket)
        case oto(working: OrderTicket, pending: OrderTicket)
        case otoco(working: OrderTicket, stop: OrderTicket, target: OrderTicket)
    }

    /// In the order in which the venue numbers them.
    var tickets: [OrderTicket] {
        switch shape {
        case .oco(let stop, let target): [stop, target]
        case .oto(let working, let pending): [working, pending]
        case .otoco(let working, let stop, let target): [working, stop, target]
        }
    }

    var contingency: OrderList.Contingency {
        if case .oco = shape { .oco } else { .oto }
    }
}

/// Orders that depend on each other, as the venue keeps them (sheet section 8.3).
struct OrderList {
    enum Contingency: String {
        case oco = "OCO"
        /// Reported for OTOCO too.
        case oto = "OTO"
    }

    /// What the newest report says of the list.
    enum StatusType: String {
        case started = "EXEC_STARTED"
        case updated = "UPDATED"
        case done = "ALL_DONE"
    }

    var id: Int64
    var account: AccountIndex
    var market: Int
    var contingency: Contingency
    var clientOrderID: String
    var time: Timestamp
    /// Ids of its orders as placed.
    var orders: [Int64]
    /// The order that starts the others; `nil` for OCO.
    var working: Int64?
    var statusType = StatusType.started
    /// Both orders of the pair are open and neither has traded or woken up.
    var hasPair: Bool
    /// What the intact pair keeps locked: the larger need, because only one of them can trade.
    var pairLocked: Int64 = 0

    var isOpen: Bool { statusType != .done }
    /// The two orders of which only one can trade; empty for OTO.
    var pair: ArraySlice<Int64> { orders.count - (working == nil ? 0 : 1) == 2 ? orders.suffix(2) : [] }
    var orderStatus: String { isOpen ? "EXECUTING" : "ALL_DONE" }

    /// The other order of the pair.
    func counterpart(of order: Int64) -> Int64? {
        pair.contains(order) ? pair.first { $0 != order } : nil
    }
}

/// Every order list of the exchange: open ones, finished ones as long as they fit.
struct OrderListStore {
    private var lists: [Int64: OrderList] = [:]
    private var byAccount: [AccountIndex: [Int64]] = [:]
    private var finished = BoundedQueue<Int64>(capacity: 20_000)
    private(set) var lastID: Int64 = -1
    var changes = ChangeTracker<Int64>()

    subscript(id: Int64) -> OrderList? { lists[id] }

    mutating func makeID() -> Int64 {
        lastID += 1
        return lastID
    }

    /// Numbers go on after this one.
    mutating func resume(after id: Int64) { lastID = max(lastID, id) }

    /// Every list: finished ones as they ended, then open ones, oldest first. Saved in this order
    /// they make the same store.
    var inSavingOrder: [OrderList] {
        finished.suffix(finished.count).compactMap { lists[$0] }
            + lists.values.filter(\.isOpen).sorted { $0.id < $1.id }
    }

    /// An account's lists still remembered, oldest first.
    func all(of account: AccountIndex) -> [OrderList] {
        (byAccount[account] ?? []).compactMap { lists[$0] }
    }

    func open(of account: AccountIndex) -> [OrderList] { all(of: account).filter(\.isOpen) }

    /// The newest list with a client id.
    func find(_ account: AccountIndex, clientOrderID: String) -> OrderList? {
        all(of: account).last { $0.clientOrderID == clientOrderID }
    }

    mutating func save(_ list: OrderList) {
        changes.note(list.id)
        let known = lists.updateValue(list, forKey: list.id)
        if known == nil { byAccount[list.account, default: []].insertInOrder(list.id) }
        lastID = max(lastID, list.id)
        guard !list.isOpen, known?.isOpen ?? true else { return }
        if let oldest = finished.append(list.id), let gone = lists.removeValue(forKey: oldest) {
            byAccount[gone.account]?.removeAll { $0 == oldest }
        }
    }
}
