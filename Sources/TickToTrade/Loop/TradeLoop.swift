import Machine
import MarketModel

/// Everything between a tick and an order, for one lane: the data flow on one screen.
///
/// Inputs come in through `on…`, each with the cycle's one clock reading. Each input first changes
/// the state (book, candles, positions, orders), then meets the strategies that listen, whose
/// orders pass risk and wait in the outbox. The caller takes them with ``takeRequest()``, journals
/// them and sends them. Same inputs, same requests, bit for bit (design law 2): the same object
/// code runs live, in replay and in simulation.
@frozen
public struct TradeLoop<Strategies: StrategySet & ~Copyable>: ~Copyable {
    /// Books, orders, positions, limits: everything that is not a strategy's own.
    public let state: UnsafeMutablePointer<TradingState>
    @usableFromInline var strategies: Strategies
    /// For the latency report only: no decision sees it.
    @usableFromInline var appliedTicks: UInt64 = 0
    /// Whether ``bookTicks`` are taken: where nobody measures, they cost as much as the book does.
    public let isTimed: Bool

    /// Takes the strategies; `state` must outlive the loop and belong to it alone.
    public init(
        state: UnsafeMutablePointer<TradingState>, strategies: consuming Strategies,
        isTimed: Bool = true
    ) {
        self.state = state
        self.strategies = strategies
        self.isTimed = isTimed
    }

    // MARK: - Market data in

    @inlinable @inline(__always)
    public mutating func onTrade(_ trade: Trade, now: Timestamp) {
        let isNew = state.pointee.apply(trade, now: now)
        if isTimed { appliedTicks = TSCClock.ticks() }
        if isNew { tell(.trade(trade), about: trade.instrument, now) }
        settle(now)
    }

    @inlinable @inline(__always)
    public mutating func onTop(_ top: TopOfBook, now: Timestamp) {
        let isNew = state.pointee.apply(top, now: now)
        if isTimed { appliedTicks = TSCClock.ticks() }
        if isNew {
            tell(.top(top), about: top.instrument, now)
        }
        settle(now)
    }

    /// A diff or a snapshot that continues the book: the session has checked its sequence.
    @inlinable @inline(__always)
    public mutating func onDepth(
        _ depth: DepthHeader, levels: UnsafePointer<BookLevel>, now: Timestamp
    ) {
        let isApplied = state.pointee.apply(depth, levels: levels, now: now)
        if isTimed { appliedTicks = TSCClock.ticks() }
        if isApplied { tell(.book(depth.instrument), about: depth.instrument, now) }
        settle(now)
    }

    /// A candle of the history that strategies asked for, before ``start(now:)``: the trades to
    /// come go on with one that is still open, and behind one that is closed. One without trades
    /// is left out, as by ``onCandle(_:now:)``.
    @inlinable
    public mutating func onHistory(_ candle: Candle, now: Timestamp) {
        state.pointee.resume(candle)
        if candle.isClosed {
            onCandle(candle, now: now)
        } else {
            state.pointee.seedContexts(candle)
        }
    }

    /// A candle of the venue's own, closed. The venue sends flat ones for intervals without a
    /// trade: they are left out, because trades make none.
    @inlinable @inline(__always)
    public mutating func onCandle(_ candle: Candle, now: Timestamp) {
        let interval = candle.closeTime - candle.openTime + Nanoseconds(1)
        state.pointee.apply(candle, interval: interval)
        if candle.tradeCount == 0 { return }
        tell(.candle(candle, interval: interval), about: candle.instrument, now)
        settle(now)
    }

    /// A piece of the trades that contexts have asked for; strategies do not meet it.
    @inlinable
    public mutating func onHistory(_ piece: HistoricTrade, now: Timestamp) {
        state.pointee.apply(piece)
        settle(now)
    }

    // MARK: - The venue's word on our orders

    @inlinable @inline(__always)
    public mutating func onReport(_ report: ExecutionReport, now: Timestamp) {
        state.pointee.apply(report, now: now)
        settle(now)
    }

    @inlinable @inline(__always)
    public mutating func onReply(_ reply: RequestReply, now: Timestamp) {
        state.pointee.apply(reply, now: now)
        settle(now)
    }

    @inlinable
    public mutating func onBalance(_ balance: Balance, now: Timestamp) {
        state.pointee.apply(balance, now: now)
        settle(now)
    }

    @inlinable
    public mutating func onLink(_ link: LinkState, now: Timestamp) {
        state.pointee.apply(link, now: now)
        settle(now)
    }

    // MARK: - Time and the operator

    /// The earliest moment at which ``onTime(now:)`` has something to do.
    @inlinable @inline(__always)
    public var nextDeadline: Timestamp { state.pointee.nextDeadline }

    @inlinable
    public mutating func onTime(now: Timestamp) {
        state.pointee.advance(to: now)
        settle(now)
    }

    @inlinable
    public mutating func onCommand(_ command: Command, now: Timestamp) {
        if command.kind == .setParameter {
            let slot = command.strategy.slot
            let known = slot < strategies.count
            let taken = known && strategies.setParameter(command.key, command.value, of: slot)
            state.pointee.answer(command, accepted: taken, now: now)
        } else {
            state.pointee.apply(command, now: now)
        }
        settle(now)
    }

    /// Tells every strategy that the engine is complete: instruments, balances, history.
    @inlinable
    public mutating func start(now: Timestamp) {
        var slot = 0
        while slot < strategies.count {
            strategies.deliver(.start, to: slot, context(slot, now))
            slot += 1
        }
        settle(now)
    }

    // MARK: - Requests out

    /// The next request for the venue, in the order they were decided.
    @inlinable @inline(__always)
    public mutating func takeRequest() -> OrderRequest? { state.pointee.takeRequest() }

    @inlinable
    public var strategyCount: Int { strategies.count }

    @inlinable
    public func warmUp(of slot: Int) -> WarmUp { strategies.warmUp(of: slot) }

    /// When the state had taken the last market record in, by the time stamp counter.
    @inlinable @inline(__always)
    public var bookTicks: UInt64 { appliedTicks }

    // MARK: - Inside

    @inlinable @inline(__always)
    func context(_ slot: Int, _ now: Timestamp) -> StrategyContext {
        StrategyContext(
            state: state, strategy: StrategyIndex(UInt16(truncatingIfNeeded: slot)), now: now)
    }

    /// Hands an event to every running strategy that trades the instrument.
    @inlinable @inline(__always)
    mutating func tell(
        _ event: StrategyEvent, about instrument: InstrumentIndex, _ now: Timestamp
    ) {
        var slot = 0
        let count = strategies.count
        while slot < count {
            if state.pointee.listens(slot, to: instrument) {
                strategies.deliver(event, to: slot, context(slot, now))
            }
            slot &+= 1
        }
    }

    /// Delivers what the state has for single strategies: fills, order updates, candles, timers.
    @inlinable @inline(__always)
    mutating func settle(_ now: Timestamp) {
        while state.pointee.hasNotices {
            guard let notice = state.pointee.takeNotice() else { return }
            let slot = notice.strategy.slot
            if slot < strategies.count {
                strategies.deliver(notice.event, to: slot, context(slot, now))
            }
        }
    }
}
