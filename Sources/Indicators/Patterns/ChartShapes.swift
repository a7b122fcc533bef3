/// A straight line between two pivots, and on.
@frozen
@usableFromInline
struct PivotLine {
    @usableFromInline let start: NumberedSample
    @usableFromInline let end: NumberedSample

    @inlinable @inline(__always)
    init(_ start: NumberedSample, _ end: NumberedSample) {
        self.start = start
        self.end = end
    }

    @inlinable @inline(__always)
    var rise: Double { end.value - start.value }

    /// Per bar.
    @inlinable @inline(__always)
    var slope: Double { rise / Double(end.number &- start.number) }

    @inlinable @inline(__always)
    func price(at bar: Int) -> Double {
        start.value + slope * Double(bar &- start.number)
    }
}

/// The newest pivots with a high in front: upside down if it is a low, so that each shape needs to
/// be known one way round only. Prices that are compared with it are turned as well.
@frozen
@usableFromInline
struct PivotView {
    @usableFromInline let pivots: PivotTrack
    /// 1, or −1 upside down.
    @usableFromInline let sign: Double

    @inlinable @inline(__always)
    init(_ pivots: PivotTrack) {
        self.pivots = pivots
        sign = pivots.isHigh ? 1 : -1
    }

    /// High, low, high, ... from the newest back.
    @inlinable @inline(__always)
    subscript(age: Int) -> NumberedSample {
        let pivot = pivots[age]
        return NumberedSample(value: sign * pivot.value, number: pivot.number)
    }

    @inlinable @inline(__always)
    func verdict(_ isUp: Bool) -> Int { isUp == pivots.isHigh ? 100 : -100 }

    @inlinable
    func judgeDouble(_ close: Double, _ tolerance: Double) -> Int {
        let (second, between, first) = (self[0].value, self[1].value, self[2].value)
        let height = smaller(first, second) - between
        let isAlike = (first - second).magnitude <= tolerance * height
        return isAlike && self[3].value < between && sign * close < between ? verdict(false) : 0
    }

    @inlinable
    func judgeHeadAndShoulders(_ close: Double, _ tolerance: Double) -> Int {
        if pivots.count < 5 { return 0 }
        let (right, head, left) = (self[0].value, self[2].value, self[4].value)
        let neck = PivotLine(self[3], self[1])
        let height = head - larger(neck.start.value, neck.end.value)
        let isShape = head > right && head > left
            && (left - right).magnitude <= tolerance * height
        return isShape && sign * close < neck.price(at: pivots.bar) ? verdict(false) : 0
    }

    /// Through the two newest highs.
    @inlinable @inline(__always)
    var upper: PivotLine { PivotLine(self[2], self[0]) }

    /// Through the two newest lows.
    @inlinable @inline(__always)
    var lower: PivotLine { PivotLine(self[3], self[1]) }

    /// What counts as level, for a shape as high as that of the newest four.
    @inlinable @inline(__always)
    func level(_ tolerance: Double) -> Double {
        tolerance * (larger(self[0].value, self[2].value) - smaller(self[1].value, self[3].value))
    }

    /// Which line the close is beyond, if they have not met; 0 if neither.
    @inlinable @inline(__always)
    func breakout(_ close: Double) -> Int {
        let (top, bottom) = (upper.price(at: pivots.bar), lower.price(at: pivots.bar))
        if top <= bottom { return 0 }
        return sign * close > top ? verdict(true) : sign * close < bottom ? verdict(false) : 0
    }

    @inlinable
    func judgeTriangle(_ close: Double, _ tolerance: Double) -> Int {
        let level = self.level(tolerance)
        let (up, down) = (upper.rise, lower.rise)
        let isShape = up <= level && down >= -level && (up < -level || down > level)
        return isShape ? breakout(close) : 0
    }

    @inlinable
    func judgeWedge(_ close: Double, _ tolerance: Double) -> Int {
        let level = self.level(tolerance)
        let isRising = upper.rise > level && lower.rise > level
        let isFalling = upper.rise < -level && lower.rise < -level
        if !(isRising || isFalling) || lower.slope <= upper.slope { return 0 }
        let verdict = breakout(close)
        return verdict == self.verdict(isFalling) ? verdict : 0
    }

    @inlinable
    func judgeChannel(_ close: Double, _ tolerance: Double) -> Int {
        let bars = Double(self[0].number &- self[3].number)
        let apart = (upper.slope - lower.slope).magnitude * bars
        return apart <= level(tolerance) ? breakout(close) : 0
    }

    @inlinable
    func judgeFlag(_ close: Double) -> Int {
        let (pole, top) = (self[2].value - self[3].value, upper)
        let isShape = self[2].value - self[1].value <= pole / 2 && top.rise <= 0
        return isShape && sign * close > top.price(at: pivots.bar) ? verdict(true) : 0
    }
}
