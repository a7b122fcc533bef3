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
    ]
}
