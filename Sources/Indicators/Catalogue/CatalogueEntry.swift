/// One number that an indicator is made with.
public struct IndicatorParameter: Sendable, Equatable {
    public let name: String
    public let standard: Double
    public let allowed: ClosedRange<Double>
    public let isWhole: Bool
    /// Names for some of its whole numbers; empty where it is a plain number.
    public let choices: [Choice]

    public struct Choice: Sendable, Equatable {
        public let name: String
        public let value: Double
    }

    private init(
        _ name: String, _ standard: Double, _ allowed: ClosedRange<Double>, isWhole: Bool,
        choices: [Choice] = []
    ) {
        self.name = name
        self.standard = standard
        self.allowed = allowed
        self.isWhole = isWhole
        self.choices = choices
    }

    static func whole(
        _ name: String, _ standard: Int, _ allowed: ClosedRange<Int> = 1...Int.longestPeriod
    ) -> IndicatorParameter {
        IndicatorParameter(
            name, Double(standard), Double(allowed.lowerBound)...Double(allowed.upperBound),
            isWhole: true)
    }

    static func real(
        _ name: String, _ standard: Double, _ allowed: ClosedRange<Double>
    ) -> IndicatorParameter {
        IndicatorParameter(name, standard, allowed, isWhole: false)
    }

    static func period(_ standard: Int, from lowest: Int = 1) -> IndicatorParameter {
        .whole("period", standard, lowest...Int.longestPeriod)
    }

    static func averageKind(_ name: String, _ standard: MovingAverageKind) -> IndicatorParameter {
        IndicatorParameter(
            name, Double(standard.rawValue), 0...Double(MovingAverageKind.highest), isWhole: true,
            choices: MovingAverageKind.allCases.map {
                Choice(name: "\($0)", value: Double($0.rawValue))
            })
    }
}

/// The parameters of one indicator, checked, in the order of its entry.
struct ParameterValues {
    let values: [Double]

    subscript(index: Int) -> Double { values[index] }
    func whole(_ index: Int) -> Int { Int(values[index]) }
    func isSet(_ index: Int) -> Bool { values[index] != 0 }

    func averageKind(_ index: Int) throws(IndicatorFailure) -> MovingAverageKind {
        guard let kind = MovingAverageKind(rawValue: whole(index)) else {
            throw .contradiction("\(whole(index)) is no kind of moving average")
        }
        return kind
    }
}

/// One indicator of the catalogue: what it is called, what it computes, and how to make one.
public struct CatalogueEntry: Sendable {
    public enum Family: String, CaseIterable, Sendable {
        case overlap, momentum, volume, volatility, price, cycle, statistics, pattern, arithmetic
        case microstructure

        /// Where its indicators go unless they say otherwise.
        var placement: Placement {
            switch self {
            case .overlap, .price: .onPrice()
            case .pattern: .marks
            default: .below
            }
        }
    }

    /// Where a chart shows the values.
    public enum Placement: Sendable, Equatable {
        /// Over the candles: they are prices. The outputs named are not, and are not shown.
        case onPrice(except: [String] = [])
        /// In a panel of their own below.
        case below
        /// At the candles where they are not 0: above for negative ones, below for positive ones.
        case marks
    }

    /// TA-Lib's name where it has one, in capitals.
    public let name: String
    public let title: String
    public let family: Family
    public let formula: String
    public let parameters: [IndicatorParameter]
    public let outputs: [String]
    /// What it needs of a ``MarketSample``.
    public let columns: [SampleColumn]
    /// Where the definition comes from.
    public let source: String
    public let placement: Placement
    public let cost: UpdateCost
    let makeRunning: @Sendable (ParameterValues) throws(IndicatorFailure) -> any RunningIndicator
    private let makeLoop:
        @Sendable (ParameterValues, [MarketSample]) throws(IndicatorFailure) -> UpdateLoop

