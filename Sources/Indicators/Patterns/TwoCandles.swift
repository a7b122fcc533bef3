// Patterns of two candles: 1 is the first, 0 the second.

extension CandleView {
    /// One white, one black, in either order.
    @inlinable @inline(__always)
    func areOpposite(_ age: Int, _ other: Int) -> Condition { !areAlike(age, other) }

    @inlinable @inline(__always)
    func areAlike(_ age: Int, _ other: Int) -> Condition {
        self[age].isWhite .== self[other].isWhite
    }

    @inlinable @inline(never)
    func counterattack() -> Int {
        defer { slide(.body(1) + .body(0) + .shortRange(1)) }
        let meets = Self.lies(self[0].close, within: equal(1), of: self[1].close)
        return (areOpposite(1, 0) && hasLongBody(1) && hasLongBody(0) && meets)
            .verdict(isBullish: self[0].isWhite)
    }

    @inlinable @inline(never)
    func darkCloudCover() -> Int {
        defer { slide(.body(1)) }
        let (first, second) = (self[1], self[0])
        let opens = first.isWhite && second.isBlack && second.open .> first.high
        if !opens.holds { return 0 }
        return (hasLongBody(1) && second.close .> first.open
            && second.close .< first.close - first.body * penetration).verdict(-100)
    }

    @inlinable @inline(never)
    func dojiStar() -> Int {
        defer { slide(.body(1) + .range(0)) }
        let (first, second) = (self[1], self[0])
        let gaps = first.isWhite.chooses(
            second.bodyGapsUp(from: first), else: second.bodyGapsDown(from: first))
        return (hasLongBody(1) && isDoji(0) && gaps).verdict(isBullish: first.isBlack)
    }

    @inlinable @inline(never)
    func engulfing() -> Int {
        let (first, second) = (self[1], self[0])
        let covers = second.bodyTop .>= first.bodyTop && second.bodyBottom .<= first.bodyBottom
        let exceeds = second.bodyTop .> first.bodyTop || second.bodyBottom .< first.bodyBottom
        let isWhole = (second.open .< first.close || second.open .> first.close)
            && (second.close .< first.open || second.close .> first.open)
        return (areOpposite(1, 0) && covers && exceeds)
            .verdict(80 &+ isWhole.verdict(20), isBullish: second.isWhite)
    }

    @inlinable @inline(never)
    func hammer() -> Int {
        defer { slide(.body(0) + .range(0) + .shortRange(1)) }
        let candle = self[0]
        return (hasShortBody(0) && candle.lowerShadow .> candle.body && hasTinyUpperShadow(0)
            && candle.bodyBottom .<= self[1].low + near(1)).verdict(100)
    }

    @inlinable @inline(never)
    func hangingMan() -> Int {
        defer { slide(.body(0) + .range(0) + .shortRange(1)) }
        let candle = self[0]
        return (hasShortBody(0) && candle.lowerShadow .> candle.body && hasTinyUpperShadow(0)
            && candle.bodyBottom .>= self[1].high - near(1)).verdict(-100)
    }

    @inlinable @inline(never)
    func harami() -> Int {
        defer { slide(.body(1) + .body(0)) }
        return harami(isSmall(0))
    }

    @inlinable @inline(never)
    func haramiCross() -> Int {
        defer { slide(.body(1) + .range(0)) }
        return harami(isDoji(0))
    }

    @inlinable @inline(__always)
    func harami(_ hasSecond: Condition) -> Int {
        let (first, second) = (self[1], self[0])
        let isHeld = second.bodyTop .<= first.bodyTop && second.bodyBottom .>= first.bodyBottom
        let isInside = second.bodyTop .< first.bodyTop && second.bodyBottom .> first.bodyBottom
        return (hasLongBody(1) && hasSecond && isHeld)
            .verdict(80 &+ isInside.verdict(20), isBullish: first.isBlack)
    }

    @inlinable @inline(never)
    func homingPigeon() -> Int {
        defer { slide(.body(1) + .body(0)) }
        let (first, second) = (self[1], self[0])
        return (first.isBlack && second.isBlack && hasLongBody(1) && isSmall(0)
            && second.open .< first.open && second.close .> first.close).verdict(100)
    }

