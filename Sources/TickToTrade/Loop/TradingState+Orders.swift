import Machine
import MarketModel
import Rings

/// The way out: intents become checked orders, orders become requests in the outbox.
extension TradingState {
    /// Normalises and checks an intent; what passes waits in the outbox as a request to place.
    @_noLocks
    mutating func submit(
        _ intent: OrderIntent, for strategy: StrategyIndex, now: Timestamp
    ) -> Submission {
        place(intent, for: strategy, replacing: nil, .plain, now: now)
    }

    /// Like ``submit(_:for:now:)``, cancelling `id` in the same request; an order of a list cannot
    /// be replaced, the list would end.
    @_noLocks
    mutating func replace(
        _ id: ClientOrderID, with intent: OrderIntent, _ replacement: Replacement,
        for strategy: StrategyIndex, now: Timestamp
    ) -> Submission {
        guard let old = orders.find(id), old.pointee.strategy == strategy,
            old.pointee.state.acceptsChanges, old.pointee.instrument == intent.instrument,
            old.pointee.contingency == .none, risk.allowsRequote(intent.instrument, now)
        else {
            deny(intent, strategy, RiskVerdict(.unknownOrder), now)
            return .denied(.unknownOrder)
        }
        if !risk.rules[intent.instrument.slot].offersCancelReplace {
            deny(intent, strategy, RiskVerdict(.terms), now)
            return .denied(RiskViolations(.terms))
        }
        return place(intent, for: strategy, replacing: old, replacement, now: now)
    }

    /// Whether a strategy may cancel an order only to place another.
    @_noLocks
    func mayRequote(_ instrument: InstrumentIndex, now: Timestamp) -> Bool {
        risk.allowsRequote(instrument, now)
    }

    /// Makes an order smaller at the venue, down to `quantity` in all, without losing its turn.
    @_noLocks
    mutating func amend(
        _ id: ClientOrderID, to quantity: Quantity, for strategy: StrategyIndex, now: Timestamp
    ) -> Submission {
        guard let order = orders.find(id), order.pointee.strategy == strategy,
            order.pointee.state.acceptsChanges
        else { return .denied(.unknownOrder) }
        var total = quantity
        if quantity.raw > 0, quantity.raw <= RiskGate.largestRaw {
            let lot = risk.rules[order.pointee.instrument.slot].lot
            total = Quantity(raw: lot.floor(quantity.raw))
        }
        let violations = risk.violations(amending: order, to: total)
        if !violations.isEmpty {
            risk.countDenial(violations)
            return .denied(violations)
        }
        if !canSend(now) { return .denied(RiskViolations(.tableFull)) }
        change(order, .requestReplace, now)
        request(.amend, for: order, quantity: total, now)
        return .sent(id)
    }

    private mutating func place(
        _ intent: OrderIntent, for strategy: StrategyIndex,
        replacing old: UnsafeMutablePointer<Order>?, _ replacement: Replacement, now: Timestamp
    ) -> Submission {
        if intent.instrument.slot >= instrumentCount {
            deny(intent, strategy, RiskVerdict(.malformed), now)
            return .denied(RiskViolations(.malformed))
        }
        // Not even a reduce-only order can leave, and sent later it would be stale (BUG-176).
        if halts.contains(.orderSessionDown) {
            deny(intent, strategy, RiskVerdict(.halted), now)
            return .denied(RiskViolations(.halted))
        }
        let order = draft
        order.pointee = intent
        if intent.isReduceOnly { bound(&order.pointee) }
        risk.normalize(&order.pointee)
        if intent.terms.quoteQuantity.raw > 0 { estimateQuantity(of: &order.pointee) }
        // In any case both may be open: the old one gives nothing back.
        let given = replacement.mode == .onlyIfCanceled ? old : nil
        let moment = moment(of: order, strategy, replacing: given, now)
        let started = TSCClock.ticks()
        let violations = risk.violations(of: order, moment)
        riskTicks &+= TSCClock.ticks() &- started
        if !violations.isEmpty {
            deny(order.pointee, strategy, risk.verdict, now)
            return .denied(violations)
        }
        guard !pending.isFull, outbox.free > 0, let sequence = freeSequence() else {
            deny(order.pointee, strategy, RiskVerdict(.tableFull), now)
            return .denied(.tableFull)
        }
        let id = ClientOrderID(
            epoch: configuration.epoch, lane: configuration.lane, sequence: sequence)
        let stored = orders.open(id, order, strategy, now)
        if let old { stored.pointee.replaces = old.pointee.id }
        risk.reserve(stored, at: risk.worstPrice(order, moment))
        risk.countOrder(order, strategy, now)
        if let old {
            change(old, .requestReplace, now)
            risk.countCancel(intent.instrument, now)
            counts.cancelsSent &+= 1
        }
        counts.ordersSent &+= 1
        request(
            old == nil ? .place : .cancelReplace, for: stored, quantity: stored.pointee.quantity,
            as: replacement, now)
        orders.prepare(nextSequence)
        return .sent(id)
    }

