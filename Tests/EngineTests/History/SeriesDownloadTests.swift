import Codec
import Foundation
import MarketModel
import Testing

@testable import Engine

/// MD-25: candles of the past come into their file once each, whatever happens on the way.
@Suite("History downloads")
struct SeriesDownloadTests {
    private static let hour: Int64 = 3_600_000
    private static let start = ArchiveDesk.Script.start

    private let folder: HistoryTestFolder

    init() throws { folder = try HistoryTestFolder() }

    private func times(_ range: Range<Int64>) -> [Int64] {
        Array(stride(from: range.lowerBound, to: range.upperBound, by: Int(Self.hour)))
    }

    /// Hours from the start of the archive on.
    private func hours(_ range: Range<Int64>) -> Range<Int64> {
        Self.start + range.lowerBound * Self.hour..<Self.start + range.upperBound * Self.hour
    }

    @discardableResult
    private func download(_ desk: ArchiveDesk, _ range: Range<Int64>) throws -> SeriesReport {
        try folder.download(range, from: desk)
    }

    private var path: String { folder.file() }
    private var text: String {
        get throws { try String(contentsOfFile: path, encoding: .utf8) }
    }

    @Test func `a range comes page by page, a tenth of a second apart, as the venue wrote it`() throws {
        let desk = ArchiveDesk()
        let report = try download(desk, hours(5..<2_105))
        #expect(report.ending == .complete && report.gaps.isEmpty)
        #expect(report.before == nil && report.behind == nil)
        #expect(try text == ArchiveDesk.file(times(hours(5..<2_105))))
        #expect((report.bars, report.added, report.requests) == (2_100, 2_100, 3))
        for (one, next) in zip(desk.asked, desk.asked.dropFirst()) {
            #expect(next.at - one.at >= 100_000_000)
        }
        #expect(desk.asked[0].target.hasSuffix("&limit=1000"))
    }

    @Test func `the candle that is still open stays away, and so does one that has just closed`() throws {
        let now = Timestamp(milliseconds: Self.start + 10 * Self.hour)
        let hour = try #require(HistoryTimeframe("1h"))
        var plan = HistoryPlan(series: [], from: nil, to: nil, folder: folder.path, connections: 1)
        #expect(plan.range(of: hour, at: now).end.milliseconds == Self.start + 9 * Self.hour)
        let later = now + .seconds(1)
        #expect(plan.range(of: hour, at: later).end == now)
        // MD-25: thirty days of hours; a date that is no multiple of an hour begins behind it.
        #expect(plan.range(of: hour, at: later).start == now - Nanoseconds(30 * Nanoseconds.day.count))
        plan.from = now - .seconds(7_201)
        plan.to = now - .seconds(1)
        #expect(plan.range(of: hour, at: later).start == now - .seconds(7_200))
        #expect(plan.range(of: hour, at: later).end == now)
    }

    @Test(arguments: ["1m": 1, "5m": 5, "15m": 15, "1h": 30, "4h": 120, "1d": 365])
    func `batch spans are those of the requirement`(name: String, days: Int64) throws {
        let timeframe = try #require(HistoryTimeframe(name))
        let plan = HistoryPlan(series: [], from: nil, to: nil, folder: "", connections: 1)
        let range = plan.range(of: timeframe, at: Timestamp(milliseconds: Self.start + 90_000_123))
        #expect((range.end - range.start).count == days * Nanoseconds.day.count)
    }

    /// A kill leaves a beginning of the file; the next run makes the same file of every one.
    @Test func `a download that was killed at any byte goes on without a hole or a duplicate`() throws {
        let whole = Array(ArchiveDesk.file(times(hours(0..<5))).utf8)
        for cut in 0...whole.count {
            try Data(whole[..<cut]).write(to: URL(fileURLWithPath: path))
            let report = try download(ArchiveDesk(), hours(0..<5))
            #expect(report.ending == .complete)
            let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            #expect(Array(bytes) == whole, "cut at \(cut)")
        }
    }

    @Test func `what comes before a file is put before it, also after a kill at any byte`() throws {
        let earlier = Array(ArchiveDesk.file(times(hours(0..<12))).utf8)
        let later = ArchiveDesk.file(times(hours(8..<12)))
        // A kill while the later part is being added leaves its candles in the earlier file too.
        for cut in stride(from: 0, through: earlier.count, by: 7) {
            try later.write(toFile: path, atomically: true, encoding: .utf8)
            try Data(earlier[..<cut]).write(to: URL(fileURLWithPath: path + ".earlier"))
            let report = try download(ArchiveDesk(), hours(0..<14))
            #expect(report.ending == .complete)
            #expect(try text == ArchiveDesk.file(times(hours(0..<14))), "cut at \(cut)")
            #expect(!FileManager.default.fileExists(atPath: path + ".earlier"))
            #expect(report.bars == 14)
        }
    }

