import MarketModel

/// An arriving order while it meets the other side: what it still wants and what it has got.
struct Taker {
    let order: IncomingOrder
    private let lotSize: Quantity
    private(set) var remaining: Quantity
    private var budget: Int64
    private(set) var executed = Quantity.zero
    /// Self-trade prevention ended it.
    var wasPrevented = false
    /// The last thing that happened to it was a prevented trade.
    private var lastWasPrevented = false
    /// A budget too small for one more lot counts as used up.
    var budgetIsSpent = false

    init(order: IncomingOrder, lotSize: Quantity) {
        self.order = order
        self.lotSize = lotSize
        remaining = order.quantity
        budget = order.quoteBudget
    }

    private var isByQuote: Bool { order.quoteBudget > 0 }

    /// Whether nothing more is wanted.
    var isDone: Bool { isByQuote ? budgetIsSpent : remaining == .zero }

    /// What this order wants at a price, in whole lots.
    func wanted(at price: Price) -> Quantity {
        guard isByQuote else { return remaining }
        let affordable = (Money.quantity(for: budget, at: price) ?? .zero)
            .flooredToMultiple(of: lotSize)
        return order.quantity > .zero ? min(affordable, remaining) : affordable
    }

    mutating func take(_ quantity: Quantity, at price: Price) {
        executed += quantity
        lastWasPrevented = false
        if isByQuote { budget -= Money.quote(price, quantity) ?? 0 }
        if order.quantity > .zero { remaining -= quantity }
    }

    /// Loses what self-trade prevention kept from trading at a price.
    mutating func lose(_ quantity: Quantity, at price: Price) {
        if isByQuote { budget -= Money.quote(price, quantity) ?? 0 }
        if order.quantity > .zero { remaining -= quantity }
        lastWasPrevented = true
    }

    /// What becomes of the rest, by type and time in force.
    var remainder: Remainder {
        if wasPrevented || isDone && lastWasPrevented { return .expiredSelfTrade }
        if isDone { return .filled }
        if order.type == .market { return .expiredNoLiquidity }
        return order.timeInForce == .ioc || order.timeInForce == .fok ? .expiredImmediate : .rests
    }
}