    /// What an amount of quote asset buys or sells at most, for the checks: at the book's best
    /// price, a sale one percent below it.
    private func estimateQuantity(of order: inout OrderIntent) {
        let slot = order.instrument.slot
        let quote = markets[slot].quote()
        let last = markets[slot].top.lastPrice
        let best = order.side == .buy ? quote.ask.price : quote.bid.price
        var price = best.raw > 0 ? best.raw : last.raw
        if order.side == .sell { price &-= price / 100 }
        order.quantity = .zero
        if price <= 0 || order.terms.quoteQuantity.raw > RiskGate.largestRaw { return }
        let unit = Int128(DecimalScale.power(Int(instruments[slot].quantityScale)))
        let quantity = Int128(order.terms.quoteQuantity.raw) * unit / Int128(price)
        if quantity > Int128(RiskGate.largestRaw) { return }
        order.quantity = Quantity(raw: risk.rules[slot].marketLot.floor(Int64(quantity)))
    }

    /// A commission paid in the base asset leaves less of it than was bought: an exit sells what is
    /// there, or the venue would refuse all of it.
    private func bound(_ order: inout OrderIntent) {
        if order.side == .buy { return }
        let slot = order.instrument.slot
        guard let held = ledger.balance(instruments[slot].baseAsset) else { return }
        let quantity = risk.rules[slot].balance.quantity(held)
        if quantity > 0, quantity < order.quantity.raw { order.quantity = Quantity(raw: quantity) }
    }

    /// Asks to cancel one order; cancels always pass (design law 9).
    @_noLocks
    mutating func cancel(
        _ id: ClientOrderID, _ restriction: CancelRestriction, for strategy: StrategyIndex,
        now: Timestamp
    ) -> Bool {
        guard let order = orders.find(id), order.pointee.strategy == strategy else { return false }
        return cancel(order, only: restriction, now)
    }

    @_noLocks
    mutating func cancel(
        _ order: UnsafeMutablePointer<Order>, only restriction: CancelRestriction = .none,
        _ now: Timestamp
    ) -> Bool {
        if order.pointee.state == .pendingCancel || !canSend(now) { return false }
        guard case .to(.pendingCancel) = order.pointee.state.next(on: .requestCancel) else {
            return false
        }
        change(order, .requestCancel, now)
        // The venue cancels a list as a whole.
        changeSiblings(of: order, .requestCancel, now)
        risk.countCancel(order.pointee.instrument, now)
        counts.cancelsSent &+= 1
        request(
            .cancel, for: order, quantity: order.pointee.quantity,
            as: Replacement(restriction: restriction), now)
        return true
    }

    @_noLocks
    mutating func cancelOrders(
        of strategy: StrategyIndex, in instrument: InstrumentIndex, now: Timestamp
    ) {
        if instrument.slot >= instrumentCount { return }
        var order = orders.firstOpen(in: instrument)
        while let current = order {
            order = orders.next(after: current)
            if current.pointee.strategy == strategy { _ = cancel(current, now) }
        }
    }

