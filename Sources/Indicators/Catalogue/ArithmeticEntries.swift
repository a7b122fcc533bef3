extension IndicatorCatalogue {
    static let arithmetic: [CatalogueEntry] = functions + operators + windows

    private static let functions: [CatalogueEntry] = [
        function("acos", ACOS()),
        function("asin", ASIN()),
        function("atan", ATAN()),
        function("ceil", CEIL()),
        function("cos", COS()),
        function("cosh", COSH()),
        function("exp", EXP()),
        function("floor", FLOOR()),
        function("ln", LN()),
        function("log10", LOG10()),
        function("sin", SIN()),
        function("sinh", SINH()),
        function("sqrt", SQRT()),
        function("tan", TAN()),
        function("tanh", TANH()),
    ]

    private static func function<Rule: ElementaryRule>(
        _ name: String, _ formula: ElementaryFunction<Rule>
    ) -> CatalogueEntry {
        CatalogueEntry(
            name.uppercased(), "\(name) of the close", .arithmetic, "\(name)(close)"
        ) { _ in formula }
    }

    private static let operators: [CatalogueEntry] = [
        CatalogueEntry("ADD", "Sum of two series", .arithmetic, "close + second") { _ in
            ADD()
        },
        CatalogueEntry("SUB", "Difference of two series", .arithmetic, "close − second") { _ in
            SUB()
        },
        CatalogueEntry("MULT", "Product of two series", .arithmetic, "close · second") { _ in
            MULT()
        },
        CatalogueEntry("DIV", "Quotient of two series", .arithmetic, "close / second") { _ in
            DIV()
        },
        CatalogueEntry("CUMSUM", "Sum since the start", .arithmetic, "Σ close") { _ in CUMSUM() },
    ]

    private static let windows: [CatalogueEntry] = [
        CatalogueEntry("SUM", "Sum of the window", .arithmetic, "Σ close", [.period(30)]) {
            p throws(IndicatorFailure) in try RollingSum(period: p.whole(0))
        },
        CatalogueEntry(
            "MAX", "Highest of the window", .arithmetic, "highest close", [.period(30, from: 2)],
            placement: .onPrice()
        ) { p throws(IndicatorFailure) in try MAX(period: p.whole(0)) },
        CatalogueEntry(
            "MIN", "Lowest of the window", .arithmetic, "lowest close", [.period(30, from: 2)],
            placement: .onPrice()
        ) { p throws(IndicatorFailure) in try MIN(period: p.whole(0)) },
        CatalogueEntry(
            "MINMAX", "Lowest and highest of the window", .arithmetic,
            "lowest close, highest close", [.period(30, from: 2)],
            placement: .onPrice()
        ) { p throws(IndicatorFailure) in try MINMAX(period: p.whole(0)) },
        CatalogueEntry(
            "MAXINDEX", "Place of the highest of the window", .arithmetic,
            "number of the sample, from 0", [.period(30, from: 2)]
        ) { p throws(IndicatorFailure) in try MAXINDEX(period: p.whole(0)) },
        CatalogueEntry(
            "MININDEX", "Place of the lowest of the window", .arithmetic,
            "number of the sample, from 0", [.period(30, from: 2)]
        ) { p throws(IndicatorFailure) in try MININDEX(period: p.whole(0)) },
        CatalogueEntry(
            "MINMAXINDEX", "Places of the lowest and highest of the window", .arithmetic,
            "numbers of the samples, from 0", [.period(30, from: 2)]
        ) { p throws(IndicatorFailure) in try MINMAXINDEX(period: p.whole(0)) },
    ]
}
