/// Exponential moving average with weight 2 / (period + 1).
///
/// The first value, at sample number `period`, is the plain mean of the samples so far (the
/// convention of TA-Lib). O(1), one multiplication a sample.
@frozen
public struct EMA: BitwiseCopyable, Sendable {
    @usableFromInline let period: Int
    @usableFromInline let weight: Double
    @usableFromInline var count = 0
    /// The sum of the samples until there are `period` of them, then the average.
    @usableFromInline var state = 0.0

    /// `period` of at least 1; 1 follows its input.
    public init(period: Int) {
        precondition(period > 0, "an average is over at least one sample")
        self.period = period
        weight = 2 / (Double(period) + 1)
    }

    @inlinable
    public var isReady: Bool { @_noLocks get { count >= period } }

    /// The average; NaN until ready.
    @inlinable
    public var value: Double { @_noLocks get { isReady ? state : .nan } }

    @inlinable @_noLocks
    public mutating func update(_ sample: Double) {
        if count >= period {
            state += weight * (sample - state)
            return
        }
        count += 1
        state += sample
        if count == period { state /= Double(period) }
    }

    /// The value that `sample` would give as the next one.
    @inlinable @_noLocks
    public func peek(_ sample: Double) -> Double {
        var next = self
        next.update(sample)
        return next.value
    }
}
