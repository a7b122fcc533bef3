import Foundation

/// When a venue's candles begin, after Foundation's calendar; milliseconds since 1970.
struct ArchiveCalendar {
    /// Weeks begin on Monday.
    private static let utc: Calendar = {
        var calendar = Calendar(identifier: .iso8601)
        calendar.timeZone = TimeZone(secondsFromGMT: 0) ?? .gmt
        return calendar
    }()
    private static let units: [Character: Int64] = [
        "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000,
    ]

    private enum Span {
        case fixed(Int64)
        case calendar(Calendar.Component)
    }

    private let span: Span

    /// `nil` for what is no interval's name.
    init?(_ name: String) {
        switch name {
        case "1w": span = .calendar(.weekOfYear)
        case "1M": span = .calendar(.month)
        default:
            guard let last = name.last, let unit = Self.units[last],
                let count = Int64(name.dropLast())
            else { return nil }
            span = .fixed(count * unit)
        }
    }

    func start(of time: Int64) -> Int64 { bounds(of: time).lowerBound }

    func next(after start: Int64) -> Int64 { bounds(of: start).upperBound }

    func first(from time: Int64) -> Int64 {
        let bounds = bounds(of: time)
        return bounds.lowerBound == time ? time : bounds.upperBound
    }

    /// The openings within a range.
    func openings(_ range: Range<Int64>) -> [Int64] {
        var openings: [Int64] = []
        var time = first(from: range.lowerBound)
        while time < range.upperBound {
            openings.append(time)
            time = next(after: time)
        }
        return openings
    }

    private func bounds(of time: Int64) -> Range<Int64> {
        switch span {
        case .fixed(let length): return time - time % length..<time - time % length + length
        case .calendar(let component):
            let date = Date(timeIntervalSince1970: Double(time / 1_000))
            guard let interval = Self.utc.dateInterval(of: component, for: date) else {
                preconditionFailure("the calendar has every moment")
            }
            return Int64(interval.start.timeIntervalSince1970) * 1_000
                ..< Int64(interval.end.timeIntervalSince1970) * 1_000
        }
    }
}
