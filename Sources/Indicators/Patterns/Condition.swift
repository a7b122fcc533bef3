/// Whether something holds, as the sign of a word: conditions on prices are joined without branches,
/// of which nothing could foresee the most.
///
/// The difference of two prices has the sign that comparing them would tell: it is never rounded to
/// zero, and no number that indicators accept makes it overflow.
@frozen
@usableFromInline
struct Condition: BitwiseCopyable {
    @usableFromInline let word: UInt64

    @inlinable @inline(__always)
    init(word: UInt64) { self.word = word }

    /// All ones where it holds, else 0.
    @inlinable @inline(__always)
    var mask: Int { Int(bitPattern: UInt(word)) &>> 63 }

    /// For a branch: only where it hardly ever holds, or nearly always.
    @inlinable @inline(__always)
    var holds: Bool { Int64(bitPattern: word) < 0 }

    @inlinable @inline(__always)
    static prefix func ! (condition: Condition) -> Condition { Condition(word: ~condition.word) }

    @inlinable @inline(__always)
    static func && (left: Condition, right: Condition) -> Condition {
        Condition(word: left.word & right.word)
    }

    @inlinable @inline(__always)
    static func || (left: Condition, right: Condition) -> Condition {
        Condition(word: left.word | right.word)
    }

    /// Whether both hold or neither does.
    @inlinable @inline(__always)
    static func .== (left: Condition, right: Condition) -> Condition {
        Condition(word: ~(left.word ^ right.word))
    }

    /// `one` where it holds, else `other`.
    @inlinable @inline(__always)
    func chooses(_ one: Condition, else other: Condition) -> Condition {
        Condition(word: (word & one.word) | (~word & other.word))
    }

    @inlinable @inline(__always)
    func chooses(_ one: Int, else other: Int) -> Int { (mask & one) | (~mask & other) }

    @inlinable @inline(__always)
    func chooses(_ one: Double, else other: Double) -> Double {
        let all = UInt64(bitPattern: Int64(mask))
        return Double(bitPattern: (all & one.bitPattern) | (~all & other.bitPattern))
    }

    /// The size of a pattern where it holds, else 0.
    @inlinable @inline(__always)
    func verdict(_ size: Int) -> Int { mask & size }

    /// The same: as it is for a bullish pattern, negated for a bearish one.
    @inlinable @inline(__always)
    func verdict(_ size: Int = 100, isBullish: Condition) -> Int {
        let bear = (!isBullish).mask
        return mask & ((size ^ bear) &- bear)
    }
}

extension Double {
    @inlinable @inline(__always)
    static func .< (left: Double, right: Double) -> Condition {
        Condition(word: (left - right).bitPattern)
    }

    @inlinable @inline(__always)
    static func .> (left: Double, right: Double) -> Condition { right .< left }

    @inlinable @inline(__always)
    static func .<= (left: Double, right: Double) -> Condition { !(right .< left) }

    @inlinable @inline(__always)
    static func .>= (left: Double, right: Double) -> Condition { !(left .< right) }
}
