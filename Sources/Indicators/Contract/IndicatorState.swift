/// All that an ``Indicator`` knows, to be saved and resumed from after a restart.
public struct IndicatorState<Formula: IndicatorFormula>: Codable {
    var formula: Formula
    var pristine: Formula
    var value: Formula.Output?
    var refusedCount: Int
    /// The memory of all windows, word by word.
    var words: [UInt64]
}

extension Indicator {
    /// A snapshot. Cold.
    public var state: IndicatorState<Formula> {
        IndicatorState(
            formula: formula, pristine: pristine, value: Formula.Output.value(of: last),
            refusedCount: refusals, words: block.words)
    }

    /// Continues where `state` was taken. Fails if its windows do not have the size that its
    /// parameters ask for. Cold.
    public init(resuming state: IndicatorState<Formula>) throws(IndicatorFailure) {
        var started = state.formula
        var origin = state.pristine
        let block = RingBlock(for: &started, &origin)
        guard block.fill(with: state.words) else {
            throw .state("\(state.words.count) words for windows of \(block.byteCount / 8)")
        }
        self.init(
            started: started, pristine: origin, last: Formula.Output.kept(state.value),
            refusals: state.refusedCount, block: block)
    }
}
