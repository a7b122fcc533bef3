import Indicators
import Testing

/// The plainest reading of a definition, computed anew from all samples at every row, to compare
/// indicators with.
enum Oracle {
    static let seed: UInt64 = 99
    static let samples = SampleSeries.samples(seed: seed, count: 700)
    static let bars = samples.map(\.bar)
    static let closes = bars.map(\.close)

    /// Compares a catalogue entry with `oracle`, which is given the row.
    static func check(
        _ name: String, _ parameters: [String: Double] = [:], tolerance: Double = 1e-10,
        _ oracle: (Int) -> [Double]?
    ) throws {
        let running = try IndicatorCatalogue.entry(name).make(parameters)
        let values = samples.map { running.update($0) }
        var compared = 0
        for (row, value) in values.enumerated() {
            guard let expected = oracle(row) else {
                #expect(value == nil, "\(name) row \(row), seed \(seed)")
                continue
            }
            guard let value, value.count == expected.count else {
                Issue.record("\(name) row \(row): \(value ?? []), \(expected) expected")
                return
            }
            for (number, expected) in zip(value, expected) {
                let difference = abs(number - expected) / max(abs(expected), 1e-3)
                if !(difference <= tolerance) {
                    Issue.record("\(name) row \(row): \(value), \(expected) expected")
                    return
                }
            }
            compared += 1
        }
        #expect(compared > 300, "\(name): \(compared) rows compared")
    }

    static func window<Element>(_ values: [Element], _ row: Int, _ length: Int) -> [Element]? {
        row + 1 >= length ? Array(values[(row + 1 - length)...row]) : nil
    }

    static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

    static func variance(_ values: [Double], unbiased: Bool = false) -> Double {
        let middle = mean(values)
        let squares = values.map { ($0 - middle) * ($0 - middle) }.reduce(0, +)
        return squares / Double(unbiased ? values.count - 1 : values.count)
    }

    static func correlation(_ first: [Double], _ second: [Double]) -> Double {
        let (a, b) = (mean(first), mean(second))
        let products = zip(first, second).map { ($0 - a) * ($1 - b) }.reduce(0, +)
        let spread = variance(first) * variance(second)
        return spread > 0 ? products / Double(first.count) / spread.squareRoot() : 0
    }

    static func slope(_ first: [Double], _ second: [Double]) -> Double {
        let (a, b) = (mean(first), mean(second))
        let products = zip(first, second).map { ($0 - a) * ($1 - b) }.reduce(0, +)
        return products / (variance(first) * Double(first.count))
    }
}
