/// The venue's candle intervals and where their bars begin (UTC).
enum CandleInterval: String, CaseIterable {
    case second1 = "1s"
    case minute1 = "1m"
    case minute3 = "3m"
    case minute5 = "5m"
    case minute15 = "15m"
    case minute30 = "30m"
    case hour1 = "1h"
    case hour2 = "2h"
    case hour4 = "4h"
    case hour6 = "6h"
    case hour8 = "8h"
    case hour12 = "12h"
    case day1 = "1d"
    case day3 = "3d"
    case week1 = "1w"
    case month1 = "1M"

    static let second: Int64 = 1_000
    static let minute: Int64 = 60_000
    static let hour: Int64 = 3_600_000
    static let day: Int64 = 86_400_000

    /// Length in milliseconds; a month's is that of its shortest form and only orders intervals.
    var length: Int64 {
        switch self {
        case .second1: Self.second
        case .minute1: Self.minute
        case .minute3: 3 * Self.minute
        case .minute5: 5 * Self.minute
        case .minute15: 15 * Self.minute
        case .minute30: 30 * Self.minute
        case .hour1: Self.hour
        case .hour2: 2 * Self.hour
        case .hour4: 4 * Self.hour
        case .hour6: 6 * Self.hour
        case .hour8: 8 * Self.hour
        case .hour12: 12 * Self.hour
        case .day1: Self.day
        case .day3: 3 * Self.day
        case .week1: 7 * Self.day
        case .month1: 28 * Self.day
        }
    }

    /// Start of the bar that contains a moment, both in milliseconds since 1970.
    func openTime(containing time: Int64) -> Int64 {
        switch self {
        case .month1:
            return CivilMonth(containing: time).start
        case .week1:
            // 1970-01-01 was a Thursday; weeks begin on Monday.
            let shift = 3 * Self.day
            return time - (time + shift) % length
        default:
            return time - time % length
        }
    }

    /// Start of the bar after the one that starts at `open`.
    func next(after open: Int64) -> Int64 {
        self == .month1 ? CivilMonth(containing: open).following.start : open + length
    }
}

/// An interval in the clock of a place: bars of a day begin at midnight there.
struct CandleGrid: Hashable {
    let interval: CandleInterval
    /// Milliseconds that the place's clock is ahead of UTC.
    var shift: Int64 = 0

    init(_ interval: CandleInterval, shift: Int64 = 0) {
        self.interval = interval
        self.shift = shift
    }

    /// Start of the bar that contains a moment, both in milliseconds since 1970.
    func openTime(containing time: Int64) -> Int64 {
        interval.openTime(containing: time + shift) - shift
    }

    /// Start of the bar after the one that starts at `open`.
    func next(after open: Int64) -> Int64 { interval.next(after: open + shift) - shift }

    /// Whether a bar is made of whole hours of UTC.
    var hasWholeHours: Bool {
        interval.length >= CandleInterval.hour && shift % CandleInterval.hour == 0
    }
}

/// A month of the Gregorian calendar; the day count is Howard Hinnant's `days_from_civil`.
struct CivilMonth: Equatable {
    var year: Int64
    var month: Int64

    init(year: Int64, month: Int64) {
        self.year = year
        self.month = month
    }

    init(containing milliseconds: Int64) {
        let shifted = milliseconds / CandleInterval.day + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// First millisecond of the month.
    var start: Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = shiftedYear / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return (era * 146_097 + dayOfEra - 719_468) * CandleInterval.day
    }

    var following: CivilMonth {
        month == 12
            ? CivilMonth(year: year + 1, month: 1) : CivilMonth(year: year, month: month + 1)
    }
}
