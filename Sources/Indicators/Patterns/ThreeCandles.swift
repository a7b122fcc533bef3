// Patterns of three candles: 2 is the first, 0 the third.

extension CandleView {
    @inlinable
    func judgeThree(_ kind: CandlestickKind, _ penetration: Double) -> Int {
        switch kind {
        case .twoCrows: twoCrows()
        case .upsideGapTwoCrows: upsideGapTwoCrows()
        case .threeInside: threeInside()
        case .threeOutside: threeOutside()
        case .threeStarsInSouth: threeStarsInSouth()
        case .threeWhiteSoldiers: threeWhiteSoldiers()
        case .advanceBlock: advanceBlock()
        case .stalledPattern: stalledPattern()
        case .identicalThreeCrows: identicalThreeCrows()
        case .gapSideBySideWhite: gapSideBySideWhite()
        case .gapThreeMethods: gapThreeMethods()
        case .stickSandwich: stickSandwich()
        case .tasukiGap: tasukiGap()
        case .tristar: tristar()
        case .uniqueThreeRiver: uniqueThreeRiver()
        default: star(kind, penetration)
        }
    }

    @inlinable
    func twoCrows() -> Int {
        let (first, second, third) = (self[2], self[1], self[0])
        return first.isWhite && hasLongBody(2) && !second.isWhite && second.bodyGapsUp(from: first)
            && !third.isWhite && second.bodyHolds(third.open) && first.bodyHolds(third.close)
            ? -100 : 0
    }

    @inlinable
    func upsideGapTwoCrows() -> Int {
        let (first, second, third) = (self[2], self[1], self[0])
        return first.isWhite && hasLongBody(2) && !second.isWhite
            && second.body <= usualBody(1) && second.bodyGapsUp(from: first) && !third.isWhite
            && third.open > second.open && third.close < second.close && third.close > first.close
            ? -100 : 0
    }

    @inlinable
    func threeInside() -> Int {
        let (first, second, third) = (self[2], self[1], self[0])
        let isInside = hasLongBody(2) && second.body <= usualBody(1)
            && second.bodyTop < first.bodyTop && second.bodyBottom > first.bodyBottom
        let confirms = first.isWhite
            ? !third.isWhite && third.close < first.open
            : third.isWhite && third.close > first.open
        return isInside && confirms ? -100 * first.color : 0
    }

    @inlinable
    func threeOutside() -> Int {
        let (first, second, third) = (self[2], self[1], self[0])
        if first.color == second.color { return 0 }
        let engulfs = second.bodyTop > first.bodyTop && second.bodyBottom < first.bodyBottom
        let confirms = second.isWhite ? third.close > second.close : third.close < second.close
        return engulfs && confirms ? 100 * second.color : 0
    }

    @inlinable
    func threeStarsInSouth() -> Int {
        let (first, second, third) = (self[2], self[1], self[0])
        let isFirst = !first.isWhite && hasLongBody(2) && first.lowerShadow > first.body
        let isSecond = !second.isWhite && second.body < first.body && second.open > first.close
            && second.open <= first.high && second.low < first.close && second.low >= first.low
            && second.lowerShadow > tenthOfRange(1)
        let isThird = !third.isWhite && hasShortBody(0) && hasTinyLowerShadow(0)
            && hasTinyUpperShadow(0) && third.low > second.low && third.high < second.high
        return isFirst && isSecond && isThird ? 100 : 0
    }

    @inlinable
    func threeWhiteSoldiers() -> Int {
        let (first, second, third) = (self[2], self[1], self[0])
        let rise = areRisingWhites() && hasTinyUpperShadow(2) && hasTinyUpperShadow(1)
            && hasTinyUpperShadow(0)
        let opens = second.open > first.open && second.open <= first.close + near(2)
            && third.open > second.open && third.open <= second.close + near(1)
        let bodies = second.body > first.body - far(2) && third.body > second.body - far(1)
            && hasLongBody(0)
        return rise && opens && bodies ? 100 : 0
    }

    @inlinable
    func advanceBlock() -> Int {
        let (first, second, third) = (self[2], self[1], self[0])
        let begins = areRisingWhites() && second.open > first.open
            && second.open <= first.close + near(2) && third.open > second.open
            && third.open <= second.close + near(1) && hasLongBody(2)
            && first.upperShadow < usualShadow(2)
        if !begins { return 0 }
        let secondIsFarShorter = second.body < first.body - far(2)
            && third.body < second.body + near(1)
        let thirdIsFarShorter = third.body < second.body - far(1)
        let shrink = third.body < second.body && second.body < first.body
            && (third.upperShadow > usualShadow(0) || second.upperShadow > usualShadow(1))
        let isRejected = third.body < second.body && third.upperShadow > third.body
        return secondIsFarShorter || thirdIsFarShorter || shrink || isRejected ? -100 : 0
    }

