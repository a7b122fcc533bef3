import MarketModel

/// Trades in a row that one order made: binary streams tell them in one message.
struct TradeBurst {
    private(set) var trades: [PublicTrade] = []
    private(set) var market = 0

    /// What is over when `event` comes; `nil` when it goes on or there is nothing.
    mutating func ends(before event: PublicEvent) -> TradeBurst? {
        guard let last = trades.last else { return nil }
        switch event {
        case .trade(let market, let trade)
        where Int(market) == self.market && trade.time == last.time
            && trade.takerSide == last.takerSide:
            return nil
        case .aggregate: return nil
        default:
            defer { trades.removeAll(keepingCapacity: true) }
            return self
        }
    }

    mutating func add(_ trade: PublicTrade, of market: Int) {
        self.market = market
        trades.append(trade)
    }
}
