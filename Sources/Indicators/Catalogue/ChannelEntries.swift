extension IndicatorCatalogue {
    static let channels: [CatalogueEntry] = [
        CatalogueEntry(
            "BBANDS", "Bollinger bands", .overlap, "average ± width · population deviation",
            [
                .period(20, from: 2), .real("widthUp", 2, widths), .real("widthDown", 2, widths),
                .averageKind("kind", .sma),
            ]
        ) { p throws(IndicatorFailure) in
            try BBANDS(
                period: p.whole(0), widthUp: p[1], widthDown: p[2], kind: try p.averageKind(3))
        },
        CatalogueEntry(
            "ACCBANDS", "Acceleration bands", .overlap,
            "SMA of high · (1 + s), close, low · (1 − s); s = 4 · (high − low) / (high + low)",
            [.period(20, from: 2)]
        ) { p throws(IndicatorFailure) in try ACCBANDS(period: p.whole(0)) },
        CatalogueEntry(
            "DONCHIAN", "Donchian channel", .overlap, "highest high, middle, lowest low",
            [.period(20, from: 2)]
        ) { p throws(IndicatorFailure) in try DONCHIAN(period: p.whole(0)) },
        CatalogueEntry(
            "KC", "Keltner channel", .overlap,
            "EMA of typical price (basis 0) or close (basis 1) ± width · ATR",
            [
                .period(20), .whole("rangePeriod", 10), .real("width", 2, widths),
                .whole("basis", 0, 0...1),
            ]
        ) { p throws(IndicatorFailure) in
            try KC(
                period: p.whole(0), rangePeriod: p.whole(1), width: p[2],
                basis: p.isSet(3) ? .close : .typicalPrice)
        },
        CatalogueEntry(
            "SUPERTREND", "Supertrend", .overlap,
            "stop at median ∓ multiplier · ATR that only follows the trend",
            [
                .period(10, from: 2), .real("multiplier", 3, 0...3e37),
                .whole("startsUp", 1, 0...1),
            ],
            placement: .onPrice(except: ["trend"])
        ) { p throws(IndicatorFailure) in
            try SUPERTREND(period: p.whole(0), multiplier: p[1], startsUp: p.isSet(2))
        },
        CatalogueEntry(
            "HT_TRENDLINE", "Instantaneous trendline", .overlap,
            "mean over the dominant cycle, smoothed 4 : 3 : 2 : 1"
        ) { _ in CycleTrendline() },
        CatalogueEntry(
            "BBANDS_WIDTH", "Width of Bollinger bands, and place in them", .overlap,
            "(upper − lower) / middle, (close − lower) / (upper − lower)",
            [.period(20, from: 2), .real("width", 2, 0...3e37)], source: "Bollinger 2001",
            placement: .below
        ) { p throws(IndicatorFailure) in
            try BollingerWidth(period: p.whole(0), width: p[1])
        },
        CatalogueEntry(
            "PRIOR_RANGE", "Range of the bars before", .overlap,
            "highest high and lowest low of the n bars before this one", [.period(20, from: 2)],
            source: "Definition"
        ) { p throws(IndicatorFailure) in try PriorRange(period: p.whole(0)) },
        CatalogueEntry(
            "SMA_SLOPE", "Slope of a simple average", .overlap,
            "100 · (SMA / SMA[lag] − 1) / lag", [.period(200), .whole("lag", 5)],
            source: "Definition",
            placement: .below
        ) { p throws(IndicatorFailure) in
            try AverageSlope(period: p.whole(0), lag: p.whole(1))
        },
        CatalogueEntry(
            "ICHIMOKU", "Ichimoku lines and cloud", .overlap,
            "middles of the ranges over three periods; the cloud of `displacement` bars before",
            [
                .whole("conversionPeriod", 9, 2...Int.longestPeriod),
                .whole("basePeriod", 26, 2...Int.longestPeriod),
                .whole("leadPeriod", 52, 2...Int.longestPeriod), .whole("displacement", 26),
            ], source: "Hosoda 1969"
        ) { p throws(IndicatorFailure) in
            try Ichimoku(
                conversionPeriod: p.whole(0), basePeriod: p.whole(1), leadPeriod: p.whole(2),
                displacement: p.whole(3))
        },
    ] + PivotPoints.Kind.allCases.map { kind in
        CatalogueEntry(
            "PIVOT_" + "\(kind)".uppercased(), "Pivot points, \(kind)", .overlap,
            "levels from the high, low and close of the session before", sessionParameters,
            source: "Sessions in UTC"
        ) { p throws(IndicatorFailure) in
            try PivotPoints(kind, lengthMinutes: p.whole(0), offsetMinutes: p.whole(1))
        }
    }

    static let widths: ClosedRange<Double> = -3e37...3e37
}