    @Test func `a range behind the file fills what lies between`() throws {
        try download(ArchiveDesk(), hours(0..<5))
        let report = try download(ArchiveDesk(), hours(20..<30))
        #expect(report.added == 25)
        #expect(try text == ArchiveDesk.file(times(hours(0..<30))))
        let again = ArchiveDesk()
        #expect(try download(again, hours(3..<30)).added == 0)
        #expect(again.asked.isEmpty, "nothing is missing, nobody is asked")
    }

    /// MD-13, BUG-048: a hole is skipped, stated, and not filled.
    @Test func `holes of the venue's are named and do not end the download`() throws {
        var script = ArchiveDesk.Script()
        script.listed = hours(3..<4).lowerBound
        script.holes = hours(10..<1_500)
        script.now = hours(0..<1_700).upperBound
        let report = try download(ArchiveDesk(script), hours(0..<1_600))
        #expect(report.ending == .complete)
        let there = times(hours(3..<10)) + times(hours(1_500..<1_600))
        #expect(try text == ArchiveDesk.file(there))
        #expect(report.gaps.map(\.missing) == [1_490])
        #expect(report.gaps.first?.start.milliseconds == hours(10..<11).lowerBound)
        #expect(report.gaps.first?.end.milliseconds == hours(1_500..<1_501).lowerBound)
        #expect(report.before?.missing == 3)
        // The same from the file alone.
        #expect(try download(ArchiveDesk(script), hours(3..<1_600)).gaps.map(\.missing) == [1_490])
    }

    @Test func `a range that the venue has nothing of makes no file`() throws {
        var script = ArchiveDesk.Script()
        script.listed = hours(500..<501).lowerBound
        let report = try download(ArchiveDesk(script), hours(0..<100))
        #expect(report.ending == .complete && report.bars == 0)
        #expect(report.behind?.missing == 100)
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func `duplicates within an answer are dropped`() throws {
        var script = ArchiveDesk.Script()
        script.spoil = { _, text in
            text
                .components(separatedBy: "],[").flatMap { row in
                    row.hasPrefix("[") || row.hasSuffix("]") ? [row] : [row, row]
                }.joined(separator: "],[")
        }
        let report = try download(ArchiveDesk(script), hours(0..<9))
        #expect(report.ending == .complete && report.added == 9)
        #expect(try text == ArchiveDesk.file(times(hours(0..<9))))
    }
}

/// What the venue says that is not so, or not now.
@Suite("History downloads in trouble")
struct HistoryTroubleTests {
    private static let hour: Int64 = 3_600_000
    private static let start = ArchiveDesk.Script.start
    private let folder: HistoryTestFolder

    init() throws { folder = try HistoryTestFolder() }

    private func download(
        _ desk: ArchiveDesk, bars: Int64 = 2_100, tally: HistoryTally = HistoryTally(),
        pacing: RequestPacing = RequestPacing([], clockOffset: 0)
    ) throws -> SeriesReport {
        try folder.download(
            Self.start..<Self.start + bars * Self.hour, from: desk, tally: tally, pacing: pacing)
    }

    private func answer(_ status: Int, retryAfter: Int?, _ body: String = "") -> VenueAnswer {
        VenueAnswer(status: status, body: Array(body.utf8), retryAfter: retryAfter)
    }

    @Test(arguments: [429, 418])
    func `nothing leaves before the time that the venue has asked for`(status: Int) throws {
        var script = ArchiveDesk.Script()
        script.answers = [1: answer(status, retryAfter: 17)]
        let desk = ArchiveDesk(script)
        let tally = HistoryTally()
        let report = try download(desk, tally: tally)
        #expect(report.ending == .complete && report.bars == 2_100 && report.requests == 4)
        #expect(desk.asked[2].at - desk.asked[1].at >= 17_000_000_000)
        #expect(desk.asked[2].target == desk.asked[1].target)
        #expect(tally.progress.remarks == ["HTTP \(status): the venue wants no request for 17 s"])
    }

    @Test func `a ban of days ends it, with what is there kept`() throws {
        var script = ArchiveDesk.Script()
        script.answers = [1: answer(418, retryAfter: 259_200)]
        let report = try download(ArchiveDesk(script))
        let wanted = HistoryFailure.banned(series: "BTCUSDT 1h", status: 418, seconds: 259_200)
        #expect(report.ending == .failed(wanted))
        #expect(report.bars == 1_000)
    }

