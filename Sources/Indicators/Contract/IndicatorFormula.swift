/// A formula over one series, as pure arithmetic: what an ``Indicator`` runs.
///
/// A formula is a plain value: its parameters, its scalars and descriptions of its windows. The
/// windows get memory when an ``Indicator`` starts the formula; a formula that has windows cannot
/// be stepped before. Formulas nest: a composite holds others and steps them.
///
/// The rule that makes ``Indicator/peek(_:)`` free of copies: **a step never destroys anything in a
/// window that the state before it can still read.** ``Ring`` and ``BlockWindow`` keep it by
/// construction, so stepping a copy of the scalars over the same windows leaves the original as it
/// was. A formula that learns a table in place brings a ``peek(_:)`` of its own.
public protocol IndicatorFormula: BitwiseCopyable, Codable, SendableMetatype {
    associatedtype Input: IndicatorInput
    associatedtype Output: IndicatorOutput

    /// Inputs that give no value before the first one that does: TA-Lib's lookback.
    var warmUp: Int { get }

    /// How the work of one step grows.
    static var cost: UpdateCost { get }

    /// Takes one input that is known to be valid. `nil` while there is no value.
    mutating func step(_ input: Input) -> Output?

    /// Whether its own state tells the value after the last step, so that an ``Indicator`` need not
    /// write it down too.
    static var holdsValue: Bool { get }

    /// The value after the last step, where ``holdsValue``.
    var value: Output? { get }

    /// What ``step(_:)`` would return for `input`, without taking it.
    func peek(_ input: Input) -> Output?

    /// Shows each window to `visitor`, always in the same order.
    mutating func visitRings(_ visitor: inout some RingVisitor)
}

extension IndicatorFormula {
    public static var cost: UpdateCost { .constant }

    @inlinable @inline(__always)
    public static var holdsValue: Bool { false }

    @inlinable @inline(__always)
    public var value: Output? { nil }

    @inlinable
    public func peek(_ input: Input) -> Output? {
        var next = self
        return next.step(input)
    }

    /// For formulas without windows.
    public mutating func visitRings(_ visitor: inout some RingVisitor) {}
}

/// How the work of one update grows; never with the number of inputs before.
public enum UpdateCost: String, Sendable, CaseIterable {
    /// The same at each update.
    case constant = "O(1)"
    /// The same on average; now and then one works through its window.
    case amortised = "O(1) amortised"
    /// With the window or the table that the parameters ask for, or the cycle, 50 bars at most.
    case window = "O(period)"
    /// With the levels of the book that it is shown.
    case levels = "O(levels)"
}
