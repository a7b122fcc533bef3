import Foundation
import MarketContext
import MarketModel
import Testing

@Suite struct TimeframeTests {
    private static let calendar: Calendar = {
        var calendar = Calendar(identifier: .iso8601)
        calendar.timeZone = TimeZone(secondsFromGMT: 0) ?? .gmt
        return calendar
    }()

    private func moment(_ date: Date) -> Timestamp {
        Timestamp(milliseconds: Int64(date.timeIntervalSince1970) * 1000)
    }

    @Test func `weeks begin on Monday and months on the first, as the calendar has them`() throws {
        var numbers = SplitMix(seed: 7)
        for _ in 0..<5_000 {
            let seconds = Int64.random(in: -2_000_000_000...6_000_000_000, using: &numbers)
            let date = Date(timeIntervalSince1970: Double(seconds))
            for (timeframe, component) in [
                (Timeframe.week, Calendar.Component.weekOfYear), (.month, .month), (.day, .day),
            ] {
                let span = try #require(Self.calendar.dateInterval(of: component, for: date))
                let start = timeframe.start(of: Timestamp(milliseconds: seconds * 1000))
                #expect(start == moment(span.start), "\(component) of \(date)")
                #expect(timeframe.end(from: start) == moment(span.end), "\(component) of \(date)")
            }
        }
    }

    @Test func `days of the calendar are counted both ways`() {
        for number in stride(from: -1_000_000, to: 1_000_000, by: 97) as StrideTo<Int64> {
            let date = CivilDate(dayNumber: number)
            #expect(date.dayNumber == number)
            #expect((1...12).contains(date.month) && (1...31).contains(date.day))
        }
        #expect(CivilDate(dayNumber: 0) == CivilDate(year: 1970, month: 1, day: 1))
        #expect(CivilDate(year: 2000, month: 2, day: 29).dayNumber == 11_016)
        #expect(CivilDate(dayNumber: 0).weekday == 4)
    }

    // BUG-136: a day is the UTC day, whatever the session's zone.
    @Test(arguments: [7, 45, 90, 2_160, 10_080] as [Int64])
    func `any multiple of a minute begins on the UTC clock`(minutes: Int64) {
        let timeframe = Timeframe.minutes(minutes)
        for milliseconds in [-1, 0, 1, 1_723_211_241_123] as [Int64] {
            let start = timeframe.start(of: Timestamp(milliseconds: milliseconds)).milliseconds
            #expect(start % (minutes * 60_000) == 0)
            #expect(start <= milliseconds && milliseconds < start + minutes * 60_000)
        }
    }
}
