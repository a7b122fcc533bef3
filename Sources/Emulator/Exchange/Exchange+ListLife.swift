import MarketModel

/// What happens in an order list when one of its orders trades, wakes up or ends.
extension Exchange {
    /// One order of a pair goes to work: the other expires, and the lock stays with the first.
    func dissolvePair(
        keeping order: inout UserOrder, _ market: SymbolMarket, _ settlement: inout Settlement
    ) {
        guard order.listID >= 0, var list = lists[order.listID], list.hasPair,
            let other = list.counterpart(of: order.id)
        else { return }
        releasePair(of: &list, market, &settlement)
        lists.save(list)
        let asset = market.spentAsset(order.ticket.side)
        let needed = need(of: order)
        if ledger.lock(needed, asset, of: order.account) { order.locked = needed }
        // Saved before the other ends, so that the list knows this one is still open.
        market.orders.save(order)
        expire(other, because: .pairTriggered, market, &settlement)
    }

    private func releasePair(
        of list: inout OrderList, _ market: SymbolMarket, _ settlement: inout Settlement
    ) {
        guard list.hasPair, let order = list.pair.first.flatMap({ market.orders[$0] }) else {
            return
        }
        let asset = market.spentAsset(order.ticket.side)
        ledger.unlock(list.pairLocked, asset, of: list.account)
        list.pairLocked = 0
        list.hasPair = false
        settlement.touch(list.account, asset)
    }

    /// An order has ended: what does that mean for its list?
    func noteEnd(
        of order: UserOrder, _ market: SymbolMarket, _ settlement: inout Settlement
    ) {
        guard order.listID >= 0, var list = lists[order.listID], list.isOpen else { return }
        if order.id == list.working {
            if order.status == .filled {
                settlement.followUps.append(.activate(list: list.id))
                return
            }
            releasePair(of: &list, market, &settlement)
            lists.save(list)
            for id in list.orders where id != order.id {
                expire(id, because: .workingOrderExpired, market, &settlement)
            }
        } else if list.hasPair, let other = list.counterpart(of: order.id) {
            releasePair(of: &list, market, &settlement)
            lists.save(list)
            expire(other, because: .pairTriggered, market, &settlement)
        }
        finishIfDone(list, market, settlement.now)
    }

    private func finishIfDone(_ list: OrderList, _ market: SymbolMarket, _ now: Timestamp) {
        let orders = list.orders.compactMap { market.orders[$0] }
        guard orders.allSatisfy({ !$0.isOpen }) else { return }
        var done = list
        done.statusType = .done
        lists.save(done)
        report(done, orders, now)
    }

    /// The working order was filled: the pending ones go to work or wait for their prices.
    func activate(_ id: Int64, _ market: SymbolMarket, _ settlement: inout Settlement) {
        guard let list = lists[id], list.isOpen else { return }
        let pending = list.orders.filter { $0 != list.working }.compactMap { market.orders[$0] }
            .filter { $0.status == .pendingNew }
        if list.hasPair, pending.count == 2 {
            do throws(Rejection) {
                try checkPair(pending[0].ticket, pending[1].ticket, in: market)
            } catch {
                refusePair(pending, error, market, &settlement)
                return
            }
        }
        report(list, list.orders.compactMap { market.orders[$0] }, settlement.now)
        for order in pending {
            guard var order = market.orders[order.id], order.status == .pendingNew else { continue }
            order.status = .new
            order.updateTime = settlement.now
            guard order.ticket.isConditional else {
                goToWork(&order, market, &settlement)
                continue
            }
            if case .failure(let refusal) = trigger(order.ticket, market) {
                expire(order.id, because: .rejected, refused: refusal, market, &settlement)
                if let ended = market.orders[order.id] { noteEnd(of: ended, market, &settlement) }
            } else {
                beginWaiting(&order, market, settlement.now)
            }
        }
    }

    private func trigger(
        _ ticket: OrderTicket, _ market: SymbolMarket
    ) -> Result<Void, Rejection> {
        do throws(Rejection) {
            return .success(try checkTrigger(ticket, market))
        } catch {
            return .failure(error)
        }
    }

    /// A pair whose prices no longer fit the market: the order at fault is refused, the other
    /// ends with it.
    private func refusePair(
        _ pending: [UserOrder], _ refusal: Rejection, _ market: SymbolMarket,
        _ settlement: inout Settlement
    ) {
        let stopIsAtFault: Bool
        if case .failure = trigger(pending[0].ticket, market) {
            stopIsAtFault = true
        } else {
            stopIsAtFault = false
        }
        let refused = pending[stopIsAtFault ? 0 : 1].id
        expire(refused, because: .rejected, refused: refusal, market, &settlement)
        if let ended = market.orders[refused] { noteEnd(of: ended, market, &settlement) }
    }

    /// Cancels every order of a list that is still open.
    func cancel(
        _ list: OrderList, in market: SymbolMarket, cancelID: String, now: Timestamp
    ) -> CanceledList {
        var list = list
        var settlement = Settlement(now: now)
        releasePair(of: &list, market, &settlement)
        var canceled: [CanceledOrder] = []
        for id in list.orders {
            guard var order = market.orders[id], order.isOpen else { continue }
            takeOut(order, market, now: now)
            close(&order, as: .canceled, market, &settlement)
            market.orders.save(order)
            report(.canceled, order, now) { $0.requestClientOrderID = cancelID }
            canceled.append(
                CanceledOrder(order: order, cancelClientOrderID: cancelID, time: now))
        }
        list.statusType = .done
        lists.save(list)
        let orders = list.orders.compactMap { market.orders[$0] }
        report(list, orders, now)
        publishPositions(settlement)
        return CanceledList(
            list: list, clientOrderIDs: orders.map(\.clientOrderID), orders: canceled)
    }

    /// Queues a listStatus.
    func report(_ list: OrderList, _ orders: [UserOrder], _ now: Timestamp) {
        userEvents.append(
            .list(
                OrderListReport(
                    list: list, clientOrderIDs: orders.map(\.clientOrderID), time: now)))
    }
}
