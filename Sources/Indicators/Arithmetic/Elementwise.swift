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
