/// How an entry takes a whole series, where that is not one update after another.
typealias BatchSeries<Formula: IndicatorFormula> =
    @Sendable (borrowing Indicator<Formula>, [Formula.Input]) -> [[Double]?]
/// The same over inputs that lie ready, again and again: to be measured.
typealias BatchLoop<Formula: IndicatorFormula> =
    @Sendable (borrowing Indicator<Formula>, [Formula.Input]) -> () -> Void

/// An input that can be laid out in columns.
protocol SampledColumns: SampledInput, ColumnInput {
    static func inColumns(_ inputs: [Self]) -> Columns
}

extension Double: SampledColumns {
    static func inColumns(_ inputs: [Double]) -> NumberColumn { NumberColumn(inputs) }
}

extension SamplePair: SampledColumns {
    static func inColumns(_ inputs: [SamplePair]) -> PairColumns {
        PairColumns(
            first: NumberColumn(inputs.map(\.first)), second: NumberColumn(inputs.map(\.second)))
    }
}

extension PriceBar: SampledColumns {
    static func inColumns(_ inputs: [PriceBar]) -> BarColumns {
        BarColumns(
            open: inputs.map(\.open), high: inputs.map(\.high), low: inputs.map(\.low),
            close: inputs.map(\.close), volume: inputs.map(\.volume))
    }
}

/// An indicator, columns and room for its values.
final class ColumnRun<Formula: ColumnFormula> {
    private let indicator: Indicator<Formula>
    private let columns: Formula.Input.Columns
    private let values: UnsafeMutableBufferPointer<Double>

    init(_ indicator: consuming Indicator<Formula>, _ columns: Formula.Input.Columns) {
        self.indicator = indicator
        self.columns = columns
        let count = Formula.Input.rowCount(of: columns)
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: max(count, 1) * MemoryLayout<Double>.stride, alignment: 64)
        values = UnsafeMutableBufferPointer(
            start: memory.bindMemory(to: Double.self, capacity: count), count: count)
        values.initialize(repeating: .nan)
    }

    deinit { values.deallocate() }

    func fill() { indicator.fill(values, overColumns: columns) }
}