    @Test func `a lost connection is made again, with pauses that grow`() throws {
        var script = ArchiveDesk.Script()
        script.lost = [1, 2]
        script.answers = [3: answer(503, retryAfter: nil)]
        let desk = ArchiveDesk(script)
        let report = try download(desk)
        #expect(report.ending == .complete && report.bars == 2_100)
        let waits = zip(desk.asked, desk.asked.dropFirst()).map { ($1.at - $0.at) / 1_000_000 }
        #expect(waits[1] >= 500 && waits[2] >= 1_000 && waits[3] >= 2_000, "\(waits)")
    }

    @Test func `a venue that stays away ends it with the reason`() throws {
        var script = ArchiveDesk.Script()
        script.lost = Set(1..<20)
        let desk = ArchiveDesk(script)
        let report = try download(desk)
        let cause = StartFailure.unreachable(endpoint: "archive:1", cause: "the connection ended")
        #expect(report.ending == .failed(.venue(series: "BTCUSDT 1h", cause)))
        #expect(desk.asked.count == 1 + 6 && report.bars == 1_000)
    }

    @Test func `a minute without room for market data is waited out`() throws {
        var script = ArchiveDesk.Script()
        script.usedWeight = 3_599
        let pacing = RequestPacing(
            [.init(type: "REQUEST_WEIGHT", window: .seconds(60), limit: 6_000)], clockOffset: 0)
        let desk = ArchiveDesk(script)
        let report = try download(desk, pacing: pacing)
        #expect(report.ending == .complete)
        #expect(Set(desk.asked.map { $0.at / 60_000_000_000 }).count == 3, "a request a minute")
    }

