import MarketModel

/// How orders go to work in the matcher, and what that sets in motion.
extension Exchange {
    /// Sends an order into the matcher, books what happens and saves it.
    ///
    /// What it set in motion lies in the settlement's follow-ups.
    @discardableResult
    func work(
        _ order: inout UserOrder, in market: SymbolMarket, _ settlement: inout Settlement
    ) -> Arrival {
        order.isWorking = true
        order.workingTime = settlement.now
        order.updateTime = settlement.now
        let placement = market.matcher.place(incoming(order, in: market))
        let log = market.matcher.log
        if market.isMatching { market.record(fills: log.fills, now: settlement.now, into: &publicEvents) }
        if order.ticket.isMarket {
            if order.ticket.quoteQuantity > 0 {
                order.quantity = placement.executed + log.takerPrevented
            }
            lockCost(of: log, for: &order, market)
        }
        report(.new, order, settlement.now)
        let arrival = settle(log, taker: &order, placement, market, &settlement)
        finish(&order, placement, market, &settlement)
        market.orders.save(order)
        if market.isMatching { noteTrades(log.fills, market, &settlement) }
        if !order.isOpen { noteEnd(of: order, market, &settlement) }
        return arrival
    }

    /// The order as the matcher sees it; a sale by quote amount is bounded by the base there is.
    func incoming(_ order: UserOrder, in market: SymbolMarket) -> IncomingOrder {
        let ticket = order.ticket
        var bound = order.remaining
        if ticket.quoteQuantity > 0 {
            bound = .zero
            if ticket.side == .sell {
                let free = Quantity(raw: ledger[order.account, market.instrument.baseAsset].free)
                bound = free.flooredToMultiple(of: market.instrument.lotSize)
            }
        }
        return IncomingOrder(
            id: order.id, account: order.account, side: ticket.side, type: ticket.workingType,
            timeInForce: ticket.timeInForce, price: ticket.price, quantity: bound,
            quoteBudget: ticket.quoteQuantity, displayQuantity: ticket.icebergQuantity,
            selfTradePrevention: ticket.selfTradePrevention)
    }

    private func finish(
        _ order: inout UserOrder, _ placement: Placement, _ market: SymbolMarket,
        _ settlement: inout Settlement
    ) {
        switch placement.remainder {
        case .rests:
            order.handle = placement.handle
        case .filled where order.executed > .zero:
            if order.isOpen { close(&order, as: .filled, market, &settlement) }
        case .expiredSelfTrade:
            if order.isOpen { close(&order, as: .expiredInMatch, market, &settlement) }
        case .filled, .expiredImmediate, .expiredFillOrKill, .expiredNoLiquidity, .wouldTake:
            order.expiryReason = placement.remainder.expiryReason
            close(&order, as: .expired, market, &settlement)
            report(.expired, order, settlement.now)
        }
    }

    /// Ends an open order without a trade: takes it out of wherever it stands, and reports it.
    func expire(
        _ id: Int64, because reason: ExpiryReason, refused: Rejection? = nil,
        _ market: SymbolMarket, _ settlement: inout Settlement
    ) {
        guard var order = market.orders[id], order.isOpen else { return }
        takeOut(order, market, now: settlement.now)
        order.expiryReason = reason
        close(&order, as: .expired, market, &settlement)
        market.orders.save(order)
        report(.expired, order, settlement.now) { $0.reason = refused }
    }

    /// Takes an order out of the book or the waiting orders.
    func takeOut(_ order: UserOrder, _ market: SymbolMarket, now: Timestamp) {
        guard order.isWorking else {
            market.triggers.remove(order.id)
            return
        }
        guard market.matcher.cancel(order.handle) != nil, market.isMatching else { return }
        market.record(fills: market.matcher.log.fills, now: now, into: &publicEvents)
    }

    // MARK: - Prices reached

    /// Shows trades to the orders that wait for a price.
    func noteTrades(
        _ fills: ContiguousArray<Fill>, _ market: SymbolMarket, _ settlement: inout Settlement
    ) {
        guard !market.triggers.isEmpty else { return }
        var effects = TriggerBook.Effects()
        for fill in fills { market.triggers.note(fill.price, into: &effects) }
        apply(effects, market, &settlement)
    }

    /// Shows a trade that the capture announces to the orders that wait for a price.
    func noteRecordedTrade(_ price: Price, of market: SymbolMarket, now: Timestamp) {
        guard !market.triggers.isEmpty else { return }
        var effects = TriggerBook.Effects()
        market.triggers.note(price, into: &effects)
        var settlement = Settlement(now: now)
        apply(effects, market, &settlement)
        runFollowUps(market, &settlement)
        publishPositions(settlement)
    }

    private func apply(
        _ effects: TriggerBook.Effects, _ market: SymbolMarket, _ settlement: inout Settlement
    ) {
        for id in effects.following {
            guard var order = market.orders[id] else { continue }
            order.trailingTime = settlement.now
            market.orders.save(order)
        }
        settlement.followUps += effects.triggered.map { .trigger($0) }
    }

    /// Carries out what trades set in motion, and what that sets in motion, until nothing is left.
    ///
    /// It ends: every step puts a waiting order to work or activates a list, each once.
    func runFollowUps(_ market: SymbolMarket, _ settlement: inout Settlement) {
        var index = 0
        while index < settlement.followUps.count {
            switch settlement.followUps[index] {
            case .trigger(let id): wake(id, market, &settlement)
            case .activate(let list): activate(list, market, &settlement)
            }
            index += 1
        }
        settlement.followUps.removeAll()
    }

    private func wake(_ id: Int64, _ market: SymbolMarket, _ settlement: inout Settlement) {
        guard var order = market.orders[id], order.isWaiting else { return }
        dissolvePair(keeping: &order, market, &settlement)
        goToWork(&order, market, &settlement)
    }

    /// Puts an order to work that waited or was pending; refused, it expires.
    func goToWork(
        _ order: inout UserOrder, _ market: SymbolMarket, _ settlement: inout Settlement
    ) {
        do throws(Rejection) {
            guard market.status == .trading else { throw .marketClosed }
            if order.ticket.isMarket { try checkFunds(toWork: order, in: market) }
            if order.ticket.type == .limitMaker, wouldTake(order.ticket, market.matcher) {
                throw .wouldTake
            }
        } catch {
            market.orders.save(order)
            expire(order.id, because: .rejected, refused: error, market, &settlement)
            if let ended = market.orders[order.id] { noteEnd(of: ended, market, &settlement) }
            return
        }
        if order.ticket.isMarket { release(&order, market, &settlement) }
        work(&order, in: market, &settlement)
    }

    func wouldTake(_ ticket: OrderTicket, _ matcher: any Matcher) -> Bool {
        guard let best = matcher.bestPrice(against: ticket.side) else { return false }
        return ticket.side == .buy ? best <= ticket.price : best >= ticket.price
    }
}

extension Remainder {
    /// Why the rest of an order expired.
    fileprivate var expiryReason: ExpiryReason? {
        switch self {
        case .expiredImmediate: .unfilledImmediate
        case .expiredFillOrKill: .unfilledFillOrKill
        case .expiredNoLiquidity, .filled: .insufficientLiquidity
        case .wouldTake: .rejected
        case .rests, .expiredSelfTrade: nil
        }
    }
}

extension MatchLog {
    /// What self-trade prevention took from the arriving order.
    fileprivate var takerPrevented: Quantity {
        prevented.reduce(.zero) { $0 + $1.takerPrevented }
    }
}
