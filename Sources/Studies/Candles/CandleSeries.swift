import Indicators
import MarketModel

/// Recorded or generated candles, column by column, with what else is known of each moment.
public struct CandleSeries: Sendable {
    /// Where they come from, for messages.
    public let origin: String
    /// The opening times as they were written; numbers from 0 without a column of times.
    public internal(set) var labels: [String] = []
    /// All of the same length. Times are not among them.
    public internal(set) var numbers: [SampleColumn: [Double]] = [:]
    /// Strictly rising, or the same for several symbols; empty without a column of times.
    public internal(set) var times: [Timestamp] = []

    init(origin: String) { self.origin = origin }

    public var count: Int { labels.count }

    func has(_ column: SampleColumn) -> Bool {
        column == .time ? !times.isEmpty : numbers[column] != nil
    }

    func number(_ column: SampleColumn, _ row: Int) -> Double { numbers[column]?[row] ?? .nan }

    /// All that is known of one moment; volume 0 where there is no such column.
    public func sample(_ row: Int) -> MarketSample {
        MarketSample(
            time: times.isEmpty ? .unknown : times[row], bar: bar(row),
            second: number(.second, row), symbol: numbers[.symbol].map { Int($0[row]) } ?? 0,
            trade: TradePrint(
                price: number(.tradePrice, row), signedSize: number(.signedSize, row)),
            top: BestQuotes(
                bidPrice: number(.bidPrice, row), bidSize: number(.bidSize, row),
                askPrice: number(.askPrice, row), askSize: number(.askSize, row)))
    }

    func bar(_ row: Int) -> PriceBar {
        PriceBar(
            open: number(.open, row), high: number(.high, row), low: number(.low, row),
            close: number(.close, row), volume: number(.volume, row))
    }
}
