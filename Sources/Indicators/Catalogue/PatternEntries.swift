extension IndicatorCatalogue {
    static let patterns: [CatalogueEntry] = CandlestickKind.allCases.map(pattern) + [
        CatalogueEntry(
            "CDLHIKKAKE", "Candlestick: hikkake", .pattern,
            "an inside bar whose breakout fails; ±200 when confirmed within three bars"
        ) { _ in Hikkake(.plain) },
        CatalogueEntry(
            "CDLHIKKAKEMOD", "Candlestick: modified hikkake", .pattern,
            "hikkake after two inside bars, the first closing near its end"
        ) { _ in Hikkake(.modified) },
    ]

    private static func pattern(_ kind: CandlestickKind) -> CatalogueEntry {
        let title = "Candlestick: " + words("\(kind)")
        let formula = "±100 where the candles form it, 0 elsewhere; \(kind.candleCount) candles"
        guard let penetration = kind.standardPenetration else {
            return CatalogueEntry(kind.rawValue, title, .pattern, formula) {
                _ throws(IndicatorFailure) in try CandlestickPattern(kind)
            }
        }
        return CatalogueEntry(
            kind.rawValue, title, .pattern, formula, [.real("penetration", penetration, 0...3e37)]
        ) { p throws(IndicatorFailure) in try CandlestickPattern(kind, penetration: p[0]) }
    }

    /// "threeWhiteSoldiers" as "three white soldiers".
    private static func words(_ name: String) -> String {
        name.map { $0.isUppercase ? " " + $0.lowercased() : String($0) }.joined()
    }
}
