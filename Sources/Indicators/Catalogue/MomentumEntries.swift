extension IndicatorCatalogue {
    static let changes: [CatalogueEntry] = [
        CatalogueEntry(
            "MOM", "Momentum", .momentum, "close − close[n]", [.period(10)]
        ) { p throws(IndicatorFailure) in try MOM(period: p.whole(0)) },
        CatalogueEntry(
            "ROC", "Rate of change in percent", .momentum, "100 · (close / close[n] − 1)",
            [.period(10)]
        ) { p throws(IndicatorFailure) in try ROC(period: p.whole(0)) },
        CatalogueEntry(
            "ROCP", "Rate of change as a fraction", .momentum, "(close − close[n]) / close[n]",
            [.period(10)]
        ) { p throws(IndicatorFailure) in try ROCP(period: p.whole(0)) },
        CatalogueEntry(
            "ROCR", "Rate of change as a ratio", .momentum, "close / close[n]", [.period(10)]
        ) { p throws(IndicatorFailure) in try ROCR(period: p.whole(0)) },
        CatalogueEntry(
            "ROCR100", "Rate of change as a ratio times 100", .momentum, "100 · close / close[n]",
            [.period(10)]
        ) { p throws(IndicatorFailure) in try ROCR100(period: p.whole(0)) },
        CatalogueEntry(
            "TRIX", "Change of a triple exponential average", .momentum,
            "100 · (E3 / E3[1] − 1) of nested EMAs", [.period(30)]
        ) { p throws(IndicatorFailure) in try TRIX(period: p.whole(0)) },
        CatalogueEntry(
            "COPPOCK", "Coppock curve", .momentum, "WMA of ROC(n1) + ROC(n2)",
            [.whole("averagePeriod", 10), .whole("firstPeriod", 11), .whole("secondPeriod", 14)]
        ) { p throws(IndicatorFailure) in
            try COPPOCK(
                averagePeriod: p.whole(0), firstPeriod: p.whole(1), secondPeriod: p.whole(2))
        },
        CatalogueEntry(
            "DPO", "Detrended price", .momentum, "close[n / 2 + 1] − SMA(n)",
            [.period(20, from: 2)]
        ) { p throws(IndicatorFailure) in try DPO(period: p.whole(0)) },
        CatalogueEntry(
            "ER", "Kaufman's efficiency ratio", .momentum, "|close − close[n]| / Σ|change|",
            [.period(10)]
        ) { p throws(IndicatorFailure) in try EfficiencyRatio(period: p.whole(0)) },
        CatalogueEntry(
            "VHF", "Vertical horizontal filter", .momentum,
            "(highest close − lowest close) / Σ|change|", [.period(28, from: 2)]
        ) { p throws(IndicatorFailure) in try VHF(period: p.whole(0)) },
        CatalogueEntry(
            "TSI", "True strength index", .momentum,
            "100 · EMA(EMA(change)) / EMA(EMA(|change|))",
            [.whole("firstPeriod", 25), .whole("secondPeriod", 13)]
        ) { p throws(IndicatorFailure) in
            try TSI(firstPeriod: p.whole(0), secondPeriod: p.whole(1))
        },
        CatalogueEntry(
            "SMI", "Stochastic momentum index", .momentum,
            "200 · EMA(EMA(close − middle of range)) / EMA(EMA(range)), and its EMA",
            [
                .period(13), .whole("fastPeriod", 2), .whole("slowPeriod", 25),
                .whole("signalPeriod", 9),
            ]
        ) { p throws(IndicatorFailure) in
            try SMI(
                period: p.whole(0), fastPeriod: p.whole(1), slowPeriod: p.whole(2),
                signalPeriod: p.whole(3))
        },
        CatalogueEntry(
            "ERI", "Elder ray", .momentum, "high − EMA(close), low − EMA(close)", [.period(13)]
        ) { p throws(IndicatorFailure) in try ERI(period: p.whole(0)) },
    ]

    static let averageDifferences: [CatalogueEntry] = [
        CatalogueEntry(
            "APO", "Absolute price oscillator", .momentum, "fast average − slow average",
            oscillatorParameters
        ) { p throws(IndicatorFailure) in
            try PriceOscillator(
                fastPeriod: p.whole(0), slowPeriod: p.whole(1), kind: try p.averageKind(2),
                scale: .absolute)
        },
        CatalogueEntry(
            "PPO", "Percentage price oscillator", .momentum,
            "100 · (fast average − slow average) / slow average", oscillatorParameters
        ) { p throws(IndicatorFailure) in
            try PriceOscillator(
                fastPeriod: p.whole(0), slowPeriod: p.whole(1), kind: try p.averageKind(2),
                scale: .percent)
        },
        CatalogueEntry(
            "MACD", "Moving average convergence/divergence", .momentum,
            "EMA(fast) − EMA(slow), its EMA, their difference",
            [
                fastPeriod(12), slowPeriod(26), .whole("signalPeriod", 9),
                .whole("startsTogether", 1, 0...1),
            ]
        ) { p throws(IndicatorFailure) in
            try MACD(
                fastPeriod: p.whole(0), slowPeriod: p.whole(1), signalPeriod: p.whole(2),
                startsTogether: p.isSet(3))
        },
        CatalogueEntry(
            "MACDFIX", "MACD with the weights 0.15 and 0.075", .momentum,
            "E(0.15) − E(0.075), its EMA, their difference", [.whole("signalPeriod", 9)]
        ) { p throws(IndicatorFailure) in try MACD.fixed(signalPeriod: p.whole(0)) },
        CatalogueEntry(
            "MACDEXT", "MACD with any kinds of average", .momentum,
            "fast average − slow average, its average, their difference",
            [
                fastPeriod(12), .averageKind("fastKind", .sma), slowPeriod(26),
                .averageKind("slowKind", .sma), .whole("signalPeriod", 9),
                .averageKind("signalKind", .sma),
            ]
        ) { p throws(IndicatorFailure) in
            try MACDEXT(
                fastPeriod: p.whole(0), fastKind: try p.averageKind(1), slowPeriod: p.whole(2),
                slowKind: try p.averageKind(3), signalPeriod: p.whole(4),
                signalKind: try p.averageKind(5))
        },
        CatalogueEntry(
            "AO", "Awesome oscillator", .momentum, "SMA(fast) − SMA(slow) of (high + low) / 2",
            [.whole("fastPeriod", 5), .whole("slowPeriod", 34)]
        ) { p throws(IndicatorFailure) in
            try AO(fastPeriod: p.whole(0), slowPeriod: p.whole(1))
        },
        CatalogueEntry(
            "AC", "Accelerator oscillator", .momentum, "AO − SMA(AO)",
            [.whole("fastPeriod", 5), .whole("slowPeriod", 34), .whole("signalPeriod", 5)]
        ) { p throws(IndicatorFailure) in
            try AC(fastPeriod: p.whole(0), slowPeriod: p.whole(1), signalPeriod: p.whole(2))
        },
        CatalogueEntry(
            "QSTICK", "Quantitative candlestick", .momentum, "SMA of close − open", [.period(10)]
        ) { p throws(IndicatorFailure) in try QSTICK(period: p.whole(0)) },
    ]

    static let oscillatorParameters: [IndicatorParameter] = [
        fastPeriod(12), slowPeriod(26), .averageKind("kind", .ema),
    ]

    static func fastPeriod(_ standard: Int) -> IndicatorParameter {
        .whole("fastPeriod", standard, 2...Int.longestPeriod)
    }

    static func slowPeriod(_ standard: Int) -> IndicatorParameter {
        .whole("slowPeriod", standard, 2...Int.longestPeriod)
    }
}
