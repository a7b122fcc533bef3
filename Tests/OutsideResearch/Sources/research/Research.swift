import Foundation
import Indicators
import MarketContext
import Studies

/// Where two averages cross, how far the market then reaches in a bar, and a chart of it.
@main
enum Research {
    /// `research [CANDLES.csv(.gz)] [CHART.svg]`; without a file over a generated market.
    static func main() throws {
        let words = CommandLine.arguments.dropFirst()
        let candles =
            if let path = words.first {
                try CandleSeries(reading: path)
            } else {
                CandleSeries.generated(seed: 7, count: 2_000)
            }

        // Streaming, as a strategy would: an update takes no memory.
        var fast = try Indicator(EMA(period: 12))
        var slow = try Indicator(EMA(period: 48))
        var range = try Indicator(ATR())
        var wasAbove: Bool?
        var crossings: [(row: Int, reach: Double)] = []
        for row in 0..<candles.count {
            let sample = candles.sample(row)
            range.update(sample.bar)
            guard let quick = fast.update(sample.bar.close),
                let calm = slow.update(sample.bar.close), let reach = range.value
            else { continue }
            if let wasAbove, wasAbove != (quick > calm) {
                crossings.append((row, reach / calm))
            }
            wasAbove = quick > calm
        }
        let mean = crossings.map(\.reach).reduce(0, +) / Double(max(crossings.count, 1))
        let days = Set(
            crossings.map { Timeframe.every(.day).start(of: candles.sample($0.row).time) })
        print("\(crossings.count) crossings on \(days.count) days")
        print("mean range of a bar there: \(mean * 100) %")

        // By name, a whole series at once: the same bits as one update after another.
        let samples = (0..<candles.count).map { candles.sample($0) }
        let bands = try IndicatorCatalogue.entry("BBANDS").make(["period": 30])
        let known = bands.values(over: samples).compactMap { $0 }
        print("BBANDS of 30: \(known.count) values, the last \(known.last ?? [])")

        if let chart = words.dropFirst().first {
            let studies = try ["BBANDS:30", "EMA:48", "ATR"].map {
                try Study($0).values(over: candles)
            }
            try Chart(candles, studies, newest: 200).svg
                .write(toFile: chart, atomically: true, encoding: .utf8)
        }
    }
}
