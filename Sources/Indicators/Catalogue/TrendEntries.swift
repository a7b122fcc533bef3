extension IndicatorCatalogue {
    static let trend: [CatalogueEntry] = [
        CatalogueEntry(
            "PLUS_DM", "Directional movement up", .momentum,
            "Wilder's sum of the rises of the high", [.period(14)]
        ) { p throws(IndicatorFailure) in try DirectionalMovement(.plus, period: p.whole(0)) },
        CatalogueEntry(
            "MINUS_DM", "Directional movement down", .momentum,
            "Wilder's sum of the falls of the low", [.period(14)]
        ) { p throws(IndicatorFailure) in try DirectionalMovement(.minus, period: p.whole(0)) },
        CatalogueEntry(
            "PLUS_DI", "Directional indicator up", .momentum, "100 · PLUS_DM / Σ true range",
            [.period(14)]
        ) { p throws(IndicatorFailure) in try DirectionalIndicator(.plus, period: p.whole(0)) },
        CatalogueEntry(
            "MINUS_DI", "Directional indicator down", .momentum, "100 · MINUS_DM / Σ true range",
            [.period(14)]
        ) { p throws(IndicatorFailure) in try DirectionalIndicator(.minus, period: p.whole(0)) },
        CatalogueEntry(
            "DX", "Directional index", .momentum, "100 · |+DI − −DI| / (+DI + −DI)",
            [.period(14, from: 2)]
        ) { p throws(IndicatorFailure) in try DX(period: p.whole(0)) },
        CatalogueEntry(
            "ADX", "Average directional index", .momentum, "Wilder's average of DX",
            [.period(14, from: 2)]
        ) { p throws(IndicatorFailure) in try ADX(period: p.whole(0)) },
        CatalogueEntry(
            "ADXR", "Average directional rating", .momentum, "(ADX + ADX[n − 1]) / 2",
            [.period(14, from: 2)]
        ) { p throws(IndicatorFailure) in try ADXR(period: p.whole(0)) },
        CatalogueEntry(
            "AROON", "Aroon", .momentum, "100 · (n − bars since the extreme of n + 1 bars) / n",
            [.period(14, from: 2)]
        ) { p throws(IndicatorFailure) in try AROON(period: p.whole(0)) },
        CatalogueEntry(
            "AROONOSC", "Aroon oscillator", .momentum, "Aroon up − Aroon down",
            [.period(14, from: 2)]
        ) { p throws(IndicatorFailure) in try AROONOSC(period: p.whole(0)) },
        CatalogueEntry(
            "VORTEX", "Vortex", .momentum,
            "Σ|high − low[1]| / Σ true range, Σ|low − high[1]| / Σ true range", [.period(14)]
        ) { p throws(IndicatorFailure) in try VORTEX(period: p.whole(0)) },
    ]

    static let volatility: [CatalogueEntry] = [
        CatalogueEntry(
            "TRANGE", "True range", .volatility,
            "max(high − low, |high − close[1]|, |low − close[1]|)"
        ) { _ in TRANGE() },
        CatalogueEntry(
            "ATR", "Average true range", .volatility, "Wilder's average of the true range",
            [.period(14)]
        ) { p throws(IndicatorFailure) in try ATR(period: p.whole(0)) },
        CatalogueEntry(
            "NATR", "Normalised average true range", .volatility, "100 · ATR / close",
            [.period(14)]
        ) { p throws(IndicatorFailure) in try NATR(period: p.whole(0)) },
        CatalogueEntry(
            "ADR", "Average range", .volatility, "SMA of high − low", [.period(14)]
        ) { p throws(IndicatorFailure) in try ADR(period: p.whole(0)) },
        CatalogueEntry(
            "CVI", "Chaikin volatility", .volatility, "ROC of EMA(high − low)",
            [.period(10), .whole("changePeriod", 10)]
        ) { p throws(IndicatorFailure) in
            try CVI(period: p.whole(0), changePeriod: p.whole(1))
        },
        CatalogueEntry(
            "MASSI", "Mass index", .volatility, "Σ EMA(range) / EMA(EMA(range))",
            [.whole("fastPeriod", 9), .whole("slowPeriod", 25)]
        ) { p throws(IndicatorFailure) in
            try MASSI(fastPeriod: p.whole(0), slowPeriod: p.whole(1))
        },
        CatalogueEntry(
            "RVI", "Relative volatility index", .volatility,
            "100 · deviations on rises / all deviations, each averaged after Wilder",
            [.period(14), .whole("deviationPeriod", 10, 2...Int.longestPeriod)]
        ) { p throws(IndicatorFailure) in
            try RVI(period: p.whole(0), deviationPeriod: p.whole(1))
        },
        CatalogueEntry(
            "EWMA_VOLATILITY", "Exponentially weighted volatility", .volatility,
            "√(v · bars per year), v = λ · v + (1 − λ) · ln(close / close[1])²",
            [.real("decay", 0.94, 0.01...0.9999), barsPerYear], source: "RiskMetrics 1996"
        ) { p throws(IndicatorFailure) in
            try EWMAVolatility(decay: p[0], barsPerYear: p[1])
        },
        realised("CLOSE", .closeToClose, "sample deviation of ln(close / close[1])", "Definition"),
        realised("PARKINSON", .parkinson, "√ mean ln(high / low)² / (4 · ln 2)", "Parkinson 1980"),
        realised(
            "GARMAN_KLASS", .garmanKlass,
            "√ mean of ln(high / low)² / 2 − (2 · ln 2 − 1) · ln(close / open)²",
            "Garman and Klass 1980"),
        realised(
            "ROGERS_SATCHELL", .rogersSatchell,
            "√ mean of u · (u − c) + d · (d − c), logarithms from the open",
            "Rogers and Satchell 1991"),
        realised(
            "YANG_ZHANG", .yangZhang,
            "√ of overnight + k · open-to-close + (1 − k) · Rogers-Satchell variance",
            "Yang and Zhang 2000"),
    ]

    static let barsPerYear = IndicatorParameter.real("barsPerYear", 365, 1...1e9)

    private static func realised(
        _ name: String, _ estimator: RealisedVolatility.Estimator, _ formula: String,
        _ source: String
    ) -> CatalogueEntry {
        CatalogueEntry(
            "VOLATILITY_" + name, "Realised volatility per year", .volatility,
            formula + ", times √(bars per year)", [.period(20, from: 2), barsPerYear],
            source: source
        ) { p throws(IndicatorFailure) in
            try RealisedVolatility(estimator, period: p.whole(0), barsPerYear: p[1])
        }
    }

    static let cycles: [CatalogueEntry] = [
        CatalogueEntry(
            "HT_DCPERIOD", "Period of the dominant cycle", .cycle,
            "Ehlers' homodyne discriminator, 6...50 bars"
        ) { _ in DominantCyclePeriod() },
        CatalogueEntry(
            "HT_DCPHASE", "Phase of the dominant cycle", .cycle,
            "atan(Σ sin · price / Σ cos · price) over one period, in degrees"
        ) { _ in DominantCyclePhase() },
        CatalogueEntry(
            "HT_PHASOR", "Phasor of the dominant cycle", .cycle,
            "Hilbert transform: in phase and in quadrature"
        ) { _ in CyclePhasor() },
        CatalogueEntry(
            "HT_SINE", "Sine of the cycle's phase", .cycle, "sin(phase), sin(phase + 45°)"
        ) { _ in CycleSine() },
        CatalogueEntry(
            "HT_TRENDMODE", "Trend or cycle", .cycle, "1 in a trend, 0 in a cycle"
        ) { _ in TrendMode() },
    ]
}
