import Foundation

/// How figures are written for people: durations, counts, bytes and moments.
public enum FigureText {
    /// A duration in its natural unit, three significant digits: `840 ns`, `12.3 us`, `1.50 s`.
    public static func duration(_ nanoseconds: Int64) -> String {
        let value = Double(nanoseconds)
        return switch nanoseconds.magnitude {
        case ..<1_000: "\(nanoseconds) ns"
        case ..<1_000_000: significant(value / 1e3) + " us"
        case ..<1_000_000_000: significant(value / 1e6) + " ms"
        case ..<100_000_000_000: significant(value / 1e9) + " s"
        default: clock(nanoseconds)
        }
    }

    /// Hours, minutes, seconds: `01:02:03`, days in front when there are any.
    public static func clock(_ nanoseconds: Int64) -> String {
        let seconds = nanoseconds / 1_000_000_000
        let text = String(
            format: "%02d:%02d:%02d", Int(seconds / 3600 % 24), Int(seconds / 60 % 60),
            Int(seconds % 60))
        return seconds >= 86_400 ? "\(seconds / 86_400)d " + text : text
    }

    /// A count with thousands apart: `1 234 567`.
    public static func count(_ value: Int64) -> String {
        let digits = String(value.magnitude)
        var grouped = ""
        for (offset, digit) in digits.enumerated() {
            if offset > 0, (digits.count - offset) % 3 == 0 { grouped.append(" ") }
            grouped.append(digit)
        }
        return value < 0 ? "-" + grouped : grouped
    }

    /// A rate per second: one decimal below 100, whole above.
    public static func rate(_ perSecond: Double) -> String {
        guard perSecond.isFinite else { return "-" }
        return perSecond < 100
            ? String(format: "%.1f/s", perSecond) : count(Int64(perSecond.rounded())) + "/s"
    }

    /// With so many digits behind the point, 0...9.
    public static func decimal(_ value: Double, places: Int) -> String {
        String(format: "%.\(places)f", value)
    }

    /// Bytes in binary units: `512 B`, `1.5 MiB`.
    public static func bytes(_ value: Int64) -> String {
        var amount = Double(value)
        var unit = 0
        let units = ["B", "KiB", "MiB", "GiB", "TiB"]
        while amount >= 1024, unit < units.count - 1 {
            amount /= 1024
            unit += 1
        }
        return unit == 0 ? "\(value) B" : String(format: "%.1f ", amount) + units[unit]
    }

    /// RFC 3339 in UTC with nine digits of the second: `2026-11-21T05:21:00.123456789Z`.
    ///
    /// Proleptic Gregorian from the day number (H. Hinnant's civil-from-days), no calendar object.
    public static func moment(_ nanoseconds: Int64) -> String {
        let second: Int64 = 1_000_000_000
        let seconds = nanoseconds >= 0 ? nanoseconds / second : (nanoseconds - second + 1) / second
        let fraction = nanoseconds - seconds * second
        let day = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
        let rest = seconds - day * 86_400
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let dayOfMonth = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return padded(year, 4) + "-" + padded(month, 2) + "-" + padded(dayOfMonth, 2) + "T"
            + padded(rest / 3600, 2) + ":" + padded(rest / 60 % 60, 2) + ":" + padded(rest % 60, 2)
            + "." + padded(fraction, 9) + "Z"
    }

    private static func padded(_ value: Int64, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }

    private static func significant(_ value: Double) -> String {
        let size = abs(value)
        return String(format: size < 9.995 ? "%.2f" : size < 99.95 ? "%.1f" : "%.0f", value)
    }
}
