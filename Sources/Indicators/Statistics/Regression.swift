import CLibm

/// The straight line of least squares through the last `period` samples, at 0, 1, 2, ... from the
/// oldest.
///
/// Constant time amortised: the sums move with the window and are taken anew every 32 windows, or
/// when a sample leaves that was far larger than all that stay (as TA-Lib does, at the same
/// places).
@frozen
@usableFromInline
struct RegressionLine: BitwiseCopyable, Codable {
    @usableFromInline let period: Int
    @usableFromInline let placeSum: Double
    @usableFromInline let count: Double
    @usableFromInline let countDivisor: WholeDivisor
    @usableFromInline let divisor: WholeDivisor
    @usableFromInline var window: Ring<Double>
    @usableFromInline var sum = 0.0
    /// Samples weighted by how many are newer.
    @usableFromInline var weighted = 0.0
    @usableFromInline var sizes = 0.0
    /// Pushes with which the sums are taken anew next; 0 while the window fills.
    @usableFromInline var nextAnchor = 0

    init(period: Int) {
        self.period = period
        count = Double(period)
        placeSum = count * (count - 1) * 0.5
        countDivisor = WholeDivisor(period)
        divisor = WholeDivisor(
            placeSum * placeSum - count * (count * (count - 1) * (2 * count - 1) / 6))
        window = Ring(length: period)
    }

    /// Whether there is a line with this sample.
    @inlinable @inline(__always)
    mutating func push(_ sample: Double) -> Bool {
        window.push(sample)
        if _slowPath(window.pushed >= nextAnchor) {
            self = window.pushed > period ? anchored() : with(sample)
            return window.isFull
        }
        let leaving = window[period]
        let leavingWeight = count * leaving
        weighted = weighted + sum - leavingWeight
        sum = sum - leaving + sample
        sizes = sizes - leaving.magnitude + sample.magnitude
        if _slowPath(leavingWeight.magnitude > 100 * sizes) { self = anchored() }
        return true
    }

    /// With one more while the window fills. Out of line and on a copy, so that a loop of steps
    /// keeps the rest in registers.
    @inlinable @inline(never)
    func with(_ sample: Double) -> Self {
        var next = self
        next.sum += sample
        next.weighted += Double(period &- window.pushed) * sample
        next.sizes += sample.magnitude
        if window.pushed == period { next.nextAnchor = 33 &* period }
        return next
    }

    /// As ``with(_:)``.
    @inlinable @inline(never)
    func anchored() -> Self {
        var next = self
        next.anchor()
        return next
    }

    @inlinable @inline(__always)
    mutating func anchor() {
        nextAnchor = window.pushed &+ 32 &* period
        sum = 0
        weighted = 0
        sizes = 0
        var age = period &- 1
        while age >= 0 {
            let sample = window[age]
            sum += sample
            weighted += Double(age) * sample
            sizes += sample.magnitude
            age &-= 1
        }
    }

    @inlinable @inline(__always)
    var slope: Double { (count * weighted - placeSum * sum).divided(by: divisor) }

    /// The line `places` right of the oldest sample.
    @inlinable @inline(__always)
    func value(at places: Double) -> Double {
        let slope = self.slope
        return intercept(slope).adding(slope, times: places)
    }

    @inlinable @inline(__always)
    func intercept(_ slope: Double) -> Double { (sum - slope * placeSum).divided(by: countDivisor) }
}

/// A property of the regression line through the last `period` samples.
@frozen
public struct LinearRegression: IndicatorFormula {
    @frozen
    public enum Aspect: UInt8, Codable, Sendable {
        /// Its value at the newest sample.
        case end
        /// Its value one sample on.
        case forecast
        /// Its value at the oldest sample.
        case intercept
        /// Its rise per sample.
        case slope
        /// The slope as an angle in degrees.
        case angle
    }

    @usableFromInline let aspect: Aspect
    /// Where on the line the value is, in samples from the oldest, for aspects that lie on it.
    @usableFromInline let places: Double
    @usableFromInline var line: RegressionLine

    /// `period` 2...100,000.
    public init(_ aspect: Aspect = .end, period: Int = 14) throws(IndicatorFailure) {
        self.aspect = aspect
        line = RegressionLine(period: try period.checked("period", in: 2...Int.longestPeriod))
        places = switch aspect {
        case .end: Double(period - 1)
        case .forecast: Double(period)
        case .intercept, .slope, .angle: 0
        }
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { line.period &- 1 }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        if !line.push(sample) { return nil }
        if aspect == .slope { return line.slope }
        if aspect == .angle { return clibm_atan(line.slope) * (180 / 3.141_592_653_589_793) }
        return line.value(at: places)
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        visitor.visit(&line.window)
    }
}

/// Forecast oscillator: how far, in percent of the sample, it is from what the regression line of
/// the samples before it forecast.
@frozen
public struct FOSC: IndicatorFormula {
    @usableFromInline var line: RegressionLine

    /// `period` 2...100,000.
    public init(period: Int = 5) throws(IndicatorFailure) {
        line = RegressionLine(period: try period.checked("period", in: 2...Int.longestPeriod))
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { line.period }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        let isReady = line.window.isFull
        let forecast = isReady ? line.value(at: line.count) : 0
        _ = line.push(sample)
        if !isReady { return nil }
        return sample == 0 ? 0 : 100 * (sample - forecast) / sample
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        visitor.visit(&line.window)
    }
}
