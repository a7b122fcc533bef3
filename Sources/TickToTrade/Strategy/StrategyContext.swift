import MarketContext
import MarketModel

/// What a strategy sees and may do during one event: markets, its orders, its position, time.
///
/// A handle of three words, valid only for the duration of the call it was passed to.
@frozen
public struct StrategyContext: BitwiseCopyable {
    @usableFromInline let state: UnsafeMutablePointer<TradingState>
    public let strategy: StrategyIndex
    /// The moment of the event: the cycle's one clock reading, or the journal's when replaying.
    public let now: Timestamp

    @inlinable @inline(__always)
    init(state: UnsafeMutablePointer<TradingState>, strategy: StrategyIndex, now: Timestamp) {
        self.state = state
        self.strategy = strategy
        self.now = now
    }

    // MARK: - Looking

    /// The instrument's rules: tick, lot, bounds, fees.
    @_noLocks
    public func instrument(_ index: InstrumentIndex) -> UnsafePointer<Instrument> {
        state.pointee.instrument(index)
    }

    /// The book's best levels, or the newer bookTicker's; quantity 0 on an empty side.
    @_noLocks
    public func quote(_ index: InstrumentIndex) -> Quote { state.pointee.quote(index) }

    /// Level `depth` (0 = best) of one side of the book; quantity 0 beyond its end.
    @_noLocks
    public func level(_ index: InstrumentIndex, _ side: Side, depth: Int) -> BookLevel {
        state.pointee.level(index, side, depth: depth)
    }

    /// The last trade's price; zero before the first.
    @_noLocks
    public func lastPrice(_ index: InstrumentIndex) -> Price { state.pointee.lastPrice(index) }

    /// The market's clock: the venue's in its newest message. For what is measured on the market,
    /// so that a recorded market played faster than life is measured the same.
    @_noLocks
    public func marketTime(_ index: InstrumentIndex) -> Timestamp {
        state.pointee.marketTime(index, now: now)
    }

    /// Sessions, profiles, levels and regime of a market, as asked for in
    /// `ConfiguredStrategy.contextNeeds`; `nil` unless it was. Up to date with the newest trade.
    @_noLocks
    public func market(_ index: InstrumentIndex) -> UnsafePointer<InstrumentContext>? {
        state.pointee.context(of: index, for: strategy)
    }

    /// What a shared indicator of a market says after its newest closed candle, or its newest quote,
    /// book or trade: that of `ConfiguredStrategy.indicatorNeeds` with this number, from 0 on. `nil`
    /// while it warms up; `isPartial` while candles of its warm-up lack trades.
    @_noLocks
    public func indicator(_ number: Int, of index: InstrumentIndex) -> IndicatorReading? {
        state.pointee.indicator(number, of: index, for: strategy)
    }

    /// What it would say if the candle that is forming closed now; `nil` also when trades do not
    /// build the candles (`venue.candles: klines`), and before the candle's first trade. The same as
    /// ``indicator(_:of:)`` for one that takes no candles.
    @_noLocks
    public func formingIndicator(_ number: Int, of index: InstrumentIndex) -> IndicatorReading? {
        state.pointee.formingIndicator(number, of: index, for: strategy)
    }

    /// This strategy's own position: signed base quantity.
    @_noLocks
    public func position(_ index: InstrumentIndex) -> Quantity {
        state.pointee.position(of: strategy, in: index)
    }

    /// What this strategy's open position has cost, signed as the position; the average entry
    /// price is cost / position.
    @_noLocks
    public func positionCost(_ index: InstrumentIndex) -> Notional {
        state.pointee.positionCost(of: strategy, in: index)
    }

    /// This strategy's position as far as an order can close it: whole lots, zero when the venue
    /// takes no order so small.
    @_noLocks
    public func closablePosition(_ index: InstrumentIndex) -> Quantity {
        state.pointee.closablePosition(of: strategy, in: index)
    }

    /// An order of this strategy, `nil` when it is unknown or long finished.
    @_noLocks
    public func order(_ id: ClientOrderID) -> OrderView? {
        state.pointee.orderView(id, of: strategy)
    }

    /// Whether new risk may be taken at all: no halt, book valid.
    @_noLocks
    public func mayTrade(_ index: InstrumentIndex) -> Bool {
        state.pointee.mayTrade(index, strategy: strategy)
    }

    /// Whether one more cancel that nobody needs stays within the cancel rates: to ask before moving
    /// an order by cancelling it and placing another, as ``replace(_:with:_:)`` does by itself.
    @_noLocks
    public func mayRequote(_ index: InstrumentIndex) -> Bool {
        state.pointee.mayRequote(index, now: now)
    }

