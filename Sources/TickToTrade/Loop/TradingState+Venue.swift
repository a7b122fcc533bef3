import MarketModel

/// The venue's word on our requests and orders comes in.
extension TradingState {
    /// The answer to a request: it moves orders only where no report will (a refusal).
    @_noLocks
    public mutating func apply(_ reply: RequestReply, now: Timestamp) {
        guard let request = pending.take(reply.requestID) else {
            counts.lateReports &+= 1
            return
        }
        switch reply.outcome {
        case .accepted: accepted(request, reply, now)
        case .rejected, .noSuchOrder: refused(request, reply, now)
        case .unknown: loseTrack(of: request, now)
        }
    }

    private mutating func accepted(
        _ request: PendingRequest, _ reply: RequestReply, _ now: Timestamp
    ) {
        guard let order = orders.find(request.orderID) else { return }
        switch request.kind {
        case .place, .cancelReplace:
            if reply.venueOrderID != .none { order.pointee.venueID = reply.venueOrderID }
            if order.pointee.state == .pendingNew || order.pointee.state == .unknown {
                change(order, .accept, now)
            }
        // The end of a cancelled order is the report's to tell: it carries the last fills.
        case .cancel, .cancelAll, .query: break
        }
    }

    private mutating func refused(
        _ request: PendingRequest, _ reply: RequestReply, _ now: Timestamp
    ) {
        announce(
            LaneEvent(
                .venueCode, time: now, instrument: request.instrument, orderID: request.orderID,
                code: Int64(reply.venueCode)))
        switch request.kind {
        case .place:
            if let order = orders.find(request.orderID) { change(order, .reject, now) }
        case .cancelReplace:
            if let order = orders.find(request.orderID) { change(order, .reject, now) }
            // The cancelled half is told by its own report; a failed cancel leaves the old order.
            if !reply.didCancel, let old = orders.find(request.replacedID) {
                refuseChange(old, reply, now)
            }
        case .cancel:
            if let order = orders.find(request.orderID) { refuseChange(order, reply, now) }
        case .query:
            guard let order = orders.find(request.orderID) else { return }
            if reply.outcome == .noSuchOrder {
                change(order, .findNothing, now)
            } else {
                scheduleQuery(order, now)
            }
        case .cancelAll: break
        }
    }

    /// A cancel that found no such order says that the order has ended: ask how (BUG-027).
    private mutating func refuseChange(
        _ order: UnsafeMutablePointer<Order>, _ reply: RequestReply, _ now: Timestamp
    ) {
        if order.pointee.state.isTerminal { return }
        if reply.outcome == .noSuchOrder {
            query(order, now)
        } else {
            change(order, .refuseChange, now)
        }
    }

    /// No definite answer: the order counts as open until the venue is asked for it.
    @_noLocks
    mutating func loseTrack(of request: PendingRequest, _ now: Timestamp) {
        if request.kind == .cancelReplace, let old = orders.find(request.replacedID),
            old.pointee.state.isOpen
        {
            scheduleQuery(old, now)
        }
        guard let order = orders.find(request.orderID), order.pointee.state.isOpen else { return }
        if request.kind == .query {
            scheduleQuery(order, now)
            return
        }
        counts.becameUnknown &+= 1
        announce(
            LaneEvent(
                .unknownOutcome, time: now, instrument: request.instrument,
                strategy: order.pointee.strategy, orderID: request.orderID))
        change(order, .loseTrack, now)
        scheduleQuery(order, now)
    }

    /// Asks now if the session is up; otherwise ``resolveUnknown(_:)`` asks when it is.
    private mutating func scheduleQuery(_ order: UnsafeMutablePointer<Order>, _ now: Timestamp) {
        if order.pointee.state != .unknown { change(order, .loseTrack, now) }
        if !halts.contains(.orderSessionDown) { query(order, now) }
    }

    /// Asks for every order whose fate is unknown: after a reconnect.
    @_noLocks
    mutating func resolveUnknown(_ now: Timestamp) {
        var slot = 0
        while slot < instrumentCount {
            var order = orders.firstOpen(in: InstrumentIndex(UInt16(truncatingIfNeeded: slot)))
            while let current = order {
                order = orders.next(after: current)
                if current.pointee.state == .unknown { query(current, now) }
            }
            slot &+= 1
        }
    }

