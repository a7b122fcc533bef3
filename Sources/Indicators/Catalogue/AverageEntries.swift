extension IndicatorCatalogue {
    static let averages: [CatalogueEntry] = [
        CatalogueEntry(
            "SMA", "Simple moving average", .overlap, "mean of the last n closes", [.period(30)]
        ) { p throws(IndicatorFailure) in try SMA(period: p.whole(0)) },
        CatalogueEntry(
            "EMA", "Exponential moving average", .overlap,
            "e += 2 / (n + 1) · (close − e), seeded by the first SMA", [.period(30)]
        ) { p throws(IndicatorFailure) in try EMA(period: p.whole(0)) },
        CatalogueEntry(
            "WMA", "Weighted moving average", .overlap, "Σ k · close / Σ k, k = n for the newest",
            [.period(30)]
        ) { p throws(IndicatorFailure) in try WMA(period: p.whole(0)) },
        CatalogueEntry(
            "DEMA", "Double exponential moving average", .overlap, "2·E1 − E2 of nested EMAs",
            [.period(30)]
        ) { p throws(IndicatorFailure) in try DEMA(period: p.whole(0)) },
        CatalogueEntry(
            "TEMA", "Triple exponential moving average", .overlap,
            "3·E1 − 3·E2 + E3 of nested EMAs", [.period(30)]
        ) { p throws(IndicatorFailure) in try TEMA(period: p.whole(0)) },
        CatalogueEntry(
            "TRIMA", "Triangular moving average", .overlap, "SMA of the SMA over half the window",
            [.period(30)]
        ) { p throws(IndicatorFailure) in try TRIMA(period: p.whole(0)) },
        CatalogueEntry(
            "KAMA", "Kaufman's adaptive moving average", .overlap,
            "k += s² · (close − k), s from 2/31 to 2/3 by |net change| / path", [.period(30)]
        ) { p throws(IndicatorFailure) in try KAMA(period: p.whole(0)) },
        CatalogueEntry(
            "T3", "Tillson's triple exponential moving average", .overlap,
            "c1·E6 + c2·E5 + c3·E4 + c4·E3 of nested EMAs",
            [.period(5), .real("volumeFactor", 0.7, 0...1)]
        ) { p throws(IndicatorFailure) in try T3(period: p.whole(0), volumeFactor: p[1]) },
        CatalogueEntry(
            "HMA", "Hull moving average", .overlap, "WMA(√n) of 2·WMA(n / 2) − WMA(n)",
            [.period(20)]
        ) { p throws(IndicatorFailure) in try HMA(period: p.whole(0)) },
        CatalogueEntry(
            "ZLEMA", "Zero-lag exponential moving average", .overlap,
            "EMA of 2·close − close[(n − 1) / 2]", [.period(30)]
        ) { p throws(IndicatorFailure) in try ZLEMA(period: p.whole(0)) },
        CatalogueEntry(
            "RMA", "Wilder's smoothed moving average", .overlap,
            "r += (close − r) / n, seeded by the first SMA", [.period(30)]
        ) { p throws(IndicatorFailure) in try RMA(period: p.whole(0)) },
        CatalogueEntry(
            "MA", "Moving average of any kind", .overlap, "the average of the kind given",
            [.period(30), .averageKind("kind", .sma)]
        ) { p throws(IndicatorFailure) in
            try MovingAverage(try p.averageKind(1), period: p.whole(0))
        },
        CatalogueEntry(
            "MAMA", "MESA adaptive averages", .overlap,
            "m += a · (close − m), a by how fast the cycle's phase turns; f += a / 2 · (m − f)",
            [.real("fastLimit", 0.5, 0.01...0.99), .real("slowLimit", 0.05, 0.01...0.99)]
        ) { p throws(IndicatorFailure) in try MAMA(fastLimit: p[0], slowLimit: p[1]) },
        CatalogueEntry(
            "ALMA", "Arnaud Legoux moving average", .overlap,
            "Σ w · close, w = exp(−(i − offset · (n − 1))² / (2 · (n / sigma)²)) / Σ",
            [.period(9), .real("sigma", 6, 0.01...1000), .real("offset", 0.85, 0...1)],
            source: "Legoux and Kouzis-Loukas 2009"
        ) { p throws(IndicatorFailure) in
            try ALMA(period: p.whole(0), sigma: p[1], offset: p[2])
        },
    ]
}
