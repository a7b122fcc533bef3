import MarketModel

/// A day of the Gregorian calendar.
///
/// Conversions after Howard Hinnant, "chrono-compatible low-level date algorithms": years counted
/// from March, so that the leap day comes last.
@frozen
public struct CivilDate: BitwiseCopyable, Hashable, Sendable {
    public var year: Int64
    /// 1...12.
    public var month: Int64
    /// 1...31.
    public var day: Int64

    @_noLocks
    public init(year: Int64, month: Int64, day: Int64) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// The day that is `dayNumber` days after 1970-01-01.
    @_noLocks
    public init(dayNumber: Int64) {
        let shifted = dayNumber &+ 719_468
        let era = (shifted >= 0 ? shifted : shifted &- 146_096) / 146_097
        let dayOfEra = shifted &- era &* 146_097
        let yearOfEra =
            (dayOfEra &- dayOfEra / 1460 &+ dayOfEra / 36_524 &- dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra &- (365 &* yearOfEra &+ yearOfEra / 4 &- yearOfEra / 100)
        let monthFromMarch = (5 &* dayOfYear &+ 2) / 153
        day = dayOfYear &- (153 &* monthFromMarch &+ 2) / 5 &+ 1
        month = monthFromMarch < 10 ? monthFromMarch &+ 3 : monthFromMarch &- 9
        year = yearOfEra &+ era &* 400 &+ (month <= 2 ? 1 : 0)
    }

    /// Days since 1970-01-01.
    public var dayNumber: Int64 {
        @_noLocks get {
            let shifted = month <= 2 ? year &- 1 : year
            let era = (shifted >= 0 ? shifted : shifted &- 399) / 400
            let yearOfEra = shifted &- era &* 400
            let monthFromMarch = month > 2 ? month &- 3 : month &+ 9
            let dayOfYear = (153 &* monthFromMarch &+ 2) / 5 &+ day &- 1
            let dayOfEra = yearOfEra &* 365 &+ yearOfEra / 4 &- yearOfEra / 100 &+ dayOfYear
            return era &* 146_097 &+ dayOfEra &- 719_468
        }
    }

    /// 00:00 UTC of this day.
    public var start: Timestamp {
        @_noLocks get { Timestamp(nanoseconds: dayNumber &* Nanoseconds.day.count) }
    }

    /// 0 Sunday ... 6 Saturday.
    public var weekday: Int64 {
        let number = (dayNumber &+ 4) % 7
        return number < 0 ? number &+ 7 : number
    }

    var firstOfMonth: CivilDate {
        @_noLocks get { CivilDate(year: year, month: month, day: 1) }
    }

    var firstOfNextMonth: CivilDate {
        @_noLocks get {
            month == 12
                ? CivilDate(year: year &+ 1, month: 1, day: 1)
                : CivilDate(year: year, month: month &+ 1, day: 1)
        }
    }
}
