import Machine
import MarketModel
import Rings

/// Everything of one lane that is not a strategy's own: markets, orders, positions, limits, time.
///
/// Concrete and owned by one thread. Inputs change it through `apply`, strategies through
/// ``StrategyContext``; it answers with requests in the outbox and notices for strategies.
public struct TradingState: ~Copyable {
    private let place = InPlace()
    let markets: UnsafeMutablePointer<Market>
    let instruments: UnsafeMutablePointer<Instrument>
    public let instrumentCount: Int
    public let strategyCount: Int
    let configuration: TradingConfiguration
    /// Bit set of instruments each strategy trades.
    let subscriptions: UnsafeMutablePointer<UInt64>
    let isRunning: UnsafeMutablePointer<Bool>

    var orders: OrderTable
    var booked: UnsafeMutablePointer<BookedTrades>
    var ledger: Ledger
    var risk: RiskGate
    var pending: PendingRequests
    /// Orders that have ended here and work at the venue.
    var revived: BoundedQueue<ClientOrderID>
    var givenUp: BoundedQueue<GivenUpOrder>
    var timers: TimerTable
    var candles: CandleFeed
    var contexts: ContextTable
    var indicators: IndicatorTable
    var outbox: BoundedQueue<OrderRequest>
    /// The order that is being decided, in one place from its normalisation to its request.
    let draft: UnsafeMutablePointer<OrderIntent>
    var notices: BoundedQueue<Notice>
    public internal(set) var events: BoundedQueue<LaneEvent>
    public internal(set) var denials: BoundedQueue<DeniedOrder>
    public internal(set) var answers: BoundedQueue<CommandAnswer>
    var intervention = Intervention()

    public internal(set) var halts = HaltReasons(
        rawValue: HaltReasons.notReconciled.rawValue | HaltReasons.orderSessionDown.rawValue)
    public internal(set) var counts = TradingCounts()
    var nextRequestID: UInt64 = 1
    var nextSequence: UInt32 = 1
    var unknownCount = 0
    /// Nobody tells what becomes of orders: ``sweep(_:)`` asks.
    var asksForOrders = false
    var nextAsking = Timestamp.unknown
    /// When ``sweep(_:)`` has something to do; and when the UTC day ends.
    var nextSweep = Timestamp.never
    var nextDay = Timestamp.unknown
    /// Holds books and orders, unless they are of the heap.
    private let tables: TableMemory
    /// Ticks spent in risk checks; for the latency report, which takes and clears it.
    public var riskTicks: UInt64 = 0

    /// All memory is taken here; nothing grows later.
    public init(
        _ configuration: TradingConfiguration, instruments: [Instrument],
        in tables: TableMemory = TableMemory()
    ) {
        self.tables = tables
        precondition(!instruments.isEmpty && instruments.count <= 64, "1...64 instruments a lane")
        self.configuration = configuration
        instrumentCount = instruments.count
        strategyCount = configuration.subscriptions.count
        markets = .allocate(capacity: instruments.count)
        self.instruments = .allocate(capacity: instruments.count)
        booked = .allocate(capacity: instruments.count)
        for (slot, instrument) in instruments.enumerated() {
            precondition(instrument.index.slot == slot, "instruments are in the order of index")
            (self.instruments + slot).initialize(to: instrument)
            (markets + slot).initialize(
                to: Market(
                    instrument, levelCapacity: configuration.bookLevels, in: tables))
            (booked + slot).initialize(to: BookedTrades(capacity: 8192))
        }
        let slots = Swift.max(strategyCount, 1)
        subscriptions = .allocate(capacity: slots)
        subscriptions.initialize(repeating: 0, count: slots)
        isRunning = .allocate(capacity: slots)
        isRunning.initialize(repeating: true, count: slots)
        for (slot, bits) in configuration.subscriptions.enumerated() { subscriptions[slot] = bits }
        orders = OrderTable(
            capacity: configuration.orderCapacity, instruments: instruments.count, in: tables)
        ledger = Ledger(
            instruments: instruments.count, strategies: strategyCount,
            assets: configuration.assetCount)
        for instrument in instruments { ledger.describe(instrument) }
        risk = RiskGate(
            limits: configuration.limits, instruments: instruments, strategies: strategyCount)
        pending = PendingRequests(capacity: configuration.orderCapacity)
        revived = BoundedQueue(capacity: 64)
        givenUp = BoundedQueue(capacity: 256)
        timers = TimerTable(strategies: strategyCount)
        candles = CandleFeed(
            instruments: instruments,
            intervals: configuration.buildsCandles
                ? configuration.candleIntervals.filter { $0 != .day } + [.day]
                : configuration.alwaysBuilt)
        contexts = ContextTable(
            configuration.contexts, instruments: instruments, strategies: strategyCount)
        indicators = IndicatorTable(
            configuration.indicators, instruments: instruments, strategies: strategyCount)
        outbox = BoundedQueue(capacity: 1024)
        draft = .allocate(capacity: 1)
        draft.initialize(
            to: OrderIntent(
                instrument: .none, side: .buy, type: .limit, timeInForce: .gtc, price: .zero,
                quantity: .zero))
        // One input may end or lose every open order, with a fill before each end.
        notices = BoundedQueue(capacity: Swift.max(4096, configuration.orderCapacity &* 4))
        events = BoundedQueue(capacity: 1024)
        denials = BoundedQueue(capacity: 256)
        answers = BoundedQueue(capacity: 256)
    }

