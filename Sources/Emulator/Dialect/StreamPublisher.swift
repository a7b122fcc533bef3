import MarketModel

/// Market streams: who listens to what, and the frames that events become.
///
/// Trades and tops of book go out as they happen; depth, partial depth and candles on their
/// intervals. Frames of a replayed capture go out as recorded.
final class StreamPublisher {
    private let exchange: Exchange
    private let symbols: [String]
    private let faults: FaultConfiguration
    private let fastInterval: Nanoseconds
    private var channels: [String: StreamChannel] = [:]
    private var byMarket: [MarketChannels]
    /// Streams of every symbol.
    private var wholeVenue: [StreamChannel] = []
    private var differs: [DepthDiffer?]
    /// Trades that binary streams have not told yet.
    private var burst = TradeBurst()
    private var nextFast: Timestamp
    private var nextSlow: Timestamp
    private var nextCandle: Timestamp
    /// The next minute of the market's clock: where candles close, however fast that clock runs.
    private var nextMinute = Timestamp(nanoseconds: 0)
    private var depthMessageCount = 0
    /// Open times of the candles last sent, to send each closed bar once.
    private var candleOpenTimes: [String: Int64] = [:]
    /// Diff messages left out on purpose.
    private(set) var droppedDepthMessages = 0

    private struct MarketChannels {
        var trade: [StreamChannel] = []
        var binaryTrade: [StreamChannel] = []
        var aggregate: StreamChannel?
        var bookTicker: [StreamChannel] = []
        var binaryBookTicker: [StreamChannel] = []
        var timed: [StreamChannel] = []
    }

    init(exchange: Exchange, now: Timestamp) {
        self.exchange = exchange
        symbols = exchange.markets.map(\.configuration.symbol)
        faults = exchange.configuration.faults
        fastInterval = .milliseconds(exchange.configuration.streams.depthIntervalMilliseconds)
        byMarket = Array(repeating: MarketChannels(), count: exchange.markets.count)
        differs = exchange.markets.map { market in
            (market.matcher as? MatchingEngine).map(DepthDiffer.init(engine:))
        }
        nextFast = now + fastInterval
        nextSlow = now + .seconds(1)
        nextCandle = now + .seconds(1)
    }

    var hasSubscribers: Bool { !channels.isEmpty }
    /// When timed streams are due next.
    var nextDeadline: Timestamp { min(nextFast, nextSlow, nextCandle) }

    func subscribe(_ session: Session, to name: StreamName) {
        guard !session.subscriptions.contains(name.text) else { return }
        session.subscriptions.append(name.text)
        let channel = channels[name.key] ?? makeChannel(name)
        channel.add(session)
    }

    func unsubscribe(_ session: Session, from text: String) {
        session.subscriptions.removeAll { $0 == text }
        guard let channel = channels[StreamName.key(of: text, in: session.encoding)] else { return }
        channel.remove(session.id)
        if channel.isEmpty { drop(channel) }
    }

    func unsubscribeAll(_ session: Session) {
        for text in session.subscriptions { unsubscribe(session, from: text) }
    }

    /// Moves a session's subscriptions after its frame format changed.
    func resubscribe(_ session: Session) {
        for text in session.subscriptions {
            let channel = channels[StreamName.key(of: text, in: session.encoding)]
            channel?.remove(session.id)
            channel?.add(session)
        }
    }

    private func makeChannel(_ name: StreamName) -> StreamChannel {
        let market = exchange.marketIndex(named: name.symbol) ?? -1
        let channel = StreamChannel(
            name: name, market: market,
            symbol: market < 0 ? nil : exchange.markets[market].configuration)
        channels[name.key] = channel
        if name.symbol.isEmpty { wholeVenue.append(channel) }
        guard market >= 0 else { return channel }
        switch name.kind {
        case .trade where channel.isBinary: byMarket[market].binaryTrade.append(channel)
        case .trade: byMarket[market].trade.append(channel)
        case .aggregateTrade: byMarket[market].aggregate = channel
        case .bookTicker where channel.isBinary: byMarket[market].binaryBookTicker.append(channel)
        case .bookTicker: byMarket[market].bookTicker.append(channel)
        case .depth, .partialDepth, .candle, .averagePrice, .ticker:
            byMarket[market].timed.append(channel)
        case .silent: break
        }
        updateInterest(of: market)
        return channel
    }

    private func drop(_ channel: StreamChannel) {
        channels[channel.name.key] = nil
        candleOpenTimes[channel.name.text] = nil
        wholeVenue.removeAll { $0 === channel }
        guard channel.market >= 0 else { return }
        switch channel.name.kind {
        case .trade:
            byMarket[channel.market].trade.removeAll { $0 === channel }
            byMarket[channel.market].binaryTrade.removeAll { $0 === channel }
        case .aggregateTrade: byMarket[channel.market].aggregate = nil
        case .bookTicker:
            byMarket[channel.market].bookTicker.removeAll { $0 === channel }
            byMarket[channel.market].binaryBookTicker.removeAll { $0 === channel }
        case .depth, .partialDepth, .candle, .averagePrice, .ticker:
            byMarket[channel.market].timed.removeAll { $0 === channel }
        case .silent: break
        }
        updateInterest(of: channel.market)
    }

