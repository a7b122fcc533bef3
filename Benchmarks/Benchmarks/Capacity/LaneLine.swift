import Codec
import Indicators
import MarketModel
import TickToTrade
import Venues

/// A lane's market data up to its strategy: decoder and synchroniser, and behind them the trade
/// loop with candles, valuation and dispatch, and a strategy with ten indicators.
struct LaneLine: ~Copyable {
    private let market = MarketLine.decoder()
    private var read = MarketFrame.ignored(.unrecognized)
    private var synchronizer = DepthSynchronizer(diffCapacity: 1_024, levelCapacity: 1 << 17)
    private var loop: TradeLoop<StrategyGroup<TenIndicators>>
    /// Messages that could not be read or left a hole in the book.
    private(set) var failures = 0

    init(_ indicators: consuming IndicatorSet) {
        let state = TradingState.allocate(
            TradingConfiguration(
                epoch: 1, lane: 0, subscriptions: [1], limits: SampleLimits.all(), assetCount: 2),
            instruments: [SampleMarket.instrument()])
        var strategies = StrategyGroup<TenIndicators>(capacity: 1)
        strategies.append(TenIndicators(indicators))
        loop = TradeLoop(state: state, strategies: strategies)
    }

    deinit {
        loop.state.deinitialize(count: 1)
        loop.state.deallocate()
    }

    /// The last update in the book; `nil` while the book is not valid.
    var lastUpdateID: Int64? {
        let place = loop.state.pointee.bookPlace(of: InstrumentIndex(0))
        return place.isValid ? place.updateID : nil
    }

    @_noLocks
    mutating func run(_ frames: UnsafeBufferPointer<MarketTape.Frame>) {
        for frame in frames {
            let time = frame.time
            if loop.nextDeadline <= time { loop.onTime(now: time) }
            market.decode(frame.bytes, frame.count, receiveTime: time, into: &read)
            switch read {
            case .top(let top): loop.onTop(top, now: time)
            case .trade(let trade): loop.onTrade(trade, now: time)
            case .depth(let header): keep(header, time)
            case .malformed: failures &+= 1
            case .trades, .candle, .acknowledged, .serverShutdown, .ignored: break
            }
        }
    }

    private mutating func keep(_ header: DepthHeader, _ now: Timestamp) {
        if header.isSnapshot { return join(header, now) }
        switch synchronizer.onDiff(header, market.levels) {
        case .apply: loop.onDepth(header, levels: market.levels, now: now)
        case .gap, .overflowed: failures &+= 1
        case .ignoreOld, .buffered, .requestSnapshot: break
        }
    }

    private mutating func join(_ header: DepthHeader, _ now: Timestamp) {
        guard case .load = synchronizer.onSnapshot(header) else { return }
        loop.onDepth(header, levels: market.levels, now: now)
        while let kept = synchronizer.nextBuffered() {
            loop.onDepth(kept.header, levels: kept.levels, now: now)
        }
    }
}

/// Takes ten indicators along with everything that happens in its market, and never trades.
struct TenIndicators: Strategy, ~Copyable {
    private var indicators: IndicatorSet

    init(_ indicators: consuming IndicatorSet) { self.indicators = indicators }

    @_noLocks
    mutating func onTop(_ top: TopOfBook, _ context: StrategyContext) {
        update(top.instrument, context)
    }

    @_noLocks
    mutating func onTrade(_ trade: Trade, _ context: StrategyContext) {
        update(trade.instrument, context)
    }

    @_noLocks
    mutating func onBook(_ instrument: InstrumentIndex, _ context: StrategyContext) {
        update(instrument, context)
    }

    private mutating func update(_ instrument: InstrumentIndex, _ context: StrategyContext) {
        let quote = context.quote(instrument)
        indicators.update(
            BestQuotes(
                bidPrice: Double(quote.bid.price.raw) * 1e-8,
                bidSize: Double(quote.bid.quantity.raw) * 1e-8,
                askPrice: Double(quote.ask.price.raw) * 1e-8,
                askSize: Double(quote.ask.quantity.raw) * 1e-8))
    }
}