    @inlinable @inline(__always)
    func invertedHammer() -> Int {
        defer { slide(.body(0) + .range(0)) }
        if !self[0].bodyGapsDown(from: self[1]).holds { return 0 }
        return isInvertedHammer().verdict(100)
    }

    @inlinable @inline(__always)
    func shootingStar() -> Int {
        defer { slide(.body(0) + .range(0)) }
        if !self[0].bodyGapsUp(from: self[1]).holds { return 0 }
        return isInvertedHammer().verdict(-100)
    }

    @inlinable @inline(__always)
    func isInvertedHammer() -> Condition {
        hasShortBody(0) && self[0].upperShadow .> self[0].body && hasTinyLowerShadow(0)
    }

    @inlinable @inline(never)
    func kicking() -> Int {
        defer { slide(.body(1) + .body(0) + .range(1) + .range(0)) }
        return kicking(byLength: false)
    }

    @inlinable @inline(never)
    func kickingByLength() -> Int {
        defer { slide(.body(1) + .body(0) + .range(1) + .range(0)) }
        return kicking(byLength: true)
    }

    @inlinable @inline(__always)
    func kicking(byLength: Bool) -> Int {
        let (first, second) = (self[1], self[0])
        let gaps = first.isWhite.chooses(
            second.isBlack && second.gapsDown(from: first),
            else: second.isWhite && second.gapsUp(from: first))
        if !gaps.holds { return 0 }
        let isLonger = first.body .>= second.body
        let isBullish = byLength
            ? isLonger.chooses(first.isWhite, else: second.isWhite) : second.isWhite
        return (isMarubozu(1) && isMarubozu(0)).verdict(isBullish: isBullish)
    }

    @inlinable @inline(__always)
    func isMarubozu(_ age: Int) -> Condition {
        hasLongBody(age) && hasTinyUpperShadow(age) && hasTinyLowerShadow(age)
    }

    @inlinable @inline(never)
    func matchingLow() -> Int {
        defer { slide(.shortRange(1)) }
        return (isBlack(1) && isBlack(0)
            && Self.lies(self[0].close, within: equal(1), of: self[1].close)).verdict(100)
    }

    @inlinable @inline(never)
    func separatingLines() -> Int {
        defer { slide(.body(0) + .range(0) + .shortRange(1)) }
        let second = self[0]
        let opensAtEnd = second.isWhite.chooses(
            hasTinyLowerShadow(0), else: hasTinyUpperShadow(0))
        return (areOpposite(1, 0) && Self.lies(second.open, within: equal(1), of: self[1].open)
            && hasLongBody(0) && opensAtEnd).verdict(isBullish: second.isWhite)
    }
}

// A long black candle, then a white one that opens below it: how far up it closes tells which.
extension CandleView {
    @inlinable @inline(__always)
    func opensBelowFall() -> Condition {
        isBlack(1) && isWhite(0) && self[0].open .< self[1].low
    }

    /// The middle of the first body.
    @inlinable @inline(__always)
    func middle() -> Double { self[1].close.adding(self[1].body, times: 0.5) }

    @inlinable @inline(never)
    func inNeck() -> Int {
        defer { slide(.body(1) + .shortRange(1)) }
        let (first, second) = (self[1], self[0])
        if !opensBelowFall().holds { return 0 }
        return (hasLongBody(1) && second.close .<= first.close + equal(1)
            && second.close .>= first.close).verdict(-100)
    }

    @inlinable @inline(never)
    func onNeck() -> Int {
        defer { slide(.body(1) + .shortRange(1)) }
        if !opensBelowFall().holds { return 0 }
        return (hasLongBody(1) && Self.lies(self[0].close, within: equal(1), of: self[1].low))
            .verdict(-100)
    }

    @inlinable @inline(never)
    func thrusting() -> Int {
        defer { slide(.body(1) + .shortRange(1)) }
        let (first, second) = (self[1], self[0])
        if !opensBelowFall().holds { return 0 }
        return (hasLongBody(1) && second.close .> first.close + equal(1)
            && second.close .<= middle()).verdict(-100)
    }

    @inlinable @inline(never)
    func piercing() -> Int {
        defer { slide(.body(1) + .body(0)) }
        let (first, second) = (self[1], self[0])
        if !opensBelowFall().holds { return 0 }
        return (hasLongBody(1) && hasLongBody(0) && second.close .< first.open
            && second.close .> middle()).verdict(100)
    }
}
