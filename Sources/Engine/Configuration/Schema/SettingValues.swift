import MarketModel
import Telemetry

/// Money or a quantity with its asset: `1000 USDT`, exact.
public struct DecimalAmount: Sendable, Equatable {
    public var value: ExactDecimal
    /// Upper case, as the venue names it.
    public var asset: String

    public init(_ value: ExactDecimal, _ asset: String) {
        self.value = value
        self.asset = asset
    }

    public var raw: Int128 { value.raw }
    public var scale: Int { value.scale }
}

extension DecimalAmount: CustomStringConvertible {
    public var description: String { "\(value) \(asset)" }
}

/// A part of a whole in units of 1e-8: `25bps` is 250 000, `7%` is 7 000 000.
public struct Proportion: Sendable, Hashable, Comparable {
    public var raw: Int64

    public init(raw: Int64) { self.raw = raw }

    public static let one = Proportion(raw: 100_000_000)

    /// Units of ``raw`` in a basis point and in a per cent.
    public static let basisPoint: Int64 = 10_000
    public static let percent: Int64 = 1_000_000

    public static func < (left: Proportion, right: Proportion) -> Bool { left.raw < right.raw }

    /// In basis points, for messages.
    public var basisPoints: ExactDecimal { ExactDecimal(raw: Int128(raw), scale: 4).shortened() }

    /// The nearest binary fraction, for indicators only.
    public var approximation: Double { Double(raw) / 1e8 }
}

/// So many events within a sliding window: `50/s`, `100/10s`.
public struct RateAllowance: Sendable, Hashable {
    public var count: Int64
    public var window: Nanoseconds

    public init(count: Int64, window: Nanoseconds) {
        self.count = count
        self.window = window
    }
}

/// A part of every UTC day in minutes since midnight; over midnight when the end is before the
/// start. The end is exclusive.
public struct DailyHours: Sendable, Hashable {
    /// 0...1439.
    public var startMinute: Int64
    /// 1...1440; never equal to the start.
    public var endMinute: Int64

    public init(startMinute: Int64, endMinute: Int64) {
        self.startMinute = startMinute
        self.endMinute = endMinute
    }
}