    private func updateInterest(of market: Int) {
        let wanted = byMarket[market]
        exchange.markets[market].publishesTrades =
            !wanted.trade.isEmpty || !wanted.binaryTrade.isEmpty || wanted.aggregate != nil
        exchange.markets[market].publishesTop =
            !wanted.bookTicker.isEmpty || !wanted.binaryBookTicker.isEmpty
    }

    /// Sends what just happened to whoever listens; `now` is the time of binary tops of book.
    func publish(
        _ events: ContiguousArray<PublicEvent>, now: Timestamp, to outbox: inout Outbox
    ) {
        for event in events {
            if burst.isOver(before: event) { endBurst(to: &outbox) }
            switch event {
            case .trade(let market, let trade): publish(trade, Int(market), to: &outbox)
            case .aggregate(let market, let trade):
                byMarket[Int(market)].aggregate?.publish(to: &outbox) { unit, text in
                    StreamText.aggregate(trade, symbol: symbol(market), unit, to: &text)
                }
            case .top(let market, let updateID, let top):
                publish(top, updateID, now, Int(market), to: &outbox)
            }
        }
        endBurst(to: &outbox)
    }

    private func publish(_ trade: PublicTrade, _ market: Int, to outbox: inout Outbox) {
        for channel in byMarket[market].trade {
            channel.publish(to: &outbox) { unit, text in
                StreamText.trade(trade, symbol: symbols[market], unit, to: &text)
            }
        }
        if !byMarket[market].binaryTrade.isEmpty { burst.add(trade, of: market) }
    }

    /// Sends a recorded payload as it is to the subscribers of its stream.
    func publishRecorded(
        stream: String, payload: UnsafeRawBufferPointer, to outbox: inout Outbox
    ) {
        channels[stream]?.publish(to: &outbox) { _, text in text.raw(payload) }
    }

    /// Sends what a recorded payload said to the subscribers of the market's binary streams.
    func publishRecorded(
        _ frame: CaptureFrame, of market: Int, now: Timestamp, to outbox: inout Outbox
    ) {
        switch frame {
        case .trade(let trade):
            burst.add(trade, of: market)
            endBurst(to: &outbox)
        case .bookTicker(let updateID, let top):
            publishBinary(top, updateID, now, market, to: &outbox)
        case .depth(let diff, let time):
            for channel in byMarket[market].timed
            where channel.isBinary && channel.name.kind == .depth(isFast: true) {
                channel.publishBinary(to: &outbox) { symbol, text in
                    StreamBinary.diff(diff, now: time, of: symbol, to: &text)
                }
            }
        // Partial depth is taken from the book.
        case .snapshot: break
        }
    }

    private func endBurst(to outbox: inout Outbox) {
        if burst.trades.isEmpty { return }
        for channel in byMarket[burst.market].binaryTrade {
            channel.publishBinary(to: &outbox) { symbol, text in
                StreamBinary.trades(burst.trades, of: symbol, to: &text)
            }
        }
        burst.clear()
    }

    private func publish(
        _ top: BookTop, _ updateID: Int64, _ now: Timestamp, _ market: Int,
        to outbox: inout Outbox
    ) {
        for channel in byMarket[market].bookTicker {
            channel.publish(to: &outbox) { _, text in
                StreamText.bookTicker(top, updateID: updateID, symbol: symbols[market], to: &text)
            }
        }
        publishBinary(top, updateID, now, market, to: &outbox)
    }

    private func publishBinary(
        _ top: BookTop, _ updateID: Int64, _ now: Timestamp, _ market: Int,
        to outbox: inout Outbox
    ) {
        for channel in byMarket[market].binaryBookTicker {
            channel.publishBinary(to: &outbox) { symbol, text in
                StreamBinary.bestBidAsk(
                    top, updateID: updateID, now: now, of: symbol, to: &text)
            }
        }
    }

    /// Sends the streams whose interval has passed. `marketTime` is what their events carry.
    func publishTimed(now: Timestamp, marketTime: Timestamp, to outbox: inout Outbox) {
        if now >= nextFast {
            nextFast = max(nextFast + fastInterval, now)
            publishDepth(isFast: true, marketTime, to: &outbox)
        }
        if now >= nextSlow {
            nextSlow = max(nextSlow + .seconds(1), now)
            publishDepth(isFast: false, marketTime, to: &outbox)
        }
        if now >= nextCandle {
            nextCandle = max(nextCandle + .seconds(1), now)
            publishCandles(marketTime, to: &outbox)
            publishTickers(marketTime, to: &outbox)
        }
    }

    /// Sends the candles that the market's clock has closed. Called with every step of that clock.
    func publishClosedCandles(_ marketTime: Timestamp, to outbox: inout Outbox) {
        if marketTime < nextMinute { return }
        let minute = Nanoseconds.seconds(60).count
        nextMinute = Timestamp(nanoseconds: (marketTime.nanoseconds / minute + 1) * minute)
        for market in exchange.markets { market.candles.advance(to: marketTime.milliseconds) }
        publishCandles(marketTime, to: &outbox)
    }

