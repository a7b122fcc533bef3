import CLinuxURing
import Machine
import MarketModel

/// All orders of a lane in a fixed slab: open ones until they end, ended ones until their slot is
/// needed again, so that late reports still find them.
///
/// Found by client id in O(1): sequence numbers ascend, so `sequence & mask` is the slot, and an
/// open order in the way makes the table full. Open orders of one instrument form a list.
struct OrderTable: ~Copyable {
    private let memory: TablePiece
    private let orders: UnsafeMutablePointer<Order>
    private let used: UnsafeMutablePointer<Bool>
    private let heads: UnsafeMutablePointer<Int32>
    private let openCounts: UnsafeMutablePointer<Int32>
    private let best: UnsafeMutablePointer<OwnBest>
    private let instrumentCount: Int
    private let mask: UInt32
    private(set) var openCount = 0

    /// `capacity` must be a power of two.
    init(capacity: Int, instruments: Int, in tables: TableMemory = TableMemory()) {
        precondition(capacity > 0 && capacity & (capacity - 1) == 0, "capacity: a power of two")
        let nothing = OrderIntent(
            instrument: .none, side: .buy, type: .limit, timeInForce: .gtc, price: .zero,
            quantity: .zero)
        let blank = Order(id: .none, intent: nothing, strategy: .none, time: .unknown)
        let piece = tables.take(Self.byteCount(capacity: capacity))
        orders = piece.base.bindMemory(to: Order.self, capacity: capacity)
        memory = piece
        orders.initialize(repeating: blank, count: capacity)
        used = .allocate(capacity: capacity)
        used.initialize(repeating: false, count: capacity)
        heads = .allocate(capacity: Swift.max(instruments, 1))
        heads.initialize(repeating: -1, count: Swift.max(instruments, 1))
        openCounts = .allocate(capacity: Swift.max(instruments, 1))
        openCounts.initialize(repeating: 0, count: Swift.max(instruments, 1))
        best = .allocate(capacity: Swift.max(instruments, 1))
        best.initialize(repeating: OwnBest(), count: Swift.max(instruments, 1))
        instrumentCount = instruments
        mask = UInt32(capacity - 1)
    }

    /// Bytes of the orders themselves.
    static func byteCount(capacity: Int) -> Int { capacity * MemoryLayout<Order>.stride }

    deinit {
        used.deallocate()
        heads.deallocate()
        openCounts.deallocate()
        best.deallocate()
    }

    /// Whether the slot for this sequence number is free of open orders.
    @_noLocks
    func hasRoom(for sequence: UInt32) -> Bool { openOrder(inWayOf: sequence) == nil }

    /// The open order that keeps a new one with this sequence number out.
    @_noLocks
    func openOrder(inWayOf sequence: UInt32) -> UnsafeMutablePointer<Order>? {
        let slot = Int(sequence & mask)
        return used[slot] && orders[slot].state.isOpen ? orders + slot : nil
    }

    /// Makes an order that is about to be sent, in its slot, which must have room.
    ///
    /// Made there and not copied there: a copy would wait for the stores that made it.
    @_noLocks
    mutating func open(
        _ id: ClientOrderID, _ intent: UnsafePointer<OrderIntent>, _ strategy: StrategyIndex,
        _ time: Timestamp
    ) -> UnsafeMutablePointer<Order> {
        let place = orders + Int(id.sequence & mask)
        place.initialize(to: Order(id: id, intent: intent, strategy: strategy, time: time))
        place.pointee.state = .pendingNew
        link(place)
        return place
    }

    /// Has the processor fetch the slot of a number that is used next: by then so many others have
    /// been used that it has left the nearer caches.
    @_noLocks
    func prepare(_ sequence: UInt32) {
        let place = UnsafeRawPointer(orders + Int(sequence & mask))
        clinux_uring_prefetch_write(place)
        clinux_uring_prefetch_write(place + 64)
        clinux_uring_prefetch_write(place + 128)
    }

    /// Stores an order; its slot must have room. Returns where it lives.
    @_noLocks
    mutating func insert(_ order: Order) -> UnsafeMutablePointer<Order> {
        let place = orders + Int(order.id.sequence & mask)
        place.pointee = order
        link(place)
        return place
    }

