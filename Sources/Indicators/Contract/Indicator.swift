/// A ``IndicatorFormula`` at work on one series of inputs.
///
///     var average = try Indicator(SMA(period: 20))
///     average.update(close)            // the value, or nil while warming up
///     average.peek(forming)            // the value if the forming bar closed now
///     let fork = average.copy()        // continues on its own
///
/// Memory is taken once, here, in one block for all windows of the formula, and returned when the
/// indicator ends. Updates take constant time unless the formula says otherwise, and never
/// allocate. An indicator has one owner; on the hot path it lives inside its strategy.
@frozen
public struct Indicator<Formula: IndicatorFormula>: ~Copyable {
    @usableFromInline var formula: Formula
    @usableFromInline let pristine: Formula
    /// Stays that there is none where the formula holds its value.
    @usableFromInline var last = Formula.Output.kept(nil)
    @usableFromInline var refusals = 0
    @usableFromInline let block: RingBlock

    /// Takes the memory of the formula's windows. Cold.
    public init(_ formula: Formula) {
        var started = formula
        var origin = formula
        block = RingBlock(for: &started, &origin)
        self.formula = started
        pristine = origin
    }

    init(
        started: Formula, pristine: Formula, last: Formula.Output.Kept, refusals: Int,
        block: consuming RingBlock
    ) {
        formula = started
        self.pristine = pristine
        self.last = last
        self.refusals = refusals
        self.block = block
    }

    /// The value after the last accepted input; `nil` while warming up or where it is undefined.
    @inlinable @inline(__always)
    public var value: Formula.Output? {
        Formula.holdsValue ? formula.value : Formula.Output.value(of: last)
    }

    @inlinable @inline(__always)
    public var isReady: Bool { if case .some = value { true } else { false } }

    /// Inputs that give no value before the first one that does.
    @inlinable
    public var warmUp: Int { formula.warmUp }

    /// The formula with its parameters.
    @inlinable
    public var parameters: Formula { pristine }

    /// Inputs refused so far.
    @inlinable
    public var refusedCount: Int { refusals }

    /// Takes the next input and returns the value after it.
    ///
    /// An invalid input (NaN, infinite, a bar whose low is above its high, ...) is refused: nothing
    /// changes, the answer is `nil`, and ``refusedCount`` grows by one.
    @inlinable @inline(__always)
    @discardableResult
    public mutating func update(_ input: Formula.Input) -> Formula.Output? {
        if _slowPath(!input.isValid) {
            refusals &+= 1
            return nil
        }
        let value = formula.step(input)
        if !Formula.holdsValue { last = Formula.Output.kept(value) }
        return value
    }

    /// Takes one input after the other, as ``update(_:)`` does, and shows each answer to `visitor`.
    ///
    /// The formula's scalars stay in registers in between: a long series costs less an input than
    /// as many updates.
    @inlinable @inline(__always)
    public mutating func update(
        all inputs: UnsafeBufferPointer<Formula.Input>,
        _ visitor: (Int, Formula.Output?) -> Void = { _, _ in }
    ) {
        // One value of all three: on its own the formula would stay where it is, in memory.
        var running = (formula: formula, last: last, refusals: refusals)
        for place in inputs.indices {
            let input = inputs[place]
            if _fastPath(input.isValid) {
                let value = running.formula.step(input)
                if !Formula.holdsValue { running.last = Formula.Output.kept(value) }
                visitor(place, value)
            } else {
                running.refusals &+= 1
                visitor(place, nil)
            }
        }
        (formula, last, refusals) = running
    }

    /// The value that ``update(_:)`` would return for `input`; changes nothing.
    @inlinable
    public func peek(_ input: Formula.Input) -> Formula.Output? {
        input.isValid ? formula.peek(input) : nil
    }

    /// Back to the state after `init`. Keeps the memory.
    @inlinable
    public mutating func reset() {
        formula = pristine
        last = Formula.Output.kept(nil)
        refusals = 0
    }
}

extension Indicator {
    /// A fork: equal now, independent from here on. Takes memory of its own. Cold.
    public borrowing func copy() -> Indicator {
        var started = formula
        var origin = pristine
        let memory = RingBlock(copying: block, for: &started, &origin)
        return Indicator(
            started: started, pristine: origin, last: last, refusals: refusals, block: memory)
    }

    /// The values for a whole series, with the same arithmetic as one update after another.
    ///
    /// Starts from the state after `init`; the indicator itself stays as it is. Rows whose input is
    /// refused have no value.
    public borrowing func values(over inputs: [Formula.Input]) -> [Formula.Output?] {
        var fresh = copy()
        fresh.reset()
        return [Formula.Output?](unsafeUninitializedCapacity: inputs.count) { values, count in
            inputs.withUnsafeBufferPointer { inputs in
                fresh.update(all: inputs) { values.initializeElement(at: $0, to: $1) }
            }
            count = inputs.count
        }
    }
}
