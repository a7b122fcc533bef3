import MarketModel
import Testing
import TickToTrade

/// A lane without a network: the test plays the market, the venue and the operator.
final class LaneRig {
    let state: UnsafeMutablePointer<TradingState>
    var loop: TradeLoop<StrategyGroup<ScriptedStrategy>>
    let scripts: [Script]
    var script: Script { scripts[0] }
    /// 2026-11-21T12:00:00Z, and on.
    var now = Timestamp(milliseconds: 1_795_262_400_000)
    /// Every request taken so far, oldest first.
    private(set) var requests: [OrderRequest] = []
    private var updateID: Int64 = 100
    private var executionID: Int64 = 1
    private var venueID: Int64 = 1
    var tradeID: Int64 = 1

    init(
        limits: RiskLimits? = nil, strategies: Int = 1, isReady: Bool = true,
        orderCapacity: Int = 64, intervals: [Nanoseconds] = [.seconds(60)],
        contexts: ContextPlan = .none, indicators: IndicatorPlan = IndicatorPlan(),
        instruments: [Instrument] = TestMarket.instruments(), buildsCandles: Bool = true,
        alwaysBuilt: [Nanoseconds] = []
    ) {
        var configuration = TradingConfiguration(
            epoch: 7, lane: 1, subscriptions: Array(repeating: 0b11, count: strategies),
            limits: limits ?? RiskLimits(instruments: 2, strategies: strategies),
            candleIntervals: intervals, buildsCandles: buildsCandles, assetCount: 4, orderCapacity: orderCapacity,
            bookLevels: 64)
        configuration.contexts = contexts
        configuration.alwaysBuilt = alwaysBuilt
        configuration.indicators = indicators
        state = TradingState.allocate(configuration, instruments: instruments)
        let scripts = (0..<strategies).map { _ in Script() }
        var group = StrategyGroup<ScriptedStrategy>(capacity: strategies)
        for script in scripts { group.append(ScriptedStrategy(script: script)) }
        self.scripts = scripts
        loop = TradeLoop(state: state, strategies: group)
        if isReady { makeReady() }
    }

    deinit {
        state.deinitialize(count: 1)
        state.deallocate()
    }

    /// Session up, balances told, books synced, reconciled.
    func makeReady() {
        link(.orderSessionUp)
        balance(TestMarket.usdtAsset, 1_000_000)
        balance(TestMarket.btcAsset, 100)
        balance(TestMarket.ethAsset, 100)
        snapshot(TestMarket.btc, bid: 100, ask: 100.10)
        snapshot(TestMarket.eth, bid: 10, ask: 10.01)
        link(.reconciled)
        loop.start(now: now)
        loop.onTime(now: now)
    }

    // MARK: - The market

    func advance(_ time: Nanoseconds) {
        now = now + time
        loop.onTime(now: now)
    }

    func snapshot(_ instrument: InstrumentIndex, bid: Double, ask: Double, size: Double = 10) {
        updateID += 1
        depth(instrument, isSnapshot: true, bid: bid, ask: ask, size: size)
        loop.onLink(LinkState(event: .bookSynced, instrument: instrument, time: now), now: now)
    }

