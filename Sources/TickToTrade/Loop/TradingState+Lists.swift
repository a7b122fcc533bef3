import MarketModel
import Rings

/// Order lists: several orders in one request, which the venue lets depend on each other.
extension TradingState {
    /// Normalises and checks every order of a list; it is sent as a whole or not at all.
    @_noLocks
    mutating func submit(
        _ list: OrderList, for strategy: StrategyIndex, now: Timestamp
    ) -> ListSubmission {
        if list.first.instrument.slot >= instrumentCount || halts.contains(.orderSessionDown) {
            let rule: RiskRule =
                halts.contains(.orderSessionDown) ? .halted : .malformed
            deny(list.first, strategy, RiskVerdict(rule), now)
            return .denied(RiskViolations(rule))
        }
        var list = list
        let count = list.contingency.legCount
        var leg: UInt8 = 0
        while leg < count {
            list[leg] = risk.normalized(list[leg])
            leg &+= 1
        }
        let violations = check(&list, strategy, now)
        if !violations.isEmpty { return .denied(violations) }
        guard !pending.isFull, outbox.free >= Int(count),
            let sequence = freeSequences(UInt32(count))
        else {
            deny(list.first, strategy, RiskVerdict(.tableFull), now)
            return .denied(.tableFull)
        }
        return .sent(list, place(list, strategy, sequence, now))
    }

    /// All rules for all orders; a denial is journaled with the first order that breaks one.
    private mutating func check(
        _ list: inout OrderList, _ strategy: StrategyIndex, _ now: Timestamp
    ) -> RiskViolations {
        let own = risk.listViolations(list)
        if !own.isEmpty {
            deny(list.first, strategy, risk.verdict, now)
            return own
        }
        var leg: UInt8 = 0
        while leg < list.contingency.legCount {
            let isCovered = list.isCovered(leg)
            // What waits to reduce an entry is left alone by a halt, as every exit is.
            if isCovered { list[leg].isReduceOnly = true }
            draft.pointee = list[leg]
            let moment = moment(of: draft, strategy, replacing: nil, now)
            moment.pointee.siblings = Int(leg)
            moment.pointee.isDormant = isCovered
            let violations = risk.violations(of: draft, moment)
            if !violations.isEmpty {
                deny(list[leg], strategy, risk.verdict, now)
                return violations
            }
            leg &+= 1
        }
        return RiskViolations(rawValue: 0)
    }

    private mutating func place(
        _ list: OrderList, _ strategy: StrategyIndex, _ sequence: UInt32, _ now: Timestamp
    ) -> ClientOrderID {
        let id = nextRequestID
        nextRequestID &+= 1
        let first = ClientOrderID(
            epoch: configuration.epoch, lane: configuration.lane, sequence: sequence)
        var leg: UInt8 = 0
        while leg < list.contingency.legCount {
            var record = Order(
                id: ClientOrderID(raw: first.raw &+ UInt64(leg)), intent: list[leg],
                strategy: strategy, time: now)
            record.state = .pendingNew
            record.contingency = list.contingency
            record.leg = leg
            if list.contingency.isPending(leg) { record.isWorking = false }
            record.isDormant = list.isCovered(leg)
            let stored = orders.insert(record)
            risk.admit(stored)
            draft.pointee = list[leg]
            risk.countOrder(draft, strategy, now)
            counts.ordersSent &+= 1
            push(.placeLeg, id, stored, quantity: stored.pointee.quantity, now)
            leg &+= 1
        }
        holdLegs(first, list, strategy, now)
        pending.add(
            PendingRequest(
                requestID: id, orderID: first, replacedID: .none,
                deadline: now + configuration.requestTimeout, instrument: list.first.instrument,
                kind: .placeLeg, isOpen: true))
        return first
    }

    /// Reserves once for a pair: the orders of one spend the same money.
    private mutating func holdLegs(
        _ first: ClientOrderID, _ list: OrderList, _ strategy: StrategyIndex, _ now: Timestamp
    ) {
        var leg: UInt8 = 0
        while leg < list.contingency.legCount {
            if let order = orders.find(ClientOrderID(raw: first.raw &+ UInt64(leg))),
                !order.pointee.isDormant, !isHeldByCounterpart(order)
            {
                draft.pointee = list[leg]
                let moment = moment(of: draft, strategy, replacing: nil, now)
                var worst = risk.worstPrice(draft, moment)
                if let other = list.contingency.counterpart(of: leg) {
                    draft.pointee = list[other]
                    worst = Swift.max(worst, risk.worstPrice(draft, moment))
                }
                risk.hold(order, at: worst)
            }
            leg &+= 1
        }
    }

