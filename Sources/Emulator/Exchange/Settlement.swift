import MarketModel

/// Accounts and assets that one operation touched.
struct Settlement {
    let now: Timestamp
    private(set) var touched: [(account: AccountIndex, assets: [AssetIndex])] = []

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

/// How trades and cancels change orders and balances.
extension Exchange {
    /// Books one fill for the resting order's account, if it is a user's.
    func settle(maker fill: Fill, _ market: SymbolMarket, _ settlement: inout Settlement) {
        guard fill.makerAccount != .market, var order = market.orders[fill.makerID] else { return }
        book(fill, isMaker: true, order: &order, market, &settlement)
        market.orders.save(order)
    }

    /// Applies a trade to an order, its balances and the market's account, and reports it.
    func book(
        _ fill: Fill, isMaker: Bool, order: inout UserOrder, _ market: SymbolMarket,
        _ settlement: inout Settlement
    ) {
        let instrument = market.instrument
        let isBuyer = order.ticket.side == .buy
        let quote = Money.quote(fill.price, fill.quantity) ?? 0
        let received = isBuyer ? fill.quantity.raw : quote
        let receivedAsset = isBuyer ? instrument.baseAsset : instrument.quoteAsset
        let commission = Money.commission(
            of: received, rate: isMaker ? instrument.makerFee : instrument.takerFee)

        order.executed += fill.quantity
        order.cumulativeQuote += quote
        if order.ticket.quoteQuantity > 0 { order.quantity = order.executed }
        order.status = order.remaining == .zero && order.ticket.quoteQuantity == 0
            ? .filled : .partiallyFilled
        order.updateTime = settlement.now

        pay(isBuyer ? quote : fill.quantity.raw, for: &order, instrument)
        ledger.credit(received - commission, receivedAsset, of: order.account)
        ledger.collectFee(commission, receivedAsset)
        // The public's side of the trade; when both are users it nets to zero.
        let paidAsset = isBuyer ? instrument.quoteAsset : instrument.baseAsset
        ledger.credit(isBuyer ? quote : fill.quantity.raw, paidAsset, of: .market)
        ledger.credit(-received, receivedAsset, of: .market)

        let userFill = UserFill(
            market: market.index, tradeID: fill.tradeID, orderID: order.id, price: fill.price,
            quantity: fill.quantity, quote: quote, commission: commission,
            commissionAsset: receivedAsset, time: settlement.now, isBuyer: isBuyer,
            isMaker: isMaker)
        market.fills[order.account, default: BoundedQueue(capacity: 50_000)].append(userFill)
        settlement.touch(order.account, instrument.baseAsset, instrument.quoteAsset)
        report(.trade, order, settlement.now, fill: userFill)
    }

    /// Takes the spent amount from the order's lock (or, for market orders, from free).
    private func pay(_ amount: Int64, for order: inout UserOrder, _ instrument: Instrument) {
        let asset = order.ticket.side == .buy ? instrument.quoteAsset : instrument.baseAsset
        let stillNeeded = lockNeeded(for: order)
        let released = order.locked - stillNeeded
        ledger.unlock(released, asset, of: order.account)
        order.locked = stillNeeded
        ledger.credit(-amount, asset, of: order.account)
    }

    /// What the open part of an order keeps locked.
    func lockNeeded(for order: UserOrder) -> Int64 {
        guard order.isOpen, order.ticket.type != .market else { return 0 }
        return order.ticket.side == .sell
            ? order.remaining.raw
            : Money.quoteRoundedUp(order.ticket.price, order.remaining) ?? 0
    }

    /// Ends an order's life and gives back what it locked.
    func close(
        _ order: inout UserOrder, as status: OrderStatus, _ market: SymbolMarket,
        _ settlement: inout Settlement
    ) {
        let instrument = market.instrument
        let asset = order.ticket.side == .buy ? instrument.quoteAsset : instrument.baseAsset
        ledger.unlock(order.locked, asset, of: order.account)
        order.locked = 0
        order.status = status
        order.updateTime = settlement.now
        settlement.touch(order.account, asset)
    }

    func report(
        _ type: ExecutionKind, _ order: UserOrder, _ now: Timestamp, fill: UserFill? = nil,
        cancelClientOrderID: String? = nil
    ) {
        userEvents.append(
            .report(
                OrderReport(
                    order: order, type: type, executionID: makeExecutionID(), time: now,
                    fill: fill, cancelClientOrderID: cancelClientOrderID)))
    }

    /// Tells every touched account its balances.
    func publishPositions(_ settlement: Settlement) {
        for (account, assets) in settlement.touched {
            balanceTimes[account] = settlement.now
            userEvents.append(.position(account, assets, settlement.now))
        }
    }
}
