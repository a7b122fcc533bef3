import Indicators
import Testing

/// An entry of the catalogue with one choice of its parameters.
struct IndicatorCase: CustomTestStringConvertible, Sendable {
    let entry: CatalogueEntry
    let parameters: [Double]

    var testDescription: String { "\(entry.name) \(parameters)" }

    static let seed: UInt64 = 20_261_121
    private static let market = SampleSeries.samples(seed: seed, count: 900)
    /// Within −1...1, for the functions that are defined only there.
    private static let small = market.map { sample in
        var small = sample
        small.bar = PriceBar(
            open: sample.bar.open / 500, high: sample.bar.high / 500, low: sample.bar.low / 500,
            close: sample.bar.close / 500, volume: sample.bar.volume)
        return small
    }

    var samples: [MarketSample] {
        ["ACOS", "ASIN"].contains(entry.name) ? Self.small : Self.market
    }

    func make() throws -> any RunningIndicator { try entry.make(parameters) }

    /// Every entry with its standard parameters and with shorter periods.
    static let all: [IndicatorCase] = IndicatorCatalogue.entries.flatMap { entry in
        let standard = entry.parameters.map(\.standard)
        let short = entry.parameters.map { parameter in
            guard parameter.isWhole, parameter.standard > 4 else { return parameter.standard }
            return max(parameter.allowed.lowerBound, (parameter.standard / 3).rounded(.down))
        }
        return standard == short
            ? [IndicatorCase(entry: entry, parameters: standard)]
            : [standard, short].map { IndicatorCase(entry: entry, parameters: $0) }
    }
}
