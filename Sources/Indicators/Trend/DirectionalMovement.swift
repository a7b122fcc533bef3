import CLibm

/// Wilder's directional sums: movement up, movement down and true range, each S − S / n + x.
///
/// What belongs together lies in vectors: two numbers stored on their own may be loaded as one
/// before they have arrived in memory.
@frozen
@usableFromInline
struct DirectionalSums: BitwiseCopyable, Codable, Sendable {
    @usableFromInline let period: Int
    @usableFromInline let divisor: Double
    /// Bars taken, `period` + 1 at most.
    @usableFromInline var count = 0
    /// High and negated low of the bar before.
    @usableFromInline var previousEnds = SIMD2<Double>()
    /// Up and down.
    @usableFromInline var movements = SIMD2<Double>()
    @usableFromInline var previousClose = 0.0
    @usableFromInline var range = 0.0

    init(period: Int) {
        self.period = period
        divisor = Double(period)
    }

    /// Takes a bar. Sums are complete from bar number `period` on, ratios one later.
    @inlinable @inline(__always)
    mutating func push(_ bar: PriceBar) {
        let ends = SIMD2(bar.high, -bar.low)
        let change = ends - previousEnds
        let trueRange = bar.trueRange(after: previousClose)
        previousEnds = ends
        previousClose = bar.close
        let moved = clibm_larger_above_zero(change)
        if count <= period {
            count &+= 1
            if count == 1 { return }
        }
        if count > period {
            movements -= movements / divisor
            range -= range / divisor
        }
        movements += moved
        range += trueRange
    }

    @inlinable @inline(__always)
    var plus: Double { movements[0] }

    @inlinable @inline(__always)
    var minus: Double { movements[1] }

    @inlinable @inline(__always)
    func percent(_ movement: Double) -> Double { range > 0 ? 100 * (movement / range) : 0 }
}

/// The side of a directional movement.
@frozen
public enum MovementSide: UInt8, Codable, Sendable {
    case plus
    case minus
}

/// Directional movement of one side, summed after Wilder.
@frozen
public struct DirectionalMovement: IndicatorFormula, Sendable {
    @usableFromInline let side: MovementSide
    @usableFromInline var sums: DirectionalSums

    /// `period` 1...100,000.
    public init(_ side: MovementSide, period: Int = 14) throws(IndicatorFailure) {
        self.side = side
        sums = DirectionalSums(period: try period.checked("period"))
    }

    @inlinable
    public var warmUp: Int { max(sums.period &- 1, 1) }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> Double? {
        sums.push(bar)
        if sums.count <= warmUp { return nil }
        return side == .plus ? sums.plus : sums.minus
    }
}

/// Directional indicator of one side: 100 · movement / true range; with a period of 1 without the
/// 100, as TA-Lib.
@frozen
public struct DirectionalIndicator: IndicatorFormula, Sendable {
    @usableFromInline let side: MovementSide
    @usableFromInline var sums: DirectionalSums

    /// `period` 1...100,000.
    public init(_ side: MovementSide, period: Int = 14) throws(IndicatorFailure) {
        self.side = side
        sums = DirectionalSums(period: try period.checked("period"))
    }

    @inlinable
    public var warmUp: Int { sums.period }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> Double? {
        sums.push(bar)
        if sums.count <= sums.period { return nil }
        let movement = side == .plus ? sums.plus : sums.minus
        if sums.period == 1 { return sums.range > 0 ? movement / sums.range : 0 }
        return sums.percent(movement)
    }
}

/// Directional index: 100 · |+DI − −DI| / (+DI + −DI); the value before where both are 0.
@frozen
public struct DX: IndicatorFormula, Sendable {
    @usableFromInline var sums: DirectionalSums
    @usableFromInline var index = 0.0

    /// `period` 2...100,000.
    public init(period: Int = 14) throws(IndicatorFailure) {
        sums = DirectionalSums(period: try period.checked("period", in: 2...Int.longestPeriod))
    }

    @inlinable
    public var warmUp: Int { sums.period }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> Double? {
        sums.push(bar)
        if sums.count <= sums.period { return nil }
        if sums.range > 0 {
            let plus = sums.percent(sums.plus)
            let minus = sums.percent(sums.minus)
            let both = plus + minus
            if !both.isNegligible { index = 100 * ((minus - plus).magnitude / both) }
        }
        return index
    }
}

/// Average directional index: Wilder's average of ``DX``, seeded by the mean of `period` values.
@frozen
public struct ADX: IndicatorFormula, Sendable {
    @usableFromInline var directional: DX
    @usableFromInline var count = 0
    @usableFromInline var average = 0.0

    /// `period` 2...100,000.
    public init(period: Int = 14) throws(IndicatorFailure) {
        directional = try DX(period: period)
    }

    @inlinable
    public var warmUp: Int { 2 &* directional.warmUp &- 1 }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> Double? {
        guard let index = directional.step(bar) else { return nil }
        let period = directional.sums.period
        if count >= period {
            average = (average * Double(period &- 1) + index) / Double(period)
            return average
        }
        count &+= 1
        average += index
        if count < period { return nil }
        average /= Double(period)
        return average
    }
}

/// Mean of ``ADX`` now and `period` − 1 bars before.
@frozen
public struct ADXR: IndicatorFormula {
    @usableFromInline var index: ADX
    @usableFromInline var window: Ring<Double>

    /// `period` 2...100,000.
    public init(period: Int = 14) throws(IndicatorFailure) {
        index = try ADX(period: period)
        window = Ring(length: period)
    }

    @inlinable
    public var warmUp: Int { index.warmUp &+ window.length &- 1 }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> Double? {
        guard let now = index.step(bar) else { return nil }
        window.push(now)
        return window.isFull ? (now + window.oldest) / 2 : nil
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) { visitor.visit(&window) }
}