    func depth(
        _ instrument: InstrumentIndex, isSnapshot: Bool, bid: Double, ask: Double,
        size: Double = 10
    ) {
        updateID += 1
        let levels = [
            BookLevel(price: TestMarket.price(bid), quantity: TestMarket.quantity(size)),
            BookLevel(price: TestMarket.price(ask), quantity: TestMarket.quantity(size)),
        ]
        let header = DepthHeader(
            instrument: instrument, isSnapshot: isSnapshot, firstUpdateID: updateID,
            lastUpdateID: updateID, bidCount: 1, askCount: 1, venueTime: now, receiveTime: now)
        levels.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            loop.onDepth(header, levels: base, now: now)
        }
    }

    func top(
        _ bid: Double = 100, _ ask: Double = 100.10,
        in instrument: InstrumentIndex = TestMarket.btc, size: Double = 10
    ) {
        updateID += 1
        loop.onTop(
            TopOfBook(
                instrument: instrument, updateID: updateID, bidPrice: TestMarket.price(bid),
                bidQuantity: TestMarket.quantity(size), askPrice: TestMarket.price(ask),
                askQuantity: TestMarket.quantity(size), venueTime: .unknown, receiveTime: now),
            now: now)
    }

    func trade(
        _ price: Double, _ quantity: Double = 1, at time: Timestamp? = nil, id: Int64? = nil,
        in instrument: InstrumentIndex = TestMarket.btc
    ) {
        tradeID += 1
        loop.onTrade(
            Trade(
                instrument: instrument, id: TradeID(id ?? tradeID), price: TestMarket.price(price),
                quantity: TestMarket.quantity(quantity), aggressor: .buy, venueTime: time ?? now,
                receiveTime: now),
            now: now)
    }

    func link(_ event: LinkEvent, _ instrument: InstrumentIndex = .none) {
        loop.onLink(LinkState(event: event, instrument: instrument, time: now), now: now)
    }

    func balance(_ asset: AssetIndex, _ whole: Int64) {
        loop.onBalance(
            Balance(
                asset: asset, free: whole * 100_000_000, locked: 0,
                venueTime: now - .milliseconds(1), receiveTime: now),
            now: now)
    }

    // MARK: - The strategy

    /// Lets a strategy act during an unchanged top of book.
    func act(strategy: Int = 0, _ body: @escaping (StrategyContext) -> Void) {
        scripts[strategy].next = body
        top()
    }

    func submit(_ intent: OrderIntent, strategy: Int = 0) -> Submission {
        var result = Submission.denied(.tableFull)
        act(strategy: strategy) { result = $0.submit(intent) }
        return result
    }

    /// Submits an order that must pass; returns its id.
    func placed(_ intent: OrderIntent, strategy: Int = 0) throws -> ClientOrderID {
        try #require(submit(intent, strategy: strategy).id)
    }

    /// The same, acknowledged and reported NEW.
    func resting(_ intent: OrderIntent, strategy: Int = 0) throws -> ClientOrderID {
        let id = try placed(intent, strategy: strategy)
        let request = try #require(take().last)
        accept(request)
        report(id, .new, .new)
        return id
    }

    func submitted(_ intent: OrderIntent) throws -> OrderRequest {
        _ = try placed(intent)
        return try #require(take().last)
    }

    /// A trade of an order as the account's list tells it.
    func readBack(
        _ order: ClientOrderID, _ quantity: Double, at price: Double, trade: Int64,
        commission: Int64 = 0
    ) {
        var report = blank(order, .trade, .partiallyFilled)
        report.executionID = 0
        report.tradeID = TradeID(trade)
        report.lastPrice = TestMarket.price(price)
        report.lastQuantity = TestMarket.quantity(quantity)
        report.commission = commission
        report.commissionAsset = TestMarket.btcAsset
        loop.onReport(report, now: now)
    }

    func cancel(_ id: ClientOrderID) -> Bool {
        var result = false
        act { result = $0.cancel(id) }
        return result
    }

    func order(_ id: ClientOrderID) throws -> OrderView {
        let view = state.pointee.orderView(id)
        return try #require(view)
    }

    func position(strategy: UInt16 = 0) -> Quantity {
        state.pointee.position(of: StrategyIndex(strategy), in: TestMarket.btc)
    }

    var halts: HaltReasons { state.pointee.halts }
    var openOrderCount: Int { state.pointee.openOrderCount }
    func denialCount(_ rule: RiskRule) -> Int64 { state.pointee.denials(of: Int(rule.rawValue)) }

    // MARK: - The venue

    /// Takes the requests that wait in the outbox.
    @discardableResult
    func take() -> [OrderRequest] {
        var taken: [OrderRequest] = []
        while let request = loop.takeRequest() { taken.append(request) }
        requests += taken
        return taken
    }

    func accept(_ request: OrderRequest) {
        venueID += 1
        reply(request, .accepted, venueOrderID: VenueOrderID(venueID))
    }

    func reply(
        _ request: OrderRequest, _ outcome: RequestOutcome, code: Int32 = 0,
        cancel: CancelHalf = .untold, venueOrderID: VenueOrderID = .none
    ) {
        loop.onReply(
            RequestReply(
                requestID: request.requestID, outcome: outcome, venueOrderID: venueOrderID,
                venueCode: code, cancel: cancel, receiveTime: now),
            now: now)
    }

    /// A report without a trade; `filled` and `average` tell what a query's answer knows.
    func report(
        _ id: ClientOrderID, _ type: ExecutionType, _ status: VenueOrderStatus,
        filled: Double = 0, average: Double = 0, executionID explicit: Int64? = nil
    ) {
        var report = blank(id, type, status)
        report.cumulativeQuantity = TestMarket.quantity(filled)
        report.cumulativeQuote = TestMarket.price(filled * average)
        if let explicit { report.executionID = explicit }
        loop.onReport(report, now: now)
    }

    /// A trade of an order; returns the report so that it can be repeated.
    @discardableResult
    func fill(
        _ id: ClientOrderID, _ quantity: Double, at price: Double, total: Double,
        _ status: VenueOrderStatus, trade: Int64, commission: Int64 = 0,
        in asset: AssetIndex = TestMarket.usdtAsset
    ) -> ExecutionReport {
        var report = blank(id, .trade, status)
        report.tradeID = TradeID(trade)
        report.lastPrice = TestMarket.price(price)
        report.lastQuantity = TestMarket.quantity(quantity)
        report.cumulativeQuantity = TestMarket.quantity(total)
        report.commission = commission
        report.commissionAsset = asset
        loop.onReport(report, now: now)
        return report
    }

    func blank(
        _ id: ClientOrderID, _ type: ExecutionType, _ status: VenueOrderStatus
    ) -> ExecutionReport {
        let order = state.pointee.orderView(id)
        executionID += 1
        var report = ExecutionReport(
            instrument: TestMarket.btc, clientOrderID: id, venueOrderID: .none,
            executionType: type, status: status, side: order?.side ?? .buy, type: .limit,
            timeInForce: .gtc, price: order?.price ?? .zero, quantity: order?.quantity ?? .zero)
        report.executionID = executionID
        report.venueTime = now
        report.receiveTime = now
        return report
    }

    // MARK: - The operator

    private var commandID: UInt64 = 0

    @discardableResult
    func command(
        _ kind: CommandKind, instrument: InstrumentIndex = .none,
        strategy: StrategyIndex = .none, key: Int64 = 0, value: Int64 = 0
    ) -> UInt64 {
        commandID += 1
        loop.onCommand(
            Command(
                kind: kind, id: commandID, instrument: instrument, strategy: strategy, key: key,
                value: value, time: now),
            now: now)
        return commandID
    }

    func answers() -> [CommandAnswer] {
        var list: [CommandAnswer] = []
        while let answer = state.pointee.takeAnswer() { list.append(answer) }
        return list
    }

    func denials() -> [DeniedOrder] {
        var list: [DeniedOrder] = []
        while let denial = state.pointee.takeDenial() { list.append(denial) }
        return list
    }

    /// What the lane has counted since the start.
    var counts: TradingCounts { state.pointee.counts }
}
