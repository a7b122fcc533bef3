import Foundation
import Indicators
import MarketModel
import Testing

@testable import Studies

@Suite("Candle files")
struct CandleSeriesTests {
    /// Reads `text` from a file that is gone afterwards.
    private func read(_ text: String) throws -> CandleSeries {
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("candles-\(UUID().uuidString.prefix(8)).csv").path
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try CandleSeries(reading: path)
    }

    @Test func `a heading names columns in any order and case, others are passed over`() throws {
        let series = try read(
            "Close,LOW,high,open,note,Volume,open_time\r\n2,1,3,2.5,x,7,1767571200000\r\n")
        #expect(series.bar(0) == PriceBar(open: 2.5, high: 3, low: 1, close: 2, volume: 7))
        #expect(series.times == [Timestamp(milliseconds: 1_767_571_200_000)])
        #expect(series.labels == ["1767571200000"])
    }

    @Test func `a file without a heading has the order of kline files`() throws {
        let series = try read("1767571200000,1,4,0.5,2,9,1767574799999,1,2,3,4,0\n")
        #expect(series.bar(0) == PriceBar(open: 1, high: 4, low: 0.5, close: 2, volume: 9))
    }

    @Test(arguments: [
        ("1767571200", 1_767_571_200_000), ("1767571200000", 1_767_571_200_000),
        ("1767571200000000", 1_767_571_200_000), ("1767571200000000000", 1_767_571_200_000),
        ("2026-01-05", 1_767_571_200_000), ("2026-01-05T00:00:00Z", 1_767_571_200_000),
        ("2026-01-05 01:02:03.250", 1_767_574_923_250),
    ])
    func `times are numbers by their size or ISO 8601`(text: String, milliseconds: Int64) throws {
        #expect(TimeText.parse(text[...]) == Timestamp(milliseconds: milliseconds))
    }

    @Test(arguments: [
        "", "x", "-5", "0", "2026-02-30", "2026-13-01", "2026-01-05T24:00", "2026-01-05T10:60",
        "99999999999999999999", "2026-01-05T10:00+02:00",
    ])
    func `what is no time is none`(text: String) { #expect(TimeText.parse(text[...]) == nil) }

    @Test(arguments: [
        ("open_time,close\n", "has no candles"),
        ("", "has no candles"),
        ("alpha,beta\n1,2\n", ":1: no column with a known name"),
        ("time,close,Time\n", ":1: two columns for open_time"),
        ("time,close\n1767571200,abc\n", ":2: field close is 'abc'; wanted a number within -3e37"),
        ("time,close\n1767571200,1\n\n1767571201,nan\n", ":4: field close is 'nan'"),
        ("time,close\n1767571200\n", ":2: field close is ''"),
        ("time,volume\n1767571200,-1\n", ":2: field volume is '-1'; wanted a number within 0...3e37"),
        ("time,close\n1767571200,1\n1767571200,1\n", ":3: field open_time is '1767571200'; wanted a time after"),
        ("open,high,low,close\n5,4,1,2\n", ":2: field high is '4.0'; wanted 5.0 or more, the open"),
        ("open,high,low,close\n5,6,3,2\n", ":2: field low is '3.0'; wanted 2.0 or less, the close"),
    ])
    func `a wrong file is refused with its line, field and what was wanted`(
        text: String, message: String
    ) throws {
        let failure = #expect(throws: TableFailure.self) { try read(text) }
        #expect("\(try #require(failure))".contains(message), "\(failure as Any)")
    }

    @Test func `a file that is not there is named`() {
        let failure = #expect(throws: TableFailure.self) {
            try CandleSeries(reading: "/nowhere/candles.csv")
        }
        #expect(failure?.description.hasPrefix("/nowhere/candles.csv cannot be opened") == true)
    }

    @Test func `a generated market reads back as it was written, also from gzip`() throws {
        let market = CandleSeries.generated(seed: 3, count: 300)
        let text = market.lines.joined(separator: "\n") + "\n"
        let plain = try read(text)
        #expect(plain.numbers == market.numbers)
        #expect(plain.times == market.times)
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("candles-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("market.csv")
        try Data(text.utf8).write(to: file)
        let gzip = try Process.run(
            URL(fileURLWithPath: "/usr/bin/env"), arguments: ["gzip", file.path])
        gzip.waitUntilExit()
        #expect(try CandleSeries(reading: file.path + ".gz").numbers == market.numbers)
        // A damaged one is not half read.
        let whole = try Data(contentsOf: URL(fileURLWithPath: file.path + ".gz"))
        try whole.prefix(whole.count / 2).write(to: file)
        #expect(throws: TableFailure.cannotRead(path: file.path)) {
            try CandleSeries(reading: file.path)
        }
    }

    @Test func `generated candles are the same for a seed and differ between seeds`() {
        let lines = CandleSeries.generated(seed: 7, count: 50).lines
        #expect(lines == CandleSeries.generated(seed: 7, count: 50).lines)
        #expect(lines != CandleSeries.generated(seed: 8, count: 50).lines)
        for row in 0..<50 {
            #expect(CandleSeries.generated(seed: 7, count: 50).bar(row).isValid)
        }
    }

    /// MD-13: more than one and a half times the interval.
    @Test func `candles that are missing are counted and said in one line`() throws {
        let minutes = [0, 1, 2, 4, 5, 6, 7, 11, 12]
        let rows = minutes.map { "\(1_767_571_200 + 60 * $0),5" }
        let series = try read("time,close\n" + rows.joined(separator: "\n"))
        #expect(series.interval == .seconds(60))
        #expect(series.gaps == [.init(row: 3, missing: 1), .init(row: 7, missing: 3)])
        let text = try #require(series.gapText)
        #expect(text.contains("4 candles of 60 s are missing at 2 places, the first before 1767571440"))
    }

    @Test func `rows of several symbols have no interval`() throws {
        let rows = (0..<9).map { "\(1_767_571_200 + 60 * ($0 / 3)),5,\($0 % 3)" }
        let series = try read("time,close,symbol\n" + rows.joined(separator: "\n"))
        #expect(series.interval == nil && series.gaps.isEmpty)
    }

    @Test(arguments: [
        [0, 60, 120, 180], [0, 60, 149, 209, 269], [0, 7, 30, 31, 99, 200], [0], [0, 60], [],
    ])
    func `what is near enough, or has no interval, has no gaps`(seconds: [Int]) throws {
        let rows = ["1767571000,5"] + seconds.map { "\(1_767_571_060 + $0),5" }
        let series = try read("time,close\n" + rows.joined(separator: "\n"))
        #expect(series.gaps.isEmpty && series.gapText == nil)
    }
}
