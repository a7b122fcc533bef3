import MarketModel

/// One symbol: its rules, the liquidity orders meet, users' orders, trades and candles.
final class SymbolMarket {
    let index: Int
    let configuration: SymbolConfiguration
    let instrument: Instrument
    let filters: OrderFilters
    let matcher: any Matcher
    /// Whether users' trades are the market's own; else a recorded market goes its way.
    let isMatching: Bool
    var status = SymbolStatus.trading

    var orders = OrderStore()
    /// Orders that wait for a price.
    var triggers = TriggerBook()
    /// The newest trades that self-trade prevention did not let happen.
    var prevented = BoundedQueue<PreventedTrade>(capacity: 10_000)
    var fills: [AccountIndex: BoundedQueue<UserFill>] = [:]
    private(set) var tape = TradeTape()
    var candles: CandleBoard
    private(set) var lastOrderID: Int64 = 0
    private var nextPreventedMatchID: Int64 = 0
    private var lastTop = BookTop()

    /// Whether someone reads a public stream; unread events are not made.
    var publishesTrades = false
    var publishesTop = false

    init(
        index: Int, configuration: SymbolConfiguration, instrument: Instrument,
        matcher: any Matcher, candles: CandleBoard
    ) {
        self.index = index
        self.configuration = configuration
        self.instrument = instrument
        self.matcher = matcher
        self.candles = candles
        isMatching = matcher is MatchingEngine
        filters = OrderFilters(symbol: configuration)
    }

    func makeOrderID() -> Int64 {
        lastOrderID += 1
        return lastOrderID
    }

    func makePreventedMatchID() -> Int64 {
        defer { nextPreventedMatchID += 1 }
        return nextPreventedMatchID
    }

    /// What has been given out so far.
    var numbers: MarketNumbers {
        MarketNumbers(
            order: lastOrderID, trade: matcher.lastTradeID, aggregate: tape.lastAggregateID,
            update: matcher.updateID)
    }

    /// Goes on after numbers that were given out before a restart.
    func resume(after numbers: MarketNumbers) {
        lastOrderID = max(lastOrderID, numbers.order)
        tape.resume(after: numbers.aggregate)
        matcher.resume(afterUpdate: numbers.update, trade: numbers.trade)
    }

    /// Keeps a prevented trade again; numbers go on after it.
    func restore(_ trade: PreventedTrade) {
        prevented.append(trade)
        nextPreventedMatchID = max(nextPreventedMatchID, trade.id + 1)
    }

    var lastPrice: Price { Price(raw: candles.current(CandleGrid(.second1)).close) }

    /// Reference of the percent band and of market orders' value: some minutes' average.
    var referencePrice: Price {
        let minutes = configuration.filters.averagePriceMinutes
        return minutes == 0 ? lastPrice : candles.averagePrice(minutes: minutes)
    }

    /// Books the last operation's trades and top of book for the public.
    func record(
        fills: ContiguousArray<Fill>, now: Timestamp,
        into events: inout ContiguousArray<PublicEvent>
    ) {
        if !fills.isEmpty { recordTrades(fills, now: now, into: &events) }
        if publishesTop { record(matcher.top, matcher.updateID, into: &events) }
    }

    /// Books the top of book alone, of an operation that did not trade.
    func record(
        _ top: BookTop, _ updateID: Int64, into events: inout ContiguousArray<PublicEvent>
    ) {
        guard publishesTop, top != lastTop else { return }
        lastTop = top
        events.append(.top(market: Int32(index), updateID: updateID, top))
    }

    /// Books a trade that the capture announces itself.
    func recordRecorded(_ trade: PublicTrade) {
        tape.append(trade)
        candles.add(trade)
    }

    private func recordTrades(
        _ fills: ContiguousArray<Fill>, now: Timestamp,
        into events: inout ContiguousArray<PublicEvent>
    ) {
        var run: AggregateTrade?
        for fill in fills {
            let trade = PublicTrade(
                id: fill.tradeID, price: fill.price, quantity: fill.quantity, time: now,
                takerSide: fill.takerSide)
            tape.append(trade)
            candles.add(trade)
            if publishesTrades { events.append(.trade(market: Int32(index), trade)) }
            if var same = run, same.price == fill.price {
                same.quantity += fill.quantity
                same.lastTradeID = fill.tradeID
                run = same
            } else {
                close(run, into: &events)
                run = AggregateTrade(
                    id: 0, price: fill.price, quantity: fill.quantity, firstTradeID: fill.tradeID,
                    lastTradeID: fill.tradeID, time: now, takerSide: fill.takerSide)
            }
        }
        close(run, into: &events)
    }

    private func close(
        _ run: AggregateTrade?, into events: inout ContiguousArray<PublicEvent>
    ) {
        guard let run else { return }
        let aggregate = tape.append(run)
        if publishesTrades { events.append(.aggregate(market: Int32(index), aggregate)) }
    }
}
