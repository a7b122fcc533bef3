/// Kaufman's adaptive moving average: an exponential one whose weight follows the efficiency of
/// the last `period` changes, between those of a 2 and a 30 sample average.
@frozen
public struct KAMA: IndicatorFormula {
    public let period: Int
    @usableFromInline var window: Ring<Double>
    /// Sum of the absolute changes inside the window.
    @usableFromInline var path = 0.0
    @usableFromInline var average = 0.0
    /// The sample that is next to be left behind.
    @usableFromInline var trailing = 0.0

    /// `period` 1...100,000; 1 follows its input.
    public init(period: Int = 30) throws(IndicatorFailure) {
        self.init(checked: try period.checked("period"))
    }

    init(checked period: Int) {
        self.period = period
        window = Ring(length: period + 1)
    }

    @inlinable
    public var warmUp: Int { period == 1 ? 0 : period }

    @inlinable
    public mutating func step(_ sample: Double) -> Double? {
        if period == 1 { return sample }
        window.push(sample)
        if window.pushed == 1 { return nil }
        let previous = window[1]
        if window.pushed <= period {
            path += (previous - sample).magnitude
            return nil
        }
        let origin = window[period]
        if window.pushed == period &+ 1 {
            path += (previous - sample).magnitude
            average = previous
        } else {
            path -= (trailing - origin).magnitude
            path += (sample - previous).magnitude
        }
        trailing = origin
        let net = sample - origin
        let efficiency = path <= net || path.isNegligible ? 1 : (net / path).magnitude
        let slow = 2.0 / 31.0
        let root = slow.adding(efficiency, times: 2.0 / 3.0 - slow)
        average = average.adding(sample - average, times: root * root)
        return average
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) { visitor.visit(&window) }
}
