import MarketContext
import MarketModel

/// A page of the documentation of `MarketContext`: one family with its chart.
public struct ContextPage {
    public enum Family: String, CaseIterable, Sendable {
        case bars, profile, levels, sessions, flow
    }

    /// The seed and the length of the market on the pages.
    private static let sample = (seed: UInt64(11), days: 3)

    public let family: Family

    public init(_ family: Family) { self.family = family }

    /// As the article's file without its extension: MarketContextProfile.
    public var name: String {
        "MarketContext" + family.rawValue.prefix(1).uppercased() + family.rawValue.dropFirst()
    }

    /// The picture's file.
    public var chartName: String { "context-\(family.rawValue).svg" }

    /// Of the front page: everything at once.
    public static func frontChart() throws(ContextFailure) -> String {
        ContextChart(try study(), title: "Market context of a generated market", newest: 130).svg
    }

    /// The family's chart over generated trades.
    public func chart() throws(ContextFailure) -> String {
        let title = family.title
        switch family {
        case .bars:
            let tape = TradeTape.generated(seed: Self.sample.seed, days: 1)
            return try BarsChart(tape, title: "One day of trades, cut in five ways").svg
        case .profile:
            return ContextChart(try Self.study(), [.vwap, .profile], title: title, newest: 92).svg
        case .levels:
            return ContextChart(try Self.study(), [.levels], title: title, newest: 284).svg
        case .sessions:
            return ContextChart(
                try Self.study(), [.sessions, .vwap], title: title, newest: 188).svg
        case .flow:
            return FootprintChart(try Self.study(), title: "Footprint of the last two hours").svg
        }
    }

    private static func study() throws(ContextFailure) -> ContextStudy {
        try ContextStudy(TradeTape.generated(seed: sample.seed, days: sample.days))
    }

    /// The article.
    public var markdown: String {
        let head = [
            "# \(family.title)", "", family.summary, "", "## Overview", "",
            "![\(family.picture)](\(chartName))", "",
            "A generated market; times in UTC. Written by `apus context pages`; the same with a file "
                + "of your own:", "", "```", family.command, "```", "",
        ]
        return (head + family.text).joined(separator: "\n") + "\n"
    }
}
