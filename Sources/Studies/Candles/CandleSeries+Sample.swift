import Indicators
import MarketModel

extension CandleSeries {
    /// Hourly candles of a market that does not exist: the same for the same seed, everywhere.
    ///
    /// A walk in ticks whose drift and size change every day or two, with quotes and a trade at
    /// each close and a second series that half follows. `count` 1...1,000,000.
    public static func generated(seed: UInt64, count: Int) -> CandleSeries {
        var series = CandleSeries(origin: "sample \(seed)")
        var market = GeneratedMarket(seed: seed)
        for column in SampleColumn.allCases where column != .time && column != .book {
            series.numbers[column] = []
        }
        for row in 0..<count {
            let time = Timestamp(milliseconds: 1_767_571_200_000 + Int64(row) * 3_600_000)
            series.times.append(time)
            series.labels.append("\(time.milliseconds)")
            for (column, number) in market.next() { series.numbers[column]?.append(number) }
        }
        return series
    }

    /// As a file with a heading, line by line.
    public var lines: [String] {
        let columns = SampleColumn.allCases.filter { $0 != .time && has($0) }
        let heading = ([SampleColumn.time] + columns).map(CandleHeading.name)
        return [heading.joined(separator: ",")]
            + labels.indices.map { row in
                ([labels[row]] + columns.map { "\(number($0, row))" }).joined(separator: ",")
            }
    }
}

/// The walk behind ``CandleSeries/generated(seed:count:)``. Prices in hundredths.
private struct GeneratedMarket {
    private var random: UInt64
    private var price = 6_200_000
    private var second = 350_000
    private var drift = 0
    private var size = 1_000
    private var row = 0

    init(seed: UInt64) { random = seed }

    mutating func next() -> [(SampleColumn, Double)] {
        if row % 30 == 0 {
            drift = below(401) - 200
            size = 3_000 + below(4_000)
        }
        row += 1
        let open = price
        var (high, low, bought, sold) = (open, open, 0, 0)
        // Some hours are busy.
        let pace = below(9) == 0 ? 2 : 1
        for _ in 0..<(8 + below(16)) * pace {
            let step = drift + below(2 * size + 1) - size
            price = max(100_000, price + step)
            (high, low) = (max(high, price), min(low, price))
            let traded = 20 + below(60) + Int(step.magnitude) / 60
            if step > 0 { bought += traded } else { sold += traded }
        }
        second = max(10_000, second + (price - open) / 36 + below(1_201) - 600)
        let signed = bought - sold
        return [
            (.open, cents(open)), (.high, cents(high)), (.low, cents(low)), (.close, cents(price)),
            (.volume, cents(bought + sold)), (.second, cents(second)),
            (.symbol, Double(row % 10)),
            (.tradePrice, cents(price)), (.signedSize, cents(signed == 0 ? 1 : signed)),
            (.bidPrice, cents(price - 50 - below(50))), (.bidSize, cents(100 + below(900) + max(0, signed))),
            (.askPrice, cents(price + 50 + below(50))), (.askSize, cents(100 + below(900) + max(0, -signed))),
        ]
    }

    private func cents(_ count: Int) -> Double { Double(count) / 100 }

    /// SplitMix64.
    private mutating func below(_ bound: Int) -> Int {
        random &+= 0x9E37_79B9_7F4A_7C15
        var z = random
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((z ^ (z >> 31)) % UInt64(bound))
    }
}
