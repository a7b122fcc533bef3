extension IndicatorCatalogue {
    static let prices: [CatalogueEntry] = [
        CatalogueEntry(
            "AVGPRICE", "Average price", .price, "(open + high + low + close) / 4"
        ) { _ in AVGPRICE() },
        CatalogueEntry("MEDPRICE", "Median price", .price, "(high + low) / 2") { _ in
            MEDPRICE()
        },
        CatalogueEntry("TYPPRICE", "Typical price", .price, "(high + low + close) / 3") { _ in
            TYPPRICE()
        },
        CatalogueEntry(
            "WCLPRICE", "Weighted close", .price, "(high + low + 2 · close) / 4"
        ) { _ in WCLPRICE() },
        CatalogueEntry(
            "MIDPOINT", "Middle of the window", .overlap, "(highest close + lowest close) / 2",
            [.period(14, from: 2)]
        ) { p throws(IndicatorFailure) in try MIDPOINT(period: p.whole(0)) },
        CatalogueEntry(
            "MIDPRICE", "Middle of the range", .overlap, "(highest high + lowest low) / 2",
            [.period(14, from: 2)]
        ) { p throws(IndicatorFailure) in try MIDPRICE(period: p.whole(0)) },
        CatalogueEntry(
            "HA", "Heikin-Ashi candle", .price,
            "close: average price; open: middle of the candle before; high and low with both"
        ) { _ in HA() },
        CatalogueEntry(
            "AVGDEV", "Mean absolute deviation", .price, "mean of |close − mean|",
            [.period(14, from: 2)],
            placement: .below
        ) { p throws(IndicatorFailure) in try AVGDEV(period: p.whole(0)) },
        CatalogueEntry(
            "SAR", "Parabolic stop and reverse", .overlap,
            "stop += acceleration · (extreme − stop)",
            [.real("acceleration", 0.02, 0...3e37), .real("maximum", 0.2, 0...3e37)]
        ) { p throws(IndicatorFailure) in
            try ParabolicStop(acceleration: p[0], maximum: p[1])
        },
        CatalogueEntry(
            "SAREXT", "Parabolic stop and reverse, sides apart", .overlap,
            "as SAR; negative above the market",
            [
                .real("firstStop", 0, widths), .real("reversalOffset", 0, 0...3e37),
                .real("longStart", 0.02, 0...3e37), .real("longStep", 0.02, 0...3e37),
                .real("longLimit", 0.2, 0...3e37), .real("shortStart", 0.02, 0...3e37),
                .real("shortStep", 0.02, 0...3e37), .real("shortLimit", 0.2, 0...3e37),
            ],
            placement: .below
        ) { p throws(IndicatorFailure) in
            try ParabolicStop(
                firstStop: p[0], reversalOffset: p[1],
                long: try StopAcceleration(start: p[2], step: p[3], limit: p[4]),
                short: try StopAcceleration(start: p[5], step: p[6], limit: p[7]))
        },
        CatalogueEntry(
            "MAVP", "Moving average of varying period", .overlap,
            "average over as many samples as the second series says",
            [.whole("minPeriod", 2), .whole("maxPeriod", 30), .averageKind("kind", .sma)]
        ) { p throws(IndicatorFailure) in
            try MAVP(minPeriod: p.whole(0), maxPeriod: p.whole(1), kind: try p.averageKind(2))
        },
    ]
}
