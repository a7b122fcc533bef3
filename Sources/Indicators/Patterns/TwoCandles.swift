// Patterns of two candles: 1 is the first, 0 the second.

extension CandleView {
    @inlinable
    func judgeTwo(_ kind: CandlestickKind, _ penetration: Double) -> Int {
        switch kind {
        case .counterattack: counterattack()
        case .darkCloudCover: darkCloudCover(penetration)
        case .dojiStar: dojiStar()
        case .engulfing: engulfing()
        case .hammer: hammer()
        case .hangingMan: hangingMan()
        case .harami: harami(hasSecond: self[0].body <= usualBody(0))
        case .haramiCross: harami(hasSecond: isDoji(0))
        case .homingPigeon: homingPigeon()
        case .invertedHammer: invertedHammer()
        case .kicking, .kickingByLength: kicking(byLength: kind == .kickingByLength)
        case .matchingLow: matchingLow()
        case .separatingLines: separatingLines()
        case .shootingStar: shootingStar()
        default: returnIntoFall(kind)
        }
    }

    @inlinable
    func counterattack() -> Int {
        self[1].color == -self[0].color && hasLongBody(1) && hasLongBody(0)
            && Self.lies(self[0].close, within: equal(1), of: self[1].close)
            ? 100 * self[0].color : 0
    }

    @inlinable
    func darkCloudCover(_ penetration: Double) -> Int {
        let first = self[1]
        let second = self[0]
        return first.isWhite && hasLongBody(1) && !second.isWhite && second.open > first.high
            && second.close > first.open
            && second.close < first.close - first.body * penetration ? -100 : 0
    }

    @inlinable
    func dojiStar() -> Int {
        let gaps = isWhite(1)
            ? self[0].bodyGapsUp(from: self[1]) : self[0].bodyGapsDown(from: self[1])
        return hasLongBody(1) && isDoji(0) && gaps ? -100 * self[1].color : 0
    }

    @inlinable
    func engulfing() -> Int {
        let first = self[1]
        let second = self[0]
        if first.color == second.color { return 0 }
        if second.bodyTop < first.bodyTop || second.bodyBottom > first.bodyBottom { return 0 }
        if second.bodyTop == first.bodyTop && second.bodyBottom == first.bodyBottom { return 0 }
        let isWhole = second.open != first.close && second.close != first.open
        return (isWhole ? 100 : 80) * second.color
    }

    @inlinable
    func hammer() -> Int {
        hasShortBody(0) && self[0].lowerShadow > self[0].body && hasTinyUpperShadow(0)
            && self[0].bodyBottom <= self[1].low + near(1) ? 100 : 0
    }

    @inlinable
    func hangingMan() -> Int {
        hasShortBody(0) && self[0].lowerShadow > self[0].body && hasTinyUpperShadow(0)
            && self[0].bodyBottom >= self[1].high - near(1) ? -100 : 0
    }

    @inlinable
    func harami(hasSecond: Bool) -> Int {
        let first = self[1]
        let second = self[0]
        if !hasLongBody(1) || !hasSecond { return 0 }
        if second.bodyTop < first.bodyTop && second.bodyBottom > first.bodyBottom {
            return -100 * first.color
        }
        return second.bodyTop <= first.bodyTop && second.bodyBottom >= first.bodyBottom
            ? -80 * first.color : 0
    }

    @inlinable
    func homingPigeon() -> Int {
        isBlack(1) && isBlack(0) && hasLongBody(1) && self[0].body <= usualBody(0)
            && self[0].open < self[1].open && self[0].close > self[1].close ? 100 : 0
    }

    @inlinable
    func invertedHammer() -> Int {
        hasShortBody(0) && self[0].upperShadow > self[0].body && hasTinyLowerShadow(0)
            && self[0].bodyGapsDown(from: self[1]) ? 100 : 0
    }

    @inlinable
    func shootingStar() -> Int {
        hasShortBody(0) && self[0].upperShadow > self[0].body && hasTinyLowerShadow(0)
            && self[0].bodyGapsUp(from: self[1]) ? -100 : 0
    }

    @inlinable
    func kicking(byLength: Bool) -> Int {
        let first = self[1]
        let second = self[0]
        if first.color == second.color || !isMarubozu(1) || !isMarubozu(0) { return 0 }
        let gaps = first.isWhite ? second.gapsDown(from: first) : second.gapsUp(from: first)
        if !gaps { return 0 }
        return 100 * (byLength && second.body <= first.body ? first.color : second.color)
    }

    @inlinable @inline(__always)
    func isMarubozu(_ age: Int) -> Bool {
        hasLongBody(age) && hasTinyUpperShadow(age) && hasTinyLowerShadow(age)
    }

    @inlinable
    func matchingLow() -> Int {
        isBlack(1) && isBlack(0)
            && Self.lies(self[0].close, within: equal(1), of: self[1].close) ? 100 : 0
    }

    @inlinable
    func separatingLines() -> Int {
        let second = self[0]
        return self[1].color == -second.color
            && Self.lies(second.open, within: equal(1), of: self[1].open) && hasLongBody(0)
            && (second.isWhite ? hasTinyLowerShadow(0) : hasTinyUpperShadow(0))
            ? 100 * second.color : 0
    }

    /// A long black candle, then a white one that opens below it: how far up it closes tells which.
    @inlinable
    func returnIntoFall(_ kind: CandlestickKind) -> Int {
        let first = self[1]
        let second = self[0]
        if first.isWhite || !hasLongBody(1) || !second.isWhite || second.open >= first.low {
            return 0
        }
        let middle = first.close.adding(first.body, times: 0.5)
        switch kind {
        case .inNeck:
            return second.close <= first.close + equal(1) && second.close >= first.close ? -100 : 0
        case .onNeck:
            return Self.lies(second.close, within: equal(1), of: first.low) ? -100 : 0
        case .thrusting:
            return second.close > first.close + equal(1) && second.close <= middle ? -100 : 0
        default:
            return hasLongBody(0) && second.close < first.open && second.close > middle ? 100 : 0
        }
    }
}
