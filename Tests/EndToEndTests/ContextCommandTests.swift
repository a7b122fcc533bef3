import Foundation
import Testing

/// `apus context` as a process: files in, files out, exit codes.
@Suite("Market context on the command line", .timeLimit(.minutes(2)))
struct ContextCommandTests {
    private func run(
        _ folder: WorkFolder, _ arguments: [String]
    ) throws -> (status: Int32, output: String, errors: String) {
        let process = try CommandLineProcess(folder, ["context"] + arguments)
        let status = process.finish()
        return (status, process.output, process.errors)
    }

    @Test func `a generated market is computed into tables and charts`() throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        let sample = try run(folder, ["sample", "--days", "2"])
        #expect(sample.status == 0)
        try Data(sample.output.utf8).write(to: URL(fileURLWithPath: folder.path("trades.csv")))
        let levels = try run(folder, ["compute", "--input", "trades.csv", "--chart", "c.svg"])
        #expect(levels.status == 0)
        for word in ["VWAP", "VAH", "PDH", "new_york", "london", "runs"] {
            #expect(levels.output.contains(word), "\(word)")
        }
        let chart = try String(contentsOfFile: folder.path("c.svg"), encoding: .utf8)
        #expect(chart.hasPrefix("<svg ") && chart.contains("POC") && chart.contains("overlap"))
        let bars = try run(
            folder,
            [
                "compute", "--input", "trades.csv", "--bars", "1h", "--table", "bars", "--output",
                "b.csv", "--footprint", "f.svg", "--days-only",
            ])
        #expect(bars.status == 0 && bars.output.isEmpty)
        let lines = try String(contentsOfFile: folder.path("b.csv"), encoding: .utf8)
            .split(separator: "\n")
        #expect(lines.count == 49 && lines[0].hasPrefix("open_time,open,high"))
        // The VWAP of the first hour, from the file itself.
        let first = sample.output.split(separator: "\n").dropFirst()
            .map { $0.split(separator: ",").compactMap { Double($0) } }
            .prefix { $0[1] < 1_767_571_200_000 + 3_600_000 }
        let money = first.map { $0[2] * $0[3] }.reduce(0, +)
        let vwap = try #require(Double(lines[1].split(separator: ",")[7]))
        #expect(abs(vwap - money / first.map { $0[3] }.reduce(0, +)) < 1e-6)
        #expect(FileManager.default.fileExists(atPath: folder.path("f.svg")))
    }

    @Test(arguments: [
        (["compute", "--input", "bad.csv"], 65, "bad.csv:2: field price is 'oops'"),
        (["compute", "--input", "none.csv"], 66, "none.csv cannot be opened"),
        (["compute", "--input", "bad.csv", "--bars", "7m"], 64, "divides a day"),
        (["compute", "--input", "bad.csv", "--value-area", "0"], 64, "--value-area"),
        (["compute", "--input", "good.csv", "--output", "no/where.txt"], 73, "cannot be written"),
        (["show", "--socket", "no.sock"], 69, "no.sock"),
    ])
    func `what is wrong is said, with the exit code that scripts read`(
        arguments: [String], status: Int32, message: String
    ) throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        for (name, price) in [("bad.csv", "oops"), ("good.csv", "100.5")] {
            let text = "id,time,price,quantity,side\n1,1767571200,\(price),1,buy\n"
            try Data(text.utf8).write(to: URL(fileURLWithPath: folder.path(name)))
        }
        let answer = try run(folder, arguments)
        #expect(answer.status == status)
        #expect(answer.errors.contains(message), "\(answer.errors)")
    }
}
