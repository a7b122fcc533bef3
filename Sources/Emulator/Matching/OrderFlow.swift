import MarketModel

/// Who owns an order: an account of the exchange, or the public market (agents, recorded flow).
struct AccountIndex: BitwiseCopyable, Hashable, Sendable {
    var raw: Int32

    init(_ raw: Int32) { self.raw = raw }

    /// The public market: no balances, no reports, no self-trade prevention.
    static var market: AccountIndex { AccountIndex(0) }
    var slot: Int { Int(raw) }
}

/// What happens when an order would trade with another of the same account.
public enum SelfTradePreventionMode: UInt8, BitwiseCopyable, Sendable, CaseIterable {
    case none
    case expireTaker
    case expireMaker
    case expireBoth
    /// Both lose what would have traded; the smaller one expires.
    case decrement
    /// Between accounts of one trade group a transfer; within one account as `decrement`.
    case transfer

    /// Whether both orders stay in play and lose only what would have traded.
    var decrements: Bool { self == .decrement || self == .transfer }
}

/// An order on its way into the book; filters and balances have been checked.
struct IncomingOrder: BitwiseCopyable, Sendable {
    var id: Int64
    var account: AccountIndex
    var side: Side
    /// `limit`, `limitMaker` or `market`.
    var type: OrderType
    var timeInForce: TimeInForce
    var price: Price
    /// For a market order by quote amount the most it may trade, zero: no bound.
    var quantity: Quantity
    /// For a market order by quote amount, in units of 1e-8 of the quote asset; else 0.
    var quoteBudget: Int64 = 0
    /// Iceberg: the part that is shown at a time; zero: all of it.
    var displayQuantity: Quantity = .zero
    var selfTradePrevention: SelfTradePreventionMode = .none

    /// Whether a resting order at `other` of the opposite side satisfies this order's limit.
    func reaches(_ other: Price) -> Bool {
        type == .market || (side == .buy ? other <= price : other >= price)
    }
}

/// Where a resting order lies; stale after the order has left the book.
struct OrderHandle: BitwiseCopyable, Hashable, Sendable {
    var slot: Int32
    /// The order's id, so that a reused slot is not mistaken for the old order.
    var id: Int64

    static var none: OrderHandle { OrderHandle(slot: -1, id: 0) }
}

/// One trade between an arriving and a resting order.
struct Fill: BitwiseCopyable, Sendable, Equatable {
    var tradeID: Int64
    var price: Price
    var quantity: Quantity
    var takerSide: Side
    var takerID: Int64
    var takerAccount: AccountIndex
    var makerID: Int64
    var makerAccount: AccountIndex
    /// What is left of the resting order after this trade.
    var makerRemaining: Quantity
}

/// A trade that self-trade prevention did not let happen.
struct PreventedMatch: BitwiseCopyable, Sendable, Equatable {
    var makerID: Int64
    var makerAccount: AccountIndex
    var price: Price
    /// What would have traded.
    var quantity: Quantity
    /// What the arriving order lost, zero when it lost nothing.
    var takerPrevented: Quantity
    /// What the resting order lost, zero when it lost nothing.
    var makerPrevented: Quantity
    /// Whether the resting order has left the book.
    var makerIsGone: Bool
    /// How many of the operation's trades came before.
    var tradesBefore: Int32

    /// What a mode does to a taker that wants `wanted` and a maker that shows `shown` of `left`.
    init(
        _ mode: SelfTradePreventionMode, wanted: Quantity, makerID: Int64, makerAccount: AccountIndex,
        price: Price, shown: Quantity, left: Quantity, tradesBefore: Int
    ) {
        self.makerID = makerID
        self.makerAccount = makerAccount
        self.price = price
        self.tradesBefore = Int32(tradesBefore)
        quantity = min(wanted, shown)
        if mode.decrements {
            takerPrevented = quantity
            makerPrevented = quantity
        } else {
            takerPrevented = mode == .expireMaker ? .zero : wanted
            makerPrevented = mode == .expireTaker ? .zero : left
        }
        makerIsGone = makerPrevented == left
    }
}

/// What became of the part of an order that did not trade.
enum Remainder: UInt8, BitwiseCopyable, Sendable {
    /// Nothing is left.
    case filled
    /// It rests in the book.
    case rests
    /// Immediate-or-cancel: the rest expired.
    case expiredImmediate
    /// Fill-or-kill: could not be filled whole, nothing traded.
    case expiredFillOrKill
    /// Market order: the book ran out.
    case expiredNoLiquidity
    /// Self-trade prevention expired the taker.
    case expiredSelfTrade
    /// Post-only and would have taken: refused, nothing happened.
    case wouldTake
}

/// The result of one order's arrival; its trades are in the matcher's log.
struct Placement: BitwiseCopyable, Sendable {
    var executed: Quantity
    var remainder: Remainder
    /// Valid when the remainder rests.
    var handle: OrderHandle
}

/// What one operation did to other orders; cleared at the start of the next.
struct MatchLog {
    private(set) var fills = ContiguousArray<Fill>()
    private(set) var prevented = ContiguousArray<PreventedMatch>()

    mutating func clear() {
        if !fills.isEmpty { fills.removeAll(keepingCapacity: true) }
        if !prevented.isEmpty { prevented.removeAll(keepingCapacity: true) }
    }

    mutating func append(_ fill: Fill) { fills.append(fill) }
    mutating func append(_ match: PreventedMatch) { prevented.append(match) }
}

/// Best bid and best ask; a side without orders has quantity 0.
struct BookTop: BitwiseCopyable, Equatable, Sendable {
    var bidPrice: Price = .zero
    var bidQuantity: Quantity = .zero
    var askPrice: Price = .zero
    var askQuantity: Quantity = .zero
}

/// A source of liquidity that users' orders meet: the matching book or a replayed market.
protocol Matcher: AnyObject {
    /// Number of the last change of the visible book.
    var updateID: Int64 { get }
    /// Number of the last trade that it made.
    var lastTradeID: Int64 { get }
    var top: BookTop { get }
    /// The price that an order of this side would meet first; `nil` when there is none.
    func bestPrice(against side: Side) -> Price?
    /// Trades and prevented matches of the last operation.
    var log: MatchLog { get }

    /// Goes on after numbers that were given out before a restart; the book is still empty.
    func resume(afterUpdate update: Int64, trade: Int64)

    func place(_ order: IncomingOrder) -> Placement
    /// Takes a resting order out; its remaining quantity, `nil` when it no longer rests.
    func cancel(_ handle: OrderHandle) -> Quantity?
    /// Makes a resting order smaller where it stands; `false` when not that much is left.
    func reduce(_ handle: OrderHandle, by quantity: Quantity) -> Bool
    /// Visits up to `limit` levels of one side from the best.
    func forEachLevel(of side: Side, limit: Int, _ body: (Price, Quantity) -> Void)
    /// Quote amount (1e-8) that buying `quantity` at market would cost now, as far as it is there.
    ///
    /// - Parameter excluded: an account whose orders would be prevented, not bought.
    func costOfBuying(_ quantity: Quantity, excluding excluded: AccountIndex?) -> Int64
}
