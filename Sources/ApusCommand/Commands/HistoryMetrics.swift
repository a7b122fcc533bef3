import ArgumentParser
import Engine
import Foundation
import Studies
import Telemetry

struct HistoryMetrics: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "metrics",
        abstract: "Compute technical metrics over candles: trend, range, volatility, volume.",
        usage: ProcessName.usage("history metrics [<path> ...] [<options>]"),
        discussion: """
            The values as of the newest bar of each file, by the indicators that strategies use; \
            with --each those of every bar as CSV. They are computed with all digits; --precision \
            rounds what is printed, and the JSON says to how many digits (metrics_precision).

            \(CandleMetric.allCases.map { "  \(Self.padded($0.rawValue))\($0.formula)" }
                .joined(separator: "\n"))

            n is 14 bars, w 20, the fast average 20, the slow one 50.

            Examples:
              apus history metrics
              apus history metrics data/historical/BTCUSDT_1h.csv --precision 2
              apus history metrics data/historical/BTCUSDT_1d.csv --each > metrics.csv
              apus history metrics --json --precision 4 | jq '.[].metrics.rsi'

            \(ExitStatus.table([.success, .usage, .data, .noInput, .unwrittenOutput]))
            """)

    private static func padded(_ name: String) -> String {
        name + String(repeating: " ", count: 23 - name.count)
    }

    @Argument(
        help: ArgumentHelp(
            "Files and directories. Default: \(HistoryFolder.standard).", valueName: "path"),
        completion: .file(extensions: ["csv"]))
    var paths: [String] = []

    @Option(
        help: ArgumentHelp(
            "Digits behind the point, 0...12. Default: all.", valueName: "count"))
    var precision: Int?

    @Flag(help: "Of a single file, the metrics as of every bar.")
    var each = false

    @Flag(name: .long, help: "Print the metrics as JSON.")
    var json = false

    /// The metrics of one file's newest bar, as JSON has them.
    private struct Figures: Encodable {
        var symbol: String
        var timeframe: String
        var file: String
        var bars: Int
        /// When the newest bar began.
        var time: String
        /// Digits behind the point; `null`: all that a Double has.
        var metricsPrecision: Int?
        /// By name; `null` while there are too few bars.
        var metrics: [String: Double?]

        enum CodingKeys: CodingKey {
            case symbol, timeframe, file, bars, time, metricsPrecision, metrics
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(symbol, forKey: .symbol)
            try container.encode(timeframe, forKey: .timeframe)
            try container.encode(file, forKey: .file)
            try container.encode(bars, forKey: .bars)
            try container.encode(time, forKey: .time)
            try container.encode(metricsPrecision, forKey: .metricsPrecision)
            try container.encode(metrics, forKey: .metrics)
        }
    }

    func validate() throws {
        if let precision, !CandleMetrics.precisions.contains(precision) {
            throw ValidationError("--precision must be within 0...12")
        }
        if each, paths.count != 1 || json {
            throw ValidationError("--each takes one file and prints CSV")
        }
    }

    func run() { reportingFailures(perform) }

    private func perform() throws {
        let places = paths.isEmpty ? [HistoryFolder.standard] : paths
        let entries = try places.flatMap { try HistoryFolder.entries(at: $0) }
        if each {
            guard entries.count == 1 else {
                throw CommandFailure("--each takes one file; found \(entries.count)", .usage)
            }
            return try printEach(entries[0])
        }
        let all = try entries.map(figures)
        if json {
            let text = try SnapshotJSON.encoder(isPretty: true).encode(all)
            return printLine(String(decoding: text, as: UTF8.self))
        }
        printText(table(all).text)
    }

    private func figures(_ entry: HistoryFolder.Entry) throws -> Figures {
        let candles = try CandleSeries(reading: entry.path)
        if let gaps = candles.gapText { printWarning(gaps) }
        let last = try candles.metrics(interval: entry.series.timeframe.meanLength).last ?? nil
        let metrics = rounded(last ?? CandleMetrics.none)
        return Figures(
            symbol: entry.series.symbol, timeframe: entry.series.timeframe.name, file: entry.path,
            bars: candles.count, time: candles.times.last.map(HistoryText.moment) ?? "",
            metricsPrecision: precision,
            metrics: Dictionary(
                uniqueKeysWithValues: CandleMetric.allCases.map { ($0.rawValue, metrics[$0]) }))
    }

    private func rounded(_ metrics: CandleMetrics) -> CandleMetrics {
        precision.map { metrics.rounded(to: $0) } ?? metrics
    }

    /// A row a metric, a column a file.
    private func table(_ all: [Figures]) -> TextTable {
        var table = TextTable(
            [.init("metric", .left)] + all.map { .init("\($0.symbol) \($0.timeframe)") })
        table.append(["bars"] + all.map { "\($0.bars)" })
        table.append(["newest"] + all.map(\.time))
        for metric in CandleMetric.allCases {
            table.append(
                [metric.rawValue]
                    + all.map { ($0.metrics[metric.rawValue] ?? nil).map { "\($0)" } ?? "-" })
        }
        return table
    }

    private func printEach(_ entry: HistoryFolder.Entry) throws {
        let candles = try CandleSeries(reading: entry.path)
        if let gaps = candles.gapText { printWarning(gaps) }
        let all = try candles.metrics(interval: entry.series.timeframe.meanLength)
        var output = LineOutput()
        defer { output.flush() }
        output.write((["timestamp"] + CandleMetric.allCases.map(\.rawValue)).joined(separator: ","))
        for (label, metrics) in zip(candles.labels, all) {
            let shown = metrics.map(rounded) ?? CandleMetrics.none
            let fields = CandleMetric.allCases.map { shown[$0].map { "\($0)" } ?? "" }
            output.write(([label] + fields).joined(separator: ","))
        }
    }
}
