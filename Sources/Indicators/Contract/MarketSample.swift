import MarketModel

/// One moment of a market with all that any indicator may want of it, for uses that choose their
/// indicator by name. Hot code hands each formula its own input instead.
///
/// What is not known stays as it is by default: an indicator that needs it refuses the sample.
public struct MarketSample: Sendable {
    public var time: Timestamp
    public var bar: PriceBar
    /// A second series of the same moments: the market to compare with.
    public var second: Double
    /// Whose close it is, where closes of many come one after the other; counted from 0.
    public var symbol: Int
    public var trade: TradePrint
    public var top: BestQuotes
    public var book: BookLevels

    public init(
        time: Timestamp = .unknown,
        bar: PriceBar = PriceBar(open: .nan, high: .nan, low: .nan, close: .nan, volume: .nan),
        second: Double = .nan, symbol: Int = 0,
        trade: TradePrint = TradePrint(price: .nan, signedSize: .nan),
        top: BestQuotes = BestQuotes(bidPrice: .nan, bidSize: .nan, askPrice: .nan, askSize: .nan),
        book: BookLevels = BookLevels()
    ) {
        self.time = time
        self.bar = bar
        self.second = second
        self.symbol = symbol
        self.trade = trade
        self.top = top
        self.book = book
    }
}

/// A part of a ``MarketSample``, as a table of recorded data would have it in its columns.
public enum SampleColumn: String, Sendable, CaseIterable {
    case time, open, high, low, close, volume, second, symbol
    case tradePrice, signedSize
    case bidPrice, bidSize, askPrice, askSize
    /// All levels of a book: more than one column can hold.
    case book
}

/// An input that a ``MarketSample`` contains.
public protocol SampledInput: IndicatorInput {
    /// The parts that it is made of.
    static var columns: [SampleColumn] { get }

    init(_ sample: MarketSample)
}

extension Double: SampledInput {
    public static var columns: [SampleColumn] { [.close] }

    /// The close.
    public init(_ sample: MarketSample) { self = sample.bar.close }
}

extension PriceBar: SampledInput {
    public static var columns: [SampleColumn] { [.open, .high, .low, .close, .volume] }

    public init(_ sample: MarketSample) { self = sample.bar }
}

extension TimedBar: SampledInput {
    public static var columns: [SampleColumn] { [.time] + PriceBar.columns }

    public init(_ sample: MarketSample) { self.init(time: sample.time, bar: sample.bar) }
}

extension SamplePair: SampledInput {
    public static var columns: [SampleColumn] { [.close, .second] }

    /// The close and the second series.
    public init(_ sample: MarketSample) { self.init(sample.bar.close, sample.second) }
}

extension SymbolClose: SampledInput {
    public static var columns: [SampleColumn] { [.symbol, .close] }

    public init(_ sample: MarketSample) {
        self.init(symbol: sample.symbol, close: sample.bar.close)
    }
}

extension TradePrint: SampledInput {
    public static var columns: [SampleColumn] { [.tradePrice, .signedSize] }

    public init(_ sample: MarketSample) { self = sample.trade }
}

extension BestQuotes: SampledInput {
    public static var columns: [SampleColumn] { [.bidPrice, .bidSize, .askPrice, .askSize] }

    public init(_ sample: MarketSample) { self = sample.top }
}

extension QuotedTrade: SampledInput {
    public static var columns: [SampleColumn] { TradePrint.columns + [.bidPrice, .askPrice] }

    public init(_ sample: MarketSample) {
        self.init(trade: sample.trade, mid: (sample.top.bidPrice + sample.top.askPrice) / 2)
    }
}

extension BookLevels: SampledInput {
    public static var columns: [SampleColumn] { [.book] }

    public init(_ sample: MarketSample) { self = sample.book }
}
