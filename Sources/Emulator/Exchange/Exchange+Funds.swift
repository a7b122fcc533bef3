import MarketModel

/// What orders lock, and whether accounts can afford them.
extension Exchange {
    /// What the open part of an order keeps locked by itself; orders of an intact pair nothing,
    /// because the pair locks for both.
    func lockNeeded(for order: UserOrder) -> Int64 {
        guard order.isOpen else { return 0 }
        if order.listID >= 0, let list = lists[order.listID], list.hasPair,
            list.pair.contains(order.id)
        {
            return 0
        }
        return need(of: order)
    }

    /// What an order would lock if it stood alone.
    func need(of order: UserOrder) -> Int64 {
        let isMarket = order.ticket.isMarket
        if isMarket, order.isWorking { return 0 }
        if order.ticket.side == .sell { return order.remaining.raw }
        let price = isMarket ? order.lockPrice : order.ticket.price
        return Money.quoteRoundedUp(price, order.remaining) ?? .max
    }

    /// Locks what the order needs by itself; the account's free balance has been checked.
    func lock(_ order: inout UserOrder, _ market: SymbolMarket, _ settlement: inout Settlement) {
        let asset = market.spentAsset(order.ticket.side)
        let needed = lockNeeded(for: order)
        if ledger.lock(needed, asset, of: order.account) { order.locked = needed }
        settlement.touch(order.account, asset)
    }

    /// Gives back what an order that has become smaller no longer needs.
    func relock(_ order: inout UserOrder, _ market: SymbolMarket, _ settlement: inout Settlement) {
        // What a market order has locked is what it is about to pay.
        guard !(order.ticket.isMarket && order.isWorking) else { return }
        let asset = market.spentAsset(order.ticket.side)
        let needed = min(lockNeeded(for: order), order.locked)
        ledger.unlock(order.locked - needed, asset, of: order.account)
        order.locked = needed
        settlement.touch(order.account, asset)
    }

    /// Gives everything back that an order locked while it waited.
    func release(
        _ order: inout UserOrder, _ market: SymbolMarket, _ settlement: inout Settlement
    ) {
        let asset = market.spentAsset(order.ticket.side)
        ledger.unlock(order.locked, asset, of: order.account)
        order.locked = 0
        settlement.touch(order.account, asset)
    }

    /// Locks exactly what a market order's trades cost, so that fees cannot use it up meanwhile.
    func lockCost(of log: MatchLog, for order: inout UserOrder, _ market: SymbolMarket) {
        var cost: Int64 = 0
        for fill in log.fills {
            cost += order.ticket.side == .sell
                ? fill.quantity.raw : Money.quote(fill.price, fill.quantity) ?? 0
        }
        if ledger.lock(cost, market.spentAsset(order.ticket.side), of: order.account) {
            order.locked = cost
        }
    }

    /// What an order that goes to work now can cost at most.
    private func cost(of order: UserOrder, in market: SymbolMarket) -> Int64 {
        let ticket = order.ticket
        guard ticket.isMarket else { return need(of: order) }
        if ticket.side == .buy {
            if ticket.quoteQuantity > 0 { return ticket.quoteQuantity }
            let expiresOwn = ticket.selfTradePrevention == .expireMaker
            return market.matcher.costOfBuying(
                order.remaining, excluding: expiresOwn ? order.account : nil)
        }
        guard ticket.quoteQuantity > 0 else { return order.remaining.raw }
        // A sale by quote amount needs the base that the amount is worth.
        let base = Money.quantity(for: ticket.quoteQuantity, at: market.matcher.top.bidPrice)
        return max(base?.raw ?? 0, market.instrument.lotSize.raw)
    }

    /// Refuses an order that goes to work at once and that the free balance does not cover.
    func checkFunds(
        toWork order: UserOrder, in market: SymbolMarket
    ) throws(Rejection) {
        let free = ledger[order.account, market.spentAsset(order.ticket.side)].free + order.locked
        if free < cost(of: order, in: market) { throw .insufficientBalance }
    }

    /// Refuses an order that waits when the free balance does not cover its lock.
    func checkFunds(toWait order: UserOrder, in market: SymbolMarket) throws(Rejection) {
        let free = ledger[order.account, market.spentAsset(order.ticket.side)].free
        if free < need(of: order) { throw .insufficientBalance }
    }

    // MARK: - Money from and to outside

    /// A deposit (positive) or a withdrawal; `false` when there is not so much free.
    func deposit(
        _ amount: Int64, _ asset: AssetIndex, account: AccountIndex, now: Timestamp
    ) -> Bool {
        guard ledger[account, asset].free.addingReportingOverflow(amount).partialValue >= 0 else {
            return false
        }
        ledger.deposit(amount, asset, to: account)
        userEvents.append(.balance(account, asset, delta: amount, now))
        publish(asset, of: account, now: now)
        return true
    }

    /// Locks (positive) or releases a balance for a purpose outside trading.
    func lockExternally(
        _ amount: Int64, _ asset: AssetIndex, account: AccountIndex, now: Timestamp
    ) -> Bool {
        if amount >= 0 {
            guard ledger.lock(amount, asset, of: account) else { return false }
        } else {
            let held = externalLocks[Ledger.Holding(account: account, asset: asset)] ?? 0
            guard held >= -amount else { return false }
            ledger.unlock(-amount, asset, of: account)
        }
        externalLocks[Ledger.Holding(account: account, asset: asset), default: 0] += amount
        userEvents.append(.externalLock(account, asset, delta: amount, now))
        publish(asset, of: account, now: now)
        return true
    }

    private func publish(_ asset: AssetIndex, of account: AccountIndex, now: Timestamp) {
        var settlement = Settlement(now: now)
        settlement.touch(account, asset)
        publishPositions(settlement)
    }
}
