import MarketModel

/// Orders that somebody else has placed on the same account, taken over: they count in the limits, an
/// operator's halt cancels them, and what they trade is booked in the net position. A lost connection
/// or the end of the run leaves them where they would be without this engine.
extension TradingState {
    /// Begins a claim: the venue is asked what the order is.
    @_noLocks
    mutating func claim(_ command: Command, _ now: Timestamp) {
        let isTaken = adoptClaim(command)
        if isTaken { owe(at: now) }
        answer(command, accepted: isTaken, now: now)
        sweep(now)
    }

    /// Enters a claimed order whose terms are not known yet; `false` where there is no such
    /// instrument, no room in the table, or the order is here already.
    @_noLocks
    @discardableResult
    public mutating func adoptClaim(_ command: Command) -> Bool {
        let id = ClientOrderID(claiming: VenueOrderID(command.key))
        if id == .none || command.instrument.slot >= instrumentCount { return false }
        if orders.find(id) != nil || !orders.hasRoom(for: id.sequence) { return false }
        let blank = OrderIntent(
            instrument: command.instrument, side: .buy, type: .limit, timeInForce: .gtc,
            price: .zero, quantity: .zero)
        var order = Order(id: id, intent: blank, strategy: .none, time: command.time)
        order.venueID = VenueOrderID(command.key)
        order.filled = Quantity(raw: command.value)
        order.state = .unknown
        order.isWorking = false
        unknownCount &+= 1
        risk.admit(orders.insert(order))
        return true
    }

    /// The order that a report is on: by our id, or for one of somebody else by the venue's.
    @_noLocks
    func find(_ report: ExecutionReport) -> UnsafeMutablePointer<Order>? {
        if report.clientOrderID != .none { return orders.find(report.clientOrderID) }
        guard let order = orders.find(ClientOrderID(claiming: report.venueOrderID)),
            order.pointee.instrument == report.instrument
        else { return nil }
        return order
    }

    /// The first report on a claimed order tells what it is. What it traded before somebody else's
    /// books have.
    @_noLocks
    mutating func describe(
        _ order: UnsafeMutablePointer<Order>, _ report: ExecutionReport
    ) {
        let isSane =
            report.quantity.raw > 0 && report.quantity.raw <= RiskGate.largestRaw
            && report.price.raw >= 0 && report.price.raw <= RiskGate.largestRaw
            && report.cumulativeQuantity.raw >= 0 && report.cumulativeQuantity <= report.quantity
        if !isSane { return }
        order.pointee.side = report.side
        order.pointee.type = report.type
        order.pointee.timeInForce = report.timeInForce
        order.pointee.price = report.price
        order.pointee.quantity = report.quantity
        let isTrade =
            report.executionType == .trade && report.cumulativeQuantity >= report.lastQuantity
        let reported = report.cumulativeQuantity - (isTrade ? report.lastQuantity : .zero)
        let told = order.pointee.filled
        order.pointee.filled = told.raw < 0 || told > reported ? reported : told
        order.pointee.filledNotional = spent(report, on: order)
        order.pointee.isWorking = !report.type.isConditional
        orders.show(order)
        let mark = ledger.mark(order.pointee.instrument)
        risk.hold(order, at: report.price.raw > 0 ? report.price : mark)
    }

    /// The part of what the venue says was paid that belongs to the filled quantity.
    private func spent(
        _ report: ExecutionReport, on order: UnsafeMutablePointer<Order>
    ) -> Notional {
        let all = report.cumulativeQuantity
        if all.raw == 0 || order.pointee.filled.raw == 0 { return .zero }
        let scale = Int(instruments[order.pointee.instrument.slot].quantityScale)
        let money = Int128(report.cumulativeQuote.raw) * Int128(DecimalScale.power(scale))
        return Notional(raw: money / Int128(all.raw) * Int128(order.pointee.filled.raw))
    }
}
