import MarketModel

/// Trades in a row that one order made: binary streams tell them in one message.
struct TradeBurst {
    private(set) var trades: [PublicTrade] = []
    private(set) var market = 0

    /// Whether it ends when `event` comes; there may be nothing that ends.
    func isOver(before event: PublicEvent) -> Bool {
        guard let last = trades.last else { return false }
        switch event {
        case .trade(let market, let trade)
        where Int(market) == self.market && trade.time == last.time
            && trade.takerSide == last.takerSide:
            return false
        case .aggregate: return false
        default: return true
        }
    }

    mutating func add(_ trade: PublicTrade, of market: Int) {
        self.market = market
        trades.append(trade)
    }

    mutating func clear() { trades.removeAll(keepingCapacity: true) }
}
