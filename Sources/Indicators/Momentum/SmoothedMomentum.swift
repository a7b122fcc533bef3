/// True strength: 100 · twice smoothed change / twice smoothed |change|.
@frozen
public struct TSI: IndicatorFormula, Sendable {
    @usableFromInline var change1: EMA
    @usableFromInline var change2: EMA
    @usableFromInline var size1: EMA
    @usableFromInline var size2: EMA
    @usableFromInline var previous = 0.0
    @usableFromInline var isStarted = false

    /// Periods 1...100,000.
    public init(firstPeriod: Int = 25, secondPeriod: Int = 13) throws(IndicatorFailure) {
        change1 = EMA(checked: try firstPeriod.checked("firstPeriod"))
        change2 = EMA(checked: try secondPeriod.checked("secondPeriod"))
        size1 = change1
        size2 = change2
    }

    @inlinable
    public var warmUp: Int { 1 &+ change1.warmUp &+ change2.warmUp }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        let change = sample - previous
        previous = sample
        if _fastPath(size2.isSeeded) {
            // So are the others.
            let twice = change2.follow(change1.follow(change))
            let size = size2.follow(size1.follow(change.magnitude))
            return size.isNegligible ? 0 : 100 * twice / size
        }
        if !isStarted {
            isStarted = true
            return nil
        }
        let once = change1.step(change)
        guard let size = size1.step(change.magnitude), let once else { return nil }
        let twice = change2.step(once)
        guard let sizeTwice = size2.step(size), let twice else { return nil }
        return sizeTwice.isNegligible ? 0 : 100 * twice / sizeTwice
    }
}

/// Stochastic momentum: 200 · twice smoothed distance from the middle of the range / twice smoothed
/// range, with a signal line.
@frozen
public struct SMI: IndicatorFormula {
    @usableFromInline var position: RangePosition
    @usableFromInline var distance1: EMA
    @usableFromInline var distance2: EMA
    @usableFromInline var range1: EMA
    @usableFromInline var range2: EMA
    @usableFromInline var signal: EMA

    /// Periods 1...100,000.
    public init(
        period: Int = 13, fastPeriod: Int = 2, slowPeriod: Int = 25, signalPeriod: Int = 9
    ) throws(IndicatorFailure) {
        position = RangePosition(period: try period.checked("period"))
        distance2 = EMA(checked: try fastPeriod.checked("fastPeriod"))
        distance1 = EMA(checked: try slowPeriod.checked("slowPeriod"))
        range1 = distance1
        range2 = distance2
        signal = EMA(checked: try signalPeriod.checked("signalPeriod"))
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int {
        position.warmUp &+ distance1.warmUp &+ distance2.warmUp &+ signal.warmUp
    }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> MomentumLines? {
        position.push(high: bar.high, low: bar.low)
        if !position.range.isFull { return nil }
        let (ceiling, floor) = position.range.span
        let once = distance1.step(bar.close - (ceiling + floor) / 2)
        guard let range = range1.step(ceiling - floor), let once else { return nil }
        let twice = distance2.step(once)
        guard let rangeTwice = range2.step(range), let twice else { return nil }
        let momentum = rangeTwice.isNegligible ? 0 : 200 * twice / rangeTwice
        guard let smooth = signal.step(momentum) else { return nil }
        return MomentumLines(momentum: momentum, signal: smooth)
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        position.visitRings(&visitor)
    }
}

/// The two lines of ``SMI``.
@frozen
public struct MomentumLines: IndicatorOutput, Sendable {
    public var momentum: Double
    public var signal: Double

    @inlinable @inline(__always)
    public init(momentum: Double, signal: Double) {
        self.momentum = momentum
        self.signal = signal
    }

    public static var names: [String] { ["momentum", "signal"] }
    public var numbers: [Double] { [momentum, signal] }
}

/// Elder ray: how far high and low reach beyond the average close.
@frozen
public struct ERI: IndicatorFormula, Sendable {
    @usableFromInline var average: EMA

    /// `period` 1...100,000.
    public init(period: Int = 13) throws(IndicatorFailure) { average = try EMA(period: period) }

    @inlinable
    public var warmUp: Int { average.warmUp }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> ElderPowers? {
        guard let mean = average.step(bar.close) else { return nil }
        return ElderPowers(bull: bar.high - mean, bear: bar.low - mean)
    }
}

/// The two lines of ``ERI``.
@frozen
public struct ElderPowers: IndicatorOutput, Sendable {
    public var bull: Double
    public var bear: Double

    @inlinable @inline(__always)
    public init(bull: Double, bear: Double) {
        self.bull = bull
        self.bear = bear
    }

    public static var names: [String] { ["bull", "bear"] }
    public var numbers: [Double] { [bull, bear] }
}
