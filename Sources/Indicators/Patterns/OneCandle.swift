// Patterns of one candle. Ages count back from the newest candle, 0.

extension CandleView {
    @inlinable @inline(__always)
    func doji() -> Int {
        defer { slide(.range(0)) }
        return isDoji(0).verdict(100)
    }

    @inlinable @inline(never)
    func beltHold() -> Int {
        defer { slide(.body(0) + .range(0)) }
        let isWhite = self[0].isWhite
        let opensAtEnd = isWhite.chooses(hasTinyLowerShadow(0), else: hasTinyUpperShadow(0))
        return (hasLongBody(0) && opensAtEnd).verdict(isBullish: isWhite)
    }

    @inlinable @inline(never)
    func closingMarubozu() -> Int {
        defer { slide(.body(0) + .range(0)) }
        let isWhite = self[0].isWhite
        let closesAtEnd = isWhite.chooses(hasTinyUpperShadow(0), else: hasTinyLowerShadow(0))
        return (hasLongBody(0) && closesAtEnd).verdict(isBullish: isWhite)
    }

    @inlinable @inline(never)
    func marubozu() -> Int {
        defer { slide(.body(0) + .range(0)) }
        return (hasLongBody(0) && hasTinyUpperShadow(0) && hasTinyLowerShadow(0))
            .verdict(isBullish: self[0].isWhite)
    }

    @inlinable @inline(never)
    func highWave() -> Int {
        defer { slide(.body(0)) }
        let candle = self[0]
        let reach = 2 * candle.body
        let areLong = candle.upperShadow .> reach && candle.lowerShadow .> reach
        return (hasShortBody(0) && areLong).verdict(isBullish: candle.isWhite)
    }

    @inlinable @inline(never)
    func spinningTop() -> Int {
        defer { slide(.body(0)) }
        let candle = self[0]
        let areLong = candle.upperShadow .> candle.body && candle.lowerShadow .> candle.body
        return (hasShortBody(0) && areLong).verdict(isBullish: candle.isWhite)
    }

    @inlinable @inline(never)
    func longLine() -> Int {
        defer { slide(.body(0) + .shadows(0)) }
        return (hasLongBody(0) && hasShortShadows()).verdict(isBullish: self[0].isWhite)
    }

    @inlinable @inline(never)
    func shortLine() -> Int {
        defer { slide(.body(0) + .shadows(0)) }
        return (hasShortBody(0) && hasShortShadows()).verdict(isBullish: self[0].isWhite)
    }

    @inlinable @inline(__always)
    func hasShortShadows() -> Condition {
        self[0].upperShadow .< usualShadow(0) && self[0].lowerShadow .< usualShadow(0)
    }

    @inlinable @inline(__always)
    func dragonflyDoji() -> Int {
        defer { slide(.range(0)) }
        let tiny = tenthOfRange(0)
        return (isDoji(0) && self[0].upperShadow .< tiny && self[0].lowerShadow .> tiny)
            .verdict(100)
    }

    @inlinable @inline(__always)
    func gravestoneDoji() -> Int {
        defer { slide(.range(0)) }
        let tiny = tenthOfRange(0)
        return (isDoji(0) && self[0].lowerShadow .< tiny && self[0].upperShadow .> tiny)
            .verdict(100)
    }

    @inlinable @inline(__always)
    func longLeggedDoji() -> Int {
        defer { slide(.range(0)) }
        let candle = self[0]
        let isLong = candle.lowerShadow .> candle.body || candle.upperShadow .> candle.body
        return (isDoji(0) && isLong).verdict(100)
    }

    @inlinable @inline(never)
    func takuri() -> Int {
        defer { slide(.range(0)) }
        let candle = self[0]
        return (isDoji(0) && hasTinyUpperShadow(0) && candle.lowerShadow .> 2 * candle.body)
            .verdict(100)
    }

    @inlinable @inline(never)
    func rickshawMan() -> Int {
        defer { slide(.range(0) + .shortRange(0)) }
        let candle = self[0]
        let middle = candle.low + candle.range / 2
        let areLong = candle.lowerShadow .> candle.body && candle.upperShadow .> candle.body
        let isCentred = candle.bodyBottom .<= middle + near(0) && candle.bodyTop .>= middle - near(0)
        return (isDoji(0) && areLong && isCentred).verdict(100)
    }
}
