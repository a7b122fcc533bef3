import MarketModel
import Rings

/// The venue's answers to our requests come in, or stay out.
extension TradingState {
    /// How long the lane waits before it asks or cancels once more after a refusal: a venue that
    /// says no is not asked again in the same instant.
    static var retryPause: Nanoseconds {
        @_noLocks get { Nanoseconds(1_000_000_000) }
    }

    /// The answer to a request: it moves orders only where no report will (a refusal).
    @_noLocks
    public mutating func apply(_ reply: RequestReply, now: Timestamp) {
        guard let request = pending.take(reply.requestID) else {
            counts.lateReports &+= 1
            return
        }
        switch reply.outcome {
        case .accepted: accepted(request, reply, now)
        case .rejected, .noSuchOrder, .notSent: refused(request, reply, now)
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
            accept(order, now)
            // Placed although the cancel failed.
            if request.mayKeepReplaced, !reply.didCancel,
                let old = orders.find(request.replacedID), old.pointee.state.isOpen
            {
                refuseCancel(of: old, request, reply, now)
            }
        case .placeLeg:
            var leg: UInt8 = 0
            while leg < order.pointee.contingency.legCount {
                if let other = orders.find(order.pointee.sibling(leg)) { accept(other, now) }
                leg &+= 1
            }
        // The end of a cancelled order and the new size of an amended one are the report's to
        // tell: it carries the last fills.
        case .cancel: forgetRevived(order.pointee.id)
        case .query: if !givenUp.isEmpty { forgetGivenUp(order.pointee.id) }
        case .cancelAll, .amend: break
        }
        if !asksForOrders || request.kind == .query { return }
        if order.pointee.state.isOpen { query(order, now) }
        if request.kind == .placeLeg || request.kind == .cancel { querySiblings(of: order, now) }
    }

    private mutating func accept(_ order: UnsafeMutablePointer<Order>, _ now: Timestamp) {
        if order.pointee.state == .pendingNew || order.pointee.state == .unknown {
            change(order, .accept, now)
        }
    }

    private mutating func refused(
        _ request: PendingRequest, _ reply: RequestReply, _ now: Timestamp
    ) {
        announce(
            LaneEvent(
                .venueCode, time: now, instrument: request.instrument, orderID: request.orderID,
                code: Int64(reply.venueCode)))
        guard let order = orders.find(request.orderID) else { return }
        let refusal: OrderEvent = reply.outcome == .notSent ? .deny : .reject
        switch request.kind {
        case .place: change(order, refusal, now)
        case .placeLeg:
            change(order, refusal, now)
            changeSiblings(of: order, refusal, now)
        case .cancelReplace:
            change(order, refusal, now)
            // The cancelled half is told by its own report; a failed cancel leaves the old order.
            if !reply.didCancel, let old = orders.find(request.replacedID) {
                refuseCancel(of: old, request, reply, now)
            }
        case .cancel, .amend: refuseChange(order, reply, now)
        case .query:
            if reply.outcome == .noSuchOrder {
                if mayArrive(order, now) { return owe(at: arrivalEnd(of: order)) }
                // Nothing was ever heard of it: it has not arrived, or not yet.
                change(order, order.pointee.isUnheard ? .reject : .findNothing, now)
                doubt(order, now)
            } else {
                owe(at: now + Self.retryPause)
            }
        case .cancelAll: break
        }
    }

    /// The cancel of a replacement has failed too. Where the new order might have been placed all the
    /// same, each half has an outcome of its own; one that is not told is asked for.
    private mutating func refuseCancel(
        of old: UnsafeMutablePointer<Order>, _ request: PendingRequest, _ reply: RequestReply,
        _ now: Timestamp
    ) {
        if request.mayKeepReplaced, reply.cancel != .refused, old.pointee.state.isOpen {
            return resolve(old, now)
        }
        var half = reply
        if reply.cancel == .refused { half.outcome = .rejected }
        refuseChange(old, half, now)
    }

    /// A cancel that found no such order says that the order has ended, or never arrived: its fate
    /// is unknown until the venue is asked (BUG-027).
    private mutating func refuseChange(
        _ order: UnsafeMutablePointer<Order>, _ reply: RequestReply, _ now: Timestamp
    ) {
        if order.pointee.state.isTerminal {
            if reply.outcome == .noSuchOrder {
                let before = revived.count
                forgetRevived(order.pointee.id)
                // It has ended there by itself: what it traded may have been told to nobody.
                if revived.count < before { query(order, now) }
            }
            // It traded before its cancel came: the orders that its fill put to work stay, and may
            // be cancelled by themselves.
            changeSiblings(of: order, .refuseChange, now)
            return
        }
        if reply.outcome == .noSuchOrder {
            resolve(order, now)
            resolveSiblings(of: order, now)
        } else {
            change(order, .refuseChange, now)
            changeSiblings(of: order, .refuseChange, now)
        }
    }

    // MARK: - Unknown outcomes

