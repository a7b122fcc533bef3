import Foundation
import Indicators
import Testing

/// What `scripts/talib-reference` wrote: TA-Lib's own numbers for every function, bar by bar.
struct TALibReference {
    struct Series: Decodable {
        let name: String
        let count: Int
        let offset: Int
        let columns: [String]
    }

    struct Case: Decodable, CustomTestStringConvertible {
        let function: String
        let series: String
        let parameters: [Double]
        let outputs: [String]
        let lookback: Int
        let offset: Int

        var testDescription: String { "\(function) \(parameters) over \(series)" }
    }

    private struct Index: Decodable {
        let series: [Series]
        let cases: [Case]
    }

    let cases: [Case]
    private let series: [String: Series]
    private let numbers: [Double]
    private var samples: [String: [MarketSample]] = [:]

    /// `nil`, with a message, without `APUS_TALIB`.
    static func load() throws -> TALibReference? {
        guard let directory = ProcessInfo.processInfo.environment["APUS_TALIB"] else {
            print("skipped: APUS_TALIB is not set; scripts/talib-equality does it all")
            return nil
        }
        return try TALibReference(directory: URL(fileURLWithPath: directory))
    }

    init(directory: URL) throws {
        let index = try JSONDecoder().decode(
            Index.self, from: Data(contentsOf: directory.appendingPathComponent("index.json")))
        let data = try Data(contentsOf: directory.appendingPathComponent("numbers.f64"))
        numbers = data.withUnsafeBytes { Array($0.bindMemory(to: Double.self)) }
        cases = index.cases
        series = Dictionary(uniqueKeysWithValues: index.series.map { ($0.name, $0) })
        for one in index.series { samples[one.name] = Self.samples(of: one, in: numbers) }
    }

    /// The second series of MAVP is its periods, by the rule of `scripts/talib-reference`.
    func samples(for one: Case) -> [MarketSample] {
        let plain = samples[one.series] ?? []
        if one.function != "MAVP" { return plain }
        return plain.enumerated().map { row, sample in
            MarketSample(bar: sample.bar, second: Double(1 + row * 7 % 37))
        }
    }

    /// One row for each output of TA-Lib.
    func outputs(of one: Case) -> [ArraySlice<Double>] {
        let count = series[one.series]?.count ?? 0
        return one.outputs.indices.map { output in
            numbers[(one.offset + output * count)..<(one.offset + (output + 1) * count)]
        }
    }

    private static func samples(of one: Series, in numbers: [Double]) -> [MarketSample] {
        func column(_ name: String) -> ArraySlice<Double> {
            let start = one.offset + (one.columns.firstIndex(of: name) ?? 0) * one.count
            return numbers[start..<(start + one.count)]
        }
        let (open, high, low) = (Array(column("open")), Array(column("high")), Array(column("low")))
        let (close, volume) = (Array(column("close")), Array(column("volume")))
        let second = Array(column("second"))
        return (0..<one.count).map { row in
            MarketSample(
                bar: PriceBar(
                    open: open[row], high: high[row], low: low[row], close: close[row],
                    volume: volume[row]),
                second: second[row])
        }
    }
}