    /// The other order of a pair, open; `nil` where there is none.
    private func counterpart(
        of order: UnsafeMutablePointer<Order>
    ) -> UnsafeMutablePointer<Order>? {
        guard let leg = order.pointee.contingency.counterpart(of: order.pointee.leg),
            let other = orders.find(order.pointee.sibling(leg)), other.pointee.state.isOpen
        else { return nil }
        return other
    }

    private func isHeldByCounterpart(_ order: UnsafeMutablePointer<Order>) -> Bool {
        guard let other = counterpart(of: order) else { return false }
        return other.pointee.reservedBase.raw > 0
    }

    // MARK: - Life

    /// An order that waited in a list has been put to work: from now on it may spend.
    @_noLocks
    mutating func awaken(_ order: UnsafeMutablePointer<Order>, _ now: Timestamp) {
        order.pointee.isDormant = false
        if !isHeldByCounterpart(order) { risk.hold(order, at: price(toHold: order, now)) }
    }

    /// An order has ended: the other one of its pair goes on alone, unless a trade ended both.
    @_noLocks
    mutating func passReservation(from order: UnsafeMutablePointer<Order>, _ now: Timestamp) {
        guard order.pointee.filled.raw == 0, let other = counterpart(of: order),
            !other.pointee.isDormant, other.pointee.reservedBase.raw == 0
        else { return }
        risk.hold(other, at: price(toHold: other, now))
    }

    private func price(
        toHold order: UnsafeMutablePointer<Order>, _ now: Timestamp
    ) -> Price {
        draft.pointee = OrderIntent(
            instrument: order.pointee.instrument, side: order.pointee.side,
            type: order.pointee.type, timeInForce: order.pointee.timeInForce,
            price: order.pointee.price, quantity: order.pointee.remaining,
            isReduceOnly: order.pointee.isReduceOnly, terms: order.pointee.terms)
        let moment = moment(of: draft, order.pointee.strategy, replacing: nil, now)
        return risk.worstPrice(draft, moment)
    }

    /// The same event for every other open order of a list; the venue treats a list as one when it
    /// is refused, cancelled or lost.
    @_noLocks
    mutating func changeSiblings(
        of order: UnsafeMutablePointer<Order>, _ event: OrderEvent, _ now: Timestamp
    ) {
        var leg: UInt8 = 0
        while let other = nextOpenSibling(of: order, &leg) {
            if case .illegal = other.pointee.state.next(on: event) { continue }
            change(other, event, now)
        }
    }

    /// Asks what has become of the other open orders of a list where nobody tells.
    @_noLocks
    mutating func querySiblings(of order: UnsafeMutablePointer<Order>, _ now: Timestamp) {
        var leg: UInt8 = 0
        while let other = nextOpenSibling(of: order, &leg) { query(other, now) }
    }

    /// No definite answer about a list: every other open order of it is unknown and asked for.
    @_noLocks
    mutating func resolveSiblings(of order: UnsafeMutablePointer<Order>, _ now: Timestamp) {
        var leg: UInt8 = 0
        while let other = nextOpenSibling(of: order, &leg) { resolve(other, now) }
    }

    /// The next open order of the same list from a leg on, which moves behind it; `nil` at the end.
    private func nextOpenSibling(
        of order: UnsafeMutablePointer<Order>, _ leg: inout UInt8
    ) -> UnsafeMutablePointer<Order>? {
        while leg < order.pointee.contingency.legCount {
            let id = order.pointee.sibling(leg)
            leg &+= 1
            if id.raw == order.pointee.id.raw { continue }
            if let other = orders.find(id), other.pointee.state.isOpen { return other }
        }
        return nil
    }
}

extension ListSubmission {
    @_noLocks
    fileprivate static func sent(_ list: OrderList, _ first: ClientOrderID) -> ListSubmission {
        let hasThird = list.contingency.legCount > 2
        return .sent(
            first: first, second: ClientOrderID(raw: first.raw &+ 1),
            third: hasThird ? ClientOrderID(raw: first.raw &+ 2) : .none)
    }
}
