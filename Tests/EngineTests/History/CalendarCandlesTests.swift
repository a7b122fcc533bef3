import Foundation
import MarketModel
import Testing

@testable import Engine

/// Weeks and months have their places in the calendar, and a month has no length.
@Suite("Candles of weeks and months")
struct CalendarCandlesTests {
    /// The first days from November 2023 to May 2024, over a year's end and a February of 29 days.
    private static let months: [Int64] = [
        1_698_796_800_000, 1_701_388_800_000, 1_704_067_200_000, 1_706_745_600_000,
        1_709_251_200_000, 1_711_929_600_000, 1_714_521_600_000,
    ]
    /// The Mondays from 2023-12-18 to 2024-01-29.
    private static let weeks: [Int64] = [
        1_702_857_600_000, 1_703_462_400_000, 1_704_067_200_000, 1_704_672_000_000,
        1_705_276_800_000, 1_705_881_600_000, 1_706_486_400_000,
    ]
    private static let openings = ["1w": weeks, "1M": months]

    private let folder: HistoryTestFolder

    init() throws { folder = try HistoryTestFolder() }

    /// In which the symbol is listed within the first candle and the last one is open.
    private func script(_ times: [Int64]) -> ArchiveDesk.Script {
        var script = ArchiveDesk.Script()
        script.listed = times[0] + 86_400_000
        script.now = times[6] + 3_600_000
        return script
    }

    private func text(_ name: String) throws -> String {
        try String(contentsOfFile: folder.file(name), encoding: .utf8)
    }

    @Test(arguments: ["1s", "15m", "12h", "1d", "1w", "1M"])
    func `candles begin where the calendar lets them, and are counted by it`(name: String) throws {
        let timeframe = try #require(HistoryTimeframe(name))
        let calendar = try #require(ArchiveCalendar(name))
        var random: UInt64 = 2_024
        for _ in 0..<1_000 {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let time = Int64(random >> 22)
            let moment = Timestamp(milliseconds: time)
            let start = calendar.start(of: time)
            let next = calendar.next(after: start)
            #expect(timeframe.start(of: moment).milliseconds == start, "\(time)")
            #expect(timeframe.first(from: moment).milliseconds == calendar.first(from: time))
            let opening = Timestamp(milliseconds: start)
            #expect(timeframe.first(from: opening) == opening)
            #expect(timeframe.next(after: opening).milliseconds == next, "\(time)")
            var end = next
            for count in 1...15 {
                #expect(timeframe.count(from: opening, to: Timestamp(milliseconds: end)) == count)
                #expect(timeframe.count(from: Timestamp(milliseconds: end), to: opening) == 0)
                end = calendar.next(after: end)
            }
        }
    }

    @Test(arguments: ["1w", "1M"])
    func `a range over a year's end comes as it is, without the open candle`(name: String) throws {
        let times = try #require(Self.openings[name])
        let desk = ArchiveDesk(script(times))
        let tally = HistoryTally()
        let report = try folder.download(times[0]..<times[6], of: name, from: desk, tally: tally)
        #expect(report.ending == .complete && report.gaps.isEmpty)
        #expect(report.before == nil && report.behind == nil)
        #expect((report.bars, report.added, report.requests) == (6, 6, 1))
        #expect(tally.progress.done == 6)
        #expect(try text(name) == ArchiveDesk.file(times[..<6]))
    }

    @Test(arguments: ["1w", "1M"])
    func `a candle is closed when the next one begins, and a second has passed`(
        name: String
    ) throws {
        let timeframe = try #require(HistoryTimeframe(name))
        let times = try #require(Self.openings[name])
        let plan = HistoryPlan(series: [], from: nil, to: nil, folder: "", connections: 1)
        for (one, next) in zip(times, times.dropFirst()) {
            let early = plan.range(of: timeframe, at: Timestamp(milliseconds: next + 999))
            #expect(early.end.milliseconds == one)
            let late = plan.range(of: timeframe, at: Timestamp(milliseconds: next + 1_000))
            #expect(late.end.milliseconds == next)
        }
    }

    /// 260 weeks and 60 months, which is the first of the same month.
    @Test func `five years of them are fetched when nobody says from where`() throws {
        let plan = HistoryPlan(series: [], from: nil, to: nil, folder: "", connections: 1)
        let leapDay = Timestamp(milliseconds: 1_709_164_800_000)
        for (name, start, end) in [
            ("1w", "2019-03-04T00:00:00Z", "2024-02-26T00:00:00Z"),
            ("1M", "2019-02-01T00:00:00Z", "2024-02-01T00:00:00Z"),
        ] {
            let timeframe = try #require(HistoryTimeframe(name))
            let range = plan.range(of: timeframe, at: leapDay)
            #expect(HistoryText.moment(range.start) == start)
            #expect(HistoryText.moment(range.end) == end)
        }
    }

