import MarketModel

/// What no store of the exchange notes by itself, until it is on record; see
/// ``Exchange/takeChanges(now:)``.
struct ExchangeChanges {
    /// Whether someone keeps the exchange's record.
    private(set) var isOn = false
    var balanceTimes = ChangeTracker<AccountIndex>()
    fileprivate var trades: [StateRecord.Trade] = []
    fileprivate var prevented: [StateRecord.Prevented] = []
    fileprivate var recordedExecutionID: Int64 = 0
    /// By market: on record, and not to be passed before the next is.
    fileprivate var reserves: [MarketNumbers] = []
    fileprivate var recordedPrices: [Price] = []
    fileprivate var nextPriceTime = Timestamp.unknown

    /// How many numbers are set aside at a time.
    fileprivate static let reserve: Int64 = 100_000

    fileprivate mutating func turnOn() {
        isOn = true
        balanceTimes.isOn = true
    }
}

/// The exchange's changes and its whole state as records.
extension Exchange {
    /// Notes from here on what ``takeChanges(now:)`` tells.
    func startNotingChanges() {
        changes.turnOn()
        ledger.changes.isOn = true
        ledger.feeChanges.isOn = true
        lists.changes.isOn = true
        for market in markets {
            market.orders.changes.isOn = true
            market.triggers.changes.isOn = true
        }
    }

    func keep(_ fill: UserFill, of account: AccountIndex) {
        markets[fill.market].fills[account, default: BoundedQueue(capacity: 50_000)].append(fill)
        if changes.isOn { changes.trades.append(.init(account: account, fill: fill)) }
    }

    func keep(_ trade: PreventedTrade, _ market: SymbolMarket) {
        market.prevented.append(trade)
        if changes.isOn { changes.prevented.append(.init(market: market.index, trade: trade)) }
    }

    /// What has changed since the last call; `nil` when nothing has. Between operations only.
    ///
    /// Costs a few comparisons a symbol when nothing has changed. Last prices are told once a
    /// second: the public's trades move them all the time.
    func takeChanges(now: Timestamp) -> StateRecord? {
        var record = makeRecord()
        let isPriceDue = now >= changes.nextPriceTime
        if isPriceDue { changes.nextPriceTime = now + .seconds(1) }
        for market in markets {
            takeChanges(of: market, into: &record)
            let needsReserve = !market.numbers.isWithin(changes.reserves[market.index])
            let hasMoved = isPriceDue && market.lastPrice != changes.recordedPrices[market.index]
            if needsReserve || hasMoved {
                record.markets.append(reserveNumbers(of: market, isNew: needsReserve))
            }
        }
        for holding in ledger.changes.take() { record.balances.append(balance(holding)) }
        for asset in ledger.feeChanges.take() {
            record.fees.append(.init(asset: asset, amount: ledger.fees[asset.slot]))
        }
        for account in changes.balanceTimes.take() {
            record.balanceTimes.append(
                .init(account: account, time: balanceTimes[account] ?? .unknown))
        }
        record.lists = lists.changes.take().compactMap { lists[$0] }
        swap(&record.trades, &changes.trades)
        swap(&record.prevented, &changes.prevented)
        let hasReports = lastExecutionID != changes.recordedExecutionID
        changes.recordedExecutionID = lastExecutionID
        return hasReports || !record.isEmpty ? record : nil
    }

    private func takeChanges(of market: SymbolMarket, into record: inout StateRecord) {
        for id in market.orders.changes.take() {
            if let order = market.orders[id] { record.orders.append(order) }
        }
        for id in market.triggers.changes.take() {
            if let entry = trailing(id, market) { record.trailing.append(entry) }
        }
    }

    /// The whole state, as the first records of a file; what has changed is part of it.
    func takeState() -> [StateRecord] {
        changes.reserves = markets.map { $0.numbers.adding(ExchangeChanges.reserve) }
        changes.recordedPrices = markets.map(\.lastPrice)
        _ = takeChanges(now: .unknown)
        var head = makeRecord()
        for market in markets {
            head.markets.append(reserveNumbers(of: market, isNew: false))
            head.prevented += market.prevented.suffix(market.prevented.count).map {
                .init(market: market.index, trade: $0)
            }
        }
        let owners = (0...accounts.count).map { AccountIndex(Int32($0)) }
        let all = assets.indices.map { AssetIndex(UInt16($0)) }
        for account in owners {
            head.balances += all.map { balance(.init(account: account, asset: $0)) }
        }
        head.fees = all.map { .init(asset: $0, amount: ledger.fees[$0.slot]) }
        head.balanceTimes = owners.compactMap { account in
            balanceTimes[account].map { .init(account: account, time: $0) }
        }
        var records = [head]
        records += parts(of: lists.inSavingOrder) { $0.lists = $1 }
        for market in markets {
            let orders = market.orders.inSavingOrder
            records += parts(of: orders) { $0.orders = $1 }
            records += parts(of: orders.compactMap { trailing($0.id, market) }) {
                $0.trailing = $1
            }
            for account in owners {
                guard let fills = market.fills[account] else { continue }
                let trades = fills.suffix(fills.count).map {
                    StateRecord.Trade(account: account, fill: $0)
                }
                records += parts(of: trades) { $0.trades = $1 }
            }
        }
        return records
    }

    /// Records of so many elements each that none becomes too long.
    private func parts<Element>(
        of elements: [Element], _ fill: (inout StateRecord, [Element]) -> Void
    ) -> [StateRecord] {
        stride(from: 0, to: elements.count, by: 10_000).map { start in
            var record = makeRecord()
            fill(&record, Array(elements[start..<min(start + 10_000, elements.count)]))
            return record
        }
    }

    private func makeRecord() -> StateRecord {
        var record = StateRecord()
        record.lastExecutionID = lastExecutionID
        record.lastGeneratedID = Int64(bitPattern: lastGeneratedID)
        record.lastListID = lists.lastID
        return record
    }

    private func reserveNumbers(of market: SymbolMarket, isNew: Bool) -> StateRecord.Market {
        if isNew { changes.reserves[market.index] = market.numbers.adding(ExchangeChanges.reserve) }
        changes.recordedPrices[market.index] = market.lastPrice
        return .init(
            index: market.index, numbers: changes.reserves[market.index],
            lastPrice: market.lastPrice)
    }

    private func balance(_ holding: Ledger.Holding) -> StateRecord.Balance {
        let amounts = ledger[holding.account, holding.asset]
        return .init(
            account: holding.account, asset: holding.asset, free: amounts.free,
            locked: amounts.locked, external: externalLocks[holding] ?? 0)
    }

    private func trailing(_ id: Int64, _ market: SymbolMarket) -> StateRecord.Trailing? {
        let best = market.triggers.best(of: id)
        return best > .zero ? .init(market: market.index, order: id, best: best) : nil
    }
}

extension StateRecord {
    fileprivate var isEmpty: Bool {
        markets.isEmpty && balances.isEmpty && fees.isEmpty && balanceTimes.isEmpty
            && orders.isEmpty && lists.isEmpty && trades.isEmpty && prevented.isEmpty
            && trailing.isEmpty
    }
}
