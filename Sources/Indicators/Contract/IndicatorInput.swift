/// What a formula takes at each step.
public protocol IndicatorInput: BitwiseCopyable, SendableMetatype {
    /// Whether a formula may see it. Invalid inputs are refused, not smeared through.
    var isValid: Bool { get }
}

/// What a formula gives: one number or several under names.
public protocol IndicatorOutput: BitwiseCopyable, Codable, Equatable {
    static var names: [String] { get }
    /// The numbers in the order of ``names``; NaN for a part without a value.
    var numbers: [Double] { get }
}

extension Double: IndicatorInput {
    /// The largest number that indicators take, TA-Lib's: sums of products of such numbers cannot
    /// overflow.
    @inlinable @inline(__always)
    static var largestInput: Double { 3e37 }

    /// Neither NaN nor larger than 3·10³⁷ in magnitude.
    @inlinable @inline(__always)
    public var isValid: Bool { magnitude <= .largestInput }
}

extension Double: IndicatorOutput {
    public static var names: [String] { ["value"] }
    public var numbers: [Double] { [self] }
}

extension Int: IndicatorOutput {
    public static var names: [String] { ["value"] }
    public var numbers: [Double] { [Double(self)] }
}

/// Two samples of the same moment: two series compared, or a price and its period.
@frozen
public struct SamplePair: IndicatorInput, Equatable, Sendable, Codable {
    public var first: Double
    public var second: Double

    @inlinable @inline(__always)
    public init(_ first: Double, _ second: Double) {
        self.first = first
        self.second = second
    }

    /// Both in range.
    @inlinable @inline(__always)
    public var isValid: Bool { first.isValid && second.isValid }
}

/// A candle in decimal units, as indicators take it.
@frozen
public struct PriceBar: IndicatorInput, BitwiseCopyable, Sendable, Equatable, Codable {
    public var open: Double
    public var high: Double
    public var low: Double
    public var close: Double
    public var volume: Double

    @inlinable @inline(__always)
    public init(open: Double, high: Double, low: Double, close: Double, volume: Double) {
        self.open = open
        self.high = high
        self.low = low
        self.close = close
        self.volume = volume
    }

    /// In range, low ≤ open, close ≤ high, and a volume that is not negative.
    ///
    /// The smaller and the larger of two answer with the second where one is no number: of open and
    /// close, one is last in each, so that neither passes unseen.
    @inlinable @inline(__always)
    public var isValid: Bool {
        low <= smaller(open, close) && larger(close, open) <= high && volume >= 0
            && larger(volume, larger(high, -low)) <= .largestInput
    }

    /// (high + low + close) / 3.
    @inlinable @inline(__always)
    public var typicalPrice: Double { (high + low + close) / 3 }
}
