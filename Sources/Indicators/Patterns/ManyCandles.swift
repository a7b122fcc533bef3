// Patterns of four and five candles; the newest is 0.

extension CandleView {
    @inlinable
    func judgeMany(_ kind: CandlestickKind, _ penetration: Double) -> Int {
        switch kind {
        case .threeBlackCrows: threeBlackCrows()
        case .threeLineStrike: threeLineStrike()
        case .concealingBabySwallow: concealingBabySwallow()
        case .breakaway: breakaway()
        case .ladderBottom: ladderBottom()
        case .matHold: matHold(penetration)
        default: threeMethods()
        }
    }

    @inlinable
    func threeBlackCrows() -> Int {
        let (before, first, second, third) = (self[3], self[2], self[1], self[0])
        let crows = !first.isWhite && !second.isWhite && !third.isWhite && hasTinyLowerShadow(2)
            && hasTinyLowerShadow(1) && hasTinyLowerShadow(0)
        return before.isWhite && crows && first.bodyHolds(second.open)
            && second.bodyHolds(third.open) && before.high > first.close
            && first.close > second.close && second.close > third.close ? -100 : 0
    }

    @inlinable
    func threeLineStrike() -> Int {
        let (first, second, third, fourth) = (self[3], self[2], self[1], self[0])
        let colors = first.color == second.color && second.color == third.color
            && fourth.color == -third.color
        let opens = second.open >= first.bodyBottom - near(3)
            && second.open <= first.bodyTop + near(3)
            && third.open >= second.bodyBottom - near(2) && third.open <= second.bodyTop + near(2)
        let strikes = third.isWhite
            ? third.close > second.close && second.close > first.close
                && fourth.open > third.close && fourth.close < first.open
            : third.close < second.close && second.close < first.close
                && fourth.open < third.close && fourth.close > first.open
        return colors && opens && strikes ? 100 * third.color : 0
    }

    @inlinable
    func concealingBabySwallow() -> Int {
        let (second, third, fourth) = (self[2], self[1], self[0])
        let blacks = isBlack(3) && isBlack(2) && isBlack(1) && isBlack(0)
        let marubozu = hasTinyLowerShadow(3) && hasTinyUpperShadow(3) && hasTinyLowerShadow(2)
            && hasTinyUpperShadow(2)
        return blacks && marubozu && third.bodyGapsDown(from: second)
            && third.upperShadow > tenthOfRange(1) && third.high > second.close
            && fourth.high > third.high && fourth.low < third.low ? 100 : 0
    }

    @inlinable
    func breakaway() -> Int {
        let (first, second, third, fourth, fifth) = (self[4], self[3], self[2], self[1], self[0])
        let colors = first.color == second.color && second.color == fourth.color
            && fourth.color == -fifth.color
        if !hasLongBody(4) || !colors { return 0 }
        let breaks = first.isWhite
            ? second.bodyGapsUp(from: first) && third.high > second.high && third.low > second.low
                && fourth.high > third.high && fourth.low > third.low
                && fifth.close < second.open && fifth.close > first.close
            : second.bodyGapsDown(from: first) && third.high < second.high && third.low < second.low
                && fourth.high < third.high && fourth.low < third.low
                && fifth.close > second.open && fifth.close < first.close
        return breaks ? 100 * fifth.color : 0
    }

    @inlinable
    func ladderBottom() -> Int {
        let (first, second, third, fourth, fifth) = (self[4], self[3], self[2], self[1], self[0])
        let falls = !first.isWhite && !second.isWhite && !third.isWhite && first.open > second.open
            && second.open > third.open && first.close > second.close && second.close > third.close
        return falls && !fourth.isWhite && fourth.upperShadow > tenthOfRange(1) && fifth.isWhite
            && fifth.open > fourth.open && fifth.close > fourth.high ? 100 : 0
    }

    @inlinable
    func matHold(_ penetration: Double) -> Int {
        let (first, second, third, fourth, fifth) = (self[4], self[3], self[2], self[1], self[0])
        let floor = first.close - first.body * penetration
        let begins = hasLongBody(4) && first.isWhite && hasShortBody(3) && !second.isWhite
            && second.bodyGapsUp(from: first)
        let holds = hasShortBody(2) && hasShortBody(1) && third.bodyBottom < first.close
            && fourth.bodyBottom < first.close && third.bodyBottom > floor
            && fourth.bodyBottom > floor && third.bodyTop < second.open
            && fourth.bodyTop < third.bodyTop
        return begins && holds && fifth.isWhite && fifth.open > fourth.close
            && fifth.close > larger(larger(second.high, third.high), fourth.high) ? 100 : 0
    }

    @inlinable
    func threeMethods() -> Int {
        let (first, second, third, fourth, fifth) = (self[4], self[3], self[2], self[1], self[0])
        let bodies = hasLongBody(4) && hasShortBody(3) && hasShortBody(2) && hasShortBody(1)
            && hasLongBody(0)
        let colors = first.color == -second.color && second.color == third.color
            && third.color == fourth.color && fourth.color == -fifth.color
        if !bodies || !colors { return 0 }
        let stay = Self.touches(second, first) && Self.touches(third, first)
            && Self.touches(fourth, first)
        let moves = first.isWhite
            ? third.close < second.close && fourth.close < third.close
                && fifth.open > fourth.close && fifth.close > first.close
            : third.close > second.close && fourth.close > third.close
                && fifth.open < fourth.close && fifth.close < first.close
        return stay && moves ? 100 * first.color : 0
    }

    /// The body of `candle` reaches into the range of `other`.
    @inlinable @inline(__always)
    static func touches(_ candle: Candle, _ other: Candle) -> Bool {
        candle.bodyBottom < other.high && candle.bodyTop > other.low
    }
}
