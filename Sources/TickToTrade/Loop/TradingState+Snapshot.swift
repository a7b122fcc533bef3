import MarketModel

/// The account out and in: what a run hands to the next one.
extension TradingState {
    /// Open orders that a snapshot holds at most; more would be a table out of control.
    private static var snapshotOrders: Int { 1_024 }

    /// Bytes that ``writeSnapshot(into:now:)`` needs at most.
    public var snapshotCapacity: Int {
        AccountSnapshotHeader(
            time: .unknown, day: 0, dayStart: .zero, strategyCount: UInt32(strategyCount),
            positionCount: UInt32(instrumentCount * (strategyCount + 1)),
            instrumentCount: UInt32(instrumentCount), assetCount: UInt32(ledger.assetCount),
            orderCount: UInt32(Self.snapshotOrders)
        ).byteCount
    }

    /// Writes the account as an ``AccountSnapshot``; returns its bytes. Does not allocate.
    public func writeSnapshot(into memory: UnsafeMutableRawPointer, now: Timestamp) -> Int {
        var writer = SnapshotWriter(memory)
        for strategy in 0..<strategyCount { writer.put(ledger.strategyDayStart(strategy)) }
        var positions: UInt32 = 0
        for slot in 0..<instrumentCount {
            let index = InstrumentIndex(UInt16(truncatingIfNeeded: slot))
            for strategy in -1..<strategyCount {
                let owner = StrategyIndex(truncatingNone: strategy)
                guard let position = position(ofOwner: owner, in: index), position.fillCount > 0
                else { continue }
                writer.put(
                    AccountSnapshot.PositionEntry(
                        position, mark: ledger.mark(index), instrument: index, strategy: owner))
                positions += 1
            }
        }
        for slot in 0..<instrumentCount { writer.put(booked[slot].newest) }
        for asset in 0..<ledger.assetCount { writer.put(ledger.toldBalance(asset)) }
        var count: UInt32 = 0
        for slot in 0..<instrumentCount {
            var order = orders.firstOpen(in: InstrumentIndex(UInt16(truncatingIfNeeded: slot)))
            while let current = order, count < Self.snapshotOrders {
                order = orders.next(after: current)
                writer.put(current.pointee)
                count += 1
            }
        }
        forEachGivenUp { order in
            guard count < Self.snapshotOrders else { return }
            writer.put(order)
            count += 1
        }
        let header = AccountSnapshotHeader(
            time: now, day: ledger.day, dayStart: ledger.dayStart,
            strategyCount: UInt32(strategyCount), positionCount: positions,
            instrumentCount: UInt32(instrumentCount), assetCount: UInt32(ledger.assetCount),
            orderCount: count)
        memory.storeBytes(of: header, as: AccountSnapshotHeader.self)
        return writer.count
    }

    private func position(ofOwner owner: StrategyIndex, in index: InstrumentIndex) -> Position? {
        owner == .none
            ? ledger.position(index).pointee : ledger.position(of: owner, in: index)?.pointee
    }

    /// Takes an account over, before anything else has happened here; cold.
    ///
    /// Entries of instruments and strategies that do not exist here are left out.
    public mutating func restore(_ snapshot: AccountSnapshot) {
        for entry in snapshot.positions where entry.instrument.slot < instrumentCount {
            ledger.restore(entry, minQuantity: instruments[entry.instrument.slot].minQuantity)
        }
        ledger.restoreDay(snapshot.day, snapshot.dayStart, snapshot.strategyDayStarts)
        if snapshot.day != .min {
            nextDay = Timestamp(nanoseconds: (snapshot.day &+ 1) &* Nanoseconds.day.count)
        }
        for (slot, id) in snapshot.lastTradeIDs.enumerated() where slot < instrumentCount {
            booked[slot].restore(newest: id)
        }
        ledger.restore(snapshot.balances)
        // A new order comes first in its list: the newest one last.
        for order in snapshot.openOrders.reversed() where order.instrument.slot < instrumentCount {
            adopt(order)
        }
    }

    /// Lets the UTC day of a moment begin, as time did in the run that is followed: what was lost
    /// since then stays lost today.
    public mutating func passDay(at now: Timestamp) {
        if now >= nextDay { startDay(now) }
    }

