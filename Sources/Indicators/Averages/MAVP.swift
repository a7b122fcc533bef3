/// Moving average whose period comes with each sample: the second of the pair, cut to a whole
/// number between the limits.
///
/// SMA, WMA and TRIMA are taken from the window, O(period). EMA and RMA run for every period
/// between the limits at once, O(maxPeriod − minPeriod), in two places in turns, which is what
/// ``IndicatorFormula`` asks of a window.
@frozen
public struct MAVP: IndicatorFormula {
    @usableFromInline let kind: MovingAverageKind
    @usableFromInline let minPeriod: Int
    @usableFromInline let maxPeriod: Int
    @usableFromInline var window: Ring<Double>
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
        let wanted = pair.second
        let period = wanted < Double(minPeriod)
            ? minPeriod : wanted > Double(maxPeriod) ? maxPeriod : Int(wanted)
        if kind == .none { return pair.first }
        window.push(pair.first)
        if !window.isFull { return nil }
        switch kind {
        case .ema, .rma:
            if window.pushed == maxPeriod { seed() } else { advance(pair.first) }
            return averages[slot: base &+ period &- minPeriod]
        case .wma: return weightedMean(period, peak: period)
        case .trima: return weightedMean(period, peak: period / 2 &+ 1)
        default: return weightedMean(period, peak: 1)
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
