import MarketModel

/// Becoming again what the record tells.
extension Exchange {
    /// Takes recorded changes over into an exchange that has just been made, and puts open orders
    /// back into the book, in their turn, and among those that wait for a price.
    ///
    /// The public comes back afterwards: nothing rests yet that an order could meet.
    func restore(_ records: [StateRecord], now: Timestamp) {
        var followed: [Int: [Int64: Price]] = [:]
        for record in records {
            apply(record)
            for entry in record.trailing {
                followed[entry.market, default: [:]][entry.order] = entry.best
            }
        }
        for market in markets {
            for order in market.orders.allOpen where order.isWaiting {
                market.triggers.insert(order)
                if let best = followed[market.index]?[order.id] {
                    market.triggers.restore(best, of: order.id)
                }
            }
            let working = market.orders.allOpen.filter(\.isWorking)
            for order in working.sorted(by: { ($0.workingTime, $0.id) < ($1.workingTime, $1.id) }) {
                rest(order.id, market, now)
            }
        }
    }

    private func apply(_ record: StateRecord) {
        lastExecutionID = record.lastExecutionID
        lastGeneratedID = UInt64(bitPattern: record.lastGeneratedID)
        lists.resume(after: record.lastListID)
        for entry in record.markets { markets[entry.index].resume(after: entry.numbers) }
        for entry in record.balances {
            ledger.restore(
                Ledger.Amounts(free: entry.free, locked: entry.locked), entry.asset,
                of: entry.account)
            externalLocks[.init(account: entry.account, asset: entry.asset)] =
                entry.external == 0 ? nil : entry.external
        }
        for entry in record.fees { ledger.restore(fees: entry.amount, entry.asset) }
        for entry in record.balanceTimes {
            balanceTimes[entry.account] = entry.time
            newestTime = max(newestTime, entry.time)
        }
        for order in record.orders { markets[order.market].orders.save(order) }
        for list in record.lists { lists.save(list) }
        for entry in record.trades { keep(entry.fill, of: entry.account) }
        for entry in record.prevented { markets[entry.market].restore(entry.trade) }
    }

    /// Puts an order back into the book. Should it meet another there, which the book before did
    /// not allow, it ends.
    private func rest(_ id: Int64, _ market: SymbolMarket, _ now: Timestamp) {
        guard var order = market.orders[id], order.isOpen else { return }
        var incoming = incoming(order, in: market)
        incoming.type = .limitMaker
        incoming.timeInForce = .gtc
        let placement = market.matcher.place(incoming)
        guard placement.remainder == .rests else {
            var settlement = Settlement(now: now)
            expire(order.id, because: .exchangeCanceled, market, &settlement)
            if let ended = market.orders[order.id] { noteEnd(of: ended, market, &settlement) }
            runFollowUps(market, &settlement)
            return
        }
        order.handle = placement.handle
        market.orders.save(order)
    }
}

extension ExchangeConfiguration {
    /// Symbols start where their last recorded prices were.
    func resuming(_ records: [StateRecord]) -> ExchangeConfiguration {
        var resumed = self
        for entry in records.lazy.flatMap(\.markets) {
            let tick = symbols[entry.index].tickSize.raw
            let price = entry.lastPrice.raw - entry.lastPrice.raw % tick
            if price > 0 { resumed.symbols[entry.index].startPrice = Price(raw: price) }
        }
        return resumed
    }
}
