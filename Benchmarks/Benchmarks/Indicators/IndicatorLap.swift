import Indicators
import Studies

/// The market that indicators are measured over: a lap that ends where it began, so that it can be
/// run again and again.
///
/// A generated market forwards and then backwards. Its length is a multiple of most periods, so
/// that windows which are worked through now and then are worked through as often in every lap.
enum IndicatorLap {
    static let length = 5_040

    static let samples: [MarketSample] = {
        let market = CandleSeries.generated(seed: 7, count: length / 2)
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
    }()

    /// Within 0...1, for functions that are defined only there.
    private static let small: [MarketSample] = samples.map { sample in
        var small = sample
        let close = sample.bar.close / 1_000_000
        small.bar = PriceBar(open: close, high: close, low: close, close: close, volume: 1)
        return small
    }

    static func samples(for entry: CatalogueEntry) -> [MarketSample] {
        let isFunction = entry.family == .arithmetic && entry.parameters.isEmpty
        return isFunction && entry.columns == [.close] ? small : samples
    }
}
