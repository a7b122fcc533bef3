/// Sizes of the candles before one, added up: bodies, shadows and ranges of ten, ranges of five.
@frozen
@usableFromInline
struct CandleSizes: BitwiseCopyable, Codable {
    @usableFromInline var body = 0.0
    @usableFromInline var shadows = 0.0
    @usableFromInline var range = 0.0
    @usableFromInline var shortRange = 0.0

    @inlinable @inline(__always)
    init() {}
}

/// Which sums a pattern looks at, by the age of the candle that they precede: only these are moved
/// on.
@frozen
@usableFromInline
struct CandleMeasures: OptionSet {
    @usableFromInline let rawValue: UInt32

    @inlinable @inline(__always)
    init(rawValue: UInt32) { self.rawValue = rawValue }

    @inlinable @inline(__always)
    static func body(_ age: UInt32) -> Self { Self(rawValue: 1 &<< age) }

    @inlinable @inline(__always)
    static func shadows(_ age: UInt32) -> Self { Self(rawValue: 0x100 &<< age) }

    @inlinable @inline(__always)
    static func range(_ age: UInt32) -> Self { Self(rawValue: 0x1_0000 &<< age) }

    @inlinable @inline(__always)
    static func shortRange(_ age: UInt32) -> Self { Self(rawValue: 0x100_0000 &<< age) }

    /// Both.
    @inlinable @inline(__always)
    static func + (left: Self, right: Self) -> Self {
        Self(rawValue: left.rawValue | right.rawValue)
    }

    @inlinable @inline(__always)
    func has(_ measure: Self) -> Bool { rawValue & measure.rawValue != 0 }
}

/// The sums before each of the newest five candles, in the formula itself: a step changes them where
/// they are.
///
/// Each age has its own: a sum before one candle is not, to the last bit, what that before the next
/// was a candle ago, for they began at different candles.
@frozen
@usableFromInline
struct CandleTotals: BitwiseCopyable, Codable {
    @usableFromInline var age0 = CandleSizes()
    @usableFromInline var age1 = CandleSizes()
    @usableFromInline var age2 = CandleSizes()
    @usableFromInline var age3 = CandleSizes()
    @usableFromInline var age4 = CandleSizes()

    @inlinable @inline(__always)
    init() {}

    /// All of them as a row, by age.
    @inlinable @inline(__always)
    mutating func withPointer<Value>(
        _ body: (UnsafeMutablePointer<CandleSizes>) -> Value
    ) -> Value {
        withUnsafeMutablePointer(to: &self) {
            body(UnsafeMutableRawPointer($0).assumingMemoryBound(to: CandleSizes.self))
        }
    }
}
