/// Average true range after Wilder.
///
/// The true range needs the close before: the first bar has none. The first value, at bar number
/// `period` + 1, is the plain mean of `period` true ranges (the convention of TA-Lib).
@frozen
public struct ATR: BitwiseCopyable, Sendable {
    @usableFromInline var average: WilderAverage
    @usableFromInline var previousClose = Double.nan
    /// The true range of the last bar; NaN before the second.
    public private(set) var trueRange = Double.nan

    /// `period` of at least 1, usually 14.
    public init(period: Int = 14) { average = WilderAverage(period: period) }

    @inlinable
    public var isReady: Bool { @_noLocks get { average.isReady } }

    /// The average range in price units; NaN until ready.
    @inlinable
    public var value: Double { @_noLocks get { isReady ? average.state : .nan } }

    @_noLocks
    public mutating func update(_ bar: PriceBar) {
        let close = previousClose
        previousClose = bar.close
        if close.isNaN { return }
        let top = bar.high > close ? bar.high : close
        let bottom = bar.low < close ? bar.low : close
        trueRange = top - bottom
        average.update(trueRange)
    }

    /// The value that `bar` would give as the next one.
    @_noLocks
    public func peek(_ bar: PriceBar) -> Double {
        var next = self
        next.update(bar)
        return next.value
    }
}
