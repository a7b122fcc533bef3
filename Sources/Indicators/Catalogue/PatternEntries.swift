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
    ] + ChartPatternKind.allCases.map(chartPattern)

    private static func chartPattern(_ kind: ChartPatternKind) -> CatalogueEntry {
        let (title, formula) = description(of: kind)
        return CatalogueEntry(
            kind.rawValue, "Chart pattern: " + title, .pattern, "±100 where a close " + formula,
            [
                .whole("leftBars", 3, 1...100), .whole("rightBars", 3, 1...100),
                .real("tolerance", 0.15, 0...1),
            ], source: "Edwards and Magee, between confirmed fractals"
        ) { p throws(IndicatorFailure) in
            try ChartPattern(
                kind, leftBars: p.whole(0), rightBars: p.whole(1), tolerance: p[2])
        }
    }

    private static func description(of kind: ChartPatternKind) -> (title: String, formula: String) {
        switch kind {
        case .double:
            ("double top and bottom", "passes the low between two highs alike, or the mirror image")
        case .headAndShoulders:
            ("head and shoulders", "passes the line through the lows beside a head, or the mirror image")
        case .triangle: ("triangle", "leaves converging lines, one of which may be level")
        case .wedge: ("wedge", "leaves lines that converge while both rise, or fall, against them")
        case .channel: ("channel", "leaves parallel lines, level ones included")
        case .flag: ("flag", "resumes a move after a correction by half of it at most")
        }
    }

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