    // MARK: - Acting

    /// Normalises the order, checks it and, if nothing is violated, puts it in the outbox.
    @_noLocks
    public func submit(_ intent: OrderIntent) -> Submission {
        state.pointee.submit(intent, for: strategy, now: now)
    }

    /// Asks to cancel; `false` when the order is not open any more or already being cancelled.
    ///
    /// With a restriction the venue cancels it only in the state that it names; otherwise the order
    /// stays as it is.
    @_noLocks
    public func cancel(_ id: ClientOrderID, _ restriction: CancelRestriction = .none) -> Bool {
        state.pointee.cancel(id, restriction, for: strategy, now: now)
    }

    /// Cancels one order and places another in one request; the new order passes risk first.
    ///
    /// Both halves fail when `restriction` forbids the cancel, unless the mode is `inAnyCase`. At the
    /// venue's limit of orders nothing is done, or, with `cancelsAtLimit`, only the cancel: for a
    /// quote that must not stay. An order of a list cannot be replaced, and not every venue replaces
    /// (`Instrument.offersCancelReplace`): then the answer is a denial for `terms`.
    @_noLocks
    public func replace(
        _ id: ClientOrderID, with intent: OrderIntent, _ mode: ReplaceMode = .onlyIfCanceled,
        _ restriction: CancelRestriction = .none, cancelsAtLimit: Bool = false
    ) -> Submission {
        let replacement = Replacement(
            mode: mode, restriction: restriction, cancelsAtLimit: cancelsAtLimit)
        return state.pointee.replace(id, with: intent, replacement, for: strategy, now: now)
    }

    /// Makes an order smaller, down to `quantity` in all, without losing its turn in the book.
    @_noLocks
    public func amend(_ id: ClientOrderID, to quantity: Quantity) -> Submission {
        state.pointee.amend(id, to: quantity, for: strategy, now: now)
    }

    /// Sends orders that depend on each other in one request: all of them or none. Cancelling one
    /// cancels all that are left.
    @_noLocks
    public func submit(_ list: OrderList) -> ListSubmission {
        state.pointee.submit(list, for: strategy, now: now)
    }

    /// Asks to cancel every open order of this strategy on an instrument.
    @_noLocks
    public func cancelAll(_ index: InstrumentIndex) {
        state.pointee.cancelOrders(of: strategy, in: index, now: now)
    }

    /// Arms timer `timer` (0..<8 per strategy); setting it again moves it, `.never` disarms it.
    @_noLocks
    public func setTimer(_ timer: UInt32, at deadline: Timestamp) {
        state.pointee.setTimer(timer, of: strategy, at: deadline)
    }
}

/// Best bid and best ask as the core trades on them.
@frozen
public struct Quote: BitwiseCopyable, Sendable, Equatable {
    public var bid: BookLevel
    public var ask: BookLevel
    /// Sequence intact and not crossed.
    public var isValid: Bool

    @_noLocks
    public init(bid: BookLevel, ask: BookLevel, isValid: Bool) {
        self.bid = bid
        self.ask = ask
        self.isValid = isValid
    }

    /// Before there is one.
    static let none = Quote(
        bid: BookLevel(price: .zero, quantity: .zero), ask: BookLevel(price: .zero, quantity: .zero),
        isValid: false)
}

/// What became of a submitted order at once, here: accepted for sending, or denied.
@frozen
public enum Submission: BitwiseCopyable, Sendable {
    case sent(ClientOrderID)
    case denied(RiskViolations)

    @inlinable
    public var id: ClientOrderID? {
        if case .sent(let id) = self { id } else { nil }
    }
}

/// An order as its strategy sees it.
@frozen
public struct OrderView: BitwiseCopyable, Sendable {
    public var id: ClientOrderID
    public var instrument: InstrumentIndex
    public var side: Side
    public var state: OrderState
    public var price: Price
    public var quantity: Quantity
    public var filled: Quantity
    public var terms: SpecialTerms
    /// Stands in the book; false while it waits for a price or for another order.
    public var isWorking: Bool

    @_noLocks
    public init(
        id: ClientOrderID, instrument: InstrumentIndex, side: Side, state: OrderState,
        price: Price, quantity: Quantity, filled: Quantity, terms: SpecialTerms = .none,
        isWorking: Bool = true
    ) {
        self.id = id
        self.instrument = instrument
        self.side = side
        self.state = state
        self.price = price
        self.quantity = quantity
        self.filled = filled
        self.terms = terms
        self.isWorking = isWorking
    }
}
