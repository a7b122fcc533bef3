import MarketContext
import MarketModel

/// Times as recorded data writes them and as people read them, in UTC.
public enum TimeText {
    public static let wanted =
        "a time: seconds, milliseconds, microseconds or nanoseconds since 1970, or "
        + "2026-01-31T23:59:59Z"

    /// A number by its size, or ISO 8601 in UTC with or without the time of day. After 1970.
    public static func parse(_ text: Substring) -> Timestamp? {
        if let number = Int64(text) {
            let factor: Int64 =
                switch number {
                case 1..<100_000_000_000: 1_000_000_000
                case 100_000_000_000..<100_000_000_000_000: 1_000_000
                case 100_000_000_000_000..<100_000_000_000_000_000: 1_000
                default: 1
                }
            let (nanoseconds, isTooLarge) = number.multipliedReportingOverflow(by: factor)
            return isTooLarge || number <= 0 ? nil : Timestamp(nanoseconds: nanoseconds)
        }
        return civil(text)
    }

    private static func civil(_ text: Substring) -> Timestamp? {
        var rest = text
        if rest.hasSuffix("Z") { rest = rest.dropLast() }
        if rest.hasSuffix("+00:00") { rest = rest.dropLast(6) }
        let halves = rest.split(whereSeparator: { $0 == "T" || $0 == " " })
        let date = (halves.first ?? "").split(separator: "-").map { Int64($0) }
        guard (1...2).contains(halves.count), date.count == 3, let year = date[0],
            let month = date[1], let day = date[2], (1970...2261).contains(year),
            (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        let civil = CivilDate(year: year, month: month, day: day)
        guard CivilDate(dayNumber: civil.dayNumber) == civil,
            let time = halves.count == 2 ? timeOfDay(halves[1]) : 0
        else { return nil }
        return Timestamp(nanoseconds: civil.dayNumber * 86_400_000_000_000 + time)
    }

    private static func timeOfDay(_ text: Substring) -> Int64? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), let hour = Int64(parts[0]),
            let minute = Int64(parts[1]), (0..<24).contains(hour), (0..<60).contains(minute),
            let second = parts.count == 3 ? Double(parts[2]) : 0, second >= 0, second < 60
        else { return nil }
        return ((hour * 60 + minute) * 60) * 1_000_000_000 + Int64(second * 1_000) * 1_000_000
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    static func month(_ date: CivilDate) -> String { months[Int(date.month) - 1] }

    static func date(_ time: Timestamp) -> CivilDate { CivilDate(dayNumber: time.utcDay) }

    /// As in 5 Jan 2026 12:00.
    static func full(_ time: Timestamp) -> String {
        let date = date(time)
        return "\(date.day) \(month(date)) \(date.year) \(clock(time))"
    }

    static func clock(_ time: Timestamp) -> String {
        let minutes = (time.nanoseconds / 60_000_000_000) % 1440
        return two(minutes / 60) + ":" + two(minutes % 60)
    }

    private static func two(_ number: Int64) -> String { (number < 10 ? "0" : "") + "\(number)" }
}