    @inline(__always)
    private mutating func link(_ place: UnsafeMutablePointer<Order>) {
        let slot = place - orders
        let instrument = place.pointee.instrument.slot
        used[slot] = true
        let head = heads[instrument]
        place.pointee.next = head
        place.pointee.previous = -1
        if head >= 0 { orders[Int(head)].previous = Int32(truncatingIfNeeded: slot) }
        heads[instrument] = Int32(truncatingIfNeeded: slot)
        openCounts[instrument] &+= 1
        openCount &+= 1
        show(place)
    }

    /// Counts an order among our best prices if it stands in the book.
    @_noLocks
    func show(_ order: UnsafeMutablePointer<Order>) {
        if !order.pointee.isWorking { return }
        (best + order.pointee.instrument.slot).pointee.add(
            order.pointee.side, order.pointee.price)
    }

    /// Takes an order that has just ended out of its instrument's list; it stays findable.
    @_noLocks
    mutating func unlink(_ order: UnsafeMutablePointer<Order>) {
        let instrument = order.pointee.instrument.slot
        let next = order.pointee.next
        let previous = order.pointee.previous
        if previous >= 0 { orders[Int(previous)].next = next } else { heads[instrument] = next }
        if next >= 0 { orders[Int(next)].previous = previous }
        order.pointee.next = -1
        order.pointee.previous = -1
        openCounts[instrument] &-= 1
        openCount &-= 1
        (best + instrument).pointee.remove(order.pointee.side, order.pointee.price)
    }

    /// The order with this id, open or ended; `nil` when it is not ours or long gone.
    @_noLocks
    func find(_ id: ClientOrderID) -> UnsafeMutablePointer<Order>? {
        let slot = Int(id.sequence & mask)
        if !used[slot] || orders[slot].id != id || id == .none { return nil }
        return orders + slot
    }

    /// The order with this number at the venue, open or ended; cold: looks at all of them.
    func find(_ venue: VenueOrderID, in instrument: InstrumentIndex) -> Order? {
        for slot in 0...Int(mask) where used[slot] {
            let order = orders[slot]
            if order.venueID == venue, order.instrument == instrument { return order }
        }
        return nil
    }

    /// The newest open order of an instrument; follow with ``next(after:)``.
    @_noLocks
    func firstOpen(in instrument: InstrumentIndex) -> UnsafeMutablePointer<Order>? {
        if instrument.slot >= instrumentCount { return nil }
        let head = heads[instrument.slot]
        return head < 0 ? nil : orders + Int(head)
    }

    /// The next older open order of the same instrument. Take it before unlinking this one.
    @_noLocks
    func next(after order: UnsafeMutablePointer<Order>) -> UnsafeMutablePointer<Order>? {
        let next = order.pointee.next
        return next < 0 ? nil : orders + Int(next)
    }

    @_noLocks
    func openCount(in instrument: InstrumentIndex) -> Int {
        Int(openCounts[instrument.slot])
    }

    /// The best prices of our own open orders, so that we never trade with ourselves; zero where
    /// there is none. `old` is left out: the order that is being replaced.
    @_noLocks
    func ownBest(
        in instrument: InstrumentIndex, besides old: UnsafeMutablePointer<Order>?
    ) -> OwnBest {
        let known = best + instrument.slot
        if known.pointee.isStale { known.pointee = scan(instrument, besides: nil) }
        guard let old else { return known.pointee }
        let price = old.pointee.side == .buy ? known.pointee.bid : known.pointee.ask
        return price == old.pointee.price ? scan(instrument, besides: old) : known.pointee
    }

    private func scan(
        _ instrument: InstrumentIndex, besides old: UnsafeMutablePointer<Order>?
    ) -> OwnBest {
        var found = OwnBest()
        var order = firstOpen(in: instrument)
        while let current = order {
            order = next(after: current)
            if current != old, current.pointee.isWorking {
                found.add(current.pointee.side, current.pointee.price)
            }
        }
        return found
    }
}
