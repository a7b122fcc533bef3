import MarketModel

/// A resting order, linked with its neighbours in the queue of its price.
struct RestingOrder: BitwiseCopyable {
    var id: Int64
    var price: Price
    var remaining: Quantity
    var account: AccountIndex
    /// Slot of the order before and after in the queue, -1 at the ends.
    var previous: Int32
    var next: Int32
    var side: Side
}

/// Slots for resting orders; freed ones are reused, so a busy book does not allocate.
struct OrderPool {
    private var orders = ContiguousArray<RestingOrder>()
    /// First free slot, linked through `next`; -1 when the pool must grow.
    private var free: Int32 = -1
    private(set) var count = 0

    init(capacity: Int) { orders.reserveCapacity(capacity) }

    subscript(slot: Int32) -> RestingOrder {
        get { orders[Int(slot)] }
        set { orders[Int(slot)] = newValue }
    }

    mutating func insert(_ order: RestingOrder) -> Int32 {
        count += 1
        guard free >= 0 else {
            orders.append(order)
            return Int32(orders.count - 1)
        }
        let slot = free
        free = orders[Int(slot)].next
        orders[Int(slot)] = order
        return slot
    }

    mutating func remove(_ slot: Int32) {
        count -= 1
        orders[Int(slot)].id = 0
        orders[Int(slot)].next = free
        free = slot
    }

    mutating func setNext(_ slot: Int32, _ next: Int32) { orders[Int(slot)].next = next }
    mutating func setPrevious(_ slot: Int32, _ previous: Int32) {
        orders[Int(slot)].previous = previous
    }
    mutating func setRemaining(_ slot: Int32, _ remaining: Quantity) {
        orders[Int(slot)].remaining = remaining
    }

    /// The order that a handle names, `nil` when it has left the book.
    func find(_ handle: OrderHandle) -> RestingOrder? {
        guard handle.slot >= 0, Int(handle.slot) < orders.count else { return nil }
        let order = orders[Int(handle.slot)]
        return order.id == handle.id && handle.id != 0 ? order : nil
    }
}