    /// Cancels the entry orders of a scope; those that a halt spares stay unless `everything`.
    /// Returns how many cancels were put in the outbox.
    @_noLocks
    mutating func cancelOrders(
        in scope: InstrumentIndex, of strategy: StrategyIndex, everything: Bool, now: Timestamp
    ) -> Int {
        var sent = 0
        var slot = 0
        while slot < instrumentCount {
            let index = InstrumentIndex(UInt16(truncatingIfNeeded: slot))
            slot &+= 1
            if scope != .none && scope != index { continue }
            var order = orders.firstOpen(in: index)
            while let current = order {
                order = orders.next(after: current)
                if strategy != .none && current.pointee.strategy != strategy { continue }
                if !everything && isSpared(current) { continue }
                if cancel(current, now) { sent &+= 1 }
            }
        }
        return sent
    }

    /// Asks the venue for an order's state: the only way out of `unknown` (BUG-052).
    @_noLocks
    mutating func query(_ order: UnsafeMutablePointer<Order>, _ now: Timestamp) {
        if !canSend(now) { return }
        counts.queriesSent &+= 1
        request(.query, for: order, quantity: order.pointee.quantity, now)
    }

    /// Cancels by id what the order table holds for ended.
    @_noLocks
    mutating func requestCancel(_ order: UnsafeMutablePointer<Order>, _ now: Timestamp) {
        if !canSend(now) { return }
        counts.cancelsSent &+= 1
        request(.cancel, for: order, quantity: order.pointee.quantity, now)
    }

    /// Whether a request can leave; without room ``sweep(_:)`` tries again, without a session when
    /// there is one.
    @_noLocks
    mutating func canSend(_ now: Timestamp) -> Bool {
        if halts.contains(.orderSessionDown) { return false }
        if !pending.isFull && outbox.free > 0 { return true }
        owe(at: now + Self.retryPause)
        return false
    }

    /// What risk says of an order that is not sent: normalised, put into its context and checked as
    /// by ``submit(_:for:now:)``, without a trace. For benchmarks.
    @_noLocks
    package func violations(
        of intent: OrderIntent, for strategy: StrategyIndex, now: Timestamp
    ) -> RiskViolations {
        draft.pointee = intent
        risk.normalize(&draft.pointee)
        return risk.violations(of: draft, moment(of: draft, strategy, replacing: nil, now))
    }

    // MARK: - Inside

    private mutating func request(
        _ kind: RequestKind, for order: UnsafeMutablePointer<Order>, quantity: Quantity,
        as replacement: Replacement = .plain, _ now: Timestamp
    ) {
        let id = nextRequestID
        nextRequestID &+= 1
        let replaced = kind == .cancelReplace ? order.pointee.replaces : .none
        push(kind, id, order, quantity: quantity, replacing: replaced, as: replacement, now)
        pending.add(
            PendingRequest(
                requestID: id, orderID: order.pointee.id, replacedID: replaced,
                deadline: now + configuration.requestTimeout,
                instrument: order.pointee.instrument, kind: kind,
                mayKeepReplaced: replacement.mode == .inAnyCase, isOpen: true))
    }

    /// Puts a request in the outbox, with the order's terms.
    @_noLocks
    mutating func push(
        _ kind: RequestKind, _ id: UInt64, _ order: UnsafeMutablePointer<Order>,
        quantity: Quantity, replacing replaced: ClientOrderID = .none,
        as replacement: Replacement = .plain, _ now: Timestamp
    ) {
        _ = outbox.push(
            OrderRequest(
                kind: kind, requestID: id, clientOrderID: order.pointee.id,
                replacedOrderID: replaced, instrument: order.pointee.instrument,
                strategy: order.pointee.strategy, side: order.pointee.side,
                type: order.pointee.type, timeInForce: order.pointee.timeInForce,
                price: order.pointee.price, quantity: quantity, terms: order.pointee.terms,
                restriction: replacement.restriction, cancelsAtLimit: replacement.cancelsAtLimit,
                isReduceOnly: order.pointee.isReduceOnly,
                mayKeepReplaced: replacement.mode == .inAnyCase, contingency: order.pointee.contingency, leg: order.pointee.leg,
                decisionTime: now))
    }

