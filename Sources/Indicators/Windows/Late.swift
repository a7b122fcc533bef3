/// A formula that misses the first inputs.
///
/// Where TA-Lib combines averages of different length it lets the shorter one start so late that
/// both have their first value together.
@frozen
public struct Late<Formula: IndicatorFormula>: IndicatorFormula {
    @usableFromInline var formula: Formula
    @usableFromInline var missing: Int
    @usableFromInline let delay: Int

    init(_ formula: Formula, by delay: Int) {
        self.formula = formula
        self.delay = delay
        missing = delay
    }

    @inlinable
    public var warmUp: Int { delay &+ formula.warmUp }

    @inlinable @inline(__always)
    public mutating func step(_ input: Formula.Input) -> Formula.Output? {
        if missing > 0 {
            missing &-= 1
            return nil
        }
        return formula.step(input)
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        formula.visitRings(&visitor)
    }
}
