/// Kaufman's adaptive moving average: an exponential one whose weight follows the efficiency of
/// the last `period` changes, between those of a 2 and a 30 sample average.
@frozen
public struct KAMA: IndicatorFormula {
    public let period: Int
    @usableFromInline var path: PathLength
    @usableFromInline var average = 0.0

    /// `period` 1...100,000; 1 follows its input.
    public init(period: Int = 30) throws(IndicatorFailure) {
        self.init(checked: try period.checked("period"))
    }

    init(checked period: Int) {
        self.period = period
        path = PathLength(period: period)
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { period == 1 ? 0 : period }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        if _slowPath(path.push(sample)) {
            if period == 1 { return sample }
            if !path.isFull { return nil }
            if path.window.pushed == path.window.length { average = path.window[1] }
        }
        let slow = 2.0 / 31.0
        let root = slow.adding(path.efficiency(at: sample), times: 2.0 / 3.0 - slow)
        average = average.adding(sample - average, times: root * root)
        return average
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        visitor.visit(&path.window)
    }
}
