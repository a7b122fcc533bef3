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

/// The newest elements, in order; appending to a full one gives back the oldest.
struct BoundedQueue<Element> {
    private let capacity: Int
    private var storage: [Element] = []
    private var start = 0

    init(capacity: Int) {
        precondition(capacity > 0, "capacity must be positive")
        self.capacity = capacity
    }

    var count: Int { storage.count }

    /// Element `index` from the oldest.
    subscript(index: Int) -> Element {
        let place = start + index
        return storage[place < storage.count ? place : place - storage.count]
    }

    /// The newest `limit` elements, oldest first.
    func suffix(_ limit: Int) -> [Element] {
        let first = max(count - limit, 0)
        return (first..<count).map { self[$0] }
    }

    /// At most `limit` elements of a range, the oldest or the newest of them, oldest first.
    func slice(_ range: Range<Int>, _ limit: Int, fromOldest: Bool) -> [Element] {
        (fromOldest ? range.prefix(limit) : range.suffix(limit)).map { self[$0] }
    }

    /// The oldest element that `isBehind` holds for, which holds for all after it; the count when
    /// there is none.
    func partition(_ isBehind: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    @discardableResult
    mutating func append(_ element: Element) -> Element? {
        guard storage.count == capacity else {
            storage.append(element)
            return nil
        }
        let oldest = storage[start]
        storage[start] = element
        start = (start + 1) % capacity
        return oldest
    }
}
