import MarketModel

/// Volume-weighted average price of the UTC day so far; starts anew at midnight.
///
/// Feed it trades, or bars by their typical price. What comes late from a day before the current
/// one is left out.
@frozen
public struct SessionVWAP: BitwiseCopyable, Sendable {
    @usableFromInline var day = Int64.min
    @usableFromInline var turnover = 0.0
    /// The volume of the session so far.
    @usableFromInline var quantity = 0.0

    public init() {}

    /// Whether there was any volume today.
    @inlinable
    public var isReady: Bool { @_noLocks get { quantity > 0 } }

    /// The average in price units; NaN while the session has no volume.
    @inlinable
    public var value: Double { @_noLocks get { isReady ? turnover / quantity : .nan } }

    /// Volume of the session so far.
    @inlinable
    public var volume: Double { @_noLocks get { quantity } }

    /// `time` is the moment of the trade, or the start of the bar.
    @inlinable @_noLocks
    public mutating func update(price: Double, volume: Double, at time: Timestamp) {
        let today = time.utcDay
        if today < day { return }
        if today > day {
            day = today
            turnover = 0
            quantity = 0
        }
        turnover += price * volume
        quantity += volume
    }
}
