import MarketModel

/// The venue's times: integers in milliseconds, or microseconds where asked for.
///
/// The unit shows in the magnitude: 10^14 ms is the year 5138, 10^14 us is March 1973.
enum VenueTime {
    /// The moment of a venue integer; `nil` when it is negative or later than 2262.
    @_noLocks @inline(__always)
    static func timestamp(_ value: Int64) -> Timestamp? {
        if value >= 100_000_000_000_000 {
            guard value <= 9_223_372_036_854_774 else { return nil }
            return Timestamp(nanoseconds: value &* 1_000)
        }
        guard value >= 0, value <= 9_223_372_036_853 else { return nil }
        return Timestamp(nanoseconds: value &* 1_000_000)
    }

    /// The last nanosecond of the millisecond or microsecond that a venue integer names.
    @_noLocks @inline(__always)
    static func lastNanosecond(_ value: Int64) -> Timestamp? {
        guard let first = timestamp(value) else { return nil }
        let length: Int64 = value >= 100_000_000_000_000 ? 999 : 999_999
        return Timestamp(nanoseconds: first.nanoseconds &+ length)
    }

    /// The moment in a JSON value; `unknown` when it is absent, null or -1 ("not yet").
    @_noLocks
    static func optional(_ value: JSONValue) throws(DecodeFailure) -> Timestamp {
        guard value.isPresent else { return .unknown }
        let raw = try value.integer()
        if raw == -1 { return .unknown }
        guard let time = timestamp(raw) else { throw .overflow }
        return time
    }

    /// The moment in a JSON value that must be there.
    @_noLocks
    static func required(_ value: JSONValue) throws(DecodeFailure) -> Timestamp {
        guard let time = timestamp(try value.integer()) else { throw .overflow }
        return time
    }
}