    private func publishDepth(isFast: Bool, _ time: Timestamp, to outbox: inout Outbox) {
        for market in exchange.markets.indices {
            let diff = isFast ? differs[market]?.fast() : slowDiff(market)
            for channel in byMarket[market].timed {
                switch channel.name.kind {
                case .depth(isFast):
                    guard let diff, !dropsThisDepthMessage() else { continue }
                    if channel.isBinary {
                        channel.publishBinary(to: &outbox) { symbol, text in
                            StreamBinary.diff(
                                diff, now: time, of: symbol, to: &text)
                        }
                        continue
                    }
                    channel.publish(to: &outbox) { unit, text in
                        StreamText.depth(
                            diff, symbol: symbol(Int32(market)), now: time, unit, to: &text)
                    }
                case .partialDepth(let levels, isFast):
                    let matcher = exchange.markets[market].matcher
                    if channel.isBinary {
                        channel.publishBinary(to: &outbox) { symbol, text in
                            StreamBinary.snapshot(
                                matcher, limit: levels, now: time, of: symbol,
                                to: &text)
                        }
                        continue
                    }
                    channel.publish(to: &outbox) { _, text in
                        MarketText.depth(matcher, limit: levels, to: &text)
                    }
                default: continue
                }
            }
        }
    }

    /// Most of the time nobody wants one.
    private func slowDiff(_ market: Int) -> DepthDiff? {
        if byMarket[market].timed.contains(where: { $0.name.kind == .depth(isFast: false) }) {
            return differs[market]?.slow()
        }
        differs[market]?.skipSlow()
        return nil
    }

    /// The gap fault: every n-th diff message is left out.
    func dropsThisDepthMessage() -> Bool {
        guard faults.dropDepthEvery > 0 else { return false }
        depthMessageCount += 1
        guard depthMessageCount % faults.dropDepthEvery == 0 else { return false }
        droppedDepthMessages += 1
        return true
    }

    private func publishCandles(_ time: Timestamp, to outbox: inout Outbox) {
        for market in exchange.markets.indices where !byMarket[market].timed.isEmpty {
            let candles = exchange.markets[market].candles
            for channel in byMarket[market].timed {
                guard case .candle(let grid) = channel.name.kind else { continue }
                let current = candles.current(grid)
                let last = candleOpenTimes.updateValue(current.openTime, forKey: channel.name.text)
                if let last, last < current.openTime {
                    for bar in candles.bars(
                        grid, start: last, end: current.openTime - 1, limit: 1_000)
                    {
                        publish(bar, grid, isClosed: true, channel, time, to: &outbox)
                    }
                }
                publish(current, grid, isClosed: false, channel, time, to: &outbox)
            }
        }
    }

    private func publishTickers(_ time: Timestamp, to outbox: inout Outbox) {
        for market in exchange.markets.indices {
            for channel in byMarket[market].timed {
                switch channel.name.kind {
                case .averagePrice:
                    channel.publish(to: &outbox) { unit, text in
                        TickerText.averagePrice(
                            exchange.markets[market], now: time, unit, to: &text)
                    }
                case .ticker(let ticker):
                    channel.publish(to: &outbox) { unit, text in
                        ticker.write(exchange.markets[market], now: time, unit, to: &text)
                    }
                default: continue
                }
            }
        }
        for channel in wholeVenue {
            guard case .ticker(let ticker) = channel.name.kind else { continue }
            channel.publish(to: &outbox) { unit, text in
                for (index, market) in exchange.markets.enumerated() {
                    text.raw(index == 0 ? "[" : ",")
                    ticker.write(market, now: time, unit, to: &text)
                }
                text.raw("]")
            }
        }
    }

    private func publish(
        _ bar: Bar, _ grid: CandleGrid, isClosed: Bool, _ channel: StreamChannel,
        _ time: Timestamp, to outbox: inout Outbox
    ) {
        channel.publish(to: &outbox) { unit, text in
            StreamText.candle(
                bar, grid, isClosed: isClosed, symbol: symbol(Int32(channel.market)),
                now: time, unit, to: &text)
        }
    }

    private func symbol(_ market: Int32) -> String { symbols[Int(market)] }
}

extension StreamName.Ticker {
    fileprivate func write(
        _ market: SymbolMarket, now: Timestamp, _ unit: TimeUnit, to text: inout TextBuffer
    ) {
        func rolling(_ hours: Int64) -> TickerText {
            TickerText(unit: unit, window: .rolling(hours * CandleInterval.hour))
        }
        let day = TickerText(unit: unit, window: .day)
        switch self {
        case .day: day.event("24hrTicker", market, now: now, to: &text)
        case .mini: day.miniEvent(market, now: now, to: &text)
        case .hour1: rolling(1).event("1hTicker", market, now: now, to: &text)
        case .hours4: rolling(4).event("4hTicker", market, now: now, to: &text)
        case .day1: rolling(24).event("1dTicker", market, now: now, to: &text)
        }
    }
}
