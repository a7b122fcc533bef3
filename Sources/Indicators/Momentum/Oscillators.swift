/// Difference of two simple averages of the median price, over the same bars.
@frozen
public struct AO: IndicatorFormula {
    @usableFromInline var fast: WindowSum
    @usableFromInline var slow: WindowSum
    @usableFromInline let fastDivisor: WholeDivisor
    @usableFromInline let slowDivisor: WholeDivisor
    /// For both sums.
    @usableFromInline var window: Ring<Double>

    /// Periods 1...100,000; a fast one above the slow one changes places with it.
    public init(fastPeriod: Int = 5, slowPeriod: Int = 34) throws(IndicatorFailure) {
        let short = min(try fastPeriod.checked("fastPeriod"), try slowPeriod.checked("slowPeriod"))
        let long = max(fastPeriod, slowPeriod)
        fast = WindowSum(period: short, delay: long - short)
        slow = WindowSum(period: long)
        fastDivisor = WholeDivisor(short)
        slowDivisor = WholeDivisor(long)
        window = Ring(length: long)
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { window.length &- 1 }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> Double? {
        let median = bar.medianPrice
        window.push(median)
        if _fastPath(slow.onlyMoves(in: window)) {
            // So does the fast one.
            return fast.move(median, in: window).divided(by: fastDivisor)
                - slow.move(median, in: window).divided(by: slowDivisor)
        }
        let short = fast.step(median, in: window)
        guard let long = slow.step(median, in: window), let short else { return nil }
        return short.divided(by: fastDivisor) - long.divided(by: slowDivisor)
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) { visitor.visit(&window) }
}

/// The awesome oscillator less its own simple average.
@frozen
public struct AC: IndicatorFormula {
    @usableFromInline var oscillator: AO
    @usableFromInline var signal: SMA

    /// Periods 1...100,000.
    public init(
        fastPeriod: Int = 5, slowPeriod: Int = 34, signalPeriod: Int = 5
    ) throws(IndicatorFailure) {
        oscillator = try AO(fastPeriod: fastPeriod, slowPeriod: slowPeriod)
        signal = SMA(checked: try signalPeriod.checked("signalPeriod"))
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { oscillator.warmUp &+ signal.warmUp }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> Double? {
        guard let value = oscillator.step(bar), let mean = signal.step(value) else { return nil }
        return value - mean
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        oscillator.visitRings(&visitor)
        signal.visitRings(&visitor)
    }
}

/// Balance of power: (close − open) / (high − low); 0 without a range.
@frozen
public struct BOP: IndicatorFormula, Sendable {
    public init() {}

    @inlinable
    public var warmUp: Int { 0 }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> Double? {
        let range = bar.high - bar.low
        return range < 1e-14 ? 0 : (bar.close - bar.open) / range
    }
}

/// Simple average of close − open.
@frozen
public struct QSTICK: IndicatorFormula {
    @usableFromInline var average: SMA

    /// `period` 1...100,000.
    public init(period: Int = 10) throws(IndicatorFailure) { average = try SMA(period: period) }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { average.warmUp }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> Double? { average.step(bar.close - bar.open) }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        average.visitRings(&visitor)
    }
}

/// Commodity channel index: (typical − mean) / (0.015 · mean absolute deviation), 0 without one.
///
/// O(period): the deviations are from a mean that moves with every bar.
@frozen
public struct CCI: IndicatorFormula {
    @usableFromInline let divisor: WholeDivisor
    /// TA-Lib's circular buffer: sums run in its order, not in that of time.
    @usableFromInline var table: Ring<Double>
    /// Where the newest lies in it.
    @usableFromInline var slot = -1
    /// The sum up to there.
    @usableFromInline var head = 0.0
    /// Bars before the first value that are still to come.
    @usableFromInline var missing: Int

    /// `period` 2...100,000.
    public init(period: Int = 14) throws(IndicatorFailure) {
        table = Ring(length: try period.checked("period", in: 2...Int.longestPeriod))
        divisor = WholeDivisor(period)
        missing = period - 1
    }

    public static var cost: UpdateCost { .window }

    @inlinable
    public var warmUp: Int { table.length &- 1 }

