import MarketModel

/// One side of a book: price levels in order, each with its first-in-first-out queue.
///
/// Levels lie in one array sorted so that the best is last: arrivals and removals happen near
/// the top, so they move few elements, and the best price is one load. A level's key is the
/// price for bids and the negated price for asks, so both sides share every line of code.
struct BookSide {
    struct Level: BitwiseCopyable {
        var key: Int64
        var quantity: Quantity
        var head: Int32
        var tail: Int32
        /// Equal to the side's epoch once the level is in the list of changes.
        var markedEpoch: UInt32
    }

    let side: Side
    private let sign: Int64
    private var levels = ContiguousArray<Level>()
    /// Prices changed since the last drain; a price removed and re-added may appear twice.
    private(set) var changes = ContiguousArray<Price>()
    private var epoch: UInt32 = 1

    init(side: Side, capacity: Int) {
        self.side = side
        sign = side.sign
        levels.reserveCapacity(capacity)
        changes.reserveCapacity(capacity)
    }

    var isEmpty: Bool { levels.isEmpty }
    var levelCount: Int { levels.count }
    var bestPrice: Price? { levels.last.map { Price(raw: $0.key * sign) } }
    var bestQuantity: Quantity { levels.last?.quantity ?? .zero }
    /// First order in the queue of the best price, -1 when the side is empty.
    var front: Int32 { levels.last?.head ?? -1 }

    func quantity(at price: Price) -> Quantity {
        let index = position(of: price.raw * sign)
        guard index < levels.count, levels[index].key == price.raw * sign else { return .zero }
        return levels[index].quantity
    }

    func forEachLevel(limit: Int, _ body: (Price, Quantity) -> Void) {
        var index = levels.count - 1
        let last = max(levels.count - limit, 0)
        while index >= last {
            body(Price(raw: levels[index].key * sign), levels[index].quantity)
            index -= 1
        }
    }

    /// Visits the first order of each level from the best until `body` returns false.
    func forEachQueue(_ body: (Price, Quantity, Int32) -> Bool) {
        for level in levels.reversed() {
            if !body(Price(raw: level.key * sign), level.quantity, level.head) { return }
        }
    }

    /// Puts an order at the end of its price's queue.
    mutating func append(_ order: RestingOrder, to pool: inout OrderPool) -> Int32 {
        let key = order.price.raw * sign
        let index = position(of: key)
        var queued = order
        queued.next = -1
        if index < levels.count, levels[index].key == key {
            queued.previous = levels[index].tail
            let slot = pool.insert(queued)
            pool.setNext(queued.previous, slot)
            levels[index].tail = slot
            levels[index].quantity += order.remaining
            mark(index)
            return slot
        }
        queued.previous = -1
        let slot = pool.insert(queued)
        let level = Level(
            key: key, quantity: order.remaining, head: slot, tail: slot, markedEpoch: 0)
        levels.insert(level, at: index)
        mark(index)
        return slot
    }

    /// Takes an order out, wherever it stands in its queue.
    mutating func remove(_ slot: Int32, from pool: inout OrderPool) {
        let order = pool[slot]
        let index = position(of: order.price.raw * sign)
        if order.previous >= 0 {
            pool.setNext(order.previous, order.next)
        } else {
            levels[index].head = order.next
        }
        if order.next >= 0 {
            pool.setPrevious(order.next, order.previous)
        } else {
            levels[index].tail = order.previous
        }
        levels[index].quantity -= order.remaining
        mark(index)
        if levels[index].head < 0 { levels.remove(at: index) }
        pool.remove(slot)
    }

    /// Trades `quantity` against the first order of the best level; it leaves when used up.
    mutating func fillFront(_ quantity: Quantity, in pool: inout OrderPool) {
        let index = levels.count - 1
        let slot = levels[index].head
        let remaining = pool[slot].remaining - quantity
        if remaining > .zero {
            pool.setRemaining(slot, remaining)
            levels[index].quantity -= quantity
            mark(index)
            return
        }
        if pool[slot].isIceberg {
            let shown = pool.showNext(slot)
            if shown > .zero {
                levels[index].quantity += shown - quantity
                moveToBack(of: index, in: &pool)
                mark(index)
                return
            }
        }
        remove(slot, from: &pool)
    }

    /// Makes an order smaller where it stands; it keeps its turn.
    mutating func reduce(_ slot: Int32, by quantity: Quantity, in pool: inout OrderPool) {
        let index = position(of: pool[slot].price.raw * sign)
        pool.setRemaining(slot, pool[slot].remaining - quantity)
        levels[index].quantity -= quantity
        mark(index)
    }

    /// The first order of a level queues again behind everyone at its price.
    private mutating func moveToBack(of index: Int, in pool: inout OrderPool) {
        let slot = levels[index].head
        let last = levels[index].tail
        guard slot != last else { return }
        levels[index].head = pool[slot].next
        levels[index].tail = slot
        pool.setPrevious(levels[index].head, -1)
        pool.setNext(last, slot)
        pool.setPrevious(slot, last)
        pool.setNext(slot, -1)
    }

    /// Forgets the list of changes; the next change of any level is noted anew.
    mutating func clearChanges() {
        changes.removeAll(keepingCapacity: true)
        epoch &+= 1
    }

    private mutating func mark(_ index: Int) {
        guard levels[index].markedEpoch != epoch else { return }
        levels[index].markedEpoch = epoch
        let price = Price(raw: levels[index].key * sign)
        // The best prices come and go: most that are new were in the list a moment ago.
        if changes.suffix(8).contains(price) { return }
        changes.append(price)
    }

    /// Index of the level with this key, or where it would be inserted.
    private func position(of key: Int64) -> Int {
        var high = levels.count
        // Most traffic is near the top: look at the last few before halving.
        let near = max(high - 8, 0)
        while high > near {
            if levels[high - 1].key < key { return high }
            if levels[high - 1].key == key { return high - 1 }
            high -= 1
        }
        var low = 0
        while low < high {
            let middle = (low + high) / 2
            if levels[middle].key < key { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