    @inlinable
    func stalledPattern() -> Int {
        let (first, second, third) = (self[2], self[1], self[0])
        return areRisingWhites() && hasLongBody(2) && hasLongBody(1) && hasTinyUpperShadow(1)
            && second.open > first.open && second.open <= first.close + near(2) && hasShortBody(0)
            && third.open >= second.close - third.body - near(1) ? -100 : 0
    }

    @inlinable @inline(__always)
    func areRisingWhites() -> Bool {
        isWhite(2) && isWhite(1) && isWhite(0) && self[0].close > self[1].close
            && self[1].close > self[2].close
    }

    @inlinable
    func identicalThreeCrows() -> Int {
        let (first, second, third) = (self[2], self[1], self[0])
        let fall = !first.isWhite && !second.isWhite && !third.isWhite
            && first.close > second.close && second.close > third.close
        let shadows = hasTinyLowerShadow(2) && hasTinyLowerShadow(1) && hasTinyLowerShadow(0)
        return fall && shadows && Self.lies(second.open, within: equal(2), of: first.close)
            && Self.lies(third.open, within: equal(1), of: second.close) ? -100 : 0
    }

    @inlinable
    func gapSideBySideWhite() -> Int {
        let (first, second, third) = (self[2], self[1], self[0])
        let up = second.bodyGapsUp(from: first) && third.bodyGapsUp(from: first)
        let down = second.bodyGapsDown(from: first) && third.bodyGapsDown(from: first)
        let areAlike = second.isWhite && third.isWhite
            && Self.lies(third.body, within: near(1), of: second.body)
            && Self.lies(third.open, within: equal(1), of: second.open)
        return (up || down) && areAlike ? (up ? 100 : -100) : 0
    }

    @inlinable
    func gapThreeMethods() -> Int {
        let (first, second, third) = (self[2], self[1], self[0])
        let gaps = first.isWhite ? second.bodyGapsUp(from: first) : second.bodyGapsDown(from: first)
        return first.color == second.color && second.color == -third.color
            && second.bodyHolds(third.open) && first.bodyHolds(third.close) && gaps
            ? 100 * first.color : 0
    }

    @inlinable
    func stickSandwich() -> Int {
        let (first, second, third) = (self[2], self[1], self[0])
        return !first.isWhite && second.isWhite && !third.isWhite && second.low > first.close
            && Self.lies(third.close, within: equal(2), of: first.close) ? 100 : 0
    }

    @inlinable
    func tasukiGap() -> Int {
        let (first, second, third) = (self[2], self[1], self[0])
        let areAlike = (second.body - third.body).magnitude < near(1)
        let up = second.bodyGapsUp(from: first) && second.isWhite && !third.isWhite
            && second.bodyHolds(third.open) && third.close < second.open
            && third.close > first.bodyTop
        let down = second.bodyGapsDown(from: first) && !second.isWhite && third.isWhite
            && second.bodyHolds(third.open) && third.close > second.open
            && third.close < first.bodyBottom
        return (up || down) && areAlike ? 100 * second.color : 0
    }

    @inlinable
    func tristar() -> Int {
        let (first, second, third) = (self[2], self[1], self[0])
        let limit = tenthOfRange(2)
        if first.body > limit || second.body > limit || third.body > limit { return 0 }
        if second.bodyGapsUp(from: first) && third.bodyTop < second.bodyTop { return -100 }
        return second.bodyGapsDown(from: first) && third.bodyBottom > second.bodyBottom ? 100 : 0
    }

    @inlinable
    func uniqueThreeRiver() -> Int {
        let (first, second, third) = (self[2], self[1], self[0])
        return hasLongBody(2) && !first.isWhite && !second.isWhite && second.close > first.close
            && second.open <= first.open && second.low < first.low && hasShortBody(0)
            && third.isWhite && third.open > second.low ? 100 : 0
    }

    /// A long candle, a small one apart from it, and one that comes back far into the first.
    @inlinable
    func star(_ kind: CandlestickKind, _ penetration: Double) -> Int {
        let (first, second, third) = (self[2], self[1], self[0])
        let isSmall = kind == .eveningStar || kind == .morningStar
            ? second.body <= usualBody(1) : isDoji(1)
        if !hasLongBody(2) || !isSmall || !hasLongBody(0) || first.color == third.color { return 0 }
        let isMorning = !first.isWhite
        let comesBack = isMorning
            ? third.close > first.close.adding(first.body, times: penetration)
            : third.close < first.close - first.body * penetration
        if !comesBack { return 0 }
        switch kind {
        case .eveningStar, .eveningDojiStar:
            return !isMorning && second.bodyGapsUp(from: first) ? -100 : 0
        case .morningStar, .morningDojiStar:
            return isMorning && second.bodyGapsDown(from: first) ? 100 : 0
        default:
            let isAbandoned = isMorning
                ? second.gapsDown(from: first) && third.gapsUp(from: second)
                : second.gapsUp(from: first) && third.gapsDown(from: second)
            return isAbandoned ? 100 * third.color : 0
        }
    }
}