    /// No definite answer: the order counts as open until the venue is asked for it.
    @_noLocks
    mutating func loseTrack(of request: PendingRequest, _ now: Timestamp) {
        if request.kind == .query {
            // The question was lost, not the order; the next one waits a moment.
            owe(at: now + Self.retryPause)
            return
        }
        if request.kind == .cancelReplace, let old = orders.find(request.replacedID),
            old.pointee.state.isOpen
        {
            resolve(old, now)
        }
        guard let order = orders.find(request.orderID) else { return }
        if order.pointee.state.isOpen { resolve(order, now) }
        if request.kind == .placeLeg || request.kind == .cancel {
            resolveSiblings(of: order, now)
        }
    }

    /// A command that asks the venue for an order: somebody has seen that it is not as it is here.
    /// Refused when the order has ended.
    @_noLocks
    mutating func askOrder(_ command: Command, _ now: Timestamp) {
        let id = ClientOrderID(raw: UInt64(bitPattern: command.key))
        guard let order = orders.find(id), order.pointee.state.isOpen else {
            return answer(command, accepted: false, now: now)
        }
        resolve(order, now)
        answer(command, accepted: true, now: now)
    }

    /// Marks an order as unknown and asks for it; without a session ``sweep(_:)`` asks later.
    @_noLocks
    mutating func resolve(_ order: UnsafeMutablePointer<Order>, _ now: Timestamp) {
        if order.pointee.state.isOpen, order.pointee.state != .unknown {
            change(order, .loseTrack, now)
        }
        query(order, now)
    }

    /// The session has gone: no answer will come on it, and reports of resting orders may be lost,
    /// so every open order is unknown until it has been asked for. What still waits in the outbox
    /// never leaves: sent later it would be stale (BUG-176).
    @_noLocks
    mutating func loseSession(_ now: Timestamp) {
        while case .some = outbox.pop() {}
        while case .some = pending.takeOverdue(.never) {}
        var slot = 0
        while slot < instrumentCount {
            var order = orders.firstOpen(in: InstrumentIndex(UInt16(truncatingIfNeeded: slot)))
            while let current = order {
                order = orders.next(after: current)
                if current.pointee.state != .unknown { change(current, .loseTrack, now) }
            }
            slot &+= 1
        }
    }

    /// Requests can leave again: what is unknown is asked for, what may not rest is cancelled.
    @_noLocks
    mutating func regainSession(_ now: Timestamp) {
        owe(at: now)
        sweep(now)
        settleIntervention(now)
    }

    // MARK: - What is still owed

    /// Lets ``sweep(_:)`` run at `time` or earlier.
    @_noLocks
    mutating func owe(at time: Timestamp) {
        if time < nextSweep { nextSweep = time }
    }

    /// Asks for every order whose fate is unknown and cancels every order that may not rest: what
    /// could not be done at once, for want of a session or of room, or was refused. When nobody
    /// tells what becomes of orders, every open one is asked for from time to time.
    @_noLocks
    mutating func sweep(_ now: Timestamp) {
        if now < nextSweep || halts.contains(.orderSessionDown) { return }
        nextSweep = .never
        let isAsking = asksForOrders && now >= nextAsking
        if isAsking { nextAsking = now + Self.retryPause }
        var slot = 0
        while slot < instrumentCount {
            var order = orders.firstOpen(in: InstrumentIndex(UInt16(truncatingIfNeeded: slot)))
            while let current = order {
                order = orders.next(after: current)
                if current.pointee.state == .unknown {
                    if !isAsking, mayArrive(current, now) {
                        owe(at: arrivalEnd(of: current))
                    } else if !pending.holdsQuery(for: current.pointee.id) {
                        query(current, now)
                    }
                } else if mustEnd(current), cancel(current, now) {
                    continue
                } else if isAsking, current.pointee.state != .pendingNew,
                    !pending.holdsQuery(for: current.pointee.id)
                {
                    query(current, now)
                }
            }
            slot &+= 1
        }
        sweepRevived(now)
        if !givenUp.isEmpty { sweepGivenUp(now) }
        if asksForOrders { owe(at: nextAsking) }
    }

    /// Whether a halt leaves an order alone: it only reduces, or somebody else has placed it and it is
    /// not an operator or the loss limit that halts.
    @_noLocks
    func isSpared(_ order: UnsafeMutablePointer<Order>) -> Bool {
        if order.pointee.isReduceOnly { return true }
        if !order.pointee.id.isClaimed { return false }
        if markets[order.pointee.instrument.slot].halt == .operatorCommand { return false }
        return !halts.contains(.operatorCommand) && !halts.contains(.dailyLoss)
    }

    /// Whether an order may not rest: trading is halted, its strategy is stopped, or a command
    /// waits for its end. Reduce-only orders stay unless a command names them (BUG-175).
    @_noLocks
    func mustEnd(_ order: UnsafeMutablePointer<Order>) -> Bool {
        if order.pointee.isAwaited && intervention.phase == .canceling { return true }
        if isSpared(order) { return false }
        if markets[order.pointee.instrument.slot].halt != .none { return true }
        let strategy = order.pointee.strategy.slot
        if !halts.isEmpty || strategy < strategyCount && !isRunning[strategy] { return true }
        return isInherited(order)
    }
}
