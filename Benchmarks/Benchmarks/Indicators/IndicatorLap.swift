import Indicators
import Studies

/// The market that indicators are measured over: a lap that ends where it began, so that it can be
/// run again and again.
///
/// A generated market forwards and then backwards. Its length is a multiple of most periods, so
/// that windows which are worked through now and then are worked through as often in every lap.
enum IndicatorLap {
    static let length = 5_040

    /// Laps in a series that is timed: over one lap again and again a processor learns by heart which
    /// way each branch goes, as it never could of a market.
    static let timedLaps = 8

    /// With fewer samples a run shows only that it works, as tests do, and takes one lap.
    static func laps(for samples: Int) -> Int { samples < 1_000 ? 1 : timedLaps }

    private static let lap = market(count: length)
    private static let timedMarket = market(count: length * timedLaps)

    private static func market(count: Int) -> [MarketSample] {
        let market = CandleSeries.generated(seed: 7, count: count / 2)
        let forward = (0..<market.count).map { row in
            var sample = market.sample(row)
            sample.symbol = row % 10
            for level in 1...20 {
                let step = Double(level) / 100
                let size = Double(1 + row * level % 37)
                sample.book.appendBid(price: sample.top.bidPrice - step, size: size)
                sample.book.appendAsk(price: sample.top.askPrice + step, size: size)
            }
            return sample
        }
        let backward = forward.reversed().map { sample in
            var mirrored = sample
            mirrored.bar.open = sample.bar.close
            mirrored.bar.close = sample.bar.open
            return mirrored
        }
        return forward + backward
    }

    /// Within 0...1, for functions that are defined only there.
    private static func small(_ samples: [MarketSample]) -> [MarketSample] {
        samples.map { sample in
            var small = sample
            let close = sample.bar.close / 1_000_000
            small.bar = PriceBar(open: close, high: close, low: close, close: close, volume: 1)
            return small
        }
    }

    /// One lap to count instructions over, or ``timedLaps`` to time.
    static func samples(for entry: CatalogueEntry, laps: Int = 1) -> [MarketSample] {
        let samples = laps == 1 ? lap : timedMarket
        let isFunction = entry.family == .arithmetic && entry.parameters.isEmpty
        return isFunction && entry.columns == [.close] ? small(samples) : samples
    }
}
