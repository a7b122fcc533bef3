/// Difference of a fast and a slow moving average, absolute or in percent of the slow one.
@frozen
public struct PriceOscillator: IndicatorFormula {
    @frozen
    public enum Scale: UInt8, Codable, Sendable {
        case absolute
        case percent
    }

    @usableFromInline let scale: Scale
    @usableFromInline var fast: MovingAverage
    @usableFromInline var slow: MovingAverage

    /// Periods 2...100,000; a fast one above the slow one changes places with it.
    public init(
        fastPeriod: Int = 12, slowPeriod: Int = 26, kind: MovingAverageKind = .ema, scale: Scale
    ) throws(IndicatorFailure) {
        let allowed = 2...Int.longestPeriod
        let short = min(
            try fastPeriod.checked("fastPeriod", in: allowed),
            try slowPeriod.checked("slowPeriod", in: allowed))
        fast = MovingAverage(kind, checked: short)
        slow = MovingAverage(kind, checked: max(fastPeriod, slowPeriod))
        self.scale = scale
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { slow.warmUp }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        let short = fast.step(sample)
        guard let long = slow.step(sample), let short else { return nil }
        if scale == .absolute { return short - long }
        return long.isNegligible ? 0 : (short - long) / long * 100
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        fast.visitRings(&visitor)
        slow.visitRings(&visitor)
    }
}

/// ``PriceOscillator`` in percent, of the volume.
@frozen
public struct PVO: IndicatorFormula {
    @usableFromInline var oscillator: PriceOscillator

    /// Periods 2...100,000.
    public init(
        fastPeriod: Int = 12, slowPeriod: Int = 26, kind: MovingAverageKind = .ema
    ) throws(IndicatorFailure) {
        oscillator = try PriceOscillator(
            fastPeriod: fastPeriod, slowPeriod: slowPeriod, kind: kind, scale: .percent)
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { oscillator.warmUp }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> Double? { oscillator.step(bar.volume) }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        oscillator.visitRings(&visitor)
    }
}

/// Moving average convergence/divergence: fast EMA − slow EMA, its own EMA, and their difference.
///
/// The fast average starts so late that both have their first value together (TA-Lib); with
/// `startsTogether` false each starts at the first sample, and the two conventions converge.
@frozen
public struct MACD: IndicatorFormula, Sendable {
    @usableFromInline var fast: EMA
    @usableFromInline var slow: EMA
    @usableFromInline var signal: EMA
    @usableFromInline let delay: Int
    @usableFromInline var missing: Int

    /// Periods 2...100,000, the signal's 1...100,000; a fast one above the slow one changes places.
    public init(
        fastPeriod: Int = 12, slowPeriod: Int = 26, signalPeriod: Int = 9,
        startsTogether: Bool = true
    ) throws(IndicatorFailure) {
        let allowed = 2...Int.longestPeriod
        let short = min(
            try fastPeriod.checked("fastPeriod", in: allowed),
            try slowPeriod.checked("slowPeriod", in: allowed))
        fast = EMA(checked: short)
        slow = EMA(checked: max(fastPeriod, slowPeriod))
        signal = EMA(checked: try signalPeriod.checked("signalPeriod"))
        delay = startsTogether ? slow.period - fast.period : 0
        missing = delay
    }

    /// The classic 12 and 26, with the rounded weights 0.15 and 0.075 of its inventor.
    public static func fixed(signalPeriod: Int = 9) throws(IndicatorFailure) -> MACD {
        var formula = try MACD(signalPeriod: signalPeriod)
        formula.fast = EMA(checked: 12, weight: 0.15)
        formula.slow = EMA(checked: 26, weight: 0.075)
        return formula
    }

    @inlinable
    public var warmUp: Int { slow.warmUp &+ signal.warmUp }

    @inlinable @inline(__always)
    public static var holdsValue: Bool { true }

    @inlinable @inline(__always)
    public var value: SignalledLine? {
        signal.isSeeded ? SignalledLine(line: fast.state - slow.state, signal: signal.state) : nil
    }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> SignalledLine? {
        if _fastPath(signal.isSeeded) {
            // So are the others.
            let line = fast.follow(sample) - slow.follow(sample)
            return SignalledLine(line: line, signal: signal.follow(line))
        }
        var short: Double?
        if missing > 0 { missing &-= 1 } else { short = fast.step(sample) }
        guard let long = slow.step(sample), let short, let smooth = signal.step(short - long)
        else { return nil }
        return SignalledLine(line: short - long, signal: smooth)
    }
}

/// ``MACD`` with any kinds of average.
@frozen
public struct MACDEXT: IndicatorFormula {
    @usableFromInline var fast: Late<MovingAverage>
    @usableFromInline var slow: Late<MovingAverage>
    @usableFromInline var signal: MovingAverage

    /// Periods 2...100,000, the signal's 1...100,000; a fast one above the slow one changes places,
    /// with its kind.
    public init(
        fastPeriod: Int = 12, fastKind: MovingAverageKind = .sma, slowPeriod: Int = 26,
        slowKind: MovingAverageKind = .sma, signalPeriod: Int = 9,
        signalKind: MovingAverageKind = .sma
    ) throws(IndicatorFailure) {
        let allowed = 2...Int.longestPeriod
        let first = MovingAverage(
            fastKind, checked: try fastPeriod.checked("fastPeriod", in: allowed))
        let second = MovingAverage(
            slowKind, checked: try slowPeriod.checked("slowPeriod", in: allowed))
        let (short, long) = fastPeriod > slowPeriod ? (second, first) : (first, second)
        let warmUp = max(short.warmUp, long.warmUp)
        fast = Late(short, by: warmUp - short.warmUp)
        slow = Late(long, by: warmUp - long.warmUp)
        signal = MovingAverage(signalKind, checked: try signalPeriod.checked("signalPeriod"))
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { slow.warmUp &+ signal.warmUp }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> SignalledLine? {
        let short = fast.step(sample)
        guard let long = slow.step(sample), let short, let smooth = signal.step(short - long)
        else { return nil }
        return SignalledLine(line: short - long, signal: smooth)
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        fast.visitRings(&visitor)
        slow.visitRings(&visitor)
        signal.visitRings(&visitor)
    }
}
