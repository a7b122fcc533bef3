// Patterns of three candles: 2 is the first, 0 the third.

extension CandleView {
    @inlinable @inline(__always)
    static var stars: CandleMeasures { .body(2) + .body(1) + .body(0) }

    @inlinable @inline(__always)
    static var dojiStars: CandleMeasures { .body(2) + .range(1) + .body(0) }

    @inlinable @inline(__always)
    static var threeRanges: CandleMeasures { .range(2) + .range(1) + .range(0) }

    @inlinable @inline(__always)
    static var threeShadows: CandleMeasures { .shadows(2) + .shadows(1) + .shadows(0) }

    @inlinable @inline(__always)
    static var twoShortRanges: CandleMeasures { .shortRange(2) + .shortRange(1) }
}

extension CandleView {
    @inlinable @inline(never)
    func twoCrows() -> Int {
        defer { slide(.body(2)) }
        let (first, second, third) = (self[2], self[1], self[0])
        if !second.bodyGapsUp(from: first).holds { return 0 }
        return (first.isWhite && hasLongBody(2) && second.isBlack && third.isBlack
            && second.bodyHolds(third.open) && first.bodyHolds(third.close)).verdict(-100)
    }

    @inlinable @inline(never)
    func upsideGapTwoCrows() -> Int {
        defer { slide(.body(2) + .body(1)) }
        let (first, second, third) = (self[2], self[1], self[0])
        if !second.bodyGapsUp(from: first).holds { return 0 }
        return (first.isWhite && hasLongBody(2) && second.isBlack && isSmall(1) && third.isBlack
            && third.open .> second.open && third.close .< second.close
            && third.close .> first.close).verdict(-100)
    }

    @inlinable @inline(__always)
    func threeInside() -> Int {
        defer { slide(.body(2) + .body(1)) }
        let (first, second, third) = (self[2], self[1], self[0])
        let isInside = second.bodyTop .< first.bodyTop && second.bodyBottom .> first.bodyBottom
        if !(hasLongBody(2) && isSmall(1) && isInside).holds { return 0 }
        let confirms = first.isWhite.chooses(
            third.isBlack && third.close .< first.open, else: third.isWhite && third.close .> first.open)
        return confirms.verdict(isBullish: first.isBlack)
    }

    @inlinable @inline(never)
    func threeOutside() -> Int {
        let (first, second, third) = (self[2], self[1], self[0])
        let engulfs = second.bodyTop .> first.bodyTop && second.bodyBottom .< first.bodyBottom
        let confirms = second.isWhite.chooses(
            third.close .> second.close, else: third.close .< second.close)
        return (areOpposite(2, 1) && engulfs && confirms).verdict(isBullish: second.isWhite)
    }

    @inlinable @inline(never)
    func threeStarsInSouth() -> Int {
        defer { slide(.body(2) + .body(0) + .range(1) + .range(0)) }
        let (first, second, third) = (self[2], self[1], self[0])
        let fall = first.isBlack && second.isBlack && third.isBlack
            && third.low .> second.low && third.high .< second.high
        if !fall.holds { return 0 }
        let isFirst = hasLongBody(2) && first.lowerShadow .> first.body
        let isSecond = second.body .< first.body && second.open .> first.close
            && second.open .<= first.high && second.low .< first.close && second.low .>= first.low
            && second.lowerShadow .> tenthOfRange(1)
        let isThird = hasShortBody(0) && hasTinyLowerShadow(0) && hasTinyUpperShadow(0)
        return (isFirst && isSecond && isThird).verdict(100)
    }

    @inlinable @inline(never)
    func threeWhiteSoldiers() -> Int {
        defer { slide(Self.threeRanges + Self.twoShortRanges + .body(0)) }
        let (first, second, third) = (self[2], self[1], self[0])
        if !areRisingWhites().holds { return 0 }
        let ends = hasTinyUpperShadow(2) && hasTinyUpperShadow(1) && hasTinyUpperShadow(0)
        let bodies = second.body .> first.body - far(2) && third.body .> second.body - far(1)
            && hasLongBody(0)
        return (ends && opensWithin() && bodies).verdict(100)
    }

