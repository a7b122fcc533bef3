/// Hikkake: an inside bar whose breakout fails. ±100 as the false breakout comes, +100 up after a
/// lower bar, −100 after a higher one; ±200 when a close beyond the inside bar confirms it within
/// three bars.
@frozen
public struct Hikkake: IndicatorFormula {
    @frozen
    public enum Form: UInt8, Codable, Sendable {
        case plain
        /// Two inside bars in a row, the first of which closes near its end.
        case modified
    }

    @usableFromInline let form: Form
    @usableFromInline var window: CandleWindow
    @usableFromInline var result = 0
    /// The last bar that may confirm, counted from 1; 0 when there is nothing to confirm.
    @usableFromInline var lastChance = 0
    /// 1 if a close above the level confirms, −1 if one below it.
    @usableFromInline var side = 1.0
    /// The end of the inside bar that a confirming close lies beyond, times that.
    @usableFromInline var level = 0.0

    public init(_ form: Form = .plain) {
        self.form = form
        // A pattern may begin three bars before the first value.
        window = CandleWindow(ages: 3, warmUp: form == .plain ? 2 : 7)
    }

    @inlinable
    public var warmUp: Int { window.warmUp &+ 3 }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> Int? {
        guard let newest = window.push(bar) else { return nil }
        let form = self.form
        let outcome = window.view(newest) {
            form == .plain ? $0.falseBreakout() : $0.modifiedFalseBreakout()
        }
        let inside = newest[-CandleWindow.stride]
        let value = judge(outcome, inside: inside, close: newest.pointee.close)
        return _fastPath(window.candles.pushed > warmUp) ? value : nil
    }

    /// Without a branch: neither outcome nor confirmation can be foreseen.
    @inlinable @inline(__always)
    mutating func judge(_ outcome: Int, inside: Candle, close: Double) -> Int {
        let count = window.candles.pushed
        let isNew = Condition(word: UInt64(bitPattern: Int64(outcome | (0 &- outcome))))
        let isUp = !Condition(word: UInt64(bitPattern: Int64(outcome)))
        let isInTime = Condition(word: UInt64(bitPattern: Int64(count &- lastChance &- 1)))
        let confirms = !isNew && isInTime && level .< close * side
        let value = outcome | confirms.verdict(result &+ result)
        lastChance = isNew.chooses(count &+ 3, else: (!confirms).verdict(lastChance))
        result = isNew.chooses(outcome, else: result)
        side = isNew.chooses(isUp.chooses(1, else: -1), else: side)
        level = isNew.chooses(isUp.chooses(inside.high, else: -inside.low), else: level)
        return value
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        window.visitRings(&visitor)
    }
}

extension CandleView {
    @inlinable @inline(__always)
    func falseBreakout() -> Int {
        (isInside(1) && (isLower() || isHigher())).verdict(isBullish: isLower())
    }

    @inlinable @inline(__always)
    func modifiedFalseBreakout() -> Int {
        defer { slide(.shortRange(2)) }
        let first = self[2]
        let isInside = isInside(2) && isInside(1)
        if !isInside.holds { return 0 }
        let isLow = isLower() && first.close .<= first.low + near(2)
        let isHigh = isHigher() && first.close .>= first.high - near(2)
        return (isLow || isHigh).verdict(isBullish: isLow)
    }

    /// The newest bar lies lower than the one before.
    @inlinable @inline(__always)
    func isLower() -> Condition { self[0].high .< self[1].high && self[0].low .< self[1].low }

    @inlinable @inline(__always)
    func isHigher() -> Condition { self[0].high .> self[1].high && self[0].low .> self[1].low }

    @inlinable @inline(__always)
    func isInside(_ age: Int) -> Condition {
        self[age].high .< self[age &+ 1].high && self[age].low .> self[age &+ 1].low
    }
}
