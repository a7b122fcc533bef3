extension IndicatorCatalogue {
    static let statistics: [CatalogueEntry] = [
        CatalogueEntry(
            "VAR", "Population variance", .statistics, "mean of squares − square of the mean",
            [.period(5), .real("width", 1, widths)]
        ) { p throws(IndicatorFailure) in try VAR(period: p.whole(0)) },
        CatalogueEntry(
            "STDDEV", "Population standard deviation", .statistics, "width · √variance",
            [.period(5, from: 2), .real("width", 1, widths)]
        ) { p throws(IndicatorFailure) in try STDDEV(period: p.whole(0), width: p[1]) },
        CatalogueEntry(
            "BETA", "Beta of the second series to the close", .statistics,
            "slope of the regression of the second's returns on the close's", [.period(5)]
        ) { p throws(IndicatorFailure) in try BETA(period: p.whole(0)) },
        CatalogueEntry(
            "CORREL", "Correlation of two series", .statistics, "Pearson's r of close and second",
            [.period(30)]
        ) { p throws(IndicatorFailure) in try CORREL(period: p.whole(0)) },
        CatalogueEntry(
            "LINEARREG", "Regression line", .statistics, "its value at the newest sample",
            [.period(14, from: 2)],
            placement: .onPrice()
        ) { p throws(IndicatorFailure) in try LinearRegression(.end, period: p.whole(0)) },
        CatalogueEntry(
            "TSF", "Time series forecast", .statistics, "the regression line one sample on",
            [.period(14, from: 2)],
            placement: .onPrice()
        ) { p throws(IndicatorFailure) in try LinearRegression(.forecast, period: p.whole(0)) },
        CatalogueEntry(
            "LINEARREG_INTERCEPT", "Start of the regression line", .statistics,
            "its value at the oldest sample", [.period(14, from: 2)],
            placement: .onPrice()
        ) { p throws(IndicatorFailure) in try LinearRegression(.intercept, period: p.whole(0)) },
        CatalogueEntry(
            "LINEARREG_SLOPE", "Slope of the regression line", .statistics, "its rise per sample",
            [.period(14, from: 2)]
        ) { p throws(IndicatorFailure) in try LinearRegression(.slope, period: p.whole(0)) },
        CatalogueEntry(
            "LINEARREG_ANGLE", "Angle of the regression line", .statistics,
            "atan(slope) in degrees", [.period(14, from: 2)]
        ) { p throws(IndicatorFailure) in try LinearRegression(.angle, period: p.whole(0)) },
        CatalogueEntry(
            "FOSC", "Forecast oscillator", .momentum, "100 · (close − TSF[1]) / close",
            [.period(5, from: 2)]
        ) { p throws(IndicatorFailure) in try FOSC(period: p.whole(0)) },
        CatalogueEntry(
            "PERCENTILE", "Percentile of the window", .statistics,
            "sample of rank ⌈percentile · n / 100⌉",
            [.period(30, from: 2), .real("percentile", 50, 0...100)],
            placement: .onPrice()
        ) { p throws(IndicatorFailure) in
            try PERCENTILE(period: p.whole(0), percentile: p[1])
        },
        CatalogueEntry(
            "PERCENTRANK", "Rank of the close in the window before", .statistics,
            "100 · samples below / n", [.period(100)]
        ) { p throws(IndicatorFailure) in try PERCENTRANK(period: p.whole(0)) },
        CatalogueEntry(
            "ZSCORE", "Distance from the mean in deviations", .statistics,
            "(close − mean) / population deviation", [.period(20, from: 2)], source: "Definition"
        ) { p throws(IndicatorFailure) in try ZScore(period: p.whole(0)) },
        CatalogueEntry(
            "AUTOCORRELATION", "Autocorrelation of returns", .statistics,
            "Pearson's r of logarithmic returns with those `lag` bars before",
            [.period(100, from: 2), .whole("lag", 1)], source: "Definition"
        ) { p throws(IndicatorFailure) in
            try Autocorrelation(period: p.whole(0), lag: p.whole(1))
        },
        CatalogueEntry(
            "RETURN_CORREL", "Correlation of the returns of two series", .statistics,
            "Pearson's r of logarithmic returns", [.period(30, from: 2)], source: "Definition"
        ) { p throws(IndicatorFailure) in try ReturnCorrelation(period: p.whole(0)) },
        CatalogueEntry(
            "BREADTH", "Market breadth of many symbols", .statistics,
            "share of symbols that close higher; share above their average; Σ sign(close − close[1])",
            [.whole("symbols", 100, 1...1_000), .period(20, from: 2)], source: "Definition"
        ) { p throws(IndicatorFailure) in
            try MarketBreadth(symbols: p.whole(0), period: p.whole(1))
        },
        CatalogueEntry(
            "HURST", "Hurst exponent", .statistics,
            "half the slope of ln mean (ln close − ln close[τ])² on ln τ, τ = 1, 2, 4, 8, 16",
            [.whole("period", 100, 16...Int.longestPeriod)],
            source: "Generalised exponent of order 2, Di Matteo 2007"
        ) { p throws(IndicatorFailure) in try Hurst(period: p.whole(0)) },
    ]
}