    /// The second and the third open in the body before or near its end.
    @inlinable @inline(__always)
    func opensWithin() -> Condition {
        let (first, second, third) = (self[2], self[1], self[0])
        return second.open .> first.open && second.open .<= first.close + near(2)
            && third.open .> second.open && third.open .<= second.close + near(1)
    }

    @inlinable @inline(never)
    func advanceBlock() -> Int {
        defer { slide(Self.threeShadows + Self.twoShortRanges + .body(2)) }
        let (first, second, third) = (self[2], self[1], self[0])
        if !areRisingWhites().holds { return 0 }
        let begins = opensWithin() && hasLongBody(2) && first.upperShadow .< usualShadow(2)
        let secondIsFarShorter = second.body .< first.body - far(2)
            && third.body .< second.body + near(1)
        let thirdIsFarShorter = third.body .< second.body - far(1)
        let shrink = third.body .< second.body && second.body .< first.body
            && (third.upperShadow .> usualShadow(0) || second.upperShadow .> usualShadow(1))
        let isRejected = third.body .< second.body && third.upperShadow .> third.body
        return (begins && (secondIsFarShorter || thirdIsFarShorter || shrink || isRejected))
            .verdict(-100)
    }

    @inlinable @inline(never)
    func stalledPattern() -> Int {
        defer { slide(.body(2) + .body(1) + .body(0) + .range(1) + Self.twoShortRanges) }
        let (first, second, third) = (self[2], self[1], self[0])
        if !areRisingWhites().holds { return 0 }
        return (hasLongBody(2) && hasLongBody(1) && hasTinyUpperShadow(1)
            && second.open .> first.open && second.open .<= first.close + near(2)
            && hasShortBody(0) && third.open .>= second.close - third.body - near(1)).verdict(-100)
    }

    @inlinable @inline(__always)
    func areRisingWhites() -> Condition {
        isWhite(2) && isWhite(1) && isWhite(0) && self[0].close .> self[1].close
            && self[1].close .> self[2].close
    }

    @inlinable @inline(never)
    func identicalThreeCrows() -> Int {
        defer { slide(Self.threeRanges + Self.twoShortRanges) }
        let (first, second, third) = (self[2], self[1], self[0])
        let fall = first.isBlack && second.isBlack && third.isBlack
            && first.close .> second.close && second.close .> third.close
        if !fall.holds { return 0 }
        let shadows = hasTinyLowerShadow(2) && hasTinyLowerShadow(1) && hasTinyLowerShadow(0)
        return (shadows && Self.lies(second.open, within: equal(2), of: first.close)
            && Self.lies(third.open, within: equal(1), of: second.close)).verdict(-100)
    }

    @inlinable @inline(__always)
    func gapSideBySideWhite() -> Int {
        defer { slide(.shortRange(1)) }
        let (first, second, third) = (self[2], self[1], self[0])
        let up = second.bodyGapsUp(from: first) && third.bodyGapsUp(from: first)
        let down = second.bodyGapsDown(from: first) && third.bodyGapsDown(from: first)
        if !(up || down).holds { return 0 }
        return (second.isWhite && third.isWhite
            && Self.lies(third.body, within: near(1), of: second.body)
            && Self.lies(third.open, within: equal(1), of: second.open)).verdict(isBullish: up)
    }

    @inlinable @inline(never)
    func gapThreeMethods() -> Int {
        let (first, second, third) = (self[2], self[1], self[0])
        let gaps = first.isWhite.chooses(
            second.bodyGapsUp(from: first), else: second.bodyGapsDown(from: first))
        if !gaps.holds { return 0 }
        return (areAlike(2, 1) && areOpposite(1, 0) && second.bodyHolds(third.open)
            && first.bodyHolds(third.close)).verdict(isBullish: first.isWhite)
    }

    @inlinable @inline(never)
    func stickSandwich() -> Int {
        defer { slide(.shortRange(2)) }
        let (first, second, third) = (self[2], self[1], self[0])
        return (first.isBlack && second.isWhite && third.isBlack && second.low .> first.close
            && Self.lies(third.close, within: equal(2), of: first.close)).verdict(100)
    }

