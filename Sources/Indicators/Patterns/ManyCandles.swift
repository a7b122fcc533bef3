// Patterns of four and five candles; the newest is 0.

extension CandleView {
    @inlinable @inline(__always)
    static var fourBodies: CandleMeasures { .body(4) + .body(3) + .body(2) + .body(1) }
}

extension CandleView {
    @inlinable @inline(__always)
    func threeBlackCrows() -> Int {
        defer { slide(Self.threeRanges) }
        let (before, first, second, third) = (self[3], self[2], self[1], self[0])
        let fall = before.isWhite && first.isBlack && second.isBlack && third.isBlack
            && first.close .> second.close && second.close .> third.close
        if !fall.holds { return 0 }
        return (hasTinyLowerShadow(2) && hasTinyLowerShadow(1) && hasTinyLowerShadow(0)
            && first.bodyHolds(second.open) && second.bodyHolds(third.open)
            && before.high .> first.close).verdict(-100)
    }

    @inlinable @inline(never)
    func threeLineStrike() -> Int {
        defer { slide(.shortRange(3) + .shortRange(2)) }
        let (first, second, third, fourth) = (self[3], self[2], self[1], self[0])
        let colors = areAlike(3, 2) && areAlike(2, 1) && areOpposite(1, 0)
        let strikes = third.isWhite.chooses(
            third.close .> second.close && second.close .> first.close
                && fourth.open .> third.close && fourth.close .< first.open,
            else: third.close .< second.close && second.close .< first.close
                && fourth.open .< third.close && fourth.close .> first.open)
        if !(colors && strikes).holds { return 0 }
        return (second.open .>= first.bodyBottom - near(3)
            && second.open .<= first.bodyTop + near(3)
            && third.open .>= second.bodyBottom - near(2)
            && third.open .<= second.bodyTop + near(2)).verdict(isBullish: third.isWhite)
    }

    @inlinable @inline(never)
    func concealingBabySwallow() -> Int {
        defer { slide(.range(3) + .range(2) + .range(1)) }
        let (second, third, fourth) = (self[2], self[1], self[0])
        let blacks = isBlack(3) && isBlack(2) && isBlack(1) && isBlack(0)
            && fourth.high .> third.high && fourth.low .< third.low
        if !blacks.holds { return 0 }
        let marubozu = hasTinyLowerShadow(3) && hasTinyUpperShadow(3) && hasTinyLowerShadow(2)
            && hasTinyUpperShadow(2)
        return (marubozu && third.bodyGapsDown(from: second)
            && third.upperShadow .> tenthOfRange(1) && third.high .> second.close).verdict(100)
    }

    @inlinable @inline(never)
    func breakaway() -> Int {
        defer { slide(.body(4)) }
        let (first, second, third, fourth, fifth) = (self[4], self[3], self[2], self[1], self[0])
        let gaps = first.isWhite.chooses(
            second.bodyGapsUp(from: first), else: second.bodyGapsDown(from: first))
        if !gaps.holds { return 0 }
        let colors = areAlike(4, 3) && areAlike(3, 1) && areOpposite(1, 0)
        let breaks = first.isWhite.chooses(
            third.high .> second.high && third.low .> second.low && fourth.high .> third.high
                && fourth.low .> third.low && fifth.close .< second.open
                && fifth.close .> first.close,
            else: third.high .< second.high && third.low .< second.low && fourth.high .< third.high
                && fourth.low .< third.low && fifth.close .> second.open
                && fifth.close .< first.close)
        return (hasLongBody(4) && colors && breaks).verdict(isBullish: fifth.isWhite)
    }

    @inlinable @inline(never)
    func ladderBottom() -> Int {
        defer { slide(.range(1)) }
        let (first, second, third, fourth, fifth) = (self[4], self[3], self[2], self[1], self[0])
        let falls = first.isBlack && second.isBlack && third.isBlack && fourth.isBlack
            && fifth.isWhite && first.open .> second.open && second.open .> third.open
            && first.close .> second.close && second.close .> third.close
        if !falls.holds { return 0 }
        return (fourth.upperShadow .> tenthOfRange(1) && fifth.open .> fourth.open
            && fifth.close .> fourth.high).verdict(100)
    }

    @inlinable @inline(never)
    func matHold() -> Int {
        defer { slide(Self.fourBodies) }
        let (first, second, third, fourth, fifth) = (self[4], self[3], self[2], self[1], self[0])
        let gaps = first.isWhite && second.isBlack && fifth.isWhite && second.bodyGapsUp(from: first)
        if !gaps.holds { return 0 }
        let floor = first.close - first.body * penetration
        let bodies = hasLongBody(4) && hasShortBody(3) && hasShortBody(2) && hasShortBody(1)
        let holds = third.bodyBottom .< first.close && fourth.bodyBottom .< first.close
            && third.bodyBottom .> floor && fourth.bodyBottom .> floor
            && third.bodyTop .< second.open && fourth.bodyTop .< third.bodyTop
        return (bodies && holds && fifth.open .> fourth.close
            && fifth.close .> larger(larger(second.high, third.high), fourth.high)).verdict(100)
    }

    @inlinable @inline(never)
    func threeMethods() -> Int {
        defer { slide(Self.fourBodies + .body(0)) }
        let (first, second, third, fourth, fifth) = (self[4], self[3], self[2], self[1], self[0])
        let colors = areOpposite(4, 3) && areAlike(3, 2) && areAlike(2, 1) && areOpposite(1, 0)
        let moves = first.isWhite.chooses(
            third.close .< second.close && fourth.close .< third.close
                && fifth.open .> fourth.close && fifth.close .> first.close,
            else: third.close .> second.close && fourth.close .> third.close
                && fifth.open .< fourth.close && fifth.close .< first.close)
        if !(colors && moves).holds { return 0 }
        let bodies = hasLongBody(4) && hasShortBody(3) && hasShortBody(2) && hasShortBody(1)
            && hasLongBody(0)
        let stay = Self.touches(second, first) && Self.touches(third, first)
            && Self.touches(fourth, first)
        return (bodies && stay).verdict(isBullish: first.isWhite)
    }

    /// The body of `candle` reaches into the range of `other`.
    @inlinable @inline(__always)
    static func touches(_ candle: Candle, _ other: Candle) -> Condition {
        candle.bodyBottom .< other.high && candle.bodyTop .> other.low
    }
}
