import ArgumentParser
import Engine
import Foundation
import Telemetry

struct HistoryCheck: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Look for gaps, duplicates, bad bars and outliers in files of candles.",
        usage: ProcessName.usage("history check [<path> ...] [--allow-gaps] [--json]"),
        discussion: """
            Reads every line: its form, prices above 0, high and low round open and close, volume \
            not below 0, times on the timeframe's grid (weeks on Mondays, months on their first days) \
            and rising, no bar missing in between. What is wrong is told with file and line. A torn \
            last line is what a killed download leaves, and the next one cuts it off. Outliers are \
            told too, but are no reason to fail: a volume, or a range with the jump from the close \
            before, above \(Int(OutlierGauge.limit)) times the mean of the last \(OutlierGauge.window) \
            bars, \(OutlierGauge.fewest) at least.

            Binance's own kline files, without a heading, are read too if they are called as ours \
            are.

            Examples:
              apus history check
              apus history check data/historical/BTCUSDT_1h.csv
              apus history check candles --allow-gaps --json

            \(ExitStatus.table([
                .success, .difference, .usage, .data, .noInput, .unwrittenOutput,
            ]))
            """)

    @Argument(
        help: ArgumentHelp(
            "Files and directories. Default: \(HistoryFolder.standard).", valueName: "path"),
        completion: .file(extensions: ["csv"]))
    var paths: [String] = []

    @Flag(help: "Missing bars are told, but are no reason to fail.")
    var allowGaps = false

    @Flag(name: .long, help: "Print the findings as JSON.")
    var json = false

    /// Findings of a file that are printed one by one.
    private static let mostLines = 100

    func run() { reportingFailures(perform) }

    private func perform() throws {
        let files = try FileFigures.read(paths)
        if json {
            printLine(try FileFigures.json(files))
        } else {
            for file in files { tell(file) }
        }
        let wrong = files.filter { $0.errors > 0 || (!allowGaps && $0.gaps > 0) }
        if wrong.isEmpty { return }
        let findings = wrong.reduce(0) { $0 + $1.errors + (allowGaps ? 0 : $1.gaps) }
        throw CommandFailure(
            "\(findings) \(findings == 1 ? "finding" : "findings") in \(wrong.count) of \(files.count) files", .difference)
    }

    private func tell(_ file: FileFigures) {
        for finding in file.findings.prefix(Self.mostLines) {
            printLine("\(file.file):\(finding.line): \(finding.words)")
        }
        let rest = file.findings.count - Self.mostLines
        if rest > 0 { printLine("\(file.file): and \(rest) more") }
        let range = file.first.flatMap { first in file.last.map { "\(first) to \($0)" } }
        printLine(
            "\(file.file): \(FigureText.count(Int64(file.bars))) bars, \(range ?? "none"), "
                + "\(file.missing) missing at \(file.gaps) places, \(file.errors) errors, "
                + "\(file.outliers) outliers")
    }
}

struct HistoryList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Show which candles are there.",
        discussion: """
            One row a file: its first and last bar, how many there are, how many are missing in \
            between, and how many lines are wrong (history check tells them).

            Examples:
              apus history list
              apus history list candles
              apus history list --json | jq '.[] | select(.missing > 0)'

            \(ExitStatus.table([.success, .usage, .data, .noInput, .unwrittenOutput]))
            """)

    @Argument(
        help: ArgumentHelp(
            "Files and directories. Default: \(HistoryFolder.standard).", valueName: "path"),
        completion: .directory)
    var paths: [String] = []

    @Flag(name: .long, help: "Print the list as JSON.")
    var json = false

    func run() { reportingFailures(perform) }

    private func perform() throws {
        let files = try FileFigures.read(paths)
        if json { return printLine(try FileFigures.json(files)) }
        var table = TextTable([
            .init("symbol", .left), .init("timeframe", .left), .init("first", .left),
            .init("last", .left), .init("bars"), .init("gaps"), .init("missing"), .init("errors"),
        ])
        for file in files {
            table.append([
                file.symbol, file.timeframe, file.first ?? "-", file.last ?? "-",
                FigureText.count(Int64(file.bars)), "\(file.gaps)",
                FigureText.count(Int64(file.missing)), "\(file.errors)",
            ])
        }
        printText(table.text)
    }
}

extension FileFigures {
    /// All files at these paths, read to their ends.
    fileprivate static func read(_ paths: [String]) throws -> [FileFigures] {
        let places = paths.isEmpty ? [HistoryFolder.standard] : paths
        return try places.flatMap { try HistoryFolder.entries(at: $0) }.map { entry in
            let scan = try CandleFileScan(path: entry.path, timeframe: entry.series.timeframe)
            return FileFigures(entry.series, entry.path, scan)
        }
    }

    fileprivate static func json(_ files: [FileFigures]) throws -> String {
        String(decoding: try SnapshotJSON.encoder(isPretty: true).encode(files), as: UTF8.self)
    }
}
