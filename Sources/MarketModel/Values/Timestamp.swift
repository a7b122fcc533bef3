/// A moment: nanoseconds since 1970-01-01T00:00:00Z, without leap seconds. Years 1678 to 2262.
@frozen
public struct Timestamp: BitwiseCopyable, Hashable, Comparable, Sendable, Codable {
    public var nanoseconds: Int64

    @inlinable @inline(__always)
    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }
    @inlinable @inline(__always)
    public init(milliseconds: Int64) { nanoseconds = milliseconds &* 1_000_000 }

    /// "Not known": a venue that sends no time, an event that has not happened.
    @inlinable @inline(__always)
    public static var unknown: Timestamp { Timestamp(nanoseconds: 0) }
    /// After every moment: a timer that is not armed.
    @inlinable @inline(__always)
    public static var never: Timestamp { Timestamp(nanoseconds: .max) }

    /// Whole milliseconds since 1970, rounded down.
    @inlinable @inline(__always)
    public var milliseconds: Int64 {
        nanoseconds / 1_000_000 &- (nanoseconds % 1_000_000 < 0 ? 1 : 0)
    }
    /// Days since 1970 in UTC: the number of the trading day.
    @inlinable @inline(__always)
    public var utcDay: Int64 {
        nanoseconds / Nanoseconds.day.count
            &- (nanoseconds % Nanoseconds.day.count < 0 ? 1 : 0)
    }

    @inlinable @inline(__always)
    public static func == (left: Timestamp, right: Timestamp) -> Bool { left.nanoseconds == right.nanoseconds }
    @inlinable @inline(__always)
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.nanoseconds < right.nanoseconds
    }
    @inlinable @inline(__always)
    public static func + (left: Timestamp, right: Nanoseconds) -> Timestamp {
        Timestamp(nanoseconds: left.nanoseconds &+ right.count)
    }
    @inlinable @inline(__always)
    public static func - (left: Timestamp, right: Timestamp) -> Nanoseconds {
        Nanoseconds(left.nanoseconds &- right.nanoseconds)
    }
    @inlinable @inline(__always)
    public static func - (left: Timestamp, right: Nanoseconds) -> Timestamp {
        Timestamp(nanoseconds: left.nanoseconds &- right.count)
    }
}

/// A length of time in nanoseconds, up to 292 years.
@frozen
public struct Nanoseconds: BitwiseCopyable, Hashable, Comparable, Sendable, Codable {
    public var count: Int64

    @inlinable @inline(__always)
    public init(_ count: Int64) { self.count = count }

    @inlinable @inline(__always)
    public static func microseconds(_ count: Int64) -> Nanoseconds { Nanoseconds(count * 1_000) }
    @inlinable @inline(__always)
    public static func milliseconds(_ count: Int64) -> Nanoseconds {
        Nanoseconds(count * 1_000_000)
    }
    @inlinable @inline(__always)
    public static func seconds(_ count: Int64) -> Nanoseconds {
        Nanoseconds(count * 1_000_000_000)
    }
    @inlinable @inline(__always)
    public static var zero: Nanoseconds { Nanoseconds(0) }
    @inlinable @inline(__always)
    public static var day: Nanoseconds { .seconds(86_400) }

    @inlinable @inline(__always)
    public static func == (left: Nanoseconds, right: Nanoseconds) -> Bool { left.count == right.count }
    @inlinable @inline(__always)
    public static func < (left: Nanoseconds, right: Nanoseconds) -> Bool {
        left.count < right.count
    }
    @inlinable @inline(__always)
    public static func + (left: Nanoseconds, right: Nanoseconds) -> Nanoseconds {
        Nanoseconds(left.count &+ right.count)
    }
    @inlinable @inline(__always)
    public static func - (left: Nanoseconds, right: Nanoseconds) -> Nanoseconds {
        Nanoseconds(left.count &- right.count)
    }
}
