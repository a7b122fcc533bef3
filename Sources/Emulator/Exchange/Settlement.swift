import MarketModel

/// What one request or market event touches, and what must still happen because of it.
struct Settlement {
    let now: Timestamp
    private(set) var touched: [(account: AccountIndex, assets: [AssetIndex])] = []
    /// In turn, once the order at hand has come to rest; see ``Exchange/runFollowUps(_:_:)``.
    var followUps: [FollowUp] = []

    enum FollowUp {
        /// A conditional order's price was reached.
        case trigger(Int64)
        /// The working order of this list was filled.
        case activate(list: Int64)
    }

    init(now: Timestamp) { self.now = now }

    mutating func touch(_ account: AccountIndex, _ assets: AssetIndex...) {
        guard let index = touched.firstIndex(where: { $0.account == account }) else {
            touched.append((account, assets))
            return
        }
        for asset in assets where !touched[index].assets.contains(asset) {
            touched[index].assets.append(asset)
        }
    }
}

/// How trades and prevented trades change orders and balances.
extension Exchange {
    /// What an order's arrival did at once.
    struct Arrival {
        var fills: [UserFill] = []
        var prevented: [PreventedTrade] = []
    }

    /// Books an arrival's trades and prevented trades for everyone concerned, as they happened.
    func settle(
        _ log: MatchLog, taker: inout UserOrder, _ placement: Placement, _ market: SymbolMarket,
        _ settlement: inout Settlement
    ) -> Arrival {
        var arrival = Arrival()
        var matches = log.prevented[...]
        func settlePrevented(before count: Int) {
            while let match = matches.first, match.tradesBefore <= count {
                matches.removeFirst()
                let ends = matches.isEmpty && placement.remainder == .expiredSelfTrade
                arrival.prevented.append(
                    settle(match, taker: &taker, endsTaker: ends, market, &settlement))
            }
        }
        for (index, fill) in log.fills.enumerated() {
            settlePrevented(before: index)
            settle(maker: fill, market, &settlement)
            let isLast = index == log.fills.count - 1 && matches.isEmpty
            let userFill = book(
                fill, isMaker: false, completes: isLast && placement.remainder == .filled,
                order: &taker, market, &settlement)
            arrival.fills.append(userFill)
        }
        settlePrevented(before: .max)
        return arrival
    }

    /// Books one fill for the resting order's account, if it is a user's.
    func settle(maker fill: Fill, _ market: SymbolMarket, _ settlement: inout Settlement) {
        guard fill.makerAccount != .market, var order = market.orders[fill.makerID] else { return }
        dissolvePair(keeping: &order, market, &settlement)
        let completes = order.remaining == fill.quantity
        _ = book(fill, isMaker: true, completes: completes, order: &order, market, &settlement)
        market.orders.save(order)
        if !order.isOpen { noteEnd(of: order, market, &settlement) }
    }

    /// Applies a trade to an order, its balances and the market's account, and reports it.
    private func book(
        _ fill: Fill, isMaker: Bool, completes: Bool, order: inout UserOrder,
        _ market: SymbolMarket, _ settlement: inout Settlement
    ) -> UserFill {
        let instrument = market.instrument
        let isBuyer = order.ticket.side == .buy
        let quote = Money.quote(fill.price, fill.quantity) ?? 0
        let received = isBuyer ? fill.quantity.raw : quote
        let paid = isBuyer ? quote : fill.quantity.raw
        let receivedAsset = isBuyer ? instrument.baseAsset : instrument.quoteAsset
        let paidAsset = isBuyer ? instrument.quoteAsset : instrument.baseAsset

        order.executed += fill.quantity
        order.cumulativeQuote += quote
        order.status = completes ? .filled : .partiallyFilled
        order.updateTime = settlement.now

        pay(paid, for: &order, paidAsset)
        ledger.credit(received, receivedAsset, of: order.account)
        let fee = commission(
            on: received, of: receivedAsset, account: order.account, isMaker: isMaker,
            isBuyer: isBuyer)
        ledger.credit(-fee.amount, fee.asset, of: order.account)
        ledger.collectFee(fee.amount, fee.asset)
        // The public's side of the trade; when both are users it nets to zero.
        ledger.credit(paid, paidAsset, of: .market)
        ledger.credit(-received, receivedAsset, of: .market)

        let userFill = UserFill(
            market: market.index, tradeID: fill.tradeID, orderID: order.id, listID: order.listID,
            price: fill.price, quantity: fill.quantity, quote: quote, commission: fee.amount,
            commissionAsset: fee.asset, time: settlement.now, isBuyer: isBuyer, isMaker: isMaker)
        keep(userFill, of: order.account)
        settlement.touch(order.account, instrument.baseAsset, instrument.quoteAsset, fee.asset)
        report(.trade, order, settlement.now) { $0.fill = userFill }
        return userFill
    }

