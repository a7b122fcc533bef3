import Indicators
import MarketModel

/// An indicator of the catalogue with its parameters, to be computed over recorded candles.
public struct Study: Sendable {
    public let entry: CatalogueEntry
    /// In the order of the entry's, the standard for those that were left out.
    public let parameters: [Double]
    /// Parameters that were given, as they are to appear in names.
    private let given: [String]

    /// By a name in any case, with parameters behind a colon or in `parameters`: numbers in their
    /// order, or name=number in any, separated by commas. `EMA:12`, `BBANDS:period=30,kind=ema`.
    public init(_ text: String, parameters: String? = nil) throws(StudyFailure) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let entry = try IndicatorCatalogue.named(String(parts[0]))
        let list = ParameterList(of: entry)
        let inline = parts.count > 1 ? String(parts[1]) : ""
        let chosen = try list.parse([inline, parameters ?? ""].filter { !$0.isEmpty })
        self.entry = entry
        self.parameters = zip(entry.parameters, chosen).map { $1 ?? $0.standard }
        given = zip(entry.parameters, chosen).compactMap { parameter, value in
            value.map { list.text(parameter, $0) }
        }
        _ = try make()
    }

    /// As in BBANDS(20, 2, 2, sma).
    public var label: String {
        let list = ParameterList(of: entry)
        let words = zip(entry.parameters, parameters).map { list.text($0, $1) }
        return entry.name + (words.isEmpty ? "" : "(" + words.joined(separator: ", ") + ")")
    }

    /// As in bbands_30_upper: the name, the parameters that were given, the output.
    public var columns: [String] {
        let stem = ([entry.name] + given).joined(separator: "_").lowercased()
        return entry.outputs.map { entry.outputs.count == 1 ? stem : stem + "_" + $0 }
    }

    /// Inputs without a value before the first one.
    public func warmUp() throws(StudyFailure) -> Int { try make().warmUp }

    private func make() throws(StudyFailure) -> any RunningIndicator {
        do {
            return try entry.make(parameters)
        } catch {
            throw .parameter(error, of: entry.name)
        }
    }

    /// The values at every candle, bit for bit those of a stream; volumes are 0 where the series
    /// has none and the indicator does not ask for them.
    public func values(over candles: CandleSeries) throws(StudyFailure) -> StudyValues {
        let running = try make()
        if entry.columns.contains(.book) { throw .needsBook(entry.name) }
        for column in entry.columns where !candles.has(column) && column != .volume {
            throw .lacksColumn(
                CandleHeading.name(of: column), of: entry.name, origin: candles.origin)
        }
        if entry.family == .volume && !candles.has(.volume) {
            throw .lacksColumn("volume", of: entry.name, origin: candles.origin)
        }
        var outputs = entry.outputs.map { _ in [Double?]() }
        for row in 0..<candles.count {
            var sample = candles.sample(row)
            if !candles.has(.volume) { sample.bar.volume = 0 }
            let numbers = running.update(sample)
            for place in outputs.indices {
                let number = numbers?[place]
                outputs[place].append(number.map { $0.isNaN ? nil : $0 } ?? nil)
            }
        }
        return StudyValues(study: self, outputs: outputs, refusedCount: running.refusedCount)
    }
}

/// What a study makes of a series.
public struct StudyValues: Sendable {
    public let study: Study
    /// By output and candle; `nil` where there is none.
    public let outputs: [[Double?]]
    /// Candles that the indicator refused.
    public let refusedCount: Int

    /// The values of several studies over the same series as a table with a heading.
    public static func lines(_ all: [StudyValues], of candles: CandleSeries) -> [String] {
        let columns = all.flatMap(\.study.columns)
        let outputs = all.flatMap(\.outputs)
        let heading = ([candles.has(.time) ? "open_time" : "row"] + columns).joined(separator: ",")
        return [heading]
            + candles.labels.indices.map { row in
                ([candles.labels[row]] + outputs.map { $0[row].map { "\($0)" } ?? "" })
                    .joined(separator: ",")
            }
    }
}
