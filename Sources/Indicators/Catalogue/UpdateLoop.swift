/// One indicator and inputs that lie ready for it: to be measured.
///
/// Compiled for its formula, as a strategy's own would be, though it was chosen by name. Each run
/// goes on where the one before ended, and from the last input to the first.
public struct UpdateLoop {
    /// Indicators that ``updateInTurn(_:)`` updates.
    public static let turns = 8

    private let updates: (Int) -> Void
    private let updatesInTurn: (Int) -> Void
    private let series: (Int) -> Void

    init<Formula: IndicatorFormula>(
        _ indicator: consuming Indicator<Formula>, _ inputs: [Formula.Input],
        series: BatchLoop<Formula>?
    ) {
        let columns = series?(indicator, inputs)
        let turning = Turning(indicator, inputs)
        updates = { turning.update($0) }
        updatesInTurn = { turning.updateInTurn($0) }
        if let columns {
            self.series = { for _ in 0..<max($0 / inputs.count, 1) { columns() } }
        } else {
            self.series = { turning.takeSeries($0) }
        }
    }

    /// So many updates, the state in memory between them: each waits until the numbers that the one
    /// before wrote can be read again.
    public func update(_ count: Int) { updates(count) }

    /// So many updates of each of ``turns`` indicators, one after the other and each with a series
    /// of its own, their states in memory: what an update costs among other work, as in a lane.
    public func updateInTurn(_ count: Int) { updatesInTurn(count) }

    /// So many inputs in one piece, the values written to an array; in columns, all of them, where the
    /// formula takes columns.
    public func takeSeries(_ count: Int) { series(count) }
}

private final class Turning<Formula: IndicatorFormula> {
    private var indicator: Indicator<Formula>
    private let others = UnsafeMutablePointer<Indicator<Formula>>.allocate(
        capacity: UpdateLoop.turns)
    /// Twice the inputs of a lap: a series that begins within the first is not asked where it ends.
    private let inputs: [Formula.Input]
    private let length: Int
    private var values: [Formula.Output?]
    private var place = 0

    init(_ indicator: consuming Indicator<Formula>, _ inputs: [Formula.Input]) {
        self.indicator = indicator
        self.inputs = inputs + inputs
        length = inputs.count
        values = Array(repeating: nil, count: inputs.count)
        for turn in 0..<UpdateLoop.turns {
            (others + turn).initialize(to: self.indicator.copy())
        }
    }

    deinit {
        others.deinitialize(count: UpdateLoop.turns)
        others.deallocate()
    }

    @inline(__always)
    func update(_ count: Int) {
        forEachPart(count) { inputs, rows in
            for row in rows { indicator.update(inputs[row]) }
        }
    }

    @inline(__always)
    func updateInTurn(_ count: Int) {
        let others = others
        let stride = length / UpdateLoop.turns
        forEachPart(count) { inputs, rows in
            for row in rows {
                var own = row
                for turn in 0..<UpdateLoop.turns {
                    others[turn].update(inputs[own])
                    own &+= stride
                }
            }
        }
    }

    @inline(__always)
    func takeSeries(_ count: Int) {
        forEachPart(count) { inputs, rows in
            values.withUnsafeMutableBufferPointer { values in
                indicator.update(all: UnsafeBufferPointer(rebasing: inputs[rows])) {
                    values[$0] = $1
                }
            }
        }
    }

    /// So many rows in pieces that end where a lap does.
    @inline(__always)
    private func forEachPart(
        _ count: Int, _ body: (UnsafeBufferPointer<Formula.Input>, Range<Int>) -> Void
    ) {
        inputs.withUnsafeBufferPointer { inputs in
            var left = count
            while left > 0 {
                let part = min(left, length - place)
                body(inputs, place..<place + part)
                place = place + part == length ? 0 : place + part
                left -= part
            }
        }
    }
}
