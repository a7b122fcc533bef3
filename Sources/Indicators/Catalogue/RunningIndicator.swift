/// An ``Indicator`` whose formula was chosen by name: for tables, charts and tests, not for hot
/// code.
public protocol RunningIndicator: AnyObject {
    /// The numbers of the value after `sample`, in the order of the entry's outputs.
    @discardableResult
    func update(_ sample: MarketSample) -> [Double]?
    /// One sample after the other, without saying what comes of each.
    func update(all samples: [MarketSample])
    func peek(_ sample: MarketSample) -> [Double]?
    var value: [Double]? { get }
    var warmUp: Int { get }
    var refusedCount: Int { get }
    func reset()
    func copy() -> any RunningIndicator
    /// Its state, to be saved by an encoder of your choice.
    var state: any Encodable { get }
    /// Another one in the state that `decode` reads as the type it is given.
    func resumed(
        by decode: (any Decodable.Type) throws -> any Decodable
    ) throws -> any RunningIndicator
    /// The same formula over all samples, started anew.
    func values(over samples: [MarketSample]) -> [[Double]?]
}

final class Running<Formula: IndicatorFormula>: RunningIndicator {
    private var indicator: Indicator<Formula>
    private let input: (MarketSample) -> Formula.Input
    private let series: BatchSeries<Formula>?

    init(
        _ indicator: consuming Indicator<Formula>,
        input: @escaping (MarketSample) -> Formula.Input, series: BatchSeries<Formula>?
    ) {
        self.indicator = indicator
        self.input = input
        self.series = series
    }

    func update(_ sample: MarketSample) -> [Double]? { indicator.update(input(sample))?.numbers }

    func update(all samples: [MarketSample]) {
        for sample in samples { indicator.update(input(sample)) }
    }

    func peek(_ sample: MarketSample) -> [Double]? { indicator.peek(input(sample))?.numbers }
    var value: [Double]? { indicator.value?.numbers }
    var warmUp: Int { indicator.warmUp }
    var refusedCount: Int { indicator.refusedCount }
    func reset() { indicator.reset() }
    func copy() -> any RunningIndicator { Running(indicator.copy(), input: input, series: series) }
    var state: any Encodable { indicator.state }

    func resumed(
        by decode: (any Decodable.Type) throws -> any Decodable
    ) throws -> any RunningIndicator {
        guard let state = try decode(IndicatorState<Formula>.self) as? IndicatorState<Formula>
        else {
            throw IndicatorFailure.state("of another formula")
        }
        return Running(try Indicator(resuming: state), input: input, series: series)
    }

    func values(over samples: [MarketSample]) -> [[Double]?] {
        let inputs = samples.map(input)
        if let series { return series(indicator, inputs) }
        return indicator.values(over: inputs).map { $0?.numbers }
    }
}