    /// Puts an order into the table as it is, its reservation included.
    public mutating func adopt(_ order: Order) {
        guard orders.hasRoom(for: order.id.sequence) else { return }
        let stored = orders.insert(order)
        if order.state == .unknown { unknownCount &+= 1 }
        risk.resume(stored)
    }

    /// Follows an earlier decision: the order it made is open, as far as is known.
    public mutating func adopt(_ request: OrderRequest) {
        guard request.instrument.slot < instrumentCount, orders.find(request.clientOrderID) == nil
        else { return }
        // The run had room for it: what is in its way here had ended there, by a query's answer.
        if let other = orders.openOrder(inWayOf: request.clientOrderID.sequence) { forget(other) }
        let intent = OrderIntent(
            instrument: request.instrument, side: request.side, type: request.type,
            timeInForce: request.timeInForce, price: request.price, quantity: request.quantity,
            isReduceOnly: request.isReduceOnly, terms: request.terms)
        var order = Order(
            id: request.clientOrderID, intent: intent, strategy: request.strategy,
            time: request.decisionTime)
        order.state = .pendingNew
        order.replaces = request.replacedOrderID
        order.contingency = request.contingency
        order.leg = request.leg
        if request.contingency.isPending(request.leg) { order.isWorking = false }
        order.reservedQuote = Notional(request.price, request.quantity)
        order.reservedBase = request.quantity
        adopt(order)
    }

    /// Ends an order that the venue has refused, unless it is known to work there.
    public mutating func end(
        _ id: ClientOrderID, ifPendingAs event: OrderEvent, now: Timestamp
    ) {
        guard let order = orders.find(id), order.pointee.state == .pendingNew else { return }
        change(order, event, now)
    }

    /// Ends every open order without a word of the venue: a newer list of them follows.
    public mutating func forgetOrders() {
        for slot in 0..<instrumentCount {
            while let order = orders.firstOpen(in: InstrumentIndex(UInt16(slot))) { forget(order) }
        }
    }

    private mutating func forget(_ order: UnsafeMutablePointer<Order>) {
        if order.pointee.state == .unknown { unknownCount &-= 1 }
        order.pointee.state = .canceled
        risk.release(order)
        orders.unlink(order)
    }

    /// Throws away what would leave the core: for a state that only keeps books.
    public mutating func discardOutput() {
        while takeEvent() != nil {}
        while takeAnswer() != nil {}
        while takeDenial() != nil {}
        while takeNotice() != nil {}
        while takeRequest() != nil {}
    }

    /// The highest id of our own trades in an instrument; -1: none.
    public func newestTrade(in index: InstrumentIndex) -> Int64 { booked[index.slot].newest }

    /// Whether a trade of ours is booked; `nil` for one that is too old to know it of.
    public func hasBooked(_ id: TradeID, _ side: Side, in index: InstrumentIndex) -> Bool? {
        booked[index.slot].holds(id, side)
    }

    /// One of our orders by the venue's number, open or ended; `nil` when it is not remembered.
    public func order(_ venue: VenueOrderID, in index: InstrumentIndex) -> Order? {
        orders.find(venue, in: index)
    }

    /// What the venue last said of an asset's balance.
    public func toldBalance(of asset: AssetIndex) -> ToldBalance {
        ledger.toldBalance(asset.slot)
    }

    /// The account as of now; allocates.
    public func accountSnapshot(now: Timestamp) -> AccountSnapshot? {
        let memory = UnsafeMutableRawPointer.allocate(byteCount: snapshotCapacity, alignment: 64)
        defer { memory.deallocate() }
        let count = writeSnapshot(into: memory, now: now)
        return AccountSnapshot(UnsafeRawBufferPointer(start: memory, count: count))
    }
}

/// Writes entries one after the other behind a header.
private struct SnapshotWriter {
    private let memory: UnsafeMutableRawPointer
    private(set) var count = MemoryLayout<AccountSnapshotHeader>.stride

    init(_ memory: UnsafeMutableRawPointer) { self.memory = memory }

    mutating func put<Entry: BitwiseCopyable>(_ entry: Entry) {
        memory.storeBytes(of: entry, toByteOffset: count, as: Entry.self)
        count += MemoryLayout<Entry>.stride
    }
}

extension StrategyIndex {
    /// -1 is `none`.
    fileprivate init(truncatingNone slot: Int) {
        self = slot < 0 ? .none : StrategyIndex(UInt16(truncatingIfNeeded: slot))
    }
}
