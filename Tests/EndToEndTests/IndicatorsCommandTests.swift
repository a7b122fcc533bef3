import Foundation
import Testing

/// `apus indicators` as a process: files in, files out, exit codes.
@Suite("Indicators on the command line", .timeLimit(.minutes(2)))
struct IndicatorsCommandTests {
    private func run(
        _ folder: WorkFolder, _ arguments: [String]
    ) throws -> (status: Int32, output: String, errors: String) {
        let process = try CommandLineProcess(folder, ["indicators"] + arguments)
        let status = process.finish()
        return (status, process.output, process.errors)
    }

    @Test func `a generated market is computed into a table and a chart`() throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        let sample = try run(folder, ["sample", "--candles", "60"])
        #expect(sample.status == 0)
        try Data(sample.output.utf8).write(to: URL(fileURLWithPath: folder.path("candles.csv")))
        let table = try run(folder, ["compute", "sma", "--params", "3", "--input", "candles.csv"])
        #expect(table.status == 0)
        let closes = sample.output.split(separator: "\n").dropFirst()
            .compactMap { Double($0.split(separator: ",")[4]) }
        let last = try #require(table.output.split(separator: "\n").last)
        let mean = try #require(Double(last.split(separator: ",")[1]))
        #expect(abs(mean - closes.suffix(3).reduce(0, +) / 3) < 1e-9)
        let both = try run(
            folder,
            ["compute", "RSI", "--input", "candles.csv", "--output", "o.csv", "--chart", "c.svg"])
        #expect(both.status == 0 && both.output.isEmpty)
        let svg = try String(contentsOfFile: folder.path("c.svg"), encoding: .utf8)
        #expect(svg.hasPrefix("<svg ") && svg.contains("RSI(14)"))
        let lines = try String(contentsOfFile: folder.path("o.csv"), encoding: .utf8)
        #expect(lines.hasPrefix("open_time,rsi\n"))
    }

    @Test(arguments: [
        (["show", "SAM"], 64, "did you mean SMA"),
        (["compute", "SMA:0", "--input", "bad.csv"], 64, "wanted within 1...100000"),
        (["compute", "SMA", "EMA", "--params", "3", "--input", "bad.csv"], 64, "--params"),
        (["compute", "SMA", "--input", "bad.csv"], 65, "bad.csv:3: field close is 'oops'"),
        (["compute", "SMA", "--input", "none.csv"], 66, "none.csv cannot be opened"),
        (["compute", "ATR", "--input", "closes.csv"], 65, "no column open, which ATR needs"),
        (
            ["compute", "SMA:1", "--input", "closes.csv", "--output", "no/where.csv"], 73,
            "no/where.csv cannot be written"
        ),
        (["list", "--family", "sports"], 64, "family"),
    ])
    func `what is wrong is said, with the exit code that scripts read`(
        arguments: [String], status: Int32, message: String
    ) throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        for (name, text) in [
            ("bad.csv", "open_time,close\n1767571200,1\n1767571260,oops\n"),
            ("closes.csv", "open_time,close\n1767571200,1\n1767571260,2\n"),
        ] { try Data(text.utf8).write(to: URL(fileURLWithPath: folder.path(name))) }
        let answer = try run(folder, arguments)
        #expect(answer.status == status, "\(answer.errors)")
        #expect(answer.errors.contains(message), "\(answer.errors)")
    }
}
