import MarketModel

/// A candle with the time at which it opened.
@frozen
public struct TimedBar: IndicatorInput, Sendable {
    public var time: Timestamp
    public var bar: PriceBar

    @inlinable @inline(__always)
    public init(time: Timestamp, bar: PriceBar) {
        self.time = time
        self.bar = bar
    }

    /// A valid bar at a known time.
    @inlinable @inline(__always)
    public var isValid: Bool { time.nanoseconds > 0 && bar.isValid }
}

/// Sessions of equal length in UTC, one after the other.
@frozen
public struct SessionClock: BitwiseCopyable, Codable, Sendable, Equatable {
    @usableFromInline let length: Int64
    @usableFromInline let offset: Int64
    /// The session of the last time seen, counted from 1970.
    @usableFromInline var number = Int64.min

    /// `lengthMinutes` 1...44,640 (31 days); `offsetMinutes` 0...44,640: how long after 00:00 UTC
    /// of 1970-01-01 a session began.
    public init(lengthMinutes: Int = 1440, offsetMinutes: Int = 0) throws(IndicatorFailure) {
        length = Int64(try lengthMinutes.checked("lengthMinutes", in: 1...44_640)) * 60_000_000_000
        offset = Int64(try offsetMinutes.checked("offsetMinutes", in: 0...44_640)) * 60_000_000_000
    }

    /// Whether `time` lies in another session than the time before it; `true` for the first.
    @inlinable @inline(__always)
    public mutating func begins(at time: Timestamp) -> Bool {
        let since = time.nanoseconds &- offset
        let session = since >= 0 ? since / length : (since &- length &+ 1) / length
        if session == number { return false }
        number = session
        return true
    }
}