    /// The first of `count` consecutive free numbers, for the orders of a list.
    @_noLocks
    mutating func freeSequences(_ count: UInt32) -> UInt32? {
        if orders.openCount &+ Int(count) > configuration.orderCapacity { return nil }
        var first = nextSequence
        // Once around the table: what is not free then will not be.
        let last = first.addingReportingOverflow(UInt32(configuration.orderCapacity))
        if last.overflow { return nil }
        var free: UInt32 = 0
        while free < count {
            if first > last.partialValue || first > .max &- count { return nil }
            if orders.hasRoom(for: first &+ free) {
                free &+= 1
            } else {
                first = first &+ free &+ 1
                free = 0
            }
        }
        nextSequence = first &+ count
        return first
    }

    /// The next sequence number whose slot holds no open order; `nil` when the table is full or
    /// every number of this epoch is used: none is ever used twice (design law 8).
    private mutating func freeSequence() -> UInt32? {
        if orders.openCount >= configuration.orderCapacity { return nil }
        var sequence = nextSequence
        while sequence < .max, !orders.hasRoom(for: sequence) { sequence &+= 1 }
        if sequence == .max { return nil }
        nextSequence = sequence &+ 1
        return sequence
    }

    @_noLocks
    mutating func deny(
        _ order: OrderIntent, _ strategy: StrategyIndex, _ verdict: RiskVerdict, _ now: Timestamp
    ) {
        counts.denied &+= 1
        risk.countDenial(verdict.violations)
        _ = denials.push(
            DeniedOrder(intent: order, strategy: strategy, verdict: verdict, time: now))
        announce(
            LaneEvent(
                .denied, time: now, instrument: order.instrument, strategy: strategy,
                code: Int64(bitPattern: verdict.violations.rawValue), price: order.price,
                quantity: order.quantity, side: order.side))
    }

    /// What risk looks at besides the order, written where ``RiskGate/moment`` lies: valid until the
    /// next order is looked at.
    @_noLocks
    func moment(
        of order: UnsafePointer<OrderIntent>, _ strategy: StrategyIndex,
        replacing old: UnsafeMutablePointer<Order>?, _ now: Timestamp
    ) -> UnsafeMutablePointer<RiskContext> {
        let moment = risk.moment
        let instrument = order.pointee.instrument
        let market = markets + instrument.slot
        moment.pointee.strategy = strategy
        market.pointee.write(quote: &moment.pointee.quote)
        moment.pointee.last = market.pointee.top.lastPrice
        moment.pointee.averageLow = market.pointee.average.low
        moment.pointee.averageHigh = market.pointee.average.high
        moment.pointee.lastDataTime = market.pointee.lastDataTime
        moment.pointee.sessionOpen = market.pointee.sessionOpen
        let isStopped = strategy.slot < strategyCount && !isRunning[strategy.slot]
        moment.pointee.isHalted = !halts.isEmpty || isStopped
        ledger.describe(instruments + instrument.slot, strategy, in: moment)
        let own = orders.ownBest(in: instrument, besides: old)
        moment.pointee.ownBestBid = own.bid
        moment.pointee.ownBestAsk = own.ask
        moment.pointee.giveBack(of: old)
        moment.pointee.siblings = 0
        moment.pointee.isDormant = false
        moment.pointee.now = now
        return moment
    }
}

/// An order that risk refused, with the reasons and their numbers: journaled, never sent.
@frozen
public struct DeniedOrder: BitwiseCopyable, Sendable {
    public var intent: OrderIntent
    /// What would lie undefined in between: a journal of the same inputs has the same bytes.
    private let filler8 = Filler<UInt8>()
    public var strategy: StrategyIndex
    private let filler16 = Filler<UInt16>()
    private let filler64 = Filler<UInt64>()
    public var verdict: RiskVerdict
    public var time: Timestamp

    @_noLocks
    public init(
        intent: OrderIntent, strategy: StrategyIndex, verdict: RiskVerdict, time: Timestamp
    ) {
        self.intent = intent
        self.strategy = strategy
        self.verdict = verdict
        self.time = time
    }
}
