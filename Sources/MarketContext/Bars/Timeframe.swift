import MarketModel

/// The spans of time that bars, levels and profiles are made of. All begin on the UTC clock.
@frozen
public enum Timeframe: BitwiseCopyable, Hashable, Sendable {
    /// Multiples of a length since 1970-01-01T00:00Z: seconds, minutes, hours and days begin where
    /// every venue lets them begin. Positive.
    case every(Nanoseconds)
    /// Weeks from Monday 00:00 UTC.
    case week
    /// Calendar months.
    case month

    @inlinable
    public static var day: Timeframe { .every(.day) }
    @inlinable
    public static func minutes(_ count: Int64) -> Timeframe { .every(.seconds(count * 60)) }
    @inlinable
    public static func hours(_ count: Int64) -> Timeframe { .every(.seconds(count * 3600)) }

    /// Start of the span that holds `time`; also before 1970.
    @_noLocks
    public func start(of time: Timestamp) -> Timestamp {
        switch self {
        case .every(let length): multiple(of: length.count, at: time.nanoseconds, phase: 0)
        // 1970-01-01 was a Thursday.
        case .week: multiple(of: dayLength &* 7, at: time.nanoseconds, phase: dayLength &* 4)
        case .month: CivilDate(dayNumber: time.utcDay).firstOfMonth.start
        }
    }

    /// The first moment after the span that begins at `start`.
    @_noLocks
    public func end(from start: Timestamp) -> Timestamp {
        switch self {
        case .every(let length): start + length
        case .week: start + Nanoseconds(dayLength &* 7)
        case .month: CivilDate(dayNumber: start.utcDay).firstOfNextMonth.start
        }
    }

    /// Its length; of a month, 30 days.
    public var nominalLength: Nanoseconds {
        @_noLocks get {
            switch self {
            case .every(let length): length
            case .week: Nanoseconds(dayLength &* 7)
            case .month: Nanoseconds(dayLength &* 30)
            }
        }
    }

    private var dayLength: Int64 { Nanoseconds.day.count }

    private func multiple(of length: Int64, at time: Int64, phase: Int64) -> Timestamp {
        let rest = (time &- phase) % length
        return Timestamp(nanoseconds: time &- (rest < 0 ? rest &+ length : rest))
    }
}