    /// Takes the spent amount out of the order's lock.
    private func pay(_ amount: Int64, for order: inout UserOrder, _ asset: AssetIndex) {
        // A market order has locked exactly what it pays, others what their open part needs.
        let kept = order.ticket.isMarket
            ? max(order.locked - amount, 0) : lockNeeded(for: order)
        ledger.unlock(order.locked - kept, asset, of: order.account)
        order.locked = kept
        ledger.credit(-amount, asset, of: order.account)
    }

    /// Applies a prevented trade to both orders, keeps and reports it.
    private func settle(
        _ match: PreventedMatch, taker: inout UserOrder, endsTaker: Bool, _ market: SymbolMarket,
        _ settlement: inout Settlement
    ) -> PreventedTrade {
        let record = PreventedTrade(
            id: market.makePreventedMatchID(), takerID: taker.id, makerID: match.makerID,
            account: taker.account, mode: taker.ticket.selfTradePrevention, price: match.price,
            quantity: match.quantity, takerPrevented: match.takerPrevented,
            makerPrevented: match.makerPrevented, time: settlement.now)
        keep(record, market)
        if match.makerPrevented > .zero, var maker = market.orders[match.makerID] {
            dissolvePair(keeping: &maker, market, &settlement)
            maker.prevented += match.makerPrevented
            maker.preventedMatchID = record.id
            if match.makerIsGone {
                close(&maker, as: .expiredInMatch, market, &settlement)
            } else {
                relock(&maker, market, &settlement)
            }
            market.orders.save(maker)
            report(.tradePrevention, maker, settlement.now) { $0.prevented = record }
            if !maker.isOpen { noteEnd(of: maker, market, &settlement) }
        }
        if match.takerPrevented > .zero {
            taker.prevented += match.takerPrevented
            taker.preventedMatchID = record.id
            if endsTaker {
                close(&taker, as: .expiredInMatch, market, &settlement)
            } else {
                relock(&taker, market, &settlement)
            }
            report(.tradePrevention, taker, settlement.now) { $0.prevented = record }
        }
        return record
    }

    /// Ends an order's life and gives back what it locked.
    func close(
        _ order: inout UserOrder, as status: OrderStatus, _ market: SymbolMarket,
        _ settlement: inout Settlement
    ) {
        let asset = market.spentAsset(order.ticket.side)
        ledger.unlock(order.locked, asset, of: order.account)
        order.locked = 0
        order.status = status
        order.updateTime = settlement.now
        settlement.touch(order.account, asset)
    }

    /// Numbers and queues an executionReport.
    func report(
        _ type: ExecutionKind, _ order: UserOrder, _ now: Timestamp,
        _ complete: (inout OrderReport) -> Void = { _ in }
    ) {
        var report = OrderReport(
            order: order, type: type, executionID: makeExecutionID(), time: now)
        complete(&report)
        userEvents.append(.report(report))
    }

    /// Tells every touched account its balances. A venue's time does not run backwards, whatever its
    /// clock does.
    func publishPositions(_ settlement: Settlement) {
        newestTime = max(newestTime, settlement.now)
        for (account, assets) in settlement.touched {
            balanceTimes[account] = newestTime
            changes.balanceTimes.note(account)
            userEvents.append(.position(account, assets, newestTime))
        }
    }
}