    deinit {
        markets.deinitialize(count: instrumentCount)
        markets.deallocate()
        instruments.deallocate()
        booked.deinitialize(count: instrumentCount)
        booked.deallocate()
        subscriptions.deallocate()
        isRunning.deallocate()
        draft.deallocate()
    }

    /// A state in memory of its own, for a lane, a replay or a test; freed by the caller.
    public static func allocate(
        _ configuration: TradingConfiguration, instruments: [Instrument],
        in tables: TableMemory = TableMemory()
    ) -> UnsafeMutablePointer<TradingState> {
        let state = UnsafeMutablePointer<TradingState>.allocate(capacity: 1)
        state.initialize(to: TradingState(configuration, instruments: instruments, in: tables))
        return state
    }

    /// Bytes of books and orders: what `tables` should hold.
    public static func tableBytes(
        _ configuration: TradingConfiguration, instrumentCount: Int
    ) -> Int {
        let book = OrderBook.byteCount(levelCapacity: configuration.bookLevels)
        let orders = OrderTable.byteCount(capacity: configuration.orderCapacity)
        return TableMemory.byteCount(of: Array(repeating: book, count: instrumentCount) + [orders])
    }

    // MARK: - Questions of the loop and of strategies

    @_noLocks
    public func listens(_ strategy: Int, to instrument: InstrumentIndex) -> Bool {
        isRunning[strategy] && instrument.slot < instrumentCount
            && subscriptions[strategy] >> UInt64(instrument.raw & 63) & 1 == 1
    }

    @_noLocks
    public func instrument(_ index: InstrumentIndex) -> UnsafePointer<Instrument> {
        UnsafePointer(instruments + checked(index))
    }

    @_noLocks
    public func quote(_ index: InstrumentIndex) -> Quote { markets[checked(index)].quote() }

    @_noLocks
    public func level(_ index: InstrumentIndex, _ side: Side, depth: Int) -> BookLevel {
        markets[checked(index)].book.level(side, depth: depth)
    }

    @_noLocks
    public func lastPrice(_ index: InstrumentIndex) -> Price {
        markets[checked(index)].top.lastPrice
    }

    @_noLocks
    public func position(of strategy: StrategyIndex, in index: InstrumentIndex) -> Quantity {
        _ = checked(index)
        guard let position = ledger.position(of: strategy, in: index) else { return .zero }
        return position.pointee.quantity
    }

    @_noLocks
    public func positionCost(
        of strategy: StrategyIndex, in index: InstrumentIndex
    ) -> Notional {
        _ = checked(index)
        guard let position = ledger.position(of: strategy, in: index) else { return .zero }
        return position.pointee.cost
    }

    /// The market's own clock: the venue's in its newest message and what has passed here since;
    /// the engine's before the first such message.
    @_noLocks
    public func marketTime(_ index: InstrumentIndex, now: Timestamp) -> Timestamp {
        markets[checked(index)].time(now)
    }

    /// The position in whole lots, zero where no order so small is taken.
    @_noLocks
    public func closablePosition(
        of strategy: StrategyIndex, in index: InstrumentIndex
    ) -> Quantity {
        let held = position(of: strategy, in: index)
        let rules = risk.rules + index.slot
        let size = Quantity(raw: rules.pointee.lot.floor(held.magnitude.raw))
        if size.raw == 0 || size < rules.pointee.minQuantity
            || Notional(ledger.mark(index), size) < rules.pointee.marketMinNotional
        {
            return .zero
        }
        return held.raw > 0 ? size : -size
    }

    @_noLocks
    public func orderView(_ id: ClientOrderID) -> OrderView? {
        guard let order = orders.find(id) else { return nil }
        return OrderView(
            id: id, instrument: order.pointee.instrument, side: order.pointee.side,
            state: order.pointee.state, price: order.pointee.price,
            quantity: order.pointee.quantity, filled: order.pointee.filled,
            terms: order.pointee.terms, isWorking: order.pointee.isWorking)
    }

    /// The same, for an order of this strategy only.
    @_noLocks
    func orderView(_ id: ClientOrderID, of strategy: StrategyIndex) -> OrderView? {
        guard let order = orders.find(id), order.pointee.strategy == strategy else { return nil }
        return orderView(id)
    }

    @_noLocks
    public func mayTrade(_ index: InstrumentIndex, strategy: StrategyIndex) -> Bool {
        halts.isEmpty && markets[checked(index)].book.isValid
            && markets[index.slot].halt == .none && strategy.slot < strategyCount
            && isRunning[strategy.slot]
    }

    @_noLocks
    public mutating func setTimer(
        _ timer: UInt32, of strategy: StrategyIndex, at deadline: Timestamp
    ) { timers.set(timer, of: strategy, at: deadline) }

