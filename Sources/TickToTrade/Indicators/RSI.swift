/// Relative strength index after Wilder: 100 · gains / (gains + losses), each smoothed.
///
/// The first value comes with sample number `period` + 1, from the plain means of the first
/// `period` gains and losses; without any movement the value is 0 (the convention of TA-Lib).
@frozen
public struct RSI: BitwiseCopyable, Sendable {
    @usableFromInline var gains: WilderAverage
    @usableFromInline var losses: WilderAverage
    @usableFromInline var previous = Double.nan

    /// `period` of at least 1, usually 14.
    public init(period: Int = 14) {
        gains = WilderAverage(period: period)
        losses = WilderAverage(period: period)
    }

    @inlinable
    public var isReady: Bool { @_noLocks get { gains.isReady } }

    /// 0...100; NaN until ready.
    @inlinable
    public var value: Double {
        @_noLocks get {
            if !isReady { return .nan }
            let movement = gains.state + losses.state
            return movement > 0 ? 100 * gains.state / movement : 0
        }
    }

    @inlinable @_noLocks
    public mutating func update(_ sample: Double) {
        let change = sample - previous
        previous = sample
        // The first sample changes nothing: its difference is not a number.
        if change.isNaN { return }
        gains.update(change > 0 ? change : 0)
        losses.update(change < 0 ? -change : 0)
    }

    /// The value that `sample` would give as the next one.
    @inlinable @_noLocks
    public func peek(_ sample: Double) -> Double {
        var next = self
        next.update(sample)
        return next.value
    }
}