    /// One with `values` for the named parameters and the standard for all others.
    public func make(
        _ values: [String: Double] = [:]
    ) throws(IndicatorFailure) -> any RunningIndicator {
        for name in values.keys where !parameters.contains(where: { $0.name == name }) {
            throw .unknownParameter(name)
        }
        return try make(parameters.map { values[$0.name] ?? $0.standard })
    }

    /// One with parameters in their order and the standard for those that are left out at the end.
    public func make(_ values: [Double]) throws(IndicatorFailure) -> any RunningIndicator {
        try makeRunning(try checked(values))
    }

    private func checked(_ values: [Double]) throws(IndicatorFailure) -> ParameterValues {
        if values.count > parameters.count {
            throw .unknownParameter("number \(parameters.count + 1)")
        }
        let all = values + parameters.dropFirst(values.count).map(\.standard)
        for (parameter, value) in zip(parameters, all) {
            let isWhole = value == value.rounded() || !parameter.isWhole
            if !parameter.allowed.contains(value) || !isWhole {
                throw .parameter(parameter.name, value: value, allowed: parameter.allowed)
            }
        }
        return ParameterValues(values: all)
    }

    /// One with standard parameters, ready to run over `samples` again and again.
    public func loop(over samples: [MarketSample]) throws(IndicatorFailure) -> UpdateLoop {
        try makeLoop(try checked([]), samples)
    }

    init<Formula: IndicatorFormula>(
        _ name: String, _ title: String, _ family: Family, _ formula: String,
        _ parameters: [IndicatorParameter] = [], source: String = "TA-Lib",
        placement: Placement? = nil, columns: [SampleColumn],
        input: @escaping @Sendable (MarketSample) -> Formula.Input,
        series: BatchSeries<Formula>? = nil, loop: BatchLoop<Formula>? = nil,
        make: @escaping @Sendable (ParameterValues) throws(IndicatorFailure) -> Formula
    ) {
        self.name = name
        self.title = title
        self.family = family
        self.formula = formula
        self.parameters = parameters
        self.source = source
        self.placement = placement ?? family.placement
        self.columns = columns
        cost = Formula.cost
        outputs = Formula.Output.names
        makeRunning = { values throws(IndicatorFailure) in
            Running(Indicator(try make(values)), input: input, series: series)
        }
        makeLoop = { values, samples throws(IndicatorFailure) in
            UpdateLoop(Indicator(try make(values)), samples.map(input), series: loop)
        }
    }

    init<Formula: IndicatorFormula>(
        _ name: String, _ title: String, _ family: Family, _ formula: String,
        _ parameters: [IndicatorParameter] = [], source: String = "TA-Lib",
        placement: Placement? = nil,
        make: @escaping @Sendable (ParameterValues) throws(IndicatorFailure) -> Formula
    ) where Formula.Input: SampledInput {
        self.init(
            name, title, family, formula, parameters, source: source, placement: placement,
            columns: Formula.Input.columns, input: { Formula.Input($0) }, make: make)
    }

    /// Whole series of it are taken in columns.
    init<Formula: ColumnFormula>(
        _ name: String, _ title: String, _ family: Family, _ formula: String,
        _ parameters: [IndicatorParameter] = [], source: String = "TA-Lib",
        placement: Placement? = nil,
        make: @escaping @Sendable (ParameterValues) throws(IndicatorFailure) -> Formula
    ) where Formula.Input: SampledColumns {
        self.init(
            name, title, family, formula, parameters, source: source, placement: placement,
            columns: Formula.Input.columns, input: { Formula.Input($0) },
            series: { indicator, inputs in
                indicator.values(overColumns: Formula.Input.inColumns(inputs))
                    .map { $0.isNaN ? nil : [$0] }
            },
            loop: { indicator, inputs in
                let run = ColumnRun(indicator.copy(), Formula.Input.inColumns(inputs))
                return { run.fill() }
            }, make: make)
    }
}