    @Test func `an unknown symbol is named`() throws {
        var script = ArchiveDesk.Script()
        script.answers = [0: answer(400, retryAfter: nil, #"{"code":-1121,"msg":"Invalid symbol."}"#)]
        let report = try download(ArchiveDesk(script))
        #expect(report.ending == .failed(.unknownSymbol(series: "BTCUSDT 1h")))
    }

    /// MD-12: the refused bar is named, and none of its page is taken.
    @Test(arguments: [
        (["0.0", "2", "0.5", "1.5", "3"], "open is 0.0; accepted: above 0"),
        (["1", "0.9", "0.5", "1.5", "3"], "high is 0.9; accepted: 1 or more, the open"),
        (["1", "1.2", "0.5", "1.5", "3"], "high is 1.2; accepted: 1.5 or more, the close"),
        (["1", "2", "1.1", "1.5", "3"], "low is 1.1; accepted: 1 or less, the open"),
        (["1.4", "2", "1.3", "1.2", "3"], "low is 1.3; accepted: 1.2 or less, the close"),
        (["1", "2", "0.5", "1e0", "3"], "close is '1e0'; accepted: a plain decimal"),
        (["1", "2", "-1", "1.5", "3"], "low is -1; accepted: above 0"),
        (["1", "2", "0.5", "1.5", "-0.1"], "volume is -0.1; accepted: 0 or more"),
        (["1", "2", "0.5", "1.5", ""], "volume is ''; accepted: a plain decimal"),
    ])
    func `a bar that is none is refused with symbol, timeframe and time`(
        fields: [String], words: String
    ) throws {
        let time = Self.start + Self.hour
        func row(_ fields: [String]) -> String {
            "[\(time)," + fields.map { "\"\($0)\"" }.joined(separator: ",") + ","
        }
        let (good, bad) = (row(ArchiveDesk.fields(at: time)), row(fields))
        var script = ArchiveDesk.Script()
        script.spoil = { $1.replacingOccurrences(of: good, with: bad) }
        let report = try download(ArchiveDesk(script), bars: 3)
        guard case .failed(let failure) = report.ending else {
            Issue.record("\(report.ending)")
            return
        }
        let place = "BTCUSDT 1h: the venue's bar of 2026-01-01T01:00:00Z cannot be taken: "
        #expect("\(failure)".hasPrefix(place + words), "\(failure)")
        #expect(report.bars == 0)
    }

    @Test func `bars off the grid, backwards or not asked for are refused`() throws {
        let start = "\(Self.start)"
        let second = "\(Self.start + Self.hour)"
        for (old, new, words) in [
            (start, "\(Self.start + 1_000)", "does not begin on a multiple of 1h"),
            (second, "\(Self.start - Self.hour)", "does not begin after the bar before it"),
            (start, "\(Self.start - Self.hour)", "asked for bars from 2026-01-01T00:00:00Z on"),
        ] {
            var script = ArchiveDesk.Script()
            script.spoil = { _, text in
                text.range(of: old).map { text.replacingCharacters(in: $0, with: new) } ?? text
            }
            let report = try download(ArchiveDesk(script), bars: 3)
            guard case .failed(let failure) = report.ending else {
                Issue.record("\(report.ending)")
                continue
            }
            #expect("\(failure)".contains(words), "\(failure)")
        }
    }

    @Test func `a stop keeps what has come, also while the venue wants quiet`() throws {
        var script = ArchiveDesk.Script()
        script.answers = [1: answer(429, retryAfter: 200)]
        let desk = ArchiveDesk(script)
        let tally = HistoryTally()
        desk.onRequest = { if $0 == 1 { tally.stop() } }
        let report = try download(desk, tally: tally)
        #expect(report.ending == .stopped && report.bars == 1_000 && desk.asked.count == 2)
        #expect(try download(ArchiveDesk()).bars == 2_100)
    }

    @Test func `a file that is not one of ours is not added to`() throws {
        let path = folder.file()
        for (text, line, words) in [
            ("time,price\n", 1, "the heading is 'time,price'"),
            ("\(Self.start),1,1,1,1,1\n", 1, "no heading"),
            ("timestamp,open,high,low,close,volume\n\(Self.start),1,1,1\n", 2, "found 4 fields"),
            (ArchiveDesk.file([Self.start, Self.start]), 3, "is there twice"),
        ] {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            let report = try download(ArchiveDesk())
            guard case .failed(.content(_, let found, let reason)) = report.ending else {
                Issue.record("\(report.ending)")
                continue
            }
            #expect(found == line && reason.contains(words), "\(reason)")
            #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
        }
    }

    @Test func `two downloads do not write the same file`() throws {
        _ = try download(ArchiveDesk(), bars: 5)
        let path = folder.file()
        let other = try CandleFile(path: path, try #require(HistoryTimeframe("1h")))
        #expect(try download(ArchiveDesk(), bars: 9).ending == .failed(.busy(path: path)))
        #expect(other.bars == 5)
    }
}

/// Several series over several connections.
@Suite("History downloads together")
struct HistoryDownloadTests {
    private let home: HistoryTestFolder

    init() throws { home = try HistoryTestFolder() }

    @Test func `connections share the work, and every series has its file`() async throws {
        let folder = home.path + "/a/b"
        let lengths = try ["1h", "4h", "1d", "1w", "1M"].map { try #require(HistoryTimeframe($0)) }
        let series = try ["AUSDT", "BUSDT"].flatMap { symbol in
            try lengths.map { try #require(HistorySeries(symbol: symbol, $0)) }
        }
        let from = Timestamp(milliseconds: ArchiveDesk.Script.start)
        let plan = HistoryPlan(
            series: series, from: from, to: nil, folder: folder, connections: 3)
        let end = ArchiveDesk.Script.start + 90 * 86_400_000
        var script = ArchiveDesk.Script()
        script.now = end + 1_800_000
        let download = try HistoryDownload(plan) { [script] in ArchiveDesk(script) }
        let reports = await download.run()
        #expect(reports.map(\.series) == series)
        for report in reports {
            #expect(report.ending == .complete)
            let calendar = try #require(ArchiveCalendar(report.series.timeframe.name))
            // Without what is still open.
            let times = calendar.openings(ArchiveDesk.Script.start..<calendar.start(of: script.now))
            #expect(
                try String(contentsOfFile: report.path, encoding: .utf8) == ArchiveDesk.file(times))
        }
        #expect(download.progress.share == 1 && download.progress.seriesDone == 10)
    }

    @Test(arguments: [429, 418])
    func `a venue that wants quiet at the beginning is left alone`(status: Int) throws {
        let plan = HistoryPlan(series: [], from: nil, to: nil, folder: home.path, connections: 1)
        var script = ArchiveDesk.Script()
        script.clock = VenueAnswer(status: status, body: [], retryAfter: 9)
        #expect(throws: HistoryFailure.banned(series: nil, status: status, seconds: 9)) {
            _ = try HistoryDownload(plan) { [script] in ArchiveDesk(script) }
        }
    }

    @Test func `a folder that cannot be is told before anybody is asked`() throws {
        let file = home.path + "/file"
        try Data().write(to: URL(fileURLWithPath: file))
        let plan = HistoryPlan(
            series: [], from: nil, to: nil, folder: file + "/data", connections: 1)
        #expect(throws: HistoryFailure.folder(path: file + "/data", reason: "Not a directory")) {
            _ = try HistoryDownload(plan) { ArchiveDesk() }
        }
    }
}
