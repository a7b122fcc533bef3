import Indicators

/// A page of the documentation of `Indicators`: one family, its chart and its tables, made of the
/// catalogue.
public struct FamilyPage {
    /// The seed and the length of the market on the pages.
    private static let sample = (seed: UInt64(7), count: 240)

    public let family: CatalogueEntry.Family

    public init(_ family: CatalogueEntry.Family) { self.family = family }

    /// As the article's file without its extension: IndicatorsOverlap.
    public var name: String {
        "Indicators" + family.rawValue.prefix(1).uppercased() + family.rawValue.dropFirst()
    }

    /// The picture's file.
    public var chartName: String { "indicators-\(family.rawValue).svg" }

    /// The family's examples over generated candles.
    public func chart() throws(StudyFailure) -> String { try Self.chart(of: family.examples) }

    /// Of the catalogue's front page.
    public static func frontChart() throws(StudyFailure) -> String {
        try chart(of: ["BBANDS", "EMA:50", "RSI", "MACD"])
    }

    /// The newest 160 are shown, so that every line begins at the edge.
    private static func chart(of examples: [String]) throws(StudyFailure) -> String {
        let candles = CandleSeries.generated(seed: sample.seed, count: sample.count)
        var values: [StudyValues] = []
        for example in examples { values.append(try Study(example).values(over: candles)) }
        return Chart(candles, values, newest: 160).svg
    }

    /// The article.
    public func markdown() throws(StudyFailure) -> String {
        let entries = IndicatorCatalogue.entries.filter { $0.family == family }
        var lines = [
            "# \(family.title)", "", "\(family.summary)", "", "## Overview", "",
            "![\(family.examples.joined(separator: ", ")) over generated candles](\(chartName))",
            "",
            "Hourly candles of a generated market with \(examples). Written by "
                + "`apus indicators pages`; the same with files of your own:", "", "```",
            "apus indicators compute \(family.examples.joined(separator: " ")) "
                + "--input candles.csv --chart chart.svg",
            "```", "", "## Formulas", "",
            "| name | what | formula | outputs | source |", "|---|---|---|---|---|",
        ]
        for entry in entries {
            lines.append(
                row([
                    "`\(entry.name)`", entry.title, entry.formula,
                    entry.outputs.joined(separator: ", "), entry.source,
                ]))
        }
        lines += [
            "", "## Parameters and costs", "",
            "Defaults with what is allowed; the warm-up is the number of inputs without a value, "
                + "with the defaults. An update's work never grows with the history.", "",
            "| name | parameters | input | warm-up | update |", "|---|---|---|---|---|",
        ]
        for entry in entries {
            let list = ParameterList(of: entry)
            let parameters = entry.parameters.map {
                "\($0.name) \(list.text($0, $0.standard)) (\(allowed($0)))"
            }
            lines.append(
                row([
                    "`\(entry.name)`", parameters.joined(separator: ", "),
                    input(entry), "\(try Study(entry.name).warmUp())", entry.cost.rawValue,
                ]))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private var examples: String {
        family.examples.map { "`\($0)`" }.joined(separator: ", ")
    }

    private func allowed(_ parameter: IndicatorParameter) -> String {
        parameter.choices.isEmpty ? NumberText.range(parameter.allowed) : "a kind of average"
    }

    private func input(_ entry: CatalogueEntry) -> String {
        entry.columns == PriceBar.columns
            ? "candle" : entry.columns.map(CandleHeading.name).joined(separator: ", ")
    }

    private func row(_ cells: [String]) -> String {
        "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
    }
}
