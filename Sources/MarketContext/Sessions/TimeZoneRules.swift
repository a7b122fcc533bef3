import MarketModel

/// How far local time is from UTC, at any moment, in one zone of the system's database.
///
/// Made from the bytes of a zone file (`/usr/share/zoneinfo/Europe/London`). Cold: sessions are
/// turned into UTC moments with it before anything runs.
public struct TimeZoneRules: Sendable, Equatable {
    /// From a moment on, in seconds since 1970, the zone is `offset` seconds east of UTC.
    struct Transition: Sendable, Equatable {
        var time: Int64
        var offset: Int64
    }

    let initialOffset: Int64
    /// In the order of time.
    let transitions: [Transition]
    /// For the time after the last transition.
    let rule: DaylightRule?

    /// UTC itself.
    public static var utc: TimeZoneRules {
        TimeZoneRules(initialOffset: 0, transitions: [], rule: nil)
    }

    /// Seconds that local time is ahead of UTC at `seconds` since 1970.
    public func offset(at seconds: Int64) -> Int64 {
        if let last = transitions.last, seconds >= last.time, let rule {
            return rule.offset(at: seconds)
        }
        if transitions.isEmpty, let rule { return rule.offset(at: seconds) }
        var low = 0
        var high = transitions.count
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle].time <= seconds { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? initialOffset : transitions[low - 1].offset
    }

    /// The moment at which clocks of the zone show `secondOfDay` on `date`.
    ///
    /// When clocks are put back and show it twice, the first time; when they are put forward over
    /// it, as much later as they are put forward. 86,400 is midnight at the end of the day.
    public func moment(_ date: CivilDate, secondOfDay: Int64) -> Timestamp {
        let local = date.dayNumber * 86_400 + secondOfDay
        let before = offset(at: local - 86_400)
        let after = offset(at: local + 86_400)
        if before != after, offset(at: local - before) != before,
            offset(at: local - after) == after
        {
            return Timestamp(milliseconds: (local - after) * 1000)
        }
        return Timestamp(milliseconds: (local - before) * 1000)
    }
}

/// The yearly rule of a zone in the notation of POSIX's `TZ`, as RFC 9636 ends a zone file with.
struct DaylightRule: Sendable, Equatable {
    /// A day of each year.
    enum YearDay: Sendable, Equatable {
        /// 1...365, February 29 never counted.
        case julian(Int64)
        /// 0...365.
        case zeroBased(Int64)
        /// Day 0...6 of week 1...5 of a month; 5 is the last.
        case weekday(month: Int64, week: Int64, day: Int64)

        func dayNumber(in year: Int64) -> Int64 {
            let newYear = CivilDate(year: year, month: 1, day: 1).dayNumber
            switch self {
            case .zeroBased(let day):
                return newYear + day
            case .julian(let day):
                let march = CivilDate(year: year, month: 3, day: 1).dayNumber
                return day < 60 ? newYear + day - 1 : march + day - 60
            case .weekday(let month, let week, let weekday):
                let first = CivilDate(year: year, month: month, day: 1)
                let days = first.firstOfNextMonth.dayNumber - first.dayNumber
                var day = (weekday - first.weekday + 7) % 7 + (week - 1) * 7
                if day >= days { day -= 7 }
                return first.dayNumber + day
            }
        }
    }

    struct Change: Sendable, Equatable {
        var day: YearDay
        /// Seconds after local midnight, on the clock before the change.
        var time: Int64
    }

    var standard: Int64
    var daylight: Int64
    /// Begin and end of daylight saving time; `nil` where there is none.
    var changes: (begin: Change, end: Change)?

    static func == (left: DaylightRule, right: DaylightRule) -> Bool {
        left.standard == right.standard && left.daylight == right.daylight
            && left.changes?.begin == right.changes?.begin
            && left.changes?.end == right.changes?.end
    }

    func offset(at seconds: Int64) -> Int64 {
        guard let changes else { return standard }
        let local = seconds + standard
        let day = (local >= 0 ? local : local - 86_399) / 86_400
        let year = CivilDate(dayNumber: day).year
        let begin = changes.begin.day.dayNumber(in: year) * 86_400 + changes.begin.time - standard
        let end = changes.end.day.dayNumber(in: year) * 86_400 + changes.end.time - daylight
        let isDaylight =
            begin < end
            ? seconds >= begin && seconds < end
            : seconds >= begin || seconds < end
        return isDaylight ? daylight : standard
    }
}
