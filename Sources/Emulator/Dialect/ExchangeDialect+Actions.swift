import MarketModel

/// What the operator does, and what clients are told of it.
extension ExchangeDialect {
    /// Carries an action out; `false` when it names something unknown or there is not enough.
    @discardableResult
    func perform(_ action: ExchangeAction, now: Timestamp) -> Bool {
        defer { publishEvents(now: now) }
        switch action {
        case .deposit(let name, let assetName, let amount):
            guard let (account, asset) = holding(name, assetName) else { return false }
            return exchange.deposit(amount, asset, account: account, now: now)
        case .lockExternally(let name, let assetName, let amount):
            guard let (account, asset) = holding(name, assetName) else { return false }
            return exchange.lockExternally(amount, asset, account: account, now: now)
        case .setStatus(let symbol, let status):
            guard let market = exchange.marketIndex(named: symbol) else { return false }
            exchange.markets[market].status = status
            return true
        case .expireOrders(let symbol):
            guard let market = exchange.marketIndex(named: symbol) else { return false }
            exchange.expireAll(in: exchange.markets[market], now: now)
            return true
        case .cancelOrders(let name, let symbol):
            guard let account = exchange.accounts[name],
                let place = exchange.marketIndex(named: symbol)
            else { return false }
            let market = exchange.markets[place]
            return (try? exchange.cancelAll(in: market, account: account, now: now)) != nil
        case .liquidate(let name, let symbol, let quantity):
            guard let account = exchange.accounts[name],
                let market = exchange.marketIndex(named: symbol)
            else { return false }
            return exchange.liquidate(
                account, Quantity(raw: quantity), in: exchange.markets[market], now: now)
        case .revoke(let key):
            return revoke(key, now: now)
        case .serveAPI(let serves):
            servesAPI = serves
            if serves { return true }
            for session in sessions.values where session.kind == .api {
                outbox.close(session.id, code: 1001)
            }
            return true
        case .retireConnections(let notice):
            retireConnections(after: notice, now: now)
            return true
        case .endUserStreams:
            for session in sessions.values where session.kind == .api {
                end(session.userStreams, session, now: now)
            }
            return true
        }
    }

    private func holding(_ account: String, _ asset: String) -> (AccountIndex, AssetIndex)? {
        guard let account = exchange.accounts[account], let asset = exchange.asset(named: asset)
        else { return nil }
        return (account, asset)
    }

    /// Ends what a key has opened (sheet section 9.1).
    private func revoke(_ key: String, now: Timestamp) -> Bool {
        guard authenticator.revoke(key) else { return false }
        for session in sessions.values where session.kind == .api {
            end(session.userStreams.filter { $0.key == key }, session, now: now)
            guard session.key == key else { continue }
            session.key = nil
            session.account = nil
            answer(session, id: .null, failure: .badKey, now: now)
        }
        return true
    }
}
