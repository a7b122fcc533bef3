import CLibm

/// Moving average whose period comes with each sample: the second of the pair, cut to a whole
/// number between the limits.
///
/// SMA has one sum, whose older end moves as the period does, O(change of the period); it is taken
/// anew where that is shorter, and every 32 windows. WMA and TRIMA are taken from the window,
/// O(period). EMA and RMA run for every period between the limits at once,
/// O(maxPeriod − minPeriod), in two places in turns, which is what ``IndicatorFormula`` asks of a
/// window.
@frozen
public struct MAVP: IndicatorFormula {
    @usableFromInline let kind: MovingAverageKind
    @usableFromInline let minPeriod: Int
    @usableFromInline let maxPeriod: Int
    @usableFromInline var window: Ring<Double>
    /// The newest `summed` samples, added up; and pushes with which that is done anew next, 0 while
    /// the window fills.
    @usableFromInline var sum = 0.0
    @usableFromInline var summed = 0
    @usableFromInline var nextAnchor = 0
    @usableFromInline var averages: Ring<Double>
    /// Where in `averages` those of the last sample are.
    @usableFromInline var base = 0

    /// Periods 1...100,000, the smallest first; kinds SMA, EMA, WMA, TRIMA, RMA or none.
    public init(
        minPeriod: Int = 2, maxPeriod: Int = 30, kind: MovingAverageKind = .sma
    ) throws(IndicatorFailure) {
        self.minPeriod = try minPeriod.checked("minPeriod")
        self.maxPeriod = try maxPeriod.checked("maxPeriod")
        self.kind = kind
        if minPeriod > maxPeriod { throw .contradiction("minPeriod is above maxPeriod") }
        window = Ring(length: maxPeriod)
        switch kind {
        case .ema, .rma: averages = Ring(length: 2 * (maxPeriod - minPeriod + 1))
        case .sma, .wma, .trima, .none: averages = Ring(length: 0)
        default: throw .contradiction("no MAVP of the kind \(kind)")
        }
    }

    public static var cost: UpdateCost { .window }

    @inlinable
    public var warmUp: Int { kind == .none ? 0 : maxPeriod &- 1 }

    @inlinable @inline(__always)
    public mutating func step(_ pair: SamplePair) -> Double? {
        let wanted = smaller(larger(pair.second, Double(minPeriod)), Double(maxPeriod))
        let period = clibm_whole(wanted)
        if _slowPath(kind != .sma) { return stepOther(pair.first, period) }
        window.push(pair.first)
        if _slowPath(window.pushed >= nextAnchor || period != summed) {
            if !window.isFull { return nil }
            (sum, nextAnchor) = resummed(period)
            summed = period
        } else {
            sum = sum + pair.first - window[period]
        }
        return sum / Double(period)
    }

    /// The sum of the newest `period` samples, the newest included, and when to take it anew. Out
    /// of line, so that a loop of steps keeps the rest in registers.
    @inlinable @inline(never)
    func resummed(_ period: Int) -> (sum: Double, nextAnchor: Int) {
        let isDue = window.pushed >= nextAnchor
        if isDue || (period &- summed).magnitude >= UInt(bitPattern: period) {
            var sum = 0.0
            for age in 0..<period { sum += window[period &- 1 &- age] }
            return (sum, isDue ? window.pushed &+ 32 &* maxPeriod : nextAnchor)
        }
        // The newest is not in it yet: it holds those of age 1...summed.
        var sum = sum + window[0]
        var count = summed &+ 1
        while count < period {
            sum += window[count]
            count &+= 1
        }
        while count > period {
            count &-= 1
            sum -= window[count]
        }
        return (sum, nextAnchor)
    }

    @inlinable @inline(never)
    mutating func stepOther(_ sample: Double, _ period: Int) -> Double? {
        if kind == .none { return sample }
        window.push(sample)
        if !window.isFull { return nil }
        switch kind {
        case .ema, .rma:
            if window.pushed == maxPeriod { seed() } else { advance(sample) }
            return averages[slot: base &+ period &- minPeriod]
        case .wma: return weightedMean(period, peak: period)
        default: return weightedMean(period, peak: period / 2 &+ 1)
        }
    }

    /// Weights grow by 1 from the oldest of `period` samples up to `peak`, then fall by 1 if the
    /// newest end is to mirror the oldest one.
    @inlinable
    func weightedMean(_ period: Int, peak: Int) -> Double {
        var sum = 0.0
        var weights = 0
        let mirrors = kind == .trima
        for place in 1...period {
            let rank = mirrors ? min(place, period &+ 1 &- place) : min(place, peak)
            sum += Double(rank) * window[period &- place]
            weights &+= rank
        }
        return sum / Double(weights)
    }

    /// All averages from the first full window: the mean of its newest samples.
    @inlinable
    mutating func seed() {
        var sum = 0.0
        for age in 0..<maxPeriod {
            sum += window[age]
            if age &+ 1 >= minPeriod {
                averages[slot: age &+ 1 &- minPeriod] = sum / Double(age &+ 1)
            }
        }
    }

    @inlinable
    mutating func advance(_ sample: Double) {
        let count = maxPeriod &- minPeriod &+ 1
        let next = count &- base
        for place in 0..<count {
            let period = Double(minPeriod &+ place)
            let average = averages[slot: base &+ place]
            let weight = kind == .ema ? 2 / (period + 1) : 1 / period
            averages[slot: next &+ place] = average.adding(sample - average, times: weight)
        }
        base = next
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        visitor.visit(&window)
        visitor.visit(&averages)
    }
}
