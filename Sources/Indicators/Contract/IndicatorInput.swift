import CLibm

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

    /// The last value as an ``Indicator`` writes it down, or that there is none: in one word where
    /// a number serves as none.
    associatedtype Kept: BitwiseCopyable = Self?
    static func kept(_ value: Self?) -> Kept
    static func value(of kept: Kept) -> Self?
}

extension IndicatorOutput where Kept == Self? {
    @inlinable @inline(__always)
    public static func kept(_ value: Self?) -> Self? { value }

    @inlinable @inline(__always)
    public static func value(of kept: Self?) -> Self? { kept }
}

extension Double: IndicatorInput {
    /// The largest number that indicators take, TA-Lib's: sums of products of such numbers cannot
    /// overflow.
    @inlinable @inline(__always)
    static var largestInput: Double { 3e37 }

    /// Neither NaN nor larger than 3·10³⁷ in magnitude.
    @inlinable @inline(__always)
    public var isValid: Bool { magnitude <= Double.largestInput }
}

extension Double: IndicatorOutput {
    public static var names: [String] { ["value"] }
    public var numbers: [Double] { [self] }

    /// NaN for none.
    @inlinable @inline(__always)
    public static func kept(_ value: Double?) -> Double { value ?? .nan }

    @inlinable @inline(__always)
    public static func value(of kept: Double) -> Double? { kept.isNaN ? nil : kept }
}

extension Int: IndicatorOutput {
    public static var names: [String] { ["value"] }
    public var numbers: [Double] { [Double(self)] }

    /// The least of all for none.
    @inlinable @inline(__always)
    public static func kept(_ value: Int?) -> Int { value ?? .min }

    @inlinable @inline(__always)
    public static func value(of kept: Int) -> Int? { kept == .min ? nil : kept }
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

    /// Both in range: compared at once.
    @inlinable @inline(__always)
    public var isValid: Bool {
        clibm_reach_at_most(SIMD2(first, second), Double.largestInput)
    }
}

/// A candle in decimal units, as indicators take it.
///
/// It is checked when it is formed and when a part of it is set, once for all the indicators that
/// take it.
@frozen
public struct PriceBar: IndicatorInput, BitwiseCopyable, Sendable, Equatable {
    public var open: Double { didSet { check() } }
    public var high: Double { didSet { check() } }
    public var low: Double { didSet { check() } }
    public var close: Double { didSet { check() } }
    public var volume: Double { didSet { check() } }
    @usableFromInline var isSound = false

    @inlinable @inline(__always)
    public init(open: Double, high: Double, low: Double, close: Double, volume: Double) {
        self.open = open
        self.high = high
        self.low = low
        self.close = close
        self.volume = volume
        check()
    }

    /// In range, low ≤ open, close ≤ high, and a volume that is not negative.
    @inlinable @inline(__always)
    public var isValid: Bool { isSound }

    /// The smaller and the larger of two answer with the second where one is no number: of open and
    /// close, one is last in each, so that neither passes unseen.
    @inlinable @inline(__always)
    mutating func check() {
        isSound =
            low <= smaller(open, close) && larger(close, open) <= high && volume >= 0
            && larger(volume, larger(high, -low)) <= .largestInput
    }

    /// (high + low + close) / 3.
    @inlinable @inline(__always)
    public var typicalPrice: Double { (high + low + close).divided(by: WholeDivisor(3)) }
}

extension PriceBar: Codable {
    private enum CodingKeys: CodingKey {
        case open, high, low, close, volume
    }

    /// Checked anew: a file says what it wants.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            open: try container.decode(Double.self, forKey: .open),
            high: try container.decode(Double.self, forKey: .high),
            low: try container.decode(Double.self, forKey: .low),
            close: try container.decode(Double.self, forKey: .close),
            volume: try container.decode(Double.self, forKey: .volume))
    }
}
