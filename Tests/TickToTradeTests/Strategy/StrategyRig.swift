import MarketModel
import TickToTrade

/// One built-in strategy in a lane whose venue accepts everything at once.
final class StrategyRig<Member: Strategy> {
    let state: UnsafeMutablePointer<TradingState>
    var loop: TradeLoop<StrategyGroup<Member>>
    var now: Timestamp
    private var updateID: Int64 = 1
    private var tradeID: Int64 = 1
    private var executionID: Int64 = 1

    init(
        _ member: Member, at start: Timestamp = Timestamp(milliseconds: 1_795_262_400_000),
        instruments: [Instrument] = TestMarket.instruments()
    ) {
        state = Self.makeState(instruments)
        var group = StrategyGroup<Member>(capacity: 1)
        group.append(member)
        loop = TradeLoop(state: state, strategies: group)
        now = start
        for event in [LinkEvent.orderSessionUp, .reconciled] {
            loop.onLink(LinkState(event: event, time: now), now: now)
        }
        for asset in [TestMarket.usdtAsset, TestMarket.btcAsset] {
            loop.onBalance(
                Balance(
                    asset: asset, free: 1_000_000_000_000_000, locked: 0, venueTime: now,
                    receiveTime: now), now: now)
        }
        book(100, 100.10)
        loop.start(now: now)
    }

    static func makeState(
        _ instruments: [Instrument] = TestMarket.instruments()
    ) -> UnsafeMutablePointer<TradingState> {
        TradingState.allocate(
            TradingConfiguration(
                epoch: 1, lane: 0, subscriptions: [0b11],
                limits: RiskLimits(instruments: 2, strategies: 1),
                candleIntervals: [.seconds(3600)], assetCount: 3, orderCapacity: 256,
                bookLevels: 64),
            instruments: instruments)
    }

    deinit {
        state.deinitialize(count: 1)
        state.deallocate()
    }

    func book(_ bid: Double, _ ask: Double) {
        updateID += 1
        let levels = [
            BookLevel(price: TestMarket.price(bid), quantity: TestMarket.quantity(10)),
            BookLevel(price: TestMarket.price(ask), quantity: TestMarket.quantity(10)),
        ]
        levels.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            loop.onDepth(
                DepthHeader(
                    instrument: TestMarket.btc, isSnapshot: true, firstUpdateID: updateID,
                    lastUpdateID: updateID, bidCount: 1, askCount: 1, venueTime: .unknown,
                    receiveTime: now), levels: base, now: now)
        }
    }

    func top(_ bid: Double, _ ask: Double, bidSize: Double = 10, askSize: Double = 10,
        venueTime: Timestamp = .unknown
    ) {
        updateID += 1
        loop.onTop(
            TopOfBook(
                instrument: TestMarket.btc, updateID: updateID, bidPrice: TestMarket.price(bid),
                bidQuantity: TestMarket.quantity(bidSize), askPrice: TestMarket.price(ask),
                askQuantity: TestMarket.quantity(askSize), venueTime: venueTime, receiveTime: now),
            now: now)
    }

    func take() -> [OrderRequest] {
        var taken: [OrderRequest] = []
        while let request = loop.takeRequest() { taken.append(request) }
        return taken
    }

    /// Takes what the strategy wants and accepts all of it.
    @discardableResult
    func settle() -> [OrderRequest] {
        let taken = take()
        for request in taken {
            reply(request, .accepted)
            switch request.kind {
            case .place: report(request.clientOrderID, .new, .new)
            case .cancel: report(request.clientOrderID, .canceled, .canceled)
            case .cancelReplace:
                report(request.replacedOrderID, .canceled, .canceled)
                report(request.clientOrderID, .new, .new)
            case .cancelAll, .query, .amend, .placeLeg: break
            }
        }
        return taken
    }

    func reply(_ request: OrderRequest, _ outcome: RequestOutcome, cancel: CancelHalf = .untold) {
        loop.onReply(
            RequestReply(
                requestID: request.requestID, outcome: outcome, cancel: cancel,
                receiveTime: now), now: now)
    }

    func report(
        _ id: ClientOrderID, _ type: ExecutionType, _ status: VenueOrderStatus,
        last: Double = 0, at price: Double = 0, total: Double = 0
    ) {
        let order = state.pointee.orderView(id)
        executionID += 1
        tradeID += 1
        var report = ExecutionReport(
            instrument: TestMarket.btc, clientOrderID: id, venueOrderID: .none,
            executionType: type, status: status, side: order?.side ?? .buy, type: .limit,
            timeInForce: .gtc, price: order?.price ?? .zero, quantity: order?.quantity ?? .zero)
        report.executionID = executionID
        if type == .trade { report.tradeID = TradeID(tradeID) }
        report.lastPrice = TestMarket.price(price)
        report.lastQuantity = TestMarket.quantity(last)
        report.cumulativeQuantity = TestMarket.quantity(total)
        loop.onReport(report, now: now)
    }

    func open(_ side: Side) -> Order? {
        state.pointee.openOrders(in: TestMarket.btc).first { $0.side == side }
    }

    var openCount: Int { state.pointee.openOrderCount }

    var position: Quantity { state.pointee.position(of: StrategyIndex(0), in: TestMarket.btc) }

    /// A closed candle, as from history or the clock.
    func candle(
        _ interval: Nanoseconds, from open: Timestamp, high: Double, close: Double,
        volume: Double = 1, isPartial: Bool = false
    ) {
        loop.onHistory(
            Candle(
                instrument: TestMarket.btc, openTime: open,
                closeTime: open + Nanoseconds(interval.count - 1), open: TestMarket.price(close),
                high: TestMarket.price(high), low: TestMarket.price(1),
                close: TestMarket.price(close), volume: TestMarket.quantity(volume),
                takerBuyVolume: .zero,
                quoteVolume: Notional(TestMarket.price(close), TestMarket.quantity(volume)),
                tradeCount: 1, isClosed: true, isPartial: isPartial), now: now)
    }
}
