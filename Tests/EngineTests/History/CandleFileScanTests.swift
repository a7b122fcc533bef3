import Foundation
import MarketModel
import Testing

@testable import Engine

/// MD-12, MD-13: what is wrong with a file is found with its line.
@Suite("Files of candles")
struct CandleFileScanTests {
    private static let heading = "timestamp,open,high,low,close,volume\n"
    private static let hour: Int64 = 3_600_000
    private static let start: Int64 = 1_767_225_600_000

    private func scan(_ text: String, _ timeframe: String = "1h") throws -> CandleFileScan {
        let length = try #require(HistoryTimeframe(timeframe))
        return Array(text.utf8).withUnsafeBytes { CandleFileScan($0, timeframe: length) }
    }

    private func row(_ hours: Int64, _ fields: String = "2,3,1,2.5,0") -> String {
        "\(Self.start + hours * Self.hour),\(fields)\n"
    }

    @Test func `a good file has no findings`() throws {
        let scan = try scan(Self.heading + row(0) + row(1) + row(2))
        #expect(scan.findings.isEmpty && scan.bars == 3)
        #expect(scan.first?.milliseconds == Self.start)
        #expect(scan.last?.milliseconds == Self.start + 2 * Self.hour)
    }

    @Test func `gaps are counted in bars and named with what follows them`() throws {
        let scan = try scan(Self.heading + row(0) + row(3) + row(4) + row(6))
        #expect(scan.gaps.map(\.missing) == [2, 1])
        #expect(scan.findings.map(\.line) == [3, 5])
        #expect(
            scan.findings[0].words
                == "gap: 2 bars from 2026-01-01T01:00:00Z to before 2026-01-01T03:00:00Z")
    }

    @Test(arguments: [
        ("0,2,3,1,2.5,0\n", 3, "timestamp is '0'"),
        ("x,2,3,1,2.5,0\n", 3, "timestamp is 'x'"),
        ("9223372036854775807000,2,3,1,2.5,0\n", 3, "timestamp is"),
        ("99999999999,2,3,1,2.5,0\n", 3, "timestamp is '99999999999'"),
        ("1,2,3\n", 3, "found 3 fields"),
        ("\n", 3, "found 1 fields"),
        ("1767225600000,2,3,1,2.5,0\n", 3, "the bar of 2026-01-01T00:00:00Z is there twice"),
        ("1767222000000,2,3,1,2.5,0\n", 3, "it does not begin after the bar before it"),
        ("1767229200001,2,3,1,2.5,0\n", 3, "it does not begin on a multiple of 1h"),
        ("1767229200000,2,1.9,1,1.5,0\n", 3, "high is 1.9; accepted: 2 or more, the open"),
        ("1767229200000,2,3,1,2.5,0", 3, "the last line is torn"),
    ])
    func `every finding has its line and what was wanted`(
        second: String, line: Int, words: String
    ) throws {
        let scan = try scan(Self.heading + row(0) + second)
        #expect(scan.findings.count == 1)
        #expect(scan.findings.first?.line == line)
        #expect(scan.findings.first?.words.hasPrefix(words) == true, "\(scan.findings)")
        #expect(scan.bars == 1)
    }

    @Test func `files of others: seconds to nanoseconds, CRLF, further columns, no heading`() throws {
        let seconds = Self.start / 1_000
        for times in [
            [seconds, seconds + 3_600], [Self.start, Self.start + Self.hour],
            [Self.start * 1_000, (Self.start + Self.hour) * 1_000],
            [Self.start * 1_000_000, (Self.start + Self.hour) * 1_000_000],
        ] {
            let rows = times.map { "\($0),2,3,1,2.5,0,\($0),9,9\r\n" }.joined()
            for heading in ["", "Open_Time,open,high,low,close,volume,close_time\r\n"] {
                let scan = try scan(heading + rows)
                #expect(scan.findings.isEmpty && scan.bars == 2, "\(scan.findings)")
                #expect(scan.first?.milliseconds == Self.start)
            }
        }
    }

    /// Against the rules written out once more, by hand, over seeded damage.
    @Test(arguments: [11, 12, 13, 14] as [UInt64])
    func `findings are those of a naive reading`(seed: UInt64) throws {
        var random = seed
        func below(_ bound: Int) -> Int {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(random >> 33) % bound
        }
        var hours: [Int64] = []
        var wanted: [Int] = []
        var text = Self.heading
        var last: Int64 = -1
        for line in 2..<400 {
            let step = [1, 1, 1, 1, 1, 2, 5, 0, -1][below(9)]
            let next = max(0, (hours.last ?? -1) + Int64(step))
            let isBad = below(7) == 0
            hours.append(next)
            text += row(next, isBad ? "2,3,2.2,2.5,0" : "2,3,1,2.5,0")
            if next <= last, last >= 0 {
                wanted.append(line)
            } else if isBad {
                wanted.append(line)
            } else {
                if last >= 0, next > last + 1 { wanted.append(line) }
                last = next
            }
        }
        let scan = try scan(text)
        #expect(scan.findings.map(\.line) == wanted, "seed \(seed)")
    }

    @Test func `a volume or a range far beyond the bars before it is told and is no error`() throws {
        let calm = (0..<Int64(30)).map { row($0, "2,3,1,2.5,4") }.joined()
        for (fields, words) in [
            ("2,3,1,2.5,81", "outlier: volume is 20.3 times"),
            ("2,42,1,2.5,4", "outlier: range is 20.5 times"),
            // No range of its own, but a jump away from the close before it.
            ("43,43,43,43,4", "outlier: range is 20.3 times"),
            ("2,42,1,2.5,90", "outlier: volume is 22.5 times"),
        ] {
            let scan = try scan(Self.heading + calm + row(30, fields) + row(31))
            #expect(scan.findings.first?.line == 32 && scan.findings.first?.isError == false)
            #expect(scan.findings.first?.words.hasPrefix(words) == true, "\(scan.findings)")
            #expect(scan.bars == 32)
            #expect(scan.outliers.map { "outlier: \($0)" } == scan.findings.map(\.words))
        }
        // Up to the limit, with too few before it, and behind a gap there is nothing to tell.
        let few = (0..<Int64(29)).map { row($0, "2,3,1,2.5,4") }.joined()
        for text in [
            calm + row(30, "2,41,1,2.5,80"), few + row(29, "2,42,1,2.5,81"),
        ] { #expect(try scan(Self.heading + text).findings.isEmpty) }
        let gap = try scan(Self.heading + calm + row(40, "90,90,90,90,4"))
        #expect(gap.findings.map(\.line) == [32] && gap.gaps.count == 1 && gap.outliers.isEmpty)
    }

    /// Against means taken over the file's rows, for seeded volumes with large ones among them.
    @Test(arguments: [21, 22, 23] as [UInt64])
    func `outliers are those of a naive reading`(seed: UInt64) throws {
        var random = seed
        var volumes: [Int] = []
        for _ in 0..<600 {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            volumes.append(Int(random >> 33) % 40 == 0 ? 4_000 : 50 + Int(random >> 40) % 100)
        }
        var text = Self.heading
        for (hour, volume) in volumes.enumerated() { text += row(Int64(hour), "2,3,1,2.5,\(volume)") }
        let wanted = volumes.indices.filter { place in
            let before = volumes[max(0, place - 100)..<place]
            return before.count >= 30 && volumes[place] * before.count > 20 * before.reduce(0, +)
        }
        #expect(!wanted.isEmpty)
        #expect(try scan(text).findings.map(\.line) == wanted.map { $0 + 2 }, "seed \(seed)")
    }

    @Test func `names of files are series, and nothing else is`() throws {
        let series = try #require(HistorySeries(fileName: "BTCUSDT_15m.csv"))
        #expect(series.symbol == "BTCUSDT" && series.timeframe.name == "15m")
        #expect(series.fileName == "BTCUSDT_15m.csv")
        for name in [
            "BTCUSDT_15m.csv.earlier", "BTCUSDT.csv", "BTCUSDT_7m.csv", "_1h.csv", "a b_1h.csv",
            "BTCUSDT_1h.csv.gz",
        ] { #expect(HistorySeries(fileName: name) == nil, "\(name)") }
    }
}
