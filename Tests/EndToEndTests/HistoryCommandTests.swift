import Foundation
import Testing

/// `apus history` as a process, against the exchange and against a venue with moods.
@Suite("History on the command line", .serialized, .timeLimit(.minutes(3)))
struct HistoryCommandTests {
    private static let heading = "timestamp,open,high,low,close,volume"

    private func run(_ folder: WorkFolder, _ arguments: [String]) throws -> WorkFolder.Outcome {
        try folder.apus(["history"] + arguments)
    }

    private func lines(_ folder: WorkFolder, _ name: String) throws -> [Substring] {
        try String(contentsOfFile: folder.path(name), encoding: .utf8).split(separator: "\n")
    }

    /// A date so many days ago, as options take it.
    private func date(daysAgo days: Double) -> String {
        let moment = Date(timeIntervalSinceNow: -days * 86_400).formatted(.iso8601)
        return String(moment.prefix(10))
    }

    @Test func `killed in the middle, the exchange's candles are the same as in one go`() throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        let exchange = try folder.exchange()
        defer { exchange.interrupt() }
        let range = ["BTCUSDT", "--config", "demo.yaml", "--timeframe", "1h"]
            + ["--from", date(daysAgo: 395), "--to", date(daysAgo: 1)]
        let whole = try run(folder, ["download"] + range + ["--out", "whole"])
        #expect(whole.status == 0, "\(whole.errors)")
        let wanted = try lines(folder, "whole/BTCUSDT_1h.csv")
        #expect(wanted.count == 1 + 394 * 24)
        let killed = try CommandLineProcess(folder, ["history", "download"] + range)
        // Ten requests a tenth of a second apart.
        let file = folder.path("data/historical/BTCUSDT_1h.csv")
        while killed.isRunning, !FileManager.default.fileExists(atPath: file) { sched_yield() }
        killed.send(SIGKILL)
        _ = killed.status()
        let begun = (try? lines(folder, "data/historical/BTCUSDT_1h.csv").count) ?? 0
        #expect(begun < wanted.count, "it was killed before its end")
        let resumed = try run(folder, ["download"] + range)
        #expect(resumed.status == 0, "\(resumed.errors)")
        #expect(try lines(folder, "data/historical/BTCUSDT_1h.csv") == wanted)
        // What research reads is this file.
        let table = try folder.apus(
            "indicators", "compute", "SMA:2", "--input", "data/historical/BTCUSDT_1h.csv")
        #expect(table.status == 0, "\(table.errors)")
        let closes = wanted.suffix(2).compactMap { Double($0.split(separator: ",")[4]) }
        let last = try #require(table.output.split(separator: "\n").last).split(separator: ",")
        #expect(last.first == wanted.last?.split(separator: ",").first)
        #expect(abs((Double(last[1]) ?? 0) - (closes[0] + closes[1]) / 2) < 1e-9)
    }

    @Test func `several symbols and lengths come at once, without keys`() throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        let exchange = try folder.exchange()
        defer { exchange.interrupt() }
        try FileManager.default.removeItem(atPath: folder.path(".apus/demo-credentials.yaml"))
        let report = try run(
            folder, ["download", "--config", "demo.yaml", "--timeframe", "1h", "4h", "1d", "--json"])
        #expect(report.status == 0, "\(report.errors)")
        let json = try JSONSerialization.jsonObject(with: Data(report.output.utf8))
        let series = try #require(json as? [[String: Any]])
        #expect(series.count == 6)
        for one in series {
            // The batch spans of MD-25: 30, 120 and 365 days.
            let bars = ["1h": 720, "4h": 720, "1d": 365][one["timeframe"] as? String ?? ""]
            #expect(one["bars"] as? Int == bars && one["state"] as? String == "complete")
            let file = try lines(folder, try #require(one["file"] as? String))
            #expect(file[0] == Self.heading && file.count - 1 == bars)
        }
    }

    @Test func `a refusal for its pace is obeyed to the second`() throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        let server = try ArchiveServer(folder, .init(refusals: [1: 2]))
        let report = try run(
            folder,
            ["download", "BTCUSDT", "--config", "demo.yaml", "--from", "2026-01-01", "--to"]
                + ["2026-03-01"])
        server.end()
        #expect(report.status == 0, "\(report.errors)")
        #expect(report.errors.contains("HTTP 429: the venue wants no request for 2 s"))
        #expect(try lines(folder, "data/historical/BTCUSDT_1h.csv").count == 1 + 59 * 24)
        let asked = server.asked
        #expect(asked.count == 3 && asked[2] - asked[1] >= .seconds(2))
    }

    @Test func `Ctrl-C keeps what has come, and the next run goes on behind it`() throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        let server = try ArchiveServer(folder, .init(refusals: [1: 250]))
        let range = ["history", "download", "BTCUSDT", "--config", "demo.yaml"]
            + ["--from", "2026-01-01", "--to", "2026-03-01"]
        let stopped = try CommandLineProcess(folder, range)
        while stopped.isRunning, !stopped.errors.contains("wants no request") { sched_yield() }
        stopped.send(SIGINT)
        #expect(stopped.finish() == 130, "\(stopped.errors)")
        #expect(stopped.errors.contains("the same command goes on behind it"))
        #expect(try lines(folder, "data/historical/BTCUSDT_1h.csv").count == 1_001)
        let resumed = try folder.apus(range)
        server.end()
        #expect(resumed.status == 0, "\(resumed.errors)")
        #expect(try lines(folder, "data/historical/BTCUSDT_1h.csv").count == 1 + 59 * 24)
    }

    @Test func `a hole of the venue's is stated, and a range without candles is no error`() throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        let start: Int64 = 1_767_225_600_000
        let holes = start + 5 * ArchiveServer.hour..<start + 30 * ArchiveServer.hour
        let server = try ArchiveServer(folder, .init(holes: holes))
        defer { server.end() }
        let range = ["download", "BTCUSDT", "--config", "demo.yaml", "--from"]
        let report = try run(folder, range + ["2026-01-01", "--to", "2026-01-03"])
        #expect(report.status == 0, "\(report.errors)")
        #expect(
            report.output.contains(
                "BTCUSDT 1h: the venue has not: 25 bars from 2026-01-01T05:00:00Z to before "
                    + "2026-01-02T06:00:00Z"), "\(report.output)")
        let empty = try run(
            folder,
            range + ["2026-01-01T06:00", "--to", "2026-01-01T09:00", "--out", "other"])
        #expect(empty.status == 0, "\(empty.errors)")
        #expect(empty.output.contains("the venue has nothing more: 3 bars"), "\(empty.output)")
        #expect(!FileManager.default.fileExists(atPath: folder.path("other/BTCUSDT_1h.csv")))
    }

    @Test func `what cannot be is told, with the exit code that scripts read`() throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        let exchange = try folder.exchange()
        let own = ["download", "--config", "demo.yaml"]
        for (arguments, status, message) in [
            (own + ["NOPEUSDT"], 65, "NOPEUSDT 1h: the venue does not know the symbol"),
            (own + ["../x"], 64, "'../x' is no symbol"),
            (own + ["--timeframe", "7m"], 64, "--timeframe"),
            (own + ["--from", "2026-02-30"], 64, "--from"),
            (own + ["--from", "2026-01-02", "--to", "2026-01-02"], 64, "the range is empty"),
            (own + ["--from", "2200-01-01"], 64, "the range is empty"),
            (own + ["--connections", "9"], 64, "within 1...8"),
            (own + ["--out", "demo.yaml/data"], 73, "demo.yaml/data: Not a directory"),
            (own + ["--live"], 78, "--live"),
            (["download", "--config", "none.yaml"], 66, "none.yaml"),
        ] as [([String], Int32, String)] {
            let answer = try run(folder, arguments)
            #expect(answer.status == status, "\(arguments): \(answer.errors)")
            #expect(answer.errors.contains(message), "\(answer.errors)")
        }
        exchange.interrupt()
        exchange.waitUntilExit()
        let away = try run(folder, own)
        #expect(away.status == 69)
        #expect(away.errors.contains("cannot reach localhost:\(folder.port)"), "\(away.errors)")
    }

    @Test func `files are checked with file and line, and listed`() throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        let data = folder.path("data/historical")
        try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
        let start: Int64 = 1_767_225_600_000
        func write(_ name: String, _ hours: [Int64], _ tail: String = "") throws {
            let rows = hours.map { "\(start + $0 * 3_600_000),2,3,1,2.5,0.1\n" }.joined()
            try (Self.heading + "\n" + rows + tail)
                .write(toFile: data + "/" + name, atomically: true, encoding: .utf8)
        }
        try write("BTCUSDT_1h.csv", [0, 1, 2])
        #expect(try run(folder, ["check"]).status == 0)
        try write("ETHUSDT_1h.csv", [0, 1, 4])
        let gaps = try run(folder, ["check"])
        #expect(gaps.status == 1)
        #expect(
            gaps.output.contains(
                "data/historical/ETHUSDT_1h.csv:4: gap: 2 bars from 2026-01-01T02:00:00Z to "
                    + "before 2026-01-01T04:00:00Z\n"), "\(gaps.output)")
        #expect(gaps.errors == "apus: 1 finding in 1 of 2 files\n")
        #expect(try run(folder, ["check", "--allow-gaps"]).status == 0)
        try write("ETHUSDT_1h.csv", [0, 0, 1], "1767232800000,2,1,1,2.5,0.1\n176")
        let bad = try run(folder, ["check", "data/historical/ETHUSDT_1h.csv", "--allow-gaps"])
        #expect(bad.status == 1)
        for line in [":3: the bar of", ":5: high is 1; accepted: 2 or more", ":6: the last line is"] {
            #expect(bad.output.contains("data/historical/ETHUSDT_1h.csv\(line)"), "\(bad.output)")
        }
        let calm = (0..<Int64(40)).map { "\(start + $0 * 3_600_000),2,3,1,2.5,0.1\n" }.joined()
        try (Self.heading + "\n" + calm + "\(start + 40 * 3_600_000),2,3,1,2.5,2.5\n")
            .write(toFile: data + "/SOLUSDT_1h.csv", atomically: true, encoding: .utf8)
        let outlier = try run(folder, ["check", "data/historical/SOLUSDT_1h.csv"])
        #expect(outlier.status == 0 && outlier.errors.isEmpty)
        #expect(
            outlier.output.hasPrefix(
                "data/historical/SOLUSDT_1h.csv:42: outlier: volume is 25.0 times the mean"),
            "\(outlier.output)")
        try FileManager.default.removeItem(atPath: data + "/SOLUSDT_1h.csv")
        let list = try run(folder, ["list"])
        #expect(list.status == 0)
        #expect(
            list.output.split(separator: "\n").last
                == "ETHUSDT  1h         2026-01-01T00:00:00Z  2026-01-01T01:00:00Z     2     0        0       3")
        let json = try run(folder, ["list", "data/historical", "--json"])
        let files = try JSONSerialization.jsonObject(with: Data(json.output.utf8))
        #expect((files as? [[String: Any]])?.map { $0["bars"] as? Int } == [3, 2])
        #expect(try run(folder, ["list", "nowhere"]).status == 66)
        #expect(try run(folder, ["check", "demo.yaml"]).status == 65)
    }

    // CTX-13
    @Test func `metrics are printed with the precision that was asked for, and say so`() throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        let sample = try folder.apus("indicators", "sample", "--candles", "120")
        let file = "SAMPLE_1h.csv"
        try sample.output.write(toFile: folder.path(file), atomically: true, encoding: .utf8)
        func metrics(_ arguments: String...) throws -> [String: Any] {
            let answer = try run(folder, ["metrics", file, "--json"] + arguments)
            #expect(answer.status == 0, "\(answer.errors)")
            let json = try JSONSerialization.jsonObject(with: Data(answer.output.utf8))
            return try #require((json as? [[String: Any]])?.first)
        }
        let all = try metrics()
        let rounded = try metrics("--precision", "2")
        #expect(all["metrics_precision"] is NSNull && rounded["metrics_precision"] as? Int == 2)
        let exact = try #require((all["metrics"] as? [String: Any])?["rsi"] as? Double)
        let shown = try #require((rounded["metrics"] as? [String: Any])?["rsi"] as? Double)
        #expect(exact != shown && abs(exact - shown) <= 0.005)
        // The indicator by itself, over the same file, has the same digits.
        let table = try folder.apus("indicators", "compute", "RSI", "--input", file)
        let last = try #require(table.output.split(separator: "\n").last).split(separator: ",")
        #expect(Double(last[1]) == exact)
        let each = try run(folder, ["metrics", file, "--each"])
        let lines = each.output.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 1 + 120 + 1 && lines[0].hasPrefix("timestamp,last,change,"))
        let text = try run(folder, ["metrics", file, "--precision", "1"])
        #expect(text.output.contains("SAMPLE 1h") && text.output.contains("volatility_percent"))
        #expect(try run(folder, ["metrics", file, "--precision", "13"]).status == 64)
    }
}
