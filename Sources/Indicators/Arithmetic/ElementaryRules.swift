import CLibm

// What ``ElementaryFunction`` may be of.

public enum Arccosine: ElementaryRule {
    @inlinable @inline(__always)
    public static func value(at sample: Double) -> Double { clibm_acos(sample) }
}

public enum Arcsine: ElementaryRule {
    @inlinable @inline(__always)
    public static func value(at sample: Double) -> Double { clibm_asin(sample) }
}

public enum Arctangent: ElementaryRule {
    @inlinable @inline(__always)
    public static var isAlwaysFinite: Bool { true }

    @inlinable @inline(__always)
    public static func value(at sample: Double) -> Double { clibm_atan(sample) }
}

public enum Ceiling: ElementaryRule {
    @inlinable @inline(__always)
    public static var isAlwaysFinite: Bool { true }

    @inlinable @inline(__always)
    public static func value(at sample: Double) -> Double { clibm_ceil(sample) }

    public static func fill(_ values: UnsafeMutableBufferPointer<Double>, from column: [Double]) {
        values.fill(column) { $0.rounded(.up) }
    }
}

public enum Cosine: ElementaryRule {
    @inlinable @inline(__always)
    public static var isAlwaysFinite: Bool { true }

    @inlinable @inline(__always)
    public static func value(at sample: Double) -> Double { clibm_cos(sample) }
}

public enum HyperbolicCosine: ElementaryRule {
    @inlinable @inline(__always)
    public static func value(at sample: Double) -> Double { clibm_cosh(sample) }

    public static func fill(_ values: UnsafeMutableBufferPointer<Double>, from column: [Double]) {
        values.fill(column) { clibm_cosh($0).orNaN }
    }
}

public enum Exponential: ElementaryRule {
    @inlinable @inline(__always)
    public static func value(at sample: Double) -> Double { clibm_exp(sample) }

    public static func fill(_ values: UnsafeMutableBufferPointer<Double>, from column: [Double]) {
        values.fill(column) { clibm_exp($0).orNaN }
    }
}

public enum Floor: ElementaryRule {
    @inlinable @inline(__always)
    public static var isAlwaysFinite: Bool { true }

    @inlinable @inline(__always)
    public static func value(at sample: Double) -> Double { clibm_floor(sample) }

    public static func fill(_ values: UnsafeMutableBufferPointer<Double>, from column: [Double]) {
        values.fill(column) { $0.rounded(.down) }
    }
}

public enum NaturalLogarithm: ElementaryRule {
    @inlinable @inline(__always)
    public static func value(at sample: Double) -> Double { clibm_log(sample) }

    public static func fill(_ values: UnsafeMutableBufferPointer<Double>, from column: [Double]) {
        values.fill(column) { clibm_log($0).orNaN }
    }
}

public enum DecimalLogarithm: ElementaryRule {
    @inlinable @inline(__always)
    public static func value(at sample: Double) -> Double { clibm_log10(sample) }

    public static func fill(_ values: UnsafeMutableBufferPointer<Double>, from column: [Double]) {
        values.fill(column) { clibm_log10($0).orNaN }
    }
}

public enum Sine: ElementaryRule {
    @inlinable @inline(__always)
    public static var isAlwaysFinite: Bool { true }

    @inlinable @inline(__always)
    public static func value(at sample: Double) -> Double { clibm_sin(sample) }
}

public enum HyperbolicSine: ElementaryRule {
    @inlinable @inline(__always)
    public static func value(at sample: Double) -> Double { clibm_sinh(sample) }

    public static func fill(_ values: UnsafeMutableBufferPointer<Double>, from column: [Double]) {
        values.fill(column) { clibm_sinh($0).orNaN }
    }
}

public enum SquareRoot: ElementaryRule {
    @inlinable @inline(__always)
    public static func value(at sample: Double) -> Double { clibm_sqrt(sample) }

    public static func fill(_ values: UnsafeMutableBufferPointer<Double>, from column: [Double]) {
        values.fillRoots(column)
    }
}

public enum Tangent: ElementaryRule {
    @inlinable @inline(__always)
    public static var isAlwaysFinite: Bool { true }

    @inlinable @inline(__always)
    public static func value(at sample: Double) -> Double { clibm_tan(sample) }
}

public enum HyperbolicTangent: ElementaryRule {
    @inlinable @inline(__always)
    public static var isAlwaysFinite: Bool { true }

    @inlinable @inline(__always)
    public static func value(at sample: Double) -> Double { clibm_tanh(sample) }
}
