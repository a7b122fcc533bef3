import MarketModel

/// The best prices of our own open orders in one instrument; zero where there is none.
struct OwnBest: BitwiseCopyable {
    private(set) var bid = Price.zero
    private(set) var ask = Price.zero
    /// An order at the best price has gone: somebody has to look for the next one.
    private(set) var isStale = false

    @_noLocks
    init() {}

    /// A market order has no price and does not rest.
    @_noLocks
    mutating func add(_ side: Side, _ price: Price) {
        if price.raw <= 0 { return }
        if side == .buy {
            if price > bid { bid = price }
        } else if ask.raw == 0 || price < ask {
            ask = price
        }
    }

    @_noLocks
    mutating func remove(_ side: Side, _ price: Price) {
        if price.raw > 0, price == (side == .buy ? bid : ask) { isStale = true }
    }
}
