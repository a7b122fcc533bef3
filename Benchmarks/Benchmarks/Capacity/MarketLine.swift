import Codec
import Indicators
import MarketModel
import TickToTrade
import Venues

/// A lane's market data without the rest of the lane: its decoder, its synchroniser, its book with
/// the announced best prices, and ten indicators.
struct MarketLine: ~Copyable {
    private static let levelCapacity = 16_384

    private let market: BinanceSpotMarketDecoder
    private var read = MarketFrame.ignored(.unrecognized)
    private var synchronizer = DepthSynchronizer(diffCapacity: 1_024, levelCapacity: 1 << 17)
    private(set) var book = OrderBook(instrument: InstrumentIndex(0))
    private var top = MarketTop(instrument: InstrumentIndex(0))
    private var indicators: IndicatorSet
    /// Messages that could not be read or left a hole in the book.
    private(set) var failures = 0

    init(_ indicators: consuming IndicatorSet) {
        self.indicators = indicators
        market = Self.decoder()
    }

    /// Forgets the market, not what the indicators have seen.
    mutating func reset() {
        synchronizer.reset()
        book.clear()
        top = MarketTop(instrument: InstrumentIndex(0))
        failures = 0
    }

    /// A decoder of the sample's instrument, which also reads bare snapshots; lives as long as the
    /// process.
    static func decoder() -> BinanceSpotMarketDecoder {
        let levels = UnsafeMutablePointer<BookLevel>.allocate(capacity: levelCapacity)
        levels.initialize(
            repeating: BookLevel(price: .zero, quantity: .zero), count: levelCapacity)
        return BinanceSpotMarketDecoder(
            directory: SampleMarket.directory(), levels: levels, levelCapacity: levelCapacity,
            soleInstrument: InstrumentIndex(0))
    }

    // MARK: - The stages

    @_noLocks @inline(__always)
    mutating func parse(_ frame: MarketTape.Frame) {
        market.decode(frame.bytes, frame.count, receiveTime: frame.time, into: &read)
    }

    /// Into the book, or to the announced best prices and the last trade.
    @_noLocks @inline(__always)
    mutating func keep() {
        switch read {
        case .top(let best): _ = top.apply(best)
        case .trade(let trade): _ = top.apply(trade)
        case .depth(let header): keep(header)
        case .malformed: failures &+= 1
        case .trades, .candle, .acknowledged, .serverShutdown, .ignored: break
        }
    }

    private mutating func keep(_ header: DepthHeader) {
        if header.isSnapshot { return join(header) }
        switch synchronizer.onDiff(header, market.levels) {
        case .apply: if case .refused = book.apply(header, market.levels) { failures &+= 1 }
        case .gap, .overflowed: failures &+= 1
        case .ignoreOld, .buffered, .requestSnapshot: break
        }
    }

    private mutating func join(_ header: DepthHeader) {
        guard case .load = synchronizer.onSnapshot(header) else { return }
        book.load(header, market.levels)
        while let kept = synchronizer.nextBuffered() { book.apply(kept.header, kept.levels) }
    }

    /// All ten indicators, after every message.
    @_noLocks @inline(__always)
    mutating func weigh() { indicators.update(top.top.quotes) }

    // MARK: - Whole tapes

    /// Reads the messages and leaves it at that.
    @_noLocks
    mutating func parse(_ frames: UnsafeBufferPointer<MarketTape.Frame>) {
        for frame in frames {
            parse(frame)
            if case .malformed = read { failures &+= 1 }
        }
    }

    @_noLocks
    mutating func follow(_ frames: UnsafeBufferPointer<MarketTape.Frame>) {
        for frame in frames {
            parse(frame)
            keep()
        }
    }

    @_noLocks
    mutating func run(_ frames: UnsafeBufferPointer<MarketTape.Frame>) {
        for frame in frames {
            parse(frame)
            keep()
            weigh()
        }
    }

    /// The same with a reading of the clock behind every message.
    @_noLocks
    mutating func run(
        _ frames: UnsafeBufferPointer<MarketTape.Frame>, ticks: UnsafeMutablePointer<UInt64>
    ) {
        var index = 0
        while index < frames.count {
            parse(frames[index])
            keep()
            weigh()
            ticks[index] = Stopwatch.ticks()
            index &+= 1
        }
    }
}

extension TopOfBook {
    /// In units, as indicators take them.
    @inline(__always)
    fileprivate var quotes: BestQuotes {
        @_noLocks get {
            BestQuotes(
                bidPrice: Double(bidPrice.raw) * 1e-8, bidSize: Double(bidQuantity.raw) * 1e-8,
                askPrice: Double(askPrice.raw) * 1e-8, askSize: Double(askQuantity.raw) * 1e-8)
        }
    }
}
