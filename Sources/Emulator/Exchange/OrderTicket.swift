import MarketModel

/// An order request with its parameters read and typed, before any check against the market.
struct OrderTicket: Equatable {
    var side: Side
    var type: OrderType
    var timeInForce: TimeInForce
    var price: Price = .zero
    var quantity: Quantity = .zero
    /// Market order by quote amount, in units of 1e-8; 0: by quantity.
    var quoteQuantity: Int64 = 0
    /// Where a conditional order wakes up, or a trailing one begins to follow; zero: not sent.
    var stopPrice: Price = .zero
    /// How far the price must turn back, in hundredths of a percent; 0: not trailing.
    var trailingDelta: Int64 = 0
    /// The part of an iceberg that is shown at a time; zero: not sent.
    var icebergQuantity: Quantity = .zero
    /// `nil`: the exchange makes one.
    var clientOrderID: String?
    var selfTradePrevention: SelfTradePreventionMode = .none
    var strategyID: Int64?
    var strategyType: Int64?

    /// Waits for a price before it works: the four stop types ("algo" orders in the filters).
    var isConditional: Bool {
        switch type {
        case .stopLoss, .stopLossLimit, .takeProfit, .takeProfitLimit: true
        case .limit, .limitMaker, .market: false
        }
    }

    /// Trades at any price once it works.
    var isMarket: Bool { type == .market || type == .stopLoss || type == .takeProfit }
    var isStopLoss: Bool { type == .stopLoss || type == .stopLossLimit }
    var isTakeProfit: Bool { type == .takeProfit || type == .takeProfitLimit }

    /// Whether the stop price lies above the market (sheet section 10).
    var triggersAbove: Bool { isStopLoss == (side == .buy) }

    /// What the matcher sees of it once it works.
    var workingType: OrderType {
        switch type {
        case .stopLoss, .takeProfit, .market: .market
        case .stopLossLimit, .takeProfitLimit, .limit: .limit
        case .limitMaker: .limitMaker
        }
    }
}