    // MARK: - Reports

    @_noLocks
    public mutating func apply(_ report: ExecutionReport, now: Timestamp) {
        guard let order = orders.find(report.clientOrderID) else {
            counts.foreignReports &+= 1
            announce(
                LaneEvent(
                    .orderUnknownToUs, time: now, instrument: report.instrument,
                    code: report.venueOrderID.raw, price: report.price,
                    quantity: report.quantity, side: report.side))
            return
        }
        if report.venueOrderID != .none { order.pointee.venueID = report.venueOrderID }
        if report.status == .unrecognized || report.executionType == .unrecognized {
            // Fails closed, loudly: ask what it means (BUG-030).
            raise(.unknownState, now)
            scheduleQuery(order, now)
            return
        }
        if report.executionType == .trade { book(report, order, now) }
        let event = Self.event(of: report)
        if report.executionID != 0 && report.executionID < order.pointee.lastExecutionID
            && event == .accept
        {
            counts.lateReports &+= 1
            return
        }
        order.pointee.lastExecutionID = Swift.max(
            order.pointee.lastExecutionID, report.executionID)
        if report.executionType == .status { catchUp(report, order, now) }
        if event != .accept || !order.pointee.state.acceptsChanges { change(order, event, now) }
    }

    /// What a report means for the order's state.
    private static func event(of report: ExecutionReport) -> OrderEvent {
        switch report.status {
        case .new, .pendingNew: .accept
        case .partiallyFilled: .partialFill
        case .filled: .fill
        case .canceled: .cancel
        case .rejected: .reject
        case .expired: .expire
        case .pendingCancel, .unrecognized: .accept
        }
    }

    /// Books a trade once, by its id, with its own price and quantity (BUG-064, BUG-065).
    private mutating func book(
        _ report: ExecutionReport, _ order: UnsafeMutablePointer<Order>, _ now: Timestamp
    ) {
        let slot = order.pointee.instrument.slot
        if report.lastQuantity.raw <= 0 || report.lastPrice.raw <= 0 { return }
        let isCovered =
            report.cumulativeQuantity.raw > 0
            && report.cumulativeQuantity <= order.pointee.filled
        if isCovered || !booked[slot].book(report.tradeID, order.pointee.side) {
            counts.lateReports &+= 1
            return
        }
        let valued = value(of: report, UnsafePointer(instruments + slot))
        let fill = Fill(
            clientOrderID: order.pointee.id, tradeID: report.tradeID,
            instrument: order.pointee.instrument, strategy: order.pointee.strategy,
            side: order.pointee.side, price: report.lastPrice, quantity: report.lastQuantity,
            fee: valued ?? .zero, isFeeUnvalued: valued == nil, isMaker: report.isMaker, time: now)
        settle(fill, order, now)
    }

    /// Books a fill in the order, the positions and the reservations, and tells who should know.
    private mutating func settle(
        _ fill: Fill, _ order: UnsafeMutablePointer<Order>, _ now: Timestamp
    ) {
        order.pointee.filled += fill.quantity
        order.pointee.filledNotional += Notional(fill.price, fill.quantity)
        ledger.apply(fill, UnsafePointer(instruments + fill.instrument.slot))
        risk.fill(order, fill.quantity)
        counts.fills &+= 1
        notify(fill.strategy, .fill(fill))
        announce(
            LaneEvent(
                .fill, time: now, instrument: fill.instrument, strategy: fill.strategy,
                orderID: fill.clientOrderID, code: fill.tradeID.raw, price: fill.price,
                quantity: fill.quantity, side: fill.side))
        checkDailyLoss(now)
    }

