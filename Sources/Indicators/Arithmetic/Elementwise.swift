import CLibm

/// A function of one number.
public protocol ElementaryRule: SendableMetatype {
    /// Whether it has a finite value wherever an indicator may ask for one.
    static var isAlwaysFinite: Bool { get }
    static func value(at sample: Double) -> Double
    /// The values of a column; NaN where there is none.
    static func fill(_ values: UnsafeMutableBufferPointer<Double>, from column: [Double])
}

extension ElementaryRule {
    @inlinable @inline(__always)
    public static var isAlwaysFinite: Bool { false }

    public static func fill(_ values: UnsafeMutableBufferPointer<Double>, from column: [Double]) {
        values.fill(column) { value(at: $0) }
    }
}

/// A function of one sample; `nil` where it is undefined.
@frozen
public struct ElementaryFunction<Rule: ElementaryRule>: IndicatorFormula, Sendable {
    public init() {}

    @inlinable
    public var warmUp: Int { 0 }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        let value = Rule.value(at: sample)
        return Rule.isAlwaysFinite || value.isBounded ? value : nil
    }
}

extension ElementaryFunction: ColumnFormula {
    public func fill(_ values: UnsafeMutableBufferPointer<Double>, from columns: NumberColumn) {
        Rule.fill(values, from: columns.numbers)
    }
}

public typealias ACOS = ElementaryFunction<Arccosine>
public typealias ASIN = ElementaryFunction<Arcsine>
public typealias ATAN = ElementaryFunction<Arctangent>
public typealias CEIL = ElementaryFunction<Ceiling>
public typealias COS = ElementaryFunction<Cosine>
public typealias COSH = ElementaryFunction<HyperbolicCosine>
public typealias EXP = ElementaryFunction<Exponential>
public typealias FLOOR = ElementaryFunction<Floor>
public typealias LN = ElementaryFunction<NaturalLogarithm>
public typealias LOG10 = ElementaryFunction<DecimalLogarithm>
public typealias SIN = ElementaryFunction<Sine>
public typealias SINH = ElementaryFunction<HyperbolicSine>
public typealias SQRT = ElementaryFunction<SquareRoot>
public typealias TAN = ElementaryFunction<Tangent>
public typealias TANH = ElementaryFunction<HyperbolicTangent>

/// An operation on two numbers.
public protocol PairOperation: SendableMetatype {
    /// Whether its result is finite for any two numbers that indicators take.
    static var isAlwaysFinite: Bool { get }
    static func value(_ first: Double, _ second: Double) -> Double
}

/// Two samples combined; `nil` where the result is not finite.
@frozen
public struct PairArithmetic<Operation: PairOperation>: IndicatorFormula, Sendable {
    public init() {}

    @inlinable
    public var warmUp: Int { 0 }

    @inlinable @inline(__always)
    public mutating func step(_ pair: SamplePair) -> Double? {
        let value = Operation.value(pair.first, pair.second)
        return Operation.isAlwaysFinite || value.isBounded ? value : nil
    }
}

extension PairArithmetic: ColumnFormula {
    public func fill(_ values: UnsafeMutableBufferPointer<Double>, from columns: PairColumns) {
        let (first, second) = (columns.first.numbers, columns.second.numbers)
        values.fill(first, second) { first, second in
            let value = Operation.value(first, second)
            return Operation.isAlwaysFinite ? value : value.orNaN
        }
    }
}

public typealias ADD = PairArithmetic<Addition>
public typealias SUB = PairArithmetic<Subtraction>
public typealias MULT = PairArithmetic<Multiplication>
public typealias DIV = PairArithmetic<Division>

public enum Addition: PairOperation {
    @inlinable @inline(__always)
    public static var isAlwaysFinite: Bool { true }

    @inlinable @inline(__always)
    public static func value(_ first: Double, _ second: Double) -> Double { first + second }
}

public enum Subtraction: PairOperation {
    @inlinable @inline(__always)
    public static var isAlwaysFinite: Bool { true }

    @inlinable @inline(__always)
    public static func value(_ first: Double, _ second: Double) -> Double { first - second }
}

public enum Multiplication: PairOperation {
    @inlinable @inline(__always)
    public static var isAlwaysFinite: Bool { true }

    @inlinable @inline(__always)
    public static func value(_ first: Double, _ second: Double) -> Double { first * second }
}

public enum Division: PairOperation {
    @inlinable @inline(__always)
    public static var isAlwaysFinite: Bool { false }

    @inlinable @inline(__always)
    public static func value(_ first: Double, _ second: Double) -> Double { first / second }
}

/// The sum of all samples so far.
@frozen
public struct CUMSUM: IndicatorFormula, Sendable {
    @usableFromInline var total = 0.0

    public init() {}

    @inlinable
    public var warmUp: Int { 0 }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        total += sample
        return total
    }
}
