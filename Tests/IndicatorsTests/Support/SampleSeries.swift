import Indicators
import MarketModel

/// The same numbers for the same seed.
struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}

/// A market made from a seed: a walk in ticks with many ties, stretches without movement and
/// stretches without volume, a book and a trade at each moment.
struct SampleSeries {
    private var random: SplitMix
    private var close = 20_000
    private var second = 10_000
    private var count = 0

    init(seed: UInt64) { random = SplitMix(state: seed) }

    static func samples(seed: UInt64, count: Int) -> [MarketSample] {
        var series = SampleSeries(seed: seed)
        return (0..<count).map { _ in series.next() }
    }

    mutating func next() -> MarketSample {
        count += 1
        let isQuiet = count % 151 > 120
        let open = random.below(4) > 0 ? close : close + random.below(41) - 20
        close = isQuiet ? open : max(500, open + random.below(121) - 60)
        let reach = isQuiet ? 1 : 30
        let high = max(open, close) + random.below(reach)
        let low = min(open, close) - random.below(reach)
        second = max(500, second + random.below(81) - 40 + (close - open) / 2)
        let volume = count % 107 > 95 ? 0 : random.below(100_000)
        let bar = PriceBar(
            open: Double(open) / 100, high: Double(high) / 100, low: Double(low) / 100,
            close: Double(close) / 100, volume: Double(volume) / 10)
        return MarketSample(
            time: Timestamp(milliseconds: 1_700_000_000_000 + Int64(count) * 420_000), bar: bar,
            second: Double(second) / 100, symbol: count % 7, trade: trade(), top: top(), book: book())
    }

    private mutating func trade() -> TradePrint {
        let size = Double(1 + random.below(5_000)) / 100
        let isBuy = random.below(2) == 0
        let price = Double(close + (isBuy ? 1 : -1) * (1 + random.below(3))) / 100
        return TradePrint(price: price, signedSize: isBuy ? size : -size)
    }

    private mutating func top() -> BestQuotes {
        BestQuotes(
            bidPrice: Double(close - 1 - random.below(2)) / 100,
            bidSize: Double(1 + random.below(900)) / 10,
            askPrice: Double(close + 1 + random.below(2)) / 100,
            askSize: Double(1 + random.below(900)) / 10)
    }

    private mutating func book() -> BookLevels {
        var book = BookLevels()
        for level in 1...(1 + random.below(24)) {
            book.appendBid(
                price: Double(close - 2 * level) / 100, size: Double(random.below(900)) / 10)
            book.appendAsk(
                price: Double(close + 3 * level) / 100, size: Double(random.below(900)) / 10)
        }
        return book
    }
}

extension [Double]? {
    /// Bit patterns, so that equality has no exceptions.
    var bits: [UInt64]? { self?.map(\.bitPattern) }
}
