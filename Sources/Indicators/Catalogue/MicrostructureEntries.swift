extension IndicatorCatalogue {
    static let orderFlow: [CatalogueEntry] = [
        CatalogueEntry(
            "OFI", "Order-flow imbalance", .microstructure,
            "Σ size that came to the best bid less size that came to the best ask",
            [.period(100)], source: "Cont, Kukanov and Stoikov 2014"
        ) { p throws(IndicatorFailure) in try OrderFlowImbalance(period: p.whole(0)) },
        CatalogueEntry(
            "QUEUE_IMBALANCE", "Queue imbalance", .microstructure,
            "(bid size − ask size) / (bid size + ask size)", source: "Definition"
        ) { _ in QueueImbalance() },
        CatalogueEntry(
            "WEIGHTED_MID", "Size-weighted mid", .microstructure,
            "(bid · ask size + ask · bid size) / (bid size + ask size)", source: "Definition",
            placement: .onPrice()
        ) { _ in WeightedMid() },
        CatalogueEntry(
            "MICRO_PRICE", "Micro-price", .microstructure,
            "mid + mean next move of the mid, by queue imbalance, learnt as it goes",
            [.whole("bins", 10, 2...100)], source: "First term of Stoikov 2018",
            placement: .onPrice()
        ) { p throws(IndicatorFailure) in try MicroPrice(bins: p.whole(0)) },
        CatalogueEntry(
            "BOOK_SLOPE", "Slope of the book", .microstructure,
            "regression of cumulative size on distance from the mid in basis points, by side",
            source: "Least squares through the origin"
        ) { _ in BookSlope() },
        CatalogueEntry(
            "DEPTH", "Depth at a distance", .microstructure,
            "Σ size within a distance of the mid, by side",
            [.real("basisPoints", 10, 0.01...10_000)], source: "Definition"
        ) { p throws(IndicatorFailure) in try DepthAtDistance(basisPoints: p[0]) },
    ]

    static let tradeFlow: [CatalogueEntry] = [
        CatalogueEntry(
            "CUMULATIVE_DELTA", "Cumulative delta", .microstructure, "Σ signed size of takers",
            source: "Definition"
        ) { _ in CumulativeDelta() },
        CatalogueEntry(
            "TRADE_FLOW_IMBALANCE", "Trade-flow imbalance", .microstructure,
            "Σ signed size / Σ size of takers", [.period(100)], source: "Definition"
        ) { p throws(IndicatorFailure) in try TradeFlowImbalance(period: p.whole(0)) },
        CatalogueEntry(
            "VPIN", "Volume-synchronised probability of informed trading", .microstructure,
            "mean |bought − sold| / volume over buckets of equal volume",
            [.real("bucketVolume", 100, 1e-12...1e15), .whole("buckets", 50)],
            source: "Easley, López de Prado and O'Hara 2012, by the taker's side"
        ) { p throws(IndicatorFailure) in try VPIN(bucketVolume: p[0], buckets: p.whole(1)) },
        CatalogueEntry(
            "KYLE_LAMBDA", "Kyle's lambda", .microstructure,
            "slope of the regression of price changes on signed sizes", [.period(100, from: 2)],
            source: "Kyle 1985, trade by trade"
        ) { p throws(IndicatorFailure) in try KyleLambda(period: p.whole(0)) },
    ]

    static let spreads: [CatalogueEntry] = [
        CatalogueEntry(
            "ROLL_SPREAD", "Roll's spread", .microstructure,
            "2 · √−cov(price change, price change before)", [.period(100, from: 2)],
            source: "Roll 1984", columns: [.tradePrice], input: { $0.trade.price }
        ) { p throws(IndicatorFailure) in try RollSpread(period: p.whole(0)) },
        CatalogueEntry(
            "EFFECTIVE_SPREAD", "Effective spread", .microstructure,
            "size-weighted mean of 2 · direction · (price − mid)", [.period(100)],
            source: "Definition"
        ) { p throws(IndicatorFailure) in try EffectiveSpread(period: p.whole(0)) },
        CatalogueEntry(
            "REALISED_SPREAD", "Realised spread", .microstructure,
            "size-weighted mean of 2 · direction · (price − mid `delay` trades later)",
            [.period(100), .whole("delay", 50)], source: "Huang and Stoll 1996"
        ) { p throws(IndicatorFailure) in
            try RealisedSpread(period: p.whole(0), delay: p.whole(1))
        },
        CatalogueEntry(
            "AMIHUD", "Amihud's illiquidity", .microstructure,
            "10⁶ · mean of |ln(close / close[1])| / (close · volume)", [.period(20)],
            source: "Amihud 2002"
        ) { p throws(IndicatorFailure) in try Amihud(period: p.whole(0)) },
    ]
}
