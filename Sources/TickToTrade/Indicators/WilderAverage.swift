/// Wilder's smoothing: each sample weighs 1 / period, seeded by the mean of the first `period`.
@frozen
@usableFromInline
struct WilderAverage: BitwiseCopyable, Sendable {
    @usableFromInline let period: Int
    @usableFromInline let weight: Double
    @usableFromInline var count = 0
    /// The sum of the samples until there are `period` of them, then the average.
    @usableFromInline var state = 0.0

    @usableFromInline
    init(period: Int) {
        precondition(period > 0, "an average is over at least one sample")
        self.period = period
        weight = 1 / Double(period)
    }

    @inlinable
    var isReady: Bool { @_noLocks get { count >= period } }

    @inlinable @_noLocks
    mutating func update(_ sample: Double) {
        if count >= period {
            state += weight * (sample - state)
            return
        }
        count += 1
        state += sample
        if count == period { state /= Double(period) }
    }
}