    /// The commission in quote money; `nil` in an asset without a rate here.
    private func value(
        of report: ExecutionReport, _ rules: UnsafePointer<Instrument>
    ) -> Notional? {
        if report.commission == 0 { return .zero }
        if report.commissionAsset == rules.pointee.quoteAsset {
            return Notional(raw: Int128(report.commission) * risk.moneyUnit)
        }
        if report.commissionAsset == rules.pointee.baseAsset {
            // 1e-8 of the base at the fill's price: the units multiply like a quantity's.
            let scale = rules.pointee.unit / 100_000_000
            let perPrice = Int128(DecimalScale.power(Int(rules.pointee.priceScale)))
            return Notional(
                raw: Int128(report.commission) * Int128(report.lastPrice.raw) / perPrice * scale)
        }
        return nil
    }

    /// A query's answer may know of trades whose reports were lost with a connection: what is
    /// missing is booked as one trade at its average price. Should the lost reports come after
    /// all, their cumulative quantity says that they are covered.
    private mutating func catchUp(
        _ report: ExecutionReport, _ order: UnsafeMutablePointer<Order>, _ now: Timestamp
    ) {
        let missing = report.cumulativeQuantity - order.pointee.filled
        if missing.raw <= 0 { return }
        let rules = UnsafePointer(instruments + order.pointee.instrument.slot)
        let quantityUnit = DecimalScale.power(Int(rules.pointee.quantityScale))
        let spent = Int128(report.cumulativeQuote.raw) * Int128(quantityUnit)
            - order.pointee.filledNotional.raw
        let average = spent / Int128(missing.raw)
        if average <= 0 || average > Int128(Int64.max) {
            raise(.unknownState, now)
            return
        }
        let price = Price(raw: Int64(average))
        let fee = Notional(price, missing).raw / 100_000_000 * Int128(rules.pointee.takerFee)
        settle(
            Fill(
                clientOrderID: order.pointee.id, tradeID: .none,
                instrument: order.pointee.instrument, strategy: order.pointee.strategy,
                side: order.pointee.side, price: price, quantity: missing,
                fee: Notional(raw: fee), isFeeUnvalued: true, isMaker: false, time: now),
            order, now)
    }

    @_noLocks
    public mutating func apply(_ balance: Balance, now: Timestamp) { ledger.apply(balance) }

    // MARK: - State changes

    /// Moves an order through its machine and tells its strategy.
    @_noLocks
    mutating func change(
        _ order: UnsafeMutablePointer<Order>, _ event: OrderEvent, _ now: Timestamp
    ) {
        let previous = order.pointee.state
        switch previous.next(on: event) {
        case .stay: return
        case .late:
            counts.lateReports &+= 1
            return
        case .illegal:
            counts.illegalTransitions &+= 1
            announce(
                LaneEvent(
                    .illegalTransition, time: now, instrument: order.pointee.instrument,
                    orderID: order.pointee.id,
                    code: previous.code << 8 | event.code))
            return
        case .to(let state):
            var next = state
            if next == .new, order.pointee.filled.raw > 0 { next = .partiallyFilled }
            order.pointee.state = next
            order.pointee.changedTime = now
            if previous == .unknown { unknownCount &-= 1 }
            if next == .unknown { unknownCount &+= 1 }
            if next.isTerminal { end(order, next, now) }
            notify(order.pointee.strategy, .order(update(order, from: previous)))
        }
    }

    private mutating func end(
        _ order: UnsafeMutablePointer<Order>, _ state: OrderState, _ now: Timestamp
    ) {
        risk.release(order)
        orders.unlink(order)
        switch state {
        case .canceled: counts.canceled &+= 1
        case .expired: counts.expired &+= 1
        case .rejected:
            counts.rejected &+= 1
            announce(
                LaneEvent(
                    .rejected, time: now, instrument: order.pointee.instrument,
                    strategy: order.pointee.strategy, orderID: order.pointee.id,
                    price: order.pointee.price, quantity: order.pointee.quantity,
                    side: order.pointee.side))
        default: break
        }
        if order.pointee.isAwaited {
            order.pointee.isAwaited = false
            settleIntervention(now, ended: true)
        }
    }

    private func update(
        _ order: UnsafeMutablePointer<Order>, from previous: OrderState
    ) -> OrderUpdate {
        OrderUpdate(
            clientOrderID: order.pointee.id, instrument: order.pointee.instrument,
            side: order.pointee.side, previous: previous, state: order.pointee.state,
            price: order.pointee.price, remaining: order.pointee.remaining)
    }
}