    /// An index that does not exist is an error of the strategy's author: a trap, not another
    /// instrument's memory.
    private func checked(_ index: InstrumentIndex) -> Int {
        precondition(index.slot < instrumentCount, "there is no such instrument")
        return index.slot
    }

    // MARK: - What leaves the state

    public var hasNotices: Bool {
        @_noLocks get { !notices.isEmpty }
    }

    @_noLocks
    public mutating func takeNotice() -> Notice? { notices.pop() }

    @_noLocks
    public mutating func takeRequest() -> OrderRequest? { outbox.pop() }

    @_noLocks
    public mutating func takeEvent() -> LaneEvent? { events.pop() }

    public var hasDenials: Bool {
        @_noLocks get { !denials.isEmpty }
    }

    @_noLocks
    public mutating func takeDenial() -> DeniedOrder? { denials.pop() }

    @_noLocks
    public mutating func takeAnswer() -> CommandAnswer? { answers.pop() }

    /// The earliest moment at which ``advance(to:)`` has something to do.
    public var nextDeadline: Timestamp {
        @_noLocks get {
            var next = timers.earliest
            if pending.earliest < next { next = pending.earliest }
            if candles.nextClose < next { next = candles.nextClose }
            let session = candles.engineTime(of: contexts.nextChange)
            if session < next { next = session }
            if nextDay < next { next = nextDay }
            if nextSweep < next, !halts.contains(.orderSessionDown) { next = nextSweep }
            return next
        }
    }

    /// Says something to the outer ring; lost and counted when nobody listens fast enough.
    @_noLocks
    mutating func announce(_ event: LaneEvent) {
        if !events.push(event) { counts.droppedEvents &+= 1 }
    }

    @_noLocks
    mutating func notify(_ strategy: StrategyIndex, _ event: StrategyEvent) {
        if strategy.slot >= strategyCount { return }
        if !notices.push(Notice(event, to: strategy)) { counts.droppedNotices &+= 1 }
    }

    @_noLocks
    mutating func notifyAll(_ change: StateChange) {
        var slot = 0
        while slot < strategyCount {
            notify(StrategyIndex(UInt16(truncatingIfNeeded: slot)), .state(change))
            slot &+= 1
        }
    }
}

/// What one lane's state is built from; fixed for the run.
public struct TradingConfiguration: Sendable {
    /// Number of the run, 24 bits: the high part of every client order id.
    public var epoch: UInt32
    public var lane: UInt8
    /// For each strategy the bit set of its instruments; the count is the number of strategies.
    public var subscriptions: [UInt64]
    public var limits: RiskLimits
    /// Candles built from trades, in ascending order, besides one day.
    public var candleIntervals: [Nanoseconds]
    /// Whether trades make the candles, rather than the venue's own streams.
    public var buildsCandles: Bool
    /// Those that trades make in any case, because the venue has none of such a length.
    public var alwaysBuilt: [Nanoseconds] = []
    /// What strategies have asked for of the market's context.
    public var contexts = ContextPlan.none
    /// What they have asked for of indicators.
    public var indicators = IndicatorPlan()
    public var assetCount: Int
    /// Powers of two.
    public var orderCapacity: Int
    public var bookLevels: Int
    /// How long after its decision an order may still reach the venue and be taken.
    public var arrivalWindow = Nanoseconds.seconds(6)
    /// How long an answer may take before the outcome counts as unknown and is asked for.
    public var requestTimeout: Nanoseconds

    public init(
        epoch: UInt32, lane: UInt8, subscriptions: [UInt64], limits: RiskLimits,
        candleIntervals: [Nanoseconds] = [.seconds(60), .seconds(3600)],
        buildsCandles: Bool = true, assetCount: Int,
        orderCapacity: Int = 4096, bookLevels: Int = 8192,
        requestTimeout: Nanoseconds = .seconds(5)
    ) {
        self.epoch = epoch
        self.lane = lane
        self.subscriptions = subscriptions
        self.limits = limits
        self.candleIntervals = candleIntervals
        self.buildsCandles = buildsCandles
        self.assetCount = assetCount
        self.orderCapacity = orderCapacity
        self.bookLevels = bookLevels
        self.requestTimeout = requestTimeout
    }
}

/// What has happened since the start, counted by the lane.
@frozen
public struct TradingCounts: BitwiseCopyable, Sendable {
    public var ordersSent: Int64 = 0
    public var cancelsSent: Int64 = 0
    public var queriesSent: Int64 = 0
    public var fills: Int64 = 0
    public var canceled: Int64 = 0
    public var expired: Int64 = 0
    public var rejected: Int64 = 0
    public var denied: Int64 = 0
    public var becameUnknown: Int64 = 0
    public var halts: Int64 = 0
    public var lateReports: Int64 = 0
    public var illegalTransitions: Int64 = 0
    public var foreignReports: Int64 = 0
    public var droppedEvents: Int64 = 0
    public var droppedNotices: Int64 = 0

    @inlinable
    public init() {}
}