    @inlinable @inline(__always)
    var nextSlot: Int { slot &+ 1 == table.length ? 0 : slot &+ 1 }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> Double? {
        let typical = bar.typicalPrice
        slot = nextSlot
        table[slot: slot] = typical
        head = (slot == 0 ? 0 : head) + typical
        if missing > 0 {
            missing &-= 1
            return nil
        }
        let (prices, count) = (table.slots, table.length)
        var sum = head
        // Not below 0, whatever a damaged state says.
        var place = max(slot, -1) &+ 1
        while place < count {
            sum += prices[place]
            place &+= 1
        }
        let mean = sum.divided(by: divisor)
        var deviations = 0.0
        place = 0
        while place < count {
            deviations += (prices[place] - mean).magnitude
            place &+= 1
        }
        return index(typical, mean: mean, deviation: deviations.divided(by: divisor))
    }

    /// The same sums, with the bar in the place of the one that it would push out.
    @inlinable
    public func peek(_ bar: PriceBar) -> Double? {
        if missing > 0 { return nil }
        let typical = bar.typicalPrice
        let next = nextSlot
        func price(_ place: Int) -> Double { place == next ? typical : table[slot: place] }
        var sum = 0.0
        for place in 0..<table.length { sum += price(place) }
        let mean = sum.divided(by: divisor)
        var deviations = 0.0
        for place in 0..<table.length { deviations += (price(place) - mean).magnitude }
        return index(typical, mean: mean, deviation: deviations.divided(by: divisor))
    }

    @inlinable @inline(__always)
    func index(_ typical: Double, mean: Double, deviation: Double) -> Double {
        let distance = typical - mean
        if distance.isNegligible(beside: mean.magnitude)
            || deviation.isNegligible(beside: mean.magnitude)
        {
            return 0
        }
        return distance / (0.015 * deviation)
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) { visitor.visit(&table) }
}

/// Buying pressure over true range in three windows, weighted 4 : 2 : 1 from the shortest.
@frozen
public struct ULTOSC: IndicatorFormula {
    @usableFromInline let short: Int
    @usableFromInline let middle: Int
    @usableFromInline let long: Int
    /// Close over true low, and true range.
    @usableFromInline var terms: Ring<SIMD2<Double>>
    @usableFromInline var shortSums = SIMD2<Double>()
    @usableFromInline var middleSums = SIMD2<Double>()
    @usableFromInline var longSums = SIMD2<Double>()
    @usableFromInline var previousClose = 0.0
    @usableFromInline var count = 0

    /// Periods 1...100,000 in any order.
    public init(
        firstPeriod: Int = 7, secondPeriod: Int = 14, thirdPeriod: Int = 28
    ) throws(IndicatorFailure) {
        let sorted = [
            try firstPeriod.checked("firstPeriod"), try secondPeriod.checked("secondPeriod"),
            try thirdPeriod.checked("thirdPeriod"),
        ].sorted()
        short = sorted[0]
        middle = sorted[1]
        long = sorted[2]
        terms = Ring(length: long)
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { long }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> Double? {
        let close = previousClose
        previousClose = bar.close
        count &+= 1
        if count == 1 { return nil }
        let term = SIMD2(bar.close - smaller(bar.low, close), bar.trueRange(after: close))
        terms.push(term)
        // Each sum starts with the first window that ends where all three are complete.
        if count > long &+ 1 &- short { shortSums += term }
        if count > long &+ 1 &- middle { middleSums += term }
        longSums += term
        if !terms.isFull { return nil }
        if terms.isAnchorDue {
            shortSums = terms.sums(ofNewest: short)
            middleSums = terms.sums(ofNewest: middle)
            longSums = terms.sums(ofNewest: long)
        }
        var value = 0.0
        if !shortSums[1].isNegligible { value += 4 * (shortSums[0] / shortSums[1]) }
        if !middleSums[1].isNegligible { value += 2 * (middleSums[0] / middleSums[1]) }
        if !longSums[1].isNegligible { value += longSums[0] / longSums[1] }
        shortSums -= terms[short &- 1]
        middleSums -= terms[middle &- 1]
        longSums -= terms[long &- 1]
        return 100 * (value / 7)
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) { visitor.visit(&terms) }
}
