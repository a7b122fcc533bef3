extension IndicatorCatalogue {
    static let oscillators: [CatalogueEntry] = [
        CatalogueEntry(
            "RSI", "Relative strength index", .momentum, "100 · gains / (gains + losses), Wilder's",
            [.period(14, from: 2)]
        ) { p throws(IndicatorFailure) in try RSI(period: p.whole(0)) },
        CatalogueEntry(
            "CMO", "Chande momentum oscillator", .momentum,
            "100 · (gains − losses) / (gains + losses), Wilder's", [.period(14, from: 2)]
        ) { p throws(IndicatorFailure) in try CMO(period: p.whole(0)) },
        CatalogueEntry(
            "CMOU", "Chande momentum oscillator without smoothing", .momentum,
            "100 · (Σ gains − Σ losses) / (Σ gains + Σ losses)", [.period(14)]
        ) { p throws(IndicatorFailure) in try CMOU(period: p.whole(0)) },
        CatalogueEntry(
            "IMI", "Intraday momentum index", .momentum,
            "100 · Σ rises / Σ (rises + falls) from open to close", [.period(14, from: 2)]
        ) { p throws(IndicatorFailure) in try IMI(period: p.whole(0)) },
        CatalogueEntry(
            "BOP", "Balance of power", .momentum, "(close − open) / (high − low)"
        ) { _ in BOP() },
        CatalogueEntry(
            "CCI", "Commodity channel index", .momentum,
            "(typical − mean) / (0.015 · mean absolute deviation)", [.period(14, from: 2)]
        ) { p throws(IndicatorFailure) in try CCI(period: p.whole(0)) },
        CatalogueEntry(
            "ULTOSC", "Ultimate oscillator", .momentum,
            "100 · (4·A1 + 2·A2 + A3) / 7, A = Σ(close − true low) / Σ true range",
            [.whole("firstPeriod", 7), .whole("secondPeriod", 14), .whole("thirdPeriod", 28)]
        ) { p throws(IndicatorFailure) in
            try ULTOSC(firstPeriod: p.whole(0), secondPeriod: p.whole(1), thirdPeriod: p.whole(2))
        },
        CatalogueEntry(
            "FRACTAL", "Williams fractals", .momentum,
            "100 at a high above, or low below, its neighbours; confirmed rightBars later",
            [.whole("leftBars", 2, 1...100), .whole("rightBars", 2, 1...100)]
        ) { p throws(IndicatorFailure) in
            try FRACTAL(leftBars: p.whole(0), rightBars: p.whole(1))
        },
    ]

    static let stochastics: [CatalogueEntry] = [
        CatalogueEntry(
            "STOCH", "Stochastic", .momentum,
            "K: average of 100 · (close − lowest) / (highest − lowest); D: average of K",
            [
                .whole("fastKPeriod", 5), .whole("slowKPeriod", 3), .averageKind("slowKKind", .sma),
                .whole("slowDPeriod", 3), .averageKind("slowDKind", .sma),
            ]
        ) { p throws(IndicatorFailure) in
            try STOCH(
                fastKPeriod: p.whole(0), slowKPeriod: p.whole(1), slowKKind: try p.averageKind(2),
                slowDPeriod: p.whole(3), slowDKind: try p.averageKind(4))
        },
        CatalogueEntry(
            "STOCHF", "Fast stochastic", .momentum,
            "K: 100 · (close − lowest) / (highest − lowest); D: average of K",
            [
                .whole("fastKPeriod", 5), .whole("fastDPeriod", 3), .averageKind("fastDKind", .sma),
            ]
        ) { p throws(IndicatorFailure) in
            try STOCHF(
                fastKPeriod: p.whole(0), fastDPeriod: p.whole(1), fastDKind: try p.averageKind(2))
        },
        CatalogueEntry(
            "STOCHRSI", "Stochastic of the relative strength index", .momentum,
            "STOCHF of RSI(n)",
            [
                .period(14, from: 2), .whole("fastKPeriod", 5), .whole("fastDPeriod", 3),
                .averageKind("fastDKind", .sma),
            ]
        ) { p throws(IndicatorFailure) in
            try STOCHRSI(
                period: p.whole(0), fastKPeriod: p.whole(1), fastDPeriod: p.whole(2),
                fastDKind: try p.averageKind(3))
        },
        CatalogueEntry(
            "KDJ", "Stochastic with a J line", .momentum, "K and D as STOCH's; J = 3·K − 2·D",
            [
                .whole("fastKPeriod", 9), .whole("slowKPeriod", 3), .averageKind("slowKKind", .rma),
                .whole("slowDPeriod", 3), .averageKind("slowDKind", .rma),
            ]
        ) { p throws(IndicatorFailure) in
            try KDJ(
                fastKPeriod: p.whole(0), slowKPeriod: p.whole(1), slowKKind: try p.averageKind(2),
                slowDPeriod: p.whole(3), slowDKind: try p.averageKind(4))
        },
        CatalogueEntry(
            "WILLR", "Williams %R", .momentum, "−100 · (highest − close) / (highest − lowest)",
            [.period(14, from: 2)]
        ) { p throws(IndicatorFailure) in try WILLR(period: p.whole(0)) },
    ]
}
