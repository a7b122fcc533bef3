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
    @usableFromInline var window = CandleWindow()
    @usableFromInline var result = 0
    /// The bar that broke out, counted from 1; 0 when there is nothing to confirm.
    @usableFromInline var brokenAt = 0
    /// The end of the inside bar that a confirming close lies beyond.
    @usableFromInline var level = 0.0

    public init(_ form: Form = .plain) { self.form = form }

    @inlinable
    public var warmUp: Int { form == .plain ? 5 : 10 }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> Int? {
        let candle = Candle(bar)
        window.candles.push(candle)
        let count = window.candles.pushed
        // Three bars before the first value a pattern may begin.
        if count <= warmUp &- 3 { return nil }
        if count == warmUp &- 2 || window.candles.isAnchorDue {
            window = window.started(ages: 3)
        }
        let value = judge(count)
        window.slide(ages: 3, newest: candle)
        return count > warmUp ? value : nil
    }

    @inlinable @inline(__always)
    mutating func judge(_ count: Int) -> Int {
        let view = window.view
        let outcome = form == .plain ? view.falseBreakout() : view.modifiedFalseBreakout()
        if outcome != 0 {
            result = outcome
            brokenAt = count
            level = outcome > 0 ? view[1].high : view[1].low
            return outcome
        }
        let close = view[0].close
        if brokenAt > 0, count <= brokenAt &+ 3, result > 0 ? close > level : close < level {
            brokenAt = 0
            return 2 * result
        }
        return 0
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        window.visitRings(&visitor)
    }
}

extension CandleView {
    @inlinable
    func falseBreakout() -> Int { isInside(1) ? breakout() : 0 }

    @inlinable
    func modifiedFalseBreakout() -> Int {
        if !isInside(2) || !isInside(1) { return 0 }
        let first = self[2]
        switch breakout() {
        case 100: return first.close <= first.low + near(2) ? 100 : 0
        case -100: return first.close >= first.high - near(2) ? -100 : 0
        default: return 0
        }
    }

    /// 100 if the newest bar lies lower than the one before, −100 if higher.
    @inlinable @inline(__always)
    func breakout() -> Int {
        if self[0].high < self[1].high && self[0].low < self[1].low { return 100 }
        return self[0].high > self[1].high && self[0].low > self[1].low ? -100 : 0
    }

    @inlinable @inline(__always)
    func isInside(_ age: Int) -> Bool {
        self[age].high < self[age &+ 1].high && self[age].low > self[age &+ 1].low
    }
}
