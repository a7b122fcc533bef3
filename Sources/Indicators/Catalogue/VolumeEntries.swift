extension IndicatorCatalogue {
    static let volume: [CatalogueEntry] = [
        CatalogueEntry(
            "OBV", "On-balance volume", .volume, "± volume by the direction of the close, summed"
        ) { _ in OBV() },
        CatalogueEntry(
            "AD", "Accumulation/distribution", .volume,
            "Σ volume · ((close − low) − (high − close)) / (high − low)"
        ) { _ in AD() },
        CatalogueEntry(
            "ADOSC", "Chaikin oscillator", .volume, "EMA(fast) − EMA(slow) of AD",
            [fastPeriod(3), slowPeriod(10)]
        ) { p throws(IndicatorFailure) in
            try ADOSC(fastPeriod: p.whole(0), slowPeriod: p.whole(1))
        },
        CatalogueEntry(
            "CMF", "Chaikin money flow", .volume, "Σ close location · volume / Σ volume",
            [.period(20)]
        ) { p throws(IndicatorFailure) in try CMF(period: p.whole(0)) },
        CatalogueEntry(
            "MFI", "Money flow index", .volume,
            "100 · Σ flow on rises / Σ flow, flow = typical price · volume", [.period(14, from: 2)]
        ) { p throws(IndicatorFailure) in try MFI(period: p.whole(0)) },
        CatalogueEntry(
            "EFI", "Elder's force", .volume, "EMA of (close − close[1]) · volume", [.period(13)]
        ) { p throws(IndicatorFailure) in try EFI(period: p.whole(0)) },
        CatalogueEntry(
            "MARKETFI", "Market facilitation", .volume, "(high − low) / volume"
        ) { _ in MARKETFI() },
        CatalogueEntry(
            "NVI", "Negative volume index", .volume,
            "1000 · Π (1 + return) over bars with less volume than the one before"
        ) { _ in VolumeIndex(.falling) },
        CatalogueEntry(
            "PVI", "Positive volume index", .volume,
            "1000 · Π (1 + return) over bars with more volume than the one before"
        ) { _ in VolumeIndex(.rising) },
        CatalogueEntry(
            "PVT", "Price and volume trend", .volume, "Σ volume · (close − close[1]) / close[1]"
        ) { _ in PVT() },
        CatalogueEntry(
            "PVO", "Percentage volume oscillator", .volume,
            "100 · (fast average − slow average) / slow average, of volume", oscillatorParameters
        ) { p throws(IndicatorFailure) in
            try PVO(fastPeriod: p.whole(0), slowPeriod: p.whole(1), kind: try p.averageKind(2))
        },
        CatalogueEntry(
            "RVOL", "Relative volume", .volume, "volume / mean volume of the n bars before",
            [.period(20)]
        ) { p throws(IndicatorFailure) in try RVOL(period: p.whole(0)) },
        CatalogueEntry(
            "VWMA", "Volume-weighted moving average", .volume, "Σ close · volume / Σ volume",
            [.period(30)],
            placement: .onPrice()
        ) { p throws(IndicatorFailure) in try VWMA(period: p.whole(0)) },
        CatalogueEntry(
            "WAD", "Williams accumulation/distribution", .volume,
            "Σ close − true low on rises, close − true high on falls"
        ) { _ in WAD() },
        CatalogueEntry(
            "VWAP", "Volume-weighted average price", .volume,
            "Σ typical price · volume / Σ volume since the start",
            placement: .onPrice()
        ) { _ in VWAP() },
        CatalogueEntry(
            "VWAP_SESSION", "Volume-weighted average price of the session", .volume,
            "VWAP since the session began ± width · volume-weighted deviation",
            sessionParameters + [.real("width", 2, 0...100)], source: "Sessions in UTC",
            placement: .onPrice()
        ) { p throws(IndicatorFailure) in
            try SessionVWAP(lengthMinutes: p.whole(0), offsetMinutes: p.whole(1), width: p[2])
        },
        CatalogueEntry(
            "VWAP_ROLLING", "Volume-weighted average price of the window", .volume,
            "Σ typical price · volume / Σ volume ± width · volume-weighted deviation",
            [.period(20), .real("width", 2, 0...100)], source: "Market practice",
            placement: .onPrice()
        ) { p throws(IndicatorFailure) in try RollingVWAP(period: p.whole(0), width: p[1]) },
        CatalogueEntry(
            "VWAP_ANCHORED", "Volume-weighted average price since a moment", .volume,
            "VWAP since the anchor ± width · volume-weighted deviation",
            [.real("anchorMilliseconds", 0, 0...1e13), .real("width", 2, 0...100)],
            source: "Market practice",
            placement: .onPrice()
        ) { p throws(IndicatorFailure) in
            try AnchoredVWAP(anchorMilliseconds: p[0], width: p[1])
        },
        CatalogueEntry(
            "KLINGER", "Klinger volume oscillator", .volume,
            "EMA(fast) − EMA(slow) of 100 · volume · |2 · range / Σ range − 1| · sign, its EMA",
            [fastPeriod(34), slowPeriod(55), .whole("signalPeriod", 13)],
            source: "Klinger, Stocks & Commodities 1997"
        ) { p throws(IndicatorFailure) in
            try Klinger(fastPeriod: p.whole(0), slowPeriod: p.whole(1), signalPeriod: p.whole(2))
        },
    ]

    static let sessionParameters: [IndicatorParameter] = [
        .whole("lengthMinutes", 1440, 1...44_640), .whole("offsetMinutes", 0, 0...44_640),
    ]
}
