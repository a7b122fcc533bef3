/// On-balance volume: volume added on a rise of the close, taken off on a fall; begins with the
/// first bar's.
@frozen
public struct OBV: IndicatorFormula, Sendable {
    @usableFromInline var balance = 0.0
    @usableFromInline var previous = 0.0
    @usableFromInline var isStarted = false

    public init() {}

    @inlinable
    public var warmUp: Int { 0 }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> Double? {
        let change = bar.close - previous
        previous = bar.close
        if _slowPath(!isStarted) {
            isStarted = true
            balance = bar.volume
            return balance
        }
        // Without branches, which nothing could foresee.
        balance += bar.volume.where(change > 0)
        balance -= bar.volume.where(change < 0)
        return balance
    }
}

/// Accumulation/distribution: volume weighted by where the close lies in the bar's range.
@frozen
public struct AD: IndicatorFormula, Sendable {
    @usableFromInline var total = 0.0

    public init() {}

    @inlinable
    public var warmUp: Int { 0 }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> Double? {
        total += bar.closeLocation * bar.volume
        return total
    }
}

/// Chaikin oscillator: difference of two exponential averages of ``AD``, both seeded by its first
/// value.
@frozen
public struct ADOSC: IndicatorFormula, Sendable {
    @usableFromInline let slowest: Int
    // In this order both averages are taken as one vector.
    @usableFromInline let fastWeight: Double
    @usableFromInline let slowWeight: Double
    @usableFromInline let fastKeep: Double
    @usableFromInline let slowKeep: Double
    @usableFromInline var distribution = AD()
    @usableFromInline var isStarted = false
    /// Bars until the first value.
    @usableFromInline var missing: Int
    @usableFromInline var fast = 0.0
    @usableFromInline var slow = 0.0

    /// Periods 2...100,000; the fast one may be the slower one.
    public init(fastPeriod: Int = 3, slowPeriod: Int = 10) throws(IndicatorFailure) {
        let allowed = 2...Int.longestPeriod
        fastWeight = 2 / Double(try fastPeriod.checked("fastPeriod", in: allowed) + 1)
        slowWeight = 2 / Double(try slowPeriod.checked("slowPeriod", in: allowed) + 1)
        fastKeep = 1 - fastWeight
        slowKeep = 1 - slowWeight
        slowest = max(fastPeriod, slowPeriod)
        missing = slowest
    }

    @inlinable
    public var warmUp: Int { slowest &- 1 }

    @inlinable @inline(__always)
    public static var holdsValue: Bool { true }

    @inlinable @inline(__always)
    public var value: Double? { missing <= 0 ? fast - slow : nil }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> Double? {
        guard let total = distribution.step(bar) else { return nil }
        if _slowPath(missing > 0) {
            missing &-= 1
            if !isStarted {
                isStarted = true
                fast = total
                slow = total
                return nil
            }
        }
        fast = (fastWeight * total).adding(fastKeep, times: fast)
        slow = (slowWeight * total).adding(slowKeep, times: slow)
        return value
    }
}

/// Price and volume trend: Σ volume · relative change of the close.
@frozen
public struct PVT: IndicatorFormula, Sendable {
    @usableFromInline var total = 0.0
    @usableFromInline var previous = 0.0

    public init() {}

    @inlinable
    public var warmUp: Int { 0 }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> Double? {
        if previous != 0 { total += (bar.close - previous) / previous * bar.volume }
        previous = bar.close
        return total
    }
}

/// Negative and positive volume index: 1000, compounded by the relative change of the close on bars
/// whose volume is below, or above, that of the bar before.
@frozen
public struct VolumeIndex: IndicatorFormula, Sendable {
    @frozen
    public enum Side: UInt8, Codable, Sendable {
        case falling
        case rising
    }

    @usableFromInline let side: Side
    @usableFromInline var index = 1000.0
    @usableFromInline var previousClose = 0.0
    @usableFromInline var previousVolume = 0.0

    public init(_ side: Side) { self.side = side }

    @inlinable
    public var warmUp: Int { 0 }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> Double? {
        let change = side == .falling ? previousVolume - bar.volume : bar.volume - previousVolume
        let growth = (bar.close - previousClose) / previousClose * index
        // Without a branch, which nothing could foresee; growth is no number where there is none.
        let next = index + growth.where(change > 0)
        if _fastPath(next.isBounded) { index = next }
        previousClose = bar.close
        previousVolume = bar.volume
        return index
    }
}

/// Williams' accumulation/distribution: Σ close − true low on rises, close − true high on falls.
@frozen
public struct WAD: IndicatorFormula, Sendable {
    @usableFromInline var total = 0.0
    @usableFromInline var previous = 0.0
    @usableFromInline var isStarted = false

    public init() {}

    @inlinable
    public var warmUp: Int { 0 }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> Double? {
        let before = previous
        previous = bar.close
        if _slowPath(!isStarted) {
            isStarted = true
            return total
        }
        // Without branches, which nothing could foresee.
        let change = bar.close - before
        total += (bar.close - smaller(bar.low, before)).where(change > 0)
        total += (bar.close - larger(bar.high, before)).where(change < 0)
        return total
    }
}
