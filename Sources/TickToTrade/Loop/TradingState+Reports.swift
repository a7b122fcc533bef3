import MarketModel

/// The venue's reports on our orders come in: fills, ends, states.
extension TradingState {
    @_noLocks
    public mutating func apply(_ report: ExecutionReport, now: Timestamp) {
        guard let order = find(report) else {
            counts.foreignReports &+= 1
            announce(
                LaneEvent(
                    .orderUnknownToUs, time: now, instrument: report.instrument,
                    orderID: report.clientOrderID, code: report.venueOrderID.raw, price: report.price,
                    quantity: report.quantity, side: report.side))
            return
        }
        if report.venueOrderID != .none { order.pointee.venueID = report.venueOrderID }
        if order.pointee.isUndescribed { describe(order, report) }
        // A trade out of the account's list, which knows no execution ids: the state follows it.
        if report.executionType == .trade, report.executionID == 0 {
            _ = book(report, order, now)
            return
        }
        if report.status == .unrecognized || report.executionType == .unrecognized {
            // Fails closed, loudly: ask what it means (BUG-030).
            contradict(order, report, now)
            return
        }
        if order.pointee.isDormant, Self.isPutToWork(report) { awaken(order, now) }
        if report.executionType == .trade, !book(report, order, now) { return }
        let event = Self.event(of: report)
        if report.executionID != 0 && report.executionID < order.pointee.lastExecutionID
            && event == .accept
        {
            counts.lateReports &+= 1
            return
        }
        order.pointee.lastExecutionID = Swift.max(
            order.pointee.lastExecutionID, report.executionID)
        resize(order, report)
        if report.executionType == .status {
            catchUp(report, order, now)
        } else if report.cumulativeQuantity > order.pointee.filled {
            // A report before this one was lost: the order does not end before its trades are known.
            let isOpen = order.pointee.state.isOpen
            askBehindGap(order, now)
            if isOpen { return }
        }
        if order.pointee.state == .rejected {
            if event == .accept || event == .partialFill { return revive(order, now) }
            forgetRevived(order.pointee.id)
        }
        if event != .accept || !order.pointee.state.acceptsChanges { change(order, event, now) }
        if report.isWorking, !order.pointee.isWorking { beginWork(order, now) }
        if report.executionType == .status, order.pointee.mustAskAgain {
            order.pointee.mustAskAgain = false
            if order.pointee.remaining > .zero { resolve(order, now) }
        }
    }

    /// One question at a time: an order that trades in many parts says of each that one is missing.
    private mutating func askBehindGap(
        _ order: UnsafeMutablePointer<Order>, _ now: Timestamp
    ) {
        if !pending.holdsQuery(for: order.pointee.id) { return resolve(order, now) }
        order.pointee.mustAskAgain = true
        if order.pointee.state.isOpen, order.pointee.state != .unknown {
            change(order, .loseTrack, now)
        }
    }

    /// Whether a report of an order that waits in a list says that it waits no more.
    private static func isPutToWork(_ report: ExecutionReport) -> Bool {
        report.status == .new || report.status == .partiallyFilled || report.status == .filled
    }

    /// An order that waited stands in the book from now on.
    private mutating func beginWork(_ order: UnsafeMutablePointer<Order>, _ now: Timestamp) {
        if !order.pointee.state.isOpen { return }
        order.pointee.isWorking = true
        orders.show(order)
        notify(order.pointee.strategy, .order(update(order, from: order.pointee.state)))
    }

    /// The venue has made an order smaller: amended, or by preventing a trade with ourselves.
    private mutating func resize(
        _ order: UnsafeMutablePointer<Order>, _ report: ExecutionReport
    ) {
        switch report.executionType {
        case .replaced, .tradePrevention, .status: break
        default: return
        }
        if order.pointee.terms.quoteQuantity.raw > 0 { return }
        if report.preventedQuantity > report.quantity { return }
        let total = report.quantity - report.preventedQuantity
        if total >= order.pointee.quantity || total < order.pointee.filled { return }
        risk.fill(order, order.pointee.quantity - total)
        order.pointee.quantity = total
        if report.executionType == .replaced, order.pointee.amendments < .max {
            order.pointee.amendments &+= 1
        }
    }