    /// A kill leaves a beginning of the file; the next run asks for what comes behind its last whole
    /// line.
    @Test(arguments: ["1w", "1M"])
    func `a download that was killed at any byte goes on without a hole or a duplicate`(
        name: String
    ) throws {
        let times = try #require(Self.openings[name])
        let whole = Array(ArchiveDesk.file(times[..<6]).utf8)
        for cut in 0...whole.count {
            try Data(whole[..<cut]).write(to: URL(fileURLWithPath: folder.file(name)))
            let desk = ArchiveDesk(script(times))
            let report = try folder.download(times[0]..<times[6], of: name, from: desk)
            #expect(report.ending == .complete && report.gaps.isEmpty)
            #expect(Array(try text(name).utf8) == whole, "cut at \(cut)")
            let lines = whole[..<cut].count { $0 == UInt8(ascii: "\n") }
            let next = times[max(0, lines - 1)]
            #expect(desk.asked.count == (next == times[6] ? 0 : 1))
            #expect(desk.asked.allSatisfy { $0.target.contains("startTime=\(next)&") })
        }
    }

    @Test(arguments: ["1w", "1M"])
    func `what comes before a file and between it and the range is fetched too`(
        name: String
    ) throws {
        let times = try #require(Self.openings[name])
        let desk = ArchiveDesk(script(times))
        try folder.download(times[2]..<times[3], of: name, from: desk)
        #expect(try text(name) == ArchiveDesk.file(times[2..<3]))
        let report = try folder.download(times[4]..<times[5], of: name, from: desk)
        #expect(report.added == 2)
        #expect(try text(name) == ArchiveDesk.file(times[2..<5]))
        #expect(try folder.download(times[0]..<times[6], of: name, from: desk).added == 3)
        #expect(try text(name) == ArchiveDesk.file(times[..<6]))
    }

    /// The venue lacks two candles, among the months February and its neighbour.
    @Test(arguments: ["1w", "1M"])
    func `holes of the venue's are counted in candles`(name: String) throws {
        let times = try #require(Self.openings[name])
        var script = script(times)
        script.holes = times[3]..<times[5]
        script.listed = times[1]
        let tally = HistoryTally()
        let report = try folder.download(
            times[0]..<times[6], of: name, from: ArchiveDesk(script), tally: tally)
        #expect(report.ending == .complete && report.before?.missing == 1)
        #expect(tally.progress.done == 6)
        for gaps in [
            report.gaps,
            try CandleFileScan(path: folder.file(name), timeframe: report.series.timeframe).gaps,
        ] {
            #expect(gaps.map(\.missing) == [2])
            #expect(gaps.first?.start.milliseconds == times[3])
            #expect(gaps.first?.end.milliseconds == times[5])
        }
    }

    @Test(arguments: [
        ("1w", "a Monday at 00:00 UTC"), ("1M", "the first of a month at 00:00 UTC"),
    ])
    func `what is wrong with a file is found with its line`(name: String, grid: String) throws {
        let timeframe = try #require(HistoryTimeframe(name))
        let times = try #require(Self.openings[name])
        func row(_ time: Int64, _ fields: String = "2,3,1,2.5,0") -> String { "\(time),\(fields)\n" }
        // A day late, twice, a bad price, a month of 28 days, three missing, torn.
        let rows = row(times[0]) + row(times[1] + 86_400_000) + row(times[1]) + row(times[1])
            + row(times[2], "2,3,1,0,0") + row(times[2]) + row(times[2] + 28 * 86_400_000 + 1)
            + row(times[6]) + "17"
        let text = "timestamp,open,high,low,close,volume\n" + rows
        let scan = Array(text.utf8).withUnsafeBytes { CandleFileScan($0, timeframe: timeframe) }
        #expect(scan.findings.map(\.line) == [3, 5, 6, 8, 9, 10])
        #expect(scan.findings[0].words == "it does not begin on \(grid)")
        #expect(scan.findings[1].words.hasSuffix("is there twice"))
        #expect(scan.findings[2].words == "close is 0; accepted: above 0")
        #expect(scan.findings[3].words == "it does not begin on \(grid)")
        #expect(scan.gaps.map(\.missing) == [3])
        #expect(scan.findings[5].kind == .torn)
        #expect(scan.bars == 4)
    }

    @Test func `a month is no minute, and there are no candles of three days`() throws {
        let month = try #require(HistorySeries(fileName: "BTCUSDT_1M.csv"))
        let minute = try #require(HistorySeries(fileName: "BTCUSDT_1m.csv"))
        #expect(month.timeframe != minute.timeframe && month.fileName == "BTCUSDT_1M.csv")
        #expect(HistoryTimeframe("3d") == nil && HistoryTimeframe("1W") == nil)
        #expect(HistoryTimeframe.all.map(\.name).suffix(3) == ["1d", "1w", "1M"])
        #expect(HistoryTimeframe.all.map(\.meanLength) == HistoryTimeframe.all.map(\.meanLength).sorted())
        #expect(month.timeframe.meanLength.count * 12 == 365 * Nanoseconds.day.count)
    }

    /// A file may say so; a download must not go on from before it.
    @Test(arguments: ["1s", "1d", "1w", "1M"])
    func `behind the last candle of all time there is none`(name: String) throws {
        let timeframe = try #require(HistoryTimeframe(name))
        let last = timeframe.start(of: .never)
        #expect(timeframe.next(after: last) == .never)
        try ArchiveDesk.file([last.milliseconds]).write(
            toFile: folder.file(name), atomically: true, encoding: .utf8)
        let desk = ArchiveDesk()
        let start = last.milliseconds
        let report = try folder.download(start..<start, of: name, from: desk)
        #expect(report.ending == .complete && report.bars == 1 && desk.asked.isEmpty)
    }
}
