import MarketModel

/// A resting order, linked with its neighbours in the queue of its price.
struct RestingOrder: BitwiseCopyable {
    var id: Int64
    var price: Price
    /// What is shown and can trade now.
    var remaining: Quantity
    var account: AccountIndex
    /// Slot of the order before and after in the queue, -1 at the ends.
    var previous: Int32
    var next: Int32
    var side: Side
    /// Whether the pool keeps a reserve for it.
    var isIceberg = false
}

/// What an iceberg keeps behind the part that is shown.
struct IcebergReserve: BitwiseCopyable {
    /// The part shown at a time.
    let display: Quantity
    var hidden: Quantity
}

/// Slots for resting orders; freed ones are reused, so a busy book does not allocate.
struct OrderPool {
    private var orders = ContiguousArray<RestingOrder>()
    /// First free slot, linked through `next`; -1 when the pool must grow.
    private var free: Int32 = -1
    /// By slot; apart from the orders, which stay small for the many that have none.
    private var reserves: [Int32: IcebergReserve] = [:]
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
        if orders[Int(slot)].isIceberg { reserves[slot] = nil }
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

    var hasIcebergs: Bool { !reserves.isEmpty }

    /// What an order keeps behind its shown part.
    func hidden(_ slot: Int32) -> Quantity { reserves[slot]?.hidden ?? .zero }

    mutating func keep(_ reserve: IcebergReserve, behind slot: Int32) {
        orders[Int(slot)].isIceberg = true
        reserves[slot] = reserve
    }

    mutating func takeHidden(_ quantity: Quantity, from slot: Int32) {
        reserves[slot]?.hidden -= quantity
    }

    /// Shows the next part of an iceberg whose shown part is used up; zero when none is left.
    mutating func showNext(_ slot: Int32) -> Quantity {
        guard let reserve = reserves[slot], reserve.hidden > .zero else { return .zero }
        let shown = min(reserve.display, reserve.hidden)
        reserves[slot]?.hidden -= shown
        orders[Int(slot)].remaining = shown
        return shown
    }

    /// The order that a handle names, `nil` when it has left the book.
    func find(_ handle: OrderHandle) -> RestingOrder? {
        guard handle.slot >= 0, Int(handle.slot) < orders.count else { return nil }
        let order = orders[Int(handle.slot)]
        return order.id == handle.id && handle.id != 0 ? order : nil
    }
}