    /// What a report means for the order's state.
    private static func event(of report: ExecutionReport) -> OrderEvent {
        if report.executionType == .replaced,
            report.status == .new || report.status == .partiallyFilled
        {
            return .amend
        }
        return switch report.status {
        case .new, .pendingNew: .accept
        case .partiallyFilled: .partialFill
        case .filled: .fill
        case .canceled: .cancel
        case .rejected: .reject
        case .expired: .expire
        case .pendingCancel, .unrecognized: .accept
        }
    }

    /// The venue said what cannot be or what this engine does not know: no new risk until an
    /// operator has looked, and the venue is asked for the order's state.
    private mutating func contradict(
        _ order: UnsafeMutablePointer<Order>, _ report: ExecutionReport, _ now: Timestamp
    ) {
        raise(.unknownState, now)
        // An answer that makes no sense is not asked for again in the same instant.
        if report.executionType == .status {
            if order.pointee.state.isOpen, order.pointee.state != .unknown {
                change(order, .loseTrack, now)
            }
            owe(at: now + Self.retryPause)
        } else {
            resolve(order, now)
        }
    }

    // MARK: - Fills

    /// Books a trade once, by its id, with its own price and quantity (BUG-064, BUG-065);
    /// `false` for a trade that cannot be.
    private mutating func book(
        _ report: ExecutionReport, _ order: UnsafeMutablePointer<Order>, _ now: Timestamp
    ) -> Bool {
        let slot = order.pointee.instrument.slot
        if report.lastQuantity.raw <= 0 || report.lastPrice.raw <= 0 { return true }
        let isCovered =
            order.pointee.isAveraged && report.cumulativeQuantity.raw > 0
            && report.cumulativeQuantity <= order.pointee.filled
        if isCovered || !booked[slot].book(report.tradeID, order.pointee.side) {
            counts.lateReports &+= 1
            return true
        }
        // An order by quote amount has been given an estimate of its quantity.
        if order.pointee.terms.quoteQuantity.raw > 0,
            report.lastQuantity > order.pointee.remaining,
            report.lastQuantity.raw <= RiskGate.largestRaw &- order.pointee.filled.raw
        {
            order.pointee.quantity = order.pointee.filled + report.lastQuantity
        }
        // More than was ordered, or a price beyond every price: not booked, to be cleared up.
        if report.lastQuantity > order.pointee.remaining
            || report.lastPrice.raw > RiskGate.largestRaw
        {
            contradict(order, report, now)
            return false
        }
        let valued = value(of: report, UnsafePointer(instruments + slot))
        let fill = Fill(
            clientOrderID: order.pointee.id, tradeID: report.tradeID,
            instrument: order.pointee.instrument, strategy: order.pointee.strategy,
            side: order.pointee.side, price: report.lastPrice, quantity: report.lastQuantity,
            fee: valued ?? .zero, baseFee: baseFee(of: report, UnsafePointer(instruments + slot)),
            commission: report.commission, commissionAsset: report.commissionAsset,
            isFeeUnvalued: valued == nil, isMaker: report.isMaker, time: now)
        settle(fill, order, report.venueTime, now)
        return true
    }