    @inlinable @inline(__always)
    func tasukiGap() -> Int {
        defer { slide(.shortRange(1)) }
        let (first, second, third) = (self[2], self[1], self[0])
        let gapsUp = second.bodyGapsUp(from: first)
        if !(gapsUp || second.bodyGapsDown(from: first)).holds { return 0 }
        let areEqual = (second.body - third.body).magnitude .< near(1)
        let reaches = gapsUp.chooses(
            second.isWhite && third.close .< second.open && third.close .> first.bodyTop,
            else: second.isBlack && third.close .> second.open && third.close .< first.bodyBottom)
        return (areOpposite(1, 0) && second.bodyHolds(third.open) && reaches && areEqual)
            .verdict(isBullish: gapsUp)
    }

    @inlinable @inline(__always)
    func tristar() -> Int {
        defer { slide(.range(2)) }
        let (first, second, third) = (self[2], self[1], self[0])
        let limit = tenthOfRange(2)
        let areDojis = first.body .<= limit && second.body .<= limit && third.body .<= limit
        if !areDojis.holds { return 0 }
        let isTop = second.bodyGapsUp(from: first) && third.bodyTop .< second.bodyTop
        let isBottom = second.bodyGapsDown(from: first) && third.bodyBottom .> second.bodyBottom
        return (isTop || isBottom).verdict(isBullish: isBottom)
    }

    @inlinable @inline(__always)
    func uniqueThreeRiver() -> Int {
        defer { slide(.body(2) + .body(0)) }
        let (first, second, third) = (self[2], self[1], self[0])
        let falls = first.isBlack && second.isBlack && third.isWhite && second.close .> first.close
            && second.open .<= first.open && second.low .< first.low
        if !falls.holds { return 0 }
        return (hasLongBody(2) && hasShortBody(0) && third.open .> second.low).verdict(100)
    }
}

// Stars: a long candle, a small one apart from it, and one that comes back far into the first.
extension CandleView {
    /// The third is white and closes that far up into the first, which is black.
    @inlinable @inline(__always)
    func returnsUp() -> Condition {
        let (first, third) = (self[2], self[0])
        return first.isBlack && third.isWhite
            && third.close .> first.close.adding(first.body, times: penetration)
    }

    @inlinable @inline(__always)
    func returnsDown() -> Condition {
        let (first, third) = (self[2], self[0])
        return first.isWhite && third.isBlack
            && third.close .< first.close - first.body * penetration
    }

    @inlinable @inline(never)
    func eveningStar() -> Int {
        defer { slide(Self.stars) }
        return eveningStar(isSmall(1))
    }

    @inlinable @inline(never)
    func eveningDojiStar() -> Int {
        defer { slide(Self.dojiStars) }
        return eveningStar(isDoji(1))
    }

    @inlinable @inline(__always)
    func eveningStar(_ isStar: Condition) -> Int {
        if !self[1].bodyGapsUp(from: self[2]).holds { return 0 }
        return (hasLongBody(2) && isStar && hasLongBody(0) && returnsDown())
            .verdict(-100)
    }

    @inlinable @inline(__always)
    func morningStar() -> Int {
        defer { slide(Self.stars) }
        return morningStar(isSmall(1))
    }

    @inlinable @inline(never)
    func morningDojiStar() -> Int {
        defer { slide(Self.dojiStars) }
        return morningStar(isDoji(1))
    }

    @inlinable @inline(__always)
    func morningStar(_ isStar: Condition) -> Int {
        if !self[1].bodyGapsDown(from: self[2]).holds { return 0 }
        return (hasLongBody(2) && isStar && hasLongBody(0) && returnsUp()).verdict(100)
    }

    @inlinable @inline(never)
    func abandonedBaby() -> Int {
        defer { slide(Self.dojiStars) }
        let (first, second, third) = (self[2], self[1], self[0])
        let isBottom = second.gapsDown(from: first) && third.gapsUp(from: second)
        let isTop = second.gapsUp(from: first) && third.gapsDown(from: second)
        if !(isBottom || isTop).holds { return 0 }
        let returns = isBottom.chooses(returnsUp(), else: returnsDown())
        return (hasLongBody(2) && isDoji(1) && hasLongBody(0) && returns)
            .verdict(isBullish: isBottom)
    }
}
