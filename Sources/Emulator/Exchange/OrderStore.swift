import MarketModel

/// Users' orders of one symbol: open ones by client id, finished ones as long as they fit.
struct OrderStore {
    private struct ClientKey: Hashable {
        let account: AccountIndex
        let clientOrderID: String
    }

    private var orders: [Int64: UserOrder] = [:]
    private var openIDs: [AccountIndex: [Int64]] = [:]
    /// The newest order with a client id; ids may be used again after an order is closed.
    private var newest: [ClientKey: Int64] = [:]
    private var finished = BoundedQueue<Int64>(capacity: 50_000)
    var changes = ChangeTracker<Int64>()

    subscript(id: Int64) -> UserOrder? { orders[id] }

    /// Open orders of an account, oldest first.
    func open(of account: AccountIndex) -> [UserOrder] {
        (openIDs[account] ?? []).compactMap { orders[$0] }
    }

    func openCount(of account: AccountIndex) -> Int { openIDs[account]?.count ?? 0 }

    /// Open orders of every account, oldest first.
    var allOpen: [UserOrder] {
        openIDs.values.joined().sorted().compactMap { orders[$0] }
    }

    /// Every order of an account still remembered, oldest first.
    func all(of account: AccountIndex) -> [UserOrder] {
        orders.values.filter { $0.account == account }.sorted { $0.id < $1.id }
    }

    /// Every order: finished ones as they ended, then open ones, oldest first. Saved in this order
    /// they make the same store.
    var inSavingOrder: [UserOrder] {
        finished.suffix(finished.count).compactMap { orders[$0] } + allOpen
    }

    func find(_ account: AccountIndex, clientOrderID: String) -> UserOrder? {
        newest[ClientKey(account: account, clientOrderID: clientOrderID)].flatMap { orders[$0] }
    }

    func isOpen(_ account: AccountIndex, clientOrderID: String) -> Bool {
        find(account, clientOrderID: clientOrderID)?.isOpen ?? false
    }

    /// Stores an order's state and keeps the lists of open and finished orders right.
    mutating func save(_ order: UserOrder) {
        changes.note(order.id)
        let known = orders.updateValue(order, forKey: order.id)
        let key = ClientKey(account: order.account, clientOrderID: order.clientOrderID)
        if let known, known.clientOrderID != order.clientOrderID {
            let old = ClientKey(account: known.account, clientOrderID: known.clientOrderID)
            if newest[old] == order.id { newest[old] = nil }
            newest[key] = order.id
        }
        if known == nil { newest[key] = order.id }
        let wasOpen = known?.isOpen ?? false
        if order.isOpen, !wasOpen {
            openIDs[order.account, default: []].insertInOrder(order.id)
        } else if !order.isOpen, wasOpen || known == nil {
            if wasOpen { openIDs[order.account]?.removeAll { $0 == order.id } }
            if let oldest = finished.append(order.id) { forget(oldest) }
        }
    }

    private mutating func forget(_ id: Int64) {
        guard let order = orders.removeValue(forKey: id) else { return }
        let key = ClientKey(account: order.account, clientOrderID: order.clientOrderID)
        if newest[key] == id { newest[key] = nil }
    }
}

extension [Int64] {
    /// Inserts a number into ascending ones; the largest costs one comparison.
    mutating func insertInOrder(_ number: Int64) {
        insert(number, at: (lastIndex { $0 < number } ?? -1) + 1)
    }
}