    /// Books a fill in the order, the positions and the reservations, and tells who should know.
    private mutating func settle(
        _ fill: Fill, _ order: UnsafeMutablePointer<Order>, _ venueTime: Timestamp, _ now: Timestamp
    ) {
        order.pointee.filled += fill.quantity
        order.pointee.filledNotional += Notional(fill.price, fill.quantity)
        let change = ledger.apply(
            fill, UnsafePointer(instruments + fill.instrument.slot),
            sharesOut: order.pointee.isReduceOnly, at: venueTime)
        if !change.isBooked { raise(.unknownState, now) }
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

    /// The commission in quote money; `nil` in an asset without a rate here, or beyond all sense.
    private func value(
        of report: ExecutionReport, _ rules: UnsafePointer<Instrument>
    ) -> Notional? {
        if report.commission == 0 { return .zero }
        if report.commissionAsset == rules.pointee.quoteAsset {
            return Notional(raw: Int128(report.commission) * Int128(risk.moneyUnit))
        }
        if report.commissionAsset == rules.pointee.baseAsset {
            // 1e-8 of the base at the fill's price: the units multiply like a quantity's.
            let perPrice = Int128(DecimalScale.power(Int(rules.pointee.priceScale)))
            let money = Int128(report.commission) * Int128(report.lastPrice.raw) / perPrice
            return scaled(money)
        }
        guard let money = ledger.value(report.commission, of: report.commissionAsset) else {
            return nil
        }
        return scaled(money)
    }

    /// Quote money in 1e-8 at the notional scale; `nil` beyond all sense.
    private func scaled(_ money: Int128) -> Notional? {
        let (scaled, overflow) = money.multipliedReportingOverflow(by: Int128(risk.moneyUnit))
        return overflow ? nil : Notional(raw: scaled)
    }

    /// A command that tells what an asset is worth.
    @_noLocks
    mutating func setRate(_ command: Command, _ now: Timestamp) {
        let asset = AssetIndex(UInt16(truncatingIfNeeded: command.key))
        let isKnown = command.key >= 0 && command.key < Int64(ledger.assetCount)
        answer(command, accepted: isKnown && ledger.fees.setRate(asset, command.value), now: now)
    }

    /// A commission in the base asset as a quantity; zero in another asset or beyond the trade.
    private func baseFee(
        of report: ExecutionReport, _ rules: UnsafePointer<Instrument>
    ) -> Quantity {
        if report.commissionAsset != rules.pointee.baseAsset { return .zero }
        let scale = BalanceScale(quantityScale: Int(rules.pointee.quantityScale))
        let fee = scale.quantity(report.commission)
        return fee > 0 && fee < report.lastQuantity.raw ? Quantity(raw: fee) : .zero
    }

    /// A query's answer may know of trades that nobody has told, although the order's own list of
    /// them comes first: what is missing is booked as one trade at its average price. Should the
    /// reports come after all, their cumulative quantity says that they are covered.
    private mutating func catchUp(
        _ report: ExecutionReport, _ order: UnsafeMutablePointer<Order>, _ now: Timestamp
    ) {
        if report.cumulativeQuantity <= order.pointee.filled { return }
        if report.cumulativeQuantity > order.pointee.quantity {
            if order.pointee.terms.quoteQuantity.raw == 0
                || report.cumulativeQuantity.raw > RiskGate.largestRaw
            {
                raise(.unknownState, now)
                return
            }
            order.pointee.quantity = report.cumulativeQuantity
        }
        let missing = report.cumulativeQuantity - order.pointee.filled
        let rules = UnsafePointer(instruments + order.pointee.instrument.slot)
        let quantityUnit = DecimalScale.power(Int(rules.pointee.quantityScale))
        let spent = Int128(report.cumulativeQuote.raw) * Int128(quantityUnit)
            - order.pointee.filledNotional.raw
        let average = spent / Int128(missing.raw)
        if average <= 0 || average > Int128(RiskGate.largestRaw) {
            raise(.unknownState, now)
            return
        }
        let price = Price(raw: Int64(average))
        order.pointee.isAveraged = true
        let fee = Notional(price, missing).raw / 100_000_000 * Int128(rules.pointee.takerFee)
        settle(
            Fill(
                clientOrderID: order.pointee.id, tradeID: .none,
                instrument: order.pointee.instrument, strategy: order.pointee.strategy,
                side: order.pointee.side, price: price, quantity: missing,
                fee: Notional(raw: fee), isFeeUnvalued: true, isMaker: false, time: now),
            order, report.venueTime, now)
    }

    @_noLocks
    public mutating func apply(_ balance: Balance, now: Timestamp) {
        if !ledger.apply(balance) { counts.lateReports &+= 1 }
    }

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
            if next == .unknown { lost(order, now) }
            if next.isTerminal {
                end(order, next, now)
            } else if next.acceptsChanges, mustEnd(order) {
                // It rests although it may not: a cancel was refused or lost, or a halt came first.
                owe(at: event == .refuseChange ? now + Self.retryPause : now)
            }
            notify(order.pointee.strategy, .order(update(order, from: previous)))
        }
    }

    private mutating func lost(_ order: UnsafeMutablePointer<Order>, _ now: Timestamp) {
        unknownCount &+= 1
        counts.becameUnknown &+= 1
        announce(
            LaneEvent(
                .unknownOutcome, time: now, instrument: order.pointee.instrument,
                strategy: order.pointee.strategy, orderID: order.pointee.id))
    }

    private mutating func end(
        _ order: UnsafeMutablePointer<Order>, _ state: OrderState, _ now: Timestamp
    ) {
        risk.release(order)
        orders.unlink(order)
        passReservation(from: order, now)
        switch state {
        case .canceled: counts.canceled &+= 1
        case .expired: counts.expired &+= 1
        case .denied: counts.denied &+= 1
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
            price: order.pointee.price, remaining: order.pointee.remaining,
            isWorking: order.pointee.isWorking)
    }
}
