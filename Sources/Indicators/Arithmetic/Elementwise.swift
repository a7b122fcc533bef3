import CLibm

/// A function of one sample; `nil` where it is undefined.
@frozen
public struct ElementaryFunction: IndicatorFormula, Sendable {
    @frozen
    public enum Name: UInt8, Codable, Sendable, CaseIterable {
        case acos, asin, atan, ceil, cos, cosh, exp, floor, ln, log10, sin, sinh, sqrt, tan, tanh
    }

    @usableFromInline let name: Name

    public init(_ name: Name) { self.name = name }

    @inlinable
    public var warmUp: Int { 0 }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        let value = value(at: sample)
        return value.isFinite ? value : nil
    }

    @inlinable @inline(__always)
    func value(at sample: Double) -> Double {
        switch name {
        case .acos: clibm_acos(sample)
        case .asin: clibm_asin(sample)
        case .atan: clibm_atan(sample)
        case .ceil: clibm_ceil(sample)
        case .cos: clibm_cos(sample)
        case .cosh: clibm_cosh(sample)
        case .exp: clibm_exp(sample)
        case .floor: clibm_floor(sample)
        case .ln: clibm_log(sample)
        case .log10: clibm_log10(sample)
        case .sin: clibm_sin(sample)
        case .sinh: clibm_sinh(sample)
        case .sqrt: clibm_sqrt(sample)
        case .tan: clibm_tan(sample)
        case .tanh: clibm_tanh(sample)
        }
    }
}

extension ElementaryFunction: ColumnFormula {
    public func fill(_ values: UnsafeMutableBufferPointer<Double>, from columns: NumberColumn) {
        let column = columns.numbers
        switch name {
        case .acos: values.fill(column) { clibm_acos($0) }
        case .asin: values.fill(column) { clibm_asin($0) }
        case .atan: values.fill(column) { clibm_atan($0) }
        case .ceil: values.fill(column) { $0.rounded(.up) }
        case .cos: values.fill(column) { clibm_cos($0) }
        case .cosh: values.fill(column) { clibm_cosh($0).orNaN }
        case .exp: values.fill(column) { clibm_exp($0).orNaN }
        case .floor: values.fill(column) { $0.rounded(.down) }
        case .ln: values.fill(column) { clibm_log($0).orNaN }
        case .log10: values.fill(column) { clibm_log10($0).orNaN }
        case .sin: values.fill(column) { clibm_sin($0) }
        case .sinh: values.fill(column) { clibm_sinh($0).orNaN }
        case .sqrt: values.fillRoots(column)
        case .tan: values.fill(column) { clibm_tan($0) }
        case .tanh: values.fill(column) { clibm_tanh($0) }
        }
    }
}

/// Two samples combined; `nil` where the result is not finite.
@frozen
public struct PairArithmetic: IndicatorFormula, Sendable {
    @frozen
    public enum Operation: UInt8, Codable, Sendable {
        case add, subtract, multiply, divide
    }

    @usableFromInline let operation: Operation

    public init(_ operation: Operation) { self.operation = operation }

    @inlinable
    public var warmUp: Int { 0 }

    @inlinable @inline(__always)
    public mutating func step(_ pair: SamplePair) -> Double? {
        let value = switch operation {
        case .add: pair.first + pair.second
        case .subtract: pair.first - pair.second
        case .multiply: pair.first * pair.second
        case .divide: pair.first / pair.second
        }
        return value.isFinite ? value : nil
    }
}

extension PairArithmetic: ColumnFormula {
    public func fill(_ values: UnsafeMutableBufferPointer<Double>, from columns: PairColumns) {
        let (first, second) = (columns.first.numbers, columns.second.numbers)
        switch operation {
        case .add: values.fill(first, second) { $0 + $1 }
        case .subtract: values.fill(first, second) { $0 - $1 }
        case .multiply: values.fill(first, second) { $0 * $1 }
        case .divide: values.fill(first, second) { ($0 / $1).orNaN }
        }
    }
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
