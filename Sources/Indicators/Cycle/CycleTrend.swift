/// Mean price over one dominant cycle, smoothed with weights 4, 3, 2, 1.
@frozen
@usableFromInline
struct CycleTrend: BitwiseCopyable, Codable {
    @usableFromInline var prices = Ring<Double>(length: 50)
    @usableFromInline var trend1 = 0.0
    @usableFromInline var trend2 = 0.0
    @usableFromInline var trend3 = 0.0

    @usableFromInline init() {}

    @inlinable @inline(__always)
    mutating func line(over period: Double) -> Double {
        let length = Int(period + 0.5)
        var sum = 0.0
        prices.forEachNewest(min(length, prices.pushed)) { sum += $0 }
        if length > 0 { sum /= Double(length) }
        let line = (trend3 + (3 * trend1).adding(4, times: sum).adding(2, times: trend2)) / 10
        trend3 = trend2
        trend2 = trend1
        trend1 = sum
        return line
    }
}

/// The trend without the dominant cycle. O(period of the cycle), at most 50 steps.
@frozen
public struct CycleTrendline: IndicatorFormula {
    @usableFromInline var meter = CycleMeter(smootherBars: 37)
    @usableFromInline var trend = CycleTrend()

    public init() {}

    public static var cost: UpdateCost { .window }

    @inlinable
    public var warmUp: Int { 63 }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        meter.push(sample)
        trend.prices.push(sample)
        if !meter.isMeasuring { return nil }
        let line = trend.line(over: meter.smoothPeriod)
        return meter.count > 63 ? line : nil
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        visitor.visit(&trend.prices)
    }
}

/// 1 while prices trend, 0 while they cycle. O(period of the cycle), at most 50 steps.
@frozen
public struct TrendMode: IndicatorFormula {
    @usableFromInline var phase = CyclePhase()
    @usableFromInline var trend = CycleTrend()
    @usableFromInline var waves = CycleWaves(sine: 0, leadSine: 0)
    @usableFromInline var barsInTrend = 0

    public init() {}

    public static var cost: UpdateCost { .window }

    @inlinable
    public var warmUp: Int { 63 }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Int? {
        trend.prices.push(sample)
        let phaseBefore = phase.degrees
        let before = waves
        let isReady = phase.push(sample)
        if !phase.meter.isMeasuring { return nil }
        waves = phase.waves
        let period = phase.meter.smoothPeriod
        let line = trend.line(over: period)
        var isTrend = true
        if (waves.sine > waves.leadSine && before.sine <= before.leadSine)
            || (waves.sine < waves.leadSine && before.sine >= before.leadSine)
        {
            barsInTrend = 0
            isTrend = false
        }
        barsInTrend &+= 1
        if Double(barsInTrend) < 0.5 * period { isTrend = false }
        let turn = phase.degrees - phaseBefore
        if period != 0, turn > 0.67 * 360 / period, turn < 1.5 * 360 / period { isTrend = false }
        if line != 0, ((phase.meter.smoothed - line) / line).magnitude >= 0.015 { isTrend = true }
        if !isReady { return nil }
        return isTrend ? 1 : 0
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        visitor.visit(&phase.smoothedPrices)
        visitor.visit(&trend.prices)
    }
}
